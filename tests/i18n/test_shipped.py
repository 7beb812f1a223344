"""Laws of the shipped catalogues: every message of the program is there, and each translation can be used."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from quizfunnel.i18n import catalogs
from tools import words
from tools.words import TRANSLATED

_LOOSE = re.compile(r"^\s|\s$|  | [,.;:!?…](?!\.)|!")
_SPACED_BEFORE = {"fr": re.compile(r"[\u00a0\u202f][;:?]")}


@cache
def extracted() -> frozenset[tuple[str | None, object]]:
    """Return every message of the code and the templates, with its context; reading all of them takes seconds."""
    return frozenset((message.context, message.id) for message in words.messages() if message.id)


def messages(language: str) -> list[Message]:
    """Return the messages of a shipped catalogue."""
    with catalogs.file_of(catalogs.shipped(), language).open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def strings(message: Message) -> list[str]:
    """Return the forms of a translated message."""
    string = message.string
    return [text or "" for text in (string if isinstance(string, tuple | list) else (string,))]


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_translated_can_be_used(language: str) -> None:
    """Places are the message's, every plural form is there, and no markup is written."""
    path = catalogs.file_of(catalogs.shipped(), language)
    assert [f"{path}:{fault.line}: {fault.say}" for fault in catalogs.read(path, language).faults] == []
    written = [text for message in messages(language) for text in strings(message)]
    assert [text for text in written if re.search(r"[<>]|&\w+;", text)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    """None is missing or marked as doubtful."""
    lacking = [message.id for message in messages(language) if message.fuzzy or not all(strings(message))]
    assert lacking == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_is_calm(language: str) -> None:
    """No exclamation mark, no blank before a sign but where the language has one, none at either end."""
    allowed = _SPACED_BEFORE.get(language)
    loose = []
    for message in messages(language):
        for text in filter(None, strings(message)):
            plain = allowed.sub("", text) if allowed else text
            if _LOOSE.search(plain):
                loose.append(text)
    assert loose == []


def test_every_message_of_the_program_is_in_the_catalogues() -> None:
    """Where this fails `make words` brings the new ones, which then want translating."""
    wanted = extracted()
    for language in TRANSLATED:
        assert wanted - {(message.context, message.id) for message in messages(language)} == set(), language


def test_the_tool_finds_them() -> None:
    """Of code and of templates, with plurals and contexts; what is translated stays as it is."""
    found = extracted()
    assert (None, ("%(num)s question", "%(num)s questions")) in found
    assert (None, "Skip to the content") in found
    assert ("behind a field with a number", "or more") in found
    assert (None, "Choose one answer.") in found

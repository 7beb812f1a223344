"""Laws of the shipped catalogues: every message of the program is there, and each translation can be used."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from quizfunnel.i18n import catalogs
from quizfunnel.i18n.languages import SHIPPED, SOURCE
from tools import words

TRANSLATED = tuple(language for language in SHIPPED if language != SOURCE)
"""The languages of which every message is translated."""
OTHERS = [language for language in SHIPPED if language != SOURCE]
PACKAGE = Path(catalogs.__file__).parents[1]
_LOOSE = re.compile(r"^\s|\s$|  | [,.;:!?…](?!\.)|!")
_SPACED_BEFORE = {"fr": re.compile(r"[\u00a0\u202f][;:?]")}


def messages(language: str) -> list[Message]:
    """Return the messages of a shipped catalogue."""
    with catalogs.file_of(catalogs.shipped(), language).open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def strings(message: Message) -> list[str]:
    """Return the forms of a translated message."""
    string = message.string
    return [text or "" for text in (string if isinstance(string, tuple | list) else (string,))]


@pytest.mark.parametrize("language", OTHERS)
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


@pytest.mark.parametrize("language", OTHERS)
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


def test_messages_are_found_where_they_are_said() -> None:
    """A literal is handed to `say(...)`, which the extraction goes by, and not to what a call returns."""
    hidden = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Call) and node.args
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ]
    assert hidden == []


def test_the_tool_finds_them() -> None:
    """Of code and of templates, with plurals and contexts; what is translated stays as it is."""
    found = {(message.context, message.id) for message in words.messages() if message.id}
    assert (None, ("%(num)s question", "%(num)s questions")) in found
    assert (None, "Skip to the content") in found
    assert ("behind a field with a number", "or more") in found
    assert (None, "Choose one answer.") in found

"""Pseudo-localisation: a language whose every message is marked, and the words of a page that bear no mark."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import html5lib
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from pydantic import BaseModel

from quizfunnel.i18n import catalogs
from quizfunnel.quiz.file.vocabulary import TEXT_KEYS

LANGUAGE = "zz"
OPEN, CLOSE = "⟦⟧"
_READ = ("alt", "aria-label", "title", "placeholder", "aria-valuetext", "aria-description")
_META = ("description", "og:title", "og:description", "og:image:alt")
_NOT_READ = ("script", "style", "code")
_DATA_NAMES = ("data-question", "data-beacon", "data-measured", "data-most", "data-entry", "data-parent")
_WORD = re.compile(r"[^\W\d_]{2,}")


def marked(text: str) -> str:
    """Return a text with the mark of what was translated."""
    return f"{OPEN}{text}{CLOSE}"


def write_catalog(folder: Path) -> None:
    """Write a catalogue in which every message of the program is itself, marked."""
    with (catalogs.shipped() / "quizfunnel.pot").open("rb") as file:
        template = read_po(file)
    catalog = Catalog()
    for message in template:
        if message.id:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = tuple(marked(str(each)) for each in ids)
            catalog.add(message.id, strings if len(ids) > 1 else strings[0], context=message.context)
    path = catalogs.file_of(folder, LANGUAGE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n')
        file.write(b'"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n')
        write_po(file, catalog, omit_header=True)


def marked_texts(data: Any) -> Any:
    """Return the data of a quiz file with a mark around its texts, currencies and other units apart."""
    if isinstance(data, list):
        return [marked_texts(each) for each in data]
    if not isinstance(data, dict):
        return data
    return {
        key: marked(value) if key in TEXT_KEYS - {"unit"} and isinstance(value, str) else marked_texts(value)
        for key, value in data.items()
    }


def unmarked(html: str, known: Iterable[str] = ()) -> set[str]:
    """Return the words that somebody meets on a page and that bear no mark, but for `known` ones."""
    allowed = {word.lower() for text in known for word in _WORD.findall(text)}
    root = html5lib.parse(html, namespaceHTMLElements=False)
    words = {word for text in _texts(root) for word in _WORD.findall(_outside(text))}
    return {word for word in words if word.lower() not in allowed}


def _texts(root: Any) -> Iterator[str]:
    # a sentence may be broken by elements within it, and is marked as a whole
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        yield from (element.get(name) or "" for name in _READ)
        yield from (value for name, value in element.items() if name.startswith("data-") and name not in _DATA_NAMES)
        if element.tag == "meta" and (element.get("name") or element.get("property")) in _META:
            yield element.get("content") or ""
    yield " ".join(_read(root))


def _read(element: Any) -> Iterator[str]:
    if element.tag not in _NOT_READ and isinstance(element.tag, str):
        yield element.text or ""
        for child in element:
            yield from _read(child)
            yield child.tail or ""


def _outside(text: str) -> str:
    """Return what of a text stands outside of every mark; a mark that is not closed is a fault too."""
    depth, outside = 0, []
    for character in text:
        depth += (character == OPEN) - (character == CLOSE)
        assert depth >= 0, text
        if not depth:
            outside.append(character if character != CLOSE else " ")
    assert not depth, text
    return "".join(outside)


def texts_of(value: Any) -> Iterator[str]:
    """Yield every text in a page's context: what it was handed, and did not say itself."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_of(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from texts_of(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_of(getattr(value, field.name))
    elif isinstance(value, BaseModel):
        yield from texts_of(value.__dict__)

"""YAML lists of products as rows of text, read from the parser's events so that nothing is ever constructed; pure.

Values keep the letters they are written in (`007` stays 007, `no` stays no), as cells of a CSV do.
"""

from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from quizfunnel.catalog.readers import native
from quizfunnel.catalog.readers.reader import CatalogReader, Products
from quizfunnel.catalog.readers.rows import BadRow, CatalogRow, Defaults, FileError, Remark, RowError
from quizfunnel.kit.finding import Finding
from quizfunnel.kit.yaml import problems, slips
from quizfunnel.kit.yaml.vocabulary import Vocabulary

MOST_CHARACTERS = 1024 * 1024  # about four seconds of parsing
_SUFFIXES = (".yaml", ".yml")
_DEEPEST = 8
_NOTHING = ("", "~", "null", "Null", "NULL")
_PLAIN = (None, "")
WORDS = Vocabulary(
    keys=native.COLUMNS,
    texts=frozenset(("title", "type", "vendor")),
    addresses=frozenset(("url", "image")),
    lists=frozenset(("tags",)),
    is_open=True,
)

_Value = str | list[Any] | dict[str, Any]


def products(text: str, defaults: Defaults) -> Products:
    """Yield the products of a list, and a remark on each title that a comment cuts short."""
    yield from native.products(iter(rows(text)), defaults)
    yield from (
        Remark(slip.line, f"{slip.wrong}; write it as `{slip.mended}`") for slip in slips.cut_texts(text, WORDS.texts)
    )


def rows(text: str) -> list[CatalogRow | BadRow]:
    """Return a row for each entry; FileError for what is no YAML, no list, or more than plain data."""
    if len(text) > MOST_CHARACTERS:
        raise FileError(1, "the YAML catalogue is larger than 1 MiB; write it as CSV, which may have 20 MiB")
    try:
        return _rows(text)
    except FileError:
        explained = slips.explained(text, _faults, WORDS)
        raise FileError(1, places=tuple((finding.line, finding.message) for finding in explained)) from None


def _faults(text: str) -> list[Finding]:
    try:
        bad = [(row.line, row.message) for row in _rows(text) if isinstance(row, BadRow)]
    except FileError as error:
        bad = list(error.places)
    return [Finding("", line, 1, "error", message) for line, message in bad]


def _rows(text: str) -> list[CatalogRow | BadRow]:
    try:
        return list(_entries(_events(text)))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = problems.in_words(error.problem or error.context or "")
        raise FileError(mark.line + 1 if mark else 1, f"this is no YAML: {problem}") from None
    except (YAMLError, RecursionError) as error:
        raise FileError(1, f"this is no YAML ({str(error)[:100]}); write a list of products") from None


def _events(text: str) -> Iterator[Any]:
    """Yield the events of one document, refusing what is no plain data."""
    documents = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise FileError(line, "a second YAML document begins here; write one list")
        elif isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise FileError(line, "an anchor or alias (& or *) stands here; write the values out")
        elif getattr(event, "tag", None):
            raise FileError(line, f"the tag {event.tag} stands here; write plain values")
        yield event


def _entries(events: Iterator[Any]) -> Iterator[CatalogRow | BadRow]:
    for event in events:
        if isinstance(event, SequenceStartEvent):
            break
        if isinstance(event, MappingStartEvent | ScalarEvent):
            raise FileError(event.start_mark.line + 1, "a catalogue is a list of products (- id: ...); write one")
    for event in events:
        if isinstance(event, SequenceEndEvent | DocumentEndEvent):
            break
        line = event.start_mark.line + 1
        twice: list[str] = []
        entry = _value(event, events, twice)
        try:
            yield CatalogRow(line, _cells(entry, twice))
        except RowError as error:
            yield BadRow(line, str(error))
    for _rest in events:  # so that a second document is found
        continue


def _value(event: Any, events: Iterator[Any], twice: list[str], depth: int = 0) -> _Value:
    if depth > _DEEPEST:
        raise FileError(event.start_mark.line + 1, f"more than {_DEEPEST} levels stand in one another; write them flat")
    if isinstance(event, ScalarEvent):
        return "" if event.style in _PLAIN and event.value in _NOTHING else str(event.value)
    if isinstance(event, SequenceStartEvent):
        items: list[_Value] = []
        for inner in events:
            if isinstance(inner, SequenceEndEvent):
                break
            items.append(_value(inner, events, twice, depth + 1))
        return items
    mapping: dict[str, _Value] = {}
    for key_event in events:
        if isinstance(key_event, MappingEndEvent):
            break
        key = str(_value(key_event, events, twice, depth + 1)).strip()  # of no-break spaces, which nobody sees
        value = _value(next(events), events, twice, depth + 1)
        if key in mapping:
            twice.append(key)
        mapping[key] = value
    return mapping


def _cells(entry: _Value, twice: list[str]) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise RowError("an entry must be a mapping with id, title and price")
    if twice:
        raise RowError(f"the key `{twice[0]}` stands twice; remove one")
    return {key: _cell(key, value) for key, value in entry.items()}


def _cell(key: str, value: _Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        if any("," in item for item in value):
            raise RowError(f"`{key}` lists a value with a comma, which separates values; write it without")
        return ",".join(value)
    raise RowError(f"`{key}` holds more than a value or a list of values; write it flat")


READER = CatalogReader(
    name="native YAML",
    reads=lambda file: file.suffix in _SUFFIXES,
    products=products,
    unlike=lambda _: "a list of products in YAML is named like coffee.yaml",
)

"""YAML events: from the bytes of a file to plain data with positions, refusing everything else.

The file is read as a stream of parser events, so that nothing is constructed, expanded or evaluated:
an alias, a tag or a thousand levels are refused where they stand. Scalars follow the YAML 1.2 core
schema: `no` and `on` are words.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from quizfunnel.kit.finding import Finding
from quizfunnel.kit.text import TextError, TextMessages, read_utf8
from quizfunnel.kit.yaml import problems
from quizfunnel.quiz.kinds.fields import Path

MOST_BYTES = 256 * 1024
MOST_DEPTH = 20

Position = tuple[int, int]

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_TEXT = TextMessages(
    too_large="the file is larger than 256 KiB; shorten it",
    not_utf8="this line is not UTF-8; save the file with the encoding UTF-8",
    forbidden="a character that cannot be shown (code {code}); delete it",
)
_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]{1,18}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,2})?\Z")


class QuizFileError(Exception):
    """A file that cannot be a quiz; `findings` say where and what to do."""

    def __init__(self, findings: list[Finding]) -> None:
        """Take at least one finding."""
        super().__init__("\n".join(finding.text() for finding in findings))
        self.findings = findings


@dataclass
class PlainFile:
    """Plain data with the line and column (from 1) of every key and value."""

    data: Any
    positions: Mapping[Path, Position]
    key_positions: Mapping[Path, Position]


@dataclass
class _Reader:
    file: str
    findings: list[Finding] = field(default_factory=list)
    positions: dict[Path, Position] = field(default_factory=dict)
    key_positions: dict[Path, Position] = field(default_factory=dict)

    def read(self, events: Iterator[Event], event: Event, path: Path) -> Any:
        self.positions[path] = _position(event)
        self._hold_plain(event)
        if len(path) > MOST_DEPTH:
            raise self.refuse(event, f"is nested more than {MOST_DEPTH} levels deep; a quiz needs no more than a few")
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(events, path)
        if isinstance(event, ScalarEvent):
            return _scalar(event)
        raise self.refuse(event, "is no plain value")

    def _hold_plain(self, event: Event) -> None:
        if isinstance(event, AliasEvent):
            raise self.refuse(event, "an alias (*name) is not allowed; write the value out")
        if getattr(event, "anchor", None):
            raise self.refuse(event, "an anchor (&name) is not allowed; write the value out where it is used")
        if getattr(event, "tag", None) is not None:
            raise self.refuse(event, "an explicit tag (!...) is not allowed; write a plain value")
        if isinstance(event, ScalarEvent) and (odd := _UNPRINTABLE.search(str(event.value))):
            code = ord(odd.group(0))
            raise self.refuse(event, f"holds a character that cannot be shown (code {code}); remove its escape")

    def _mapping(self, events: Iterator[Event], path: Path) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                return mapping
            if not isinstance(event, ScalarEvent):
                raise self.refuse(event, "a key must be a plain word")
            self._hold_plain(event)
            key = str(event.value)
            if key == "<<":
                raise self.refuse(event, "a merge key (<<) is not allowed; write the keys out")
            value_event = next(events)
            if key in mapping:
                line = self.key_positions[(*path, key)][0]
                self.findings.append(
                    self._finding(event, f"the key `{key}` stands twice here, first in line {line}; remove one of them")
                )
                _Reader(self.file, self.findings).read(events, value_event, (*path, key))
                continue
            self.key_positions[*path, key] = _position(event)
            mapping[key] = self.read(events, value_event, (*path, key))
        raise AssertionError("the parser ends every mapping")

    def _sequence(self, events: Iterator[Event], path: Path) -> list[Any]:
        sequence: list[Any] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                return sequence
            sequence.append(self.read(events, event, (*path, len(sequence))))
        raise AssertionError("the parser ends every sequence")

    def _finding(self, event: Event, message: str) -> Finding:
        line, column = _position(event)
        return Finding(self.file, line, column, "error", message)

    def refuse(self, event: Event, message: str) -> QuizFileError:
        return QuizFileError([*self.findings, self._finding(event, message)])


def read_plain(body: bytes, file: str) -> PlainFile:
    """Return the plain data of a YAML file; raise QuizFileError for anything that is not plain data."""
    text = _decode(body, file)
    reader = _Reader(file)
    try:
        events = _events(text)
        first = next((event for event in events if isinstance(event, DocumentStartEvent)), None)
        if first is None:
            raise QuizFileError([Finding(file, 1, 1, "error", "the file is empty; start with `title:`")])
        data = reader.read(events, next(events), ())
        for event in events:
            if isinstance(event, DocumentStartEvent):
                raise reader.refuse(event, "a second document (---) is not allowed; keep one quiz a file")
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = (error.problem or error.context or "cannot be read").strip()
        message = f"this is no YAML: {problems.in_words(problem)}"
        raise QuizFileError([Finding(file, line, column, "error", message)]) from None
    except YAMLError as error:
        raise QuizFileError([Finding(file, 1, 1, "error", f"this is no YAML: {error}"[:200])]) from None
    if reader.findings:
        raise QuizFileError(reader.findings)
    return PlainFile(data, reader.positions, reader.key_positions)


def _decode(body: bytes, file: str) -> str:
    try:
        return read_utf8(body, _NO_TEXT, most=MOST_BYTES, forbidden=_UNPRINTABLE)
    except TextError as error:
        raise QuizFileError([Finding(file, error.line, error.column, "error", str(error))]) from None


def _events(text: str) -> Iterator[Event]:
    yaml = YAML(typ="safe", pure=True)
    events: Iterator[Event] = yaml.parse(text)
    return events


def _position(event: Event) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _scalar(event: ScalarEvent) -> Any:
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text

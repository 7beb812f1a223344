"""Places in quizfunnel.toml: the line that a text about a setting speaks of, by the names that it begins with; pure."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SYNTAX = re.compile(r"\(at line (\d+), column (\d+)\)")
_NAME = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)"""
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_TABLE = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"(\s*)({_DOTTED})\s*=")
_AROUND = ": "


class TomlPlace(NamedTuple):
    """Line and column, counted from 1."""

    line: int = 1
    column: int = 1


def place_of(text: str, message: str) -> TomlPlace:
    """Return where a setting stands that a message begins with, as `shop: origins: 0: must be ...`; else the beginning.

    Of a fault inside a value it is the value's key. What is written in a form of its own (a table over several lines
    in braces) has the line where it begins.
    """
    if syntax := _SYNTAX.search(message):
        return TomlPlace(int(syntax[1]), int(syntax[2]))
    best, place = 0, TomlPlace()
    for names, here in _written(text):
        depth = _depth(names, message)
        if depth > best:
            best, place = depth, here
    return place


def _depth(names: tuple[str, ...], message: str) -> int:
    """Return how many names a message begins with, where it begins with all of these; 0 where it does not."""
    for name in names:
        if not message.startswith(name) or message[len(name) : len(name) + 1] not in (":", " "):
            return 0
        message = message[len(name) :].removeprefix(_AROUND)
    return len(names)


def _written(text: str) -> Iterator[tuple[tuple[str, ...], TomlPlace]]:
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.match(line):
            table = _names(header[1])
            yield table, TomlPlace(number, header.start(1) + 1)
        elif key := _KEY.match(line):
            yield (*table, *_names(key[2])), TomlPlace(number, len(key[1]) + 1)


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))

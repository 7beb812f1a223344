"""Indentation of a YAML text: the lines that begin where nothing around them does; pure."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

ODD_SPACES = "\u00a0\u2000-\u200b\u202f\u3000\ufeff"
"""Spaces that look like one and are none to YAML, as the inside of a character class."""

LEADING = re.compile(rf"\A[ \t{ODD_SPACES}]*")
_DASHES = re.compile(r"(?:- +)+(?=\S)|-\s*$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_BLOCK_TEXT = re.compile(r"[:-]\s+[|>][-+0-9]*\s*$")


class OddIndent(NamedTuple):
    """A line with an indentation that is not meant, what is wrong with it, and the numbers of spaces that may be."""

    line: int
    wrong: str
    meant: tuple[int, ...]


def odd_indents(lines: Sequence[str]) -> Iterator[OddIndent]:
    """Yield the lines that begin with a tab or a no-break space, or at a column where nothing else begins."""
    levels, opened, inside = [0], False, -1
    for number, line in enumerate(lines, 1):
        lead = line[: len(line) - len(LEADING.sub("", line, count=1))]
        content = _COMMENT.sub("", line[len(lead) :]).rstrip()
        if not content:
            continue
        indent = len(lead.expandtabs(2))
        if inside >= 0 and indent > inside:  # in a text of several lines every column is allowed
            continue
        inside = -1
        meant = _meant(levels, indent, opened=opened)
        if wrong := _wrong(lead, indent, levels, opened=opened):
            yield OddIndent(number, wrong, meant)
            indent = meant[0]
        levels = [level for level in levels if level <= indent]
        _push(levels, indent)
        if dashes := _DASHES.match(content):
            for place in range(dashes[0].count("-")):
                _push(levels, indent + 2 * (place + 1))
        inside = indent if _BLOCK_TEXT.search(content) else -1
        opened = content.endswith((":", "-"))


def _wrong(lead: str, indent: int, levels: Sequence[int], *, opened: bool) -> str:
    if "\t" in lead:
        return "the line begins with a tab, and YAML is indented with spaces"
    if lead.strip(" "):
        return "the line begins with a no-break space, and YAML is indented with ordinary spaces"
    if indent in levels or (opened and indent > levels[-1] + 1):
        return ""
    near = min(levels, key=lambda level: (abs(level - indent), -level))
    distance = abs(near - indent)
    many = "few" if near > indent else "many"
    return f"the line begins {distance} {'space' if distance == 1 else 'spaces'} too {many} in"


def _meant(levels: Sequence[int], indent: int, *, opened: bool) -> tuple[int, ...]:
    """Return the indentations that may have been meant, the nearest first and of two the deeper."""
    known = {*levels, levels[-1] + 2} if opened else set(levels)
    return tuple(sorted(known, key=lambda level: (abs(level - indent), -level)))


def _push(levels: list[int], indent: int) -> None:
    if indent > levels[-1]:
        levels.append(indent)

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
    """A line with an indentation that is not meant, and the numbers of spaces that may be.

    `sign` says that it begins with something else than spaces, and is empty where it does not.
    """

    line: int
    indent: int
    sign: str
    meant: tuple[int, ...]

    def wrong(self, meant: int) -> str:
        """Return what is wrong where so many spaces are meant."""
        distance = abs(meant - self.indent)
        many = "few" if meant > self.indent else "many"
        return self.sign or f"the line begins {distance} {'space' if distance == 1 else 'spaces'} too {many} in"


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
        if sign := _sign(lead):
            yield OddIndent(number, indent, sign, meant)
            indent = meant[0]
        elif indent not in levels and not (opened and indent > levels[-1] + 1):
            yield OddIndent(number, indent, "", meant)
            indent = meant[0]
        levels = [level for level in levels if level <= indent]
        _push(levels, indent)
        if dashes := _DASHES.match(content):
            for place in range(dashes[0].count("-")):
                _push(levels, indent + 2 * (place + 1))
        inside = indent if _BLOCK_TEXT.search(content) else -1
        opened = content.endswith((":", "-"))


def _sign(lead: str) -> str:
    if "\t" in lead:
        return "the line begins with a tab, and YAML is indented with spaces"
    if lead.strip(" "):
        return "the line begins with a no-break space, and YAML is indented with ordinary spaces"
    return ""


def _meant(levels: Sequence[int], indent: int, *, opened: bool) -> tuple[int, ...]:
    """Return the indentations that may have been meant, the nearest first and of two the deeper."""
    known = {*levels, levels[-1] + 2} if opened else set(levels)
    return tuple(sorted(known, key=lambda level: (abs(level - indent), -level)))


def _push(levels: list[int], indent: int) -> None:
    if indent > levels[-1]:
        levels.append(indent)

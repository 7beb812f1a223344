"""YAML slips: the common mistakes of writing, each with the line as it should be; pure.

A slip is guessed from a line and then proven: with the line mended, the file must be read further, or with fewer
faults. What is not proven so is not said.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from quizfunnel.kit.finding import Finding
from quizfunnel.kit.yaml import line_slips
from quizfunnel.kit.yaml.indentation import LEADING, odd_indents
from quizfunnel.kit.yaml.line_slips import BLOCK, quoted
from quizfunnel.kit.yaml.vocabulary import Vocabulary

MOST_SLIPS = 8
MOST_TRIES = 60
MOST_CHARACTERS = 512 * 1024  # every try reads the file once more: about two seconds in all

_COMMENT = re.compile(r"(?:\s{2,}#\s|\s+#\s*$)")  # as comments are written; a single space is as likely a text's


class Slip(NamedTuple):
    """One line as it may have been meant, and what is wrong with it as it stands; lines count from 1."""

    line: int
    column: int
    wrong: str
    mended: str


Faults = Callable[[str], list[Finding]]
"""Everything wrong with a text; a file that is no YAML has one finding, where its reading ended."""


class _Score(NamedTuple):
    """Merit of a text: the line that it is read to, and minus its faults; the larger the better."""

    line: int
    faults: int


_WHOLE = 10**9
_ENDS_READING = ("no YAML", "not allowed", "stands twice here")  # what stands below is not looked at any more


def explained(text: str, faults: Faults, words: Vocabulary) -> list[Finding]:
    """Return the faults of a text, those that a slip explains in plain words with the mended line."""
    findings, slips = faults(text), list[Finding]()
    tries = min(MOST_TRIES, MOST_CHARACTERS // max(len(text), 1))
    while findings and len(slips) < MOST_SLIPS and tries > 0:
        above = _above(text, findings, words, most=tries)
        slip = _proven(text, findings, faults, above)
        if slip is None:
            break
        tries -= len(above)
        mended = slip.mended.replace("\n", "` and below it `")
        message = f"{slip.wrong}; write it as `{mended}`"
        slips.append(Finding(findings[0].file, slip.line, slip.column, "error", message))
        text = _with(text, slip)
        findings = faults(text)
    return sorted([*slips, *findings], key=lambda finding: (finding.line, finding.column))


def cut_texts(text: str, keys: frozenset[str]) -> Iterator[Slip]:
    """Yield the texts of some keys that a ` #` cuts short without breaking the file."""
    for number, line in enumerate(text.splitlines(), 1):
        match = BLOCK.fullmatch(line)
        if match and match["key"] in keys and match["value"][0] not in "\"'|>[{#":
            kept, mark, rest = match["value"].partition(" #")
            if mark and not _COMMENT.match(match["value"], len(kept.rstrip())):
                wrong = f"` #` begins a comment, so that shoppers read only {kept.rstrip()!r}"
                yield Slip(number, len(match["before"]) + 1, wrong, match["before"] + quoted(kept + mark + rest))


def _above(text: str, findings: list[Finding], words: Vocabulary, *, most: int) -> list[Slip]:
    """Return slips that may be behind the faults, the nearest first: a slip shows at its line or further down."""
    last = max(finding.line for finding in findings) + 1
    return sorted((slip for slip in _slips(text, words) if slip.line <= last), key=lambda slip: -slip.line)[:most]


def _proven(text: str, findings: list[Finding], faults: Faults, above: Sequence[Slip]) -> Slip | None:
    """Return the slip whose mending helps most, of equal ones the first; None where none helps."""
    scored = [(_score(faults(_with(text, slip))), slip) for slip in above]
    best, slip = max(scored, key=lambda pair: pair[0], default=(_score(findings), None))
    return slip if best > _score(findings) else None


def _score(findings: list[Finding]) -> _Score:
    broken = [finding.line for finding in findings if any(words in finding.message for words in _ENDS_READING)]
    return _Score(min(broken, default=_WHOLE), -len(findings))


def _with(text: str, slip: Slip) -> str:
    lines = text.splitlines()
    lines[slip.line - 1] = slip.mended
    return "\n".join(lines) + "\n"


def _slips(text: str, words: Vocabulary) -> Iterator[Slip]:
    lines = text.splitlines()
    for odd in odd_indents(lines):
        for indent in odd.meant:
            mended = " " * indent + LEADING.sub("", lines[odd.line - 1], count=1)
            wrong = odd.wrong(indent)
            yield Slip(odd.line, 1, wrong, mended)
            for slip in line_slips.of(mended, words):  # two slips in one line help only together
                yield Slip(odd.line, 1, f"{wrong}, and {slip.wrong}", slip.mended)
    for number, line in enumerate(lines, 1):
        if not line.lstrip().startswith("#"):
            below = lines[number] if number < len(lines) else ""
            of_line = [*line_slips.of(line, words), *line_slips.over_keys(line, below, words)]
            yield from (Slip(number, slip.column, slip.wrong, slip.mended) for slip in of_line)

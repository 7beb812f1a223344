"""YAML slips: the common mistakes of writing, each with the line as it should be; pure.

A slip is guessed from a line and then proven: with the line mended, the file must be read further, or with fewer
faults. What is not proven so is not said.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.indentation import LEADING, ODD_SPACES, odd_indents

MOST_SLIPS = 8
MOST_TRIES = 60
MOST_CHARACTERS = 512 * 1024  # every try reads the file once more: about two seconds in all

TEXT_KEYS = (
    *("title", "promise", "headline", "skip_label", "products", "ask", "help", "why"),
    *("label", "because", "none_label", "low", "high", "unit"),
)
"""The keys whose text shoppers read."""
_KEY = r"[A-Za-z_][\w-]*"
_BLOCK = re.compile(rf"(?P<before>\s*(?:- +)*(?P<key>{_KEY}):[ \t]+)(?P<value>\S.*)")
_INLINE = re.compile(
    rf"(?P<before>[{{,]\s*(?P<key>{'|'.join(TEXT_KEYS)}): +)(?P<value>[^\s{{\[].*?)"
    rf"(?=,\s*{_KEY}:\s|,?\s*\}}\s*,?\s*(?:\#.*)?$|,?\s*$)"
)
_TIGHT = re.compile(rf"(?P<before>\s*(?:- +)*)(?P<key>{_KEY}):(?P<value>[^\s/:,\]}}].*)")
_COMMENT = re.compile(r"(?:\s{2,}#\s|\s+#\s*$)")  # as comments are written; a single space is as likely a text's
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"'), "'": re.compile(r"'(?:[^']|'')*'")}
_LEADING = "@%`?*&!|>,[]{}-#"


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


def explained(text: str, faults: Faults) -> list[Finding]:
    """Return the faults of a text, those that a slip explains in plain words with the mended line."""
    findings, slips = faults(text), list[Finding]()
    tries = min(MOST_TRIES, MOST_CHARACTERS // max(len(text), 1))
    while findings and len(slips) < MOST_SLIPS and tries > 0:
        slip, cost = _proven(text, findings, faults, most=tries)
        if slip is None:
            break
        tries -= cost
        message = f"{slip.wrong}; write it as `{slip.mended}`"
        slips.append(Finding(findings[0].file, slip.line, slip.column, "error", message))
        text = _with(text, slip)
        findings = faults(text)
    return sorted([*slips, *findings], key=lambda finding: (finding.line, finding.column))


def cut_texts(text: str) -> Iterator[Slip]:
    """Yield the texts that a ` #` cuts short without breaking the file."""
    for number, line in enumerate(text.splitlines(), 1):
        found = _BLOCK.fullmatch(line)
        if found and found["key"] in TEXT_KEYS and found["value"][0] not in "\"'|>[{#":
            kept, mark, rest = found["value"].partition(" #")
            if mark and not _COMMENT.match(found["value"], len(kept.rstrip())):
                wrong = f"` #` begins a comment, so that shoppers read only {kept.rstrip()!r}"
                yield Slip(number, len(found["before"]) + 1, wrong, found["before"] + quoted(kept + mark + rest))


def quoted(text: str) -> str:
    """Return a text in the quotation marks that YAML needs."""
    text = text.strip()
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'


def _proven(text: str, findings: list[Finding], faults: Faults, *, most: int) -> tuple[Slip | None, int]:
    """Return the slip whose mending helps most, of equal ones the nearest to the fault, and how many were tried."""
    last = max(finding.line for finding in findings) + 1  # what is wrong shows at its line or further down
    above = sorted((slip for slip in _slips(text) if slip.line <= last), key=lambda slip: -slip.line)[:most]
    scored = [(_score(faults(_with(text, slip))), slip) for slip in above]
    best, slip = max(scored, key=lambda pair: pair[0], default=(_score(findings), None))
    return (slip if best > _score(findings) else None), len(scored)


def _score(findings: list[Finding]) -> _Score:
    broken = [finding.line for finding in findings if "no YAML" in finding.message or "not allowed" in finding.message]
    return _Score(min(broken, default=_WHOLE), -len(findings))


def _with(text: str, slip: Slip) -> str:
    lines = text.splitlines()
    lines[slip.line - 1] = slip.mended
    return "\n".join(lines) + "\n"


def _slips(text: str) -> Iterator[Slip]:
    lines = text.splitlines()
    for odd in odd_indents(lines):
        for indent in odd.meant:
            mended = " " * indent + LEADING.sub("", lines[odd.line - 1], count=1)
            yield Slip(odd.line, 1, odd.wrong, mended)
            for _, wrong, again in _of_line(mended):  # two slips in one line help only together
                yield Slip(odd.line, 1, f"{odd.wrong}, and {wrong}", again)
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("#"):
            continue
        yield from (Slip(number, column, wrong, mended) for column, wrong, mended in _of_line(line))


def _of_line(line: str) -> Iterator[tuple[int, str, str]]:
    """Yield the slips inside one line: the column, what is wrong, the line mended."""
    spaced = re.sub(rf"([:,-])[{ODD_SPACES}]+|[{ODD_SPACES}]+(?=#|$)", lambda odd: (odd[1] or "") + " ", line)
    if spaced != line:
        yield 1, "a no-break space stands where an ordinary space belongs", spaced
    if tight := _TIGHT.fullmatch(line):
        wrong = f"`{tight['key']}:` needs a space behind its colon"
        yield tight.end("key") + 2, wrong, f"{tight['before']}{tight['key']}: {tight['value']}"
    for found in _values(line):
        if wrong := _wrong(found["value"], inline=found.re is _INLINE):
            start, end = found.span("value")
            yield start + 1, wrong, line[:start] + quoted(found["value"]) + line[end:]


def _values(line: str) -> Iterable[re.Match[str]]:
    block = _BLOCK.fullmatch(line)
    inline = list(_INLINE.finditer(line))
    return [*inline, *([block] if block and block["key"] in TEXT_KEYS and not inline else [])]


def _wrong(value: str, *, inline: bool) -> str:
    """Return why a value is not read as the text it was meant for, or nothing."""
    first, rest = value[0], value[1:]
    if pattern := _QUOTED.get(first):
        return _wrong_quotes(pattern.match(value), value)
    if first in _LEADING and not (first == "-" and rest[:1].strip()):
        return f"a text that begins with {first} must be in quotation marks"
    if ": " in value or value.endswith(":"):
        return "a text with a colon and a space in it must be in quotation marks"
    if " #" in value:
        return "` #` begins a comment and ends the text"
    return "inside braces a comma ends the text" if inline and "," in value else ""


def _wrong_quotes(whole: re.Match[str] | None, value: str) -> str:
    if whole is None:
        return f"a text that begins with {value[0]} must end with it"
    after = value[whole.end() :].strip()
    return "" if not after or after.startswith("#") else f"the text goes on after its closing {value[0]}"

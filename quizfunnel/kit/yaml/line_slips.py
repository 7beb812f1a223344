"""Slips inside one line of YAML, each with the line as it may have been meant; pure.

They are guesses: whoever asks has to prove them by reading the file with the line mended.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from quizfunnel.kit.yaml import brackets
from quizfunnel.kit.yaml.indentation import ODD_SPACES
from quizfunnel.kit.yaml.vocabulary import Vocabulary

KEY = r"[A-Za-z_][\w-]*"
_START = r"\s*(?:- +)*"
BLOCK = re.compile(rf"(?P<before>{_START}(?P<key>{KEY}):[ \t]+)(?P<value>\S.*)")
_INLINE = re.compile(
    rf"(?P<before>[{{,]\s*(?P<key>{KEY}): +)(?P<value>[^\s{{\[].*?)"
    rf"(?=,\s*{KEY}:\s|,?\s*\}}\s*,?\s*(?:\#.*)?$|,?\s*$)"
)
_TIGHT = re.compile(rf"(?P<before>{_START})(?P<key>{KEY}):(?P<value>[^\s/:,\]}}].*)")
_TIGHT_INLINE = re.compile(rf"(?<=[{{,])(\s*)({KEY}):(?=[^\s,}}])")
_NO_COLON = re.compile(rf"(?P<before>{_START})(?P<key>{KEY})(?:\s*[=\uff1a]\s*|\s+|$)(?P<value>.*)")
_EQUALS = re.compile(rf"(?<=[{{,])(\s*)({KEY})\s*[=\uff1a]\s*")
_TIGHT_HYPHEN = re.compile(rf"(\s*)-(?=\{{|{KEY}:)(.*)")
_NO_HYPHEN = re.compile(r"(\s*)(\{.*|id:\s.*)")
_NO_COMMA = re.compile(rf"(?<=[^\s{{\[,:])\s*;?\s+({KEY}):(?=\s)")
_ADDRESS = re.compile(rf"(?P<before>[{{,]\s*(?P<key>{KEY}): +)(?P<value>[^\s,{{\"']*\{{[^{{}}\s]*\}}[^\s,}}\"']*)")
_FLAT = re.compile(rf"(?P<before>{_START}(?P<key>{KEY}): +)(?P<value>[^\s{{\[#\"'|>].*:\s.*)")
_FLAT_INLINE = re.compile(
    rf"(?<=[{{,])(?P<before>\s*(?P<key>{KEY}): +)"
    rf"(?P<value>[^\s{{}}\[\],:][^{{}}\[\],]*:\s+(?:\[[^\]]*\]|[^{{}}\[\],]+))(?=[,}}])"
)
_ENTRY = re.compile(rf"(?P<before>\s*(?:- +)+)[{{(]?(?P<value>{KEY}:\s[^{{}}]*,\s*{KEY}:\s.*?)[}})]?\s*")
_LIST = re.compile(
    rf"(?<![\w-])(?P<before>(?P<key>{KEY}): +)"
    rf"(?:\{{(?P<braced>[^{{}}:]*(?::[^{{}}\s]+)?)\}}|(?P<value>[^\s,{{}}\[\]]+))(?=\s*[,}}]|\s*$)"
)
_POINTS = re.compile(r"(?<=[{,])(\s*[A-Za-z][\w-]*:[\w.-]+)(?: +|:)(\d)(?=\s*[,}])")
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"'), "'": re.compile(r"'(?:[^']|'')*'")}
_LEADING = "@%`?*&!|>,[]{}-#"
_NEVER_LEADING = "@%`*&!"
_NEVER_CLOSED = 'a text that begins with " must end with it'


class LineSlip(NamedTuple):
    """One guess at a line: where the slip stands, columns from 1, what is wrong, and the line mended."""

    column: int
    wrong: str
    mended: str


def of(line: str, words: Vocabulary) -> Iterator[LineSlip]:
    """Yield the slips inside one line, the likeliest first."""
    yield from _spaces(line)
    yield from _colons(line, words)
    yield from _commas(line, words)
    yield from _values_of(line, words)
    yield from _names(line, words)
    yield from _hyphens(line)
    yield from _braces(line, words)


def over_keys(line: str, below: str, words: Vocabulary) -> Iterator[LineSlip]:
    """Yield a value that stands behind a key which has keys of its own below it."""
    match = BLOCK.fullmatch(line)
    deeper = BLOCK.fullmatch(below)
    first = words.mappings.get(match["key"], "") if match else ""
    if match and deeper and first and _indent(below) > _indent(line):
        wrong = f"`{match['key']}` has a value and further keys below it; the value needs a key of its own"
        mended = f"{' ' * _indent(line)}{match['key']}:\n{' ' * _indent(below)}{first}: {match['value']}"
        yield LineSlip(match.start("value") + 1, wrong, mended)


def quoted(text: str) -> str:
    """Return a text in the quotation marks that YAML needs."""
    text = text.strip()
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'


def _spaces(line: str) -> Iterator[LineSlip]:
    spaced = re.sub(rf"([:,-])[{ODD_SPACES}]+|[{ODD_SPACES}]+(?=#|$)", lambda odd: (odd[1] or "") + " ", line)
    if spaced != line:
        yield LineSlip(1, "a no-break space stands where an ordinary space belongs", spaced)


def _colons(line: str, words: Vocabulary) -> Iterator[LineSlip]:
    """Yield keys without a colon, or without a space behind it."""
    if tight := _TIGHT.fullmatch(line):
        wrong = f"`{tight['key']}:` needs a space behind its colon"
        yield LineSlip(tight.end("key") + 2, wrong, f"{tight['before']}{tight['key']}: {tight['value']}")
    for pattern in (_TIGHT_INLINE, _EQUALS):
        for match in pattern.finditer(line):
            if match[2] in words.keys:
                wrong = f"`{match[2]}` needs a colon and a space behind it"
                mended = f"{line[: match.start()]}{match[1]}{match[2]}: {line[match.end() :].lstrip()}"
                yield LineSlip(match.start(2) + 1, wrong, mended)
    bare = _NO_COLON.fullmatch(line)
    if bare and bare["key"] in words.keys:
        value = f" {bare['value']}" if bare["value"] else ""
        wrong = f"`{bare['key']}` needs a colon behind it"
        yield LineSlip(bare.end("key") + 1, wrong, f"{bare['before']}{bare['key']}:{value}")


def _commas(line: str, words: Vocabulary) -> Iterator[LineSlip]:
    commas = _NO_COMMA.sub(lambda found: f", {found[1]}:" if found[1] in words.keys else found[0], line)
    if "{" in line:
        yield from _changed(line, commas, "inside braces a comma stands between two keys")


def _values_of(line: str, words: Vocabulary) -> Iterator[LineSlip]:
    """Yield values that have to stand in quotation marks."""
    for match in _values(line, words):
        if wrong := _wrong(match["value"], inline=match.re is _INLINE, is_text=words.is_text(match["key"])):
            start, end = match.span("value")
            closed = match["value"] + '"' if wrong == _NEVER_CLOSED else quoted(match["value"])
            yield LineSlip(start + 1, wrong, line[:start] + closed + line[end:])
    block = BLOCK.fullmatch(line)
    for match in (*_ADDRESS.finditer(line), *([block] if block and block["value"].startswith("{") else [])):
        if match["key"] in words.addresses:
            start, end = match.span("value")
            wrong = "an address with braces in it must be in quotation marks"
            yield LineSlip(start + 1, wrong, line[:start] + quoted(match["value"]) + line[end:])


def _names(line: str, words: Vocabulary) -> Iterator[LineSlip]:
    """Yield names of rules that are torn apart, and points that are not set apart from them."""
    for prefix in words.prefixes:
        whole = re.sub(rf"\b{prefix}: +(?=[\w-]+(?::\s*\d|\s*[\]}},]))", f"{prefix}:", line)
        yield from _changed(line, whole, f"a name that begins with {prefix}: has no space in it")
    if words.prefixes:
        yield from _changed(line, _POINTS.sub(r"\1: \2", line), "points stand behind a colon and a space")
    for match in _LIST.finditer(line):
        if match["key"] in words.lists:
            value = match["value"] or match["braced"].strip()
            wrong = f"`{match['key']}` is a list, in square brackets"
            yield LineSlip(
                match.end("before") + 1, wrong, f"{line[: match.end('before')]}[{value}]{line[match.end() :]}"
            )


def _hyphens(line: str) -> Iterator[LineSlip]:
    if tight := _TIGHT_HYPHEN.fullmatch(line):
        yield LineSlip(len(tight[1]) + 1, "a hyphen needs a space behind it", f"{tight[1]}- {tight[2]}")
    if bare := _NO_HYPHEN.fullmatch(line):
        for indent in (bare[1], bare[1][:-2]):
            yield LineSlip(len(bare[1]) + 1, "an entry of a list begins with a hyphen", f"{indent}- {bare[2]}")


def _braces(line: str, words: Vocabulary) -> Iterator[LineSlip]:
    """Yield brackets that do not match, and keys that need braces around them or commas between them."""
    yield from _changed(line, brackets.mended(line), "the brackets of this line do not match")
    flat = _FLAT.fullmatch(line)
    for match in (*([flat] if flat else []), *_FLAT_INLINE.finditer(line)):
        if match["key"] in words.mappings:
            start, end = match.span("value")
            wrong = f"what stands behind `{match['key']}:` must be in braces"
            yield LineSlip(start + 1, wrong, f"{line[:start]}{{{line[start:end].rstrip()}}}{line[end:]}")
    if entry := _ENTRY.fullmatch(line):
        wrong = "several keys in one line must be in braces"
        yield LineSlip(len(entry["before"]) + 1, wrong, f"{entry['before']}{{{entry['value']}}}")


def _changed(line: str, mended: str, wrong: str) -> Iterator[LineSlip]:
    """Yield a slip where the line is another one then, at the first sign that differs."""
    if line != mended:
        same = next((n for n, (one, other) in enumerate(zip(line, mended, strict=False)) if one != other), len(line))
        yield LineSlip(min(same, len(line)) + 1, wrong, mended)


def _values(line: str, words: Vocabulary) -> Iterable[re.Match[str]]:
    block = BLOCK.fullmatch(line)
    inline = [match for match in _INLINE.finditer(line) if words.is_value(match["key"])]
    return [*inline, *([block] if block and words.is_value(block["key"]) and not inline else [])]


def _wrong(value: str, *, inline: bool, is_text: bool) -> str:
    """Return why a value is not read as the text it was meant for, or nothing."""
    first, rest = value[0], value[1:]
    if pattern := _QUOTED.get(first):
        return _wrong_quotes(pattern.match(value), value)
    if first in "{[" and not is_text:
        return ""
    leading = first in (_LEADING if is_text else _NEVER_LEADING) and not (first == "-" and rest[:1].strip())
    guesses = (
        (leading, f"a text that begins with {first} must be in quotation marks"),
        (
            is_text and inline and any(sign in value for sign in "{["),
            "inside braces a text with brackets must be in quotation marks",
        ),
        (
            ": " in value or value.endswith(":"),
            "a text with a colon and a space in it must be in quotation marks",
        ),
        (is_text and " #" in value, "` #` begins a comment and ends the text"),
        (is_text and inline and "," in value, "inside braces a comma ends the text"),
    )
    return next((wrong for holds, wrong in guesses if holds), "")


def _wrong_quotes(whole: re.Match[str] | None, value: str) -> str:
    if whole is None:
        return _NEVER_CLOSED if value[0] == '"' else f"a text that begins with {value[0]} must end with it"
    after = value[whole.end() :].strip()
    return "" if not after or after.startswith("#") else f"the text goes on after its closing {value[0]}"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))

"""Delimited text as spreadsheets of any country save it: its encoding, delimiter and decimal mark; pure.

European spreadsheets write semicolons and decimal commas in Windows-1252, Japanese ones commas in code page 932, and
"Unicode text" is UTF-16 with tabs. Each is taken where nothing else fits; what could be two things is refused.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from quizfunnel.kit.text import NUL, TextError

DELIMITERS = (",", ";", "\t", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_RARE = frozenset(
    "\u0192\u02c6\u02dc\u201a\u2020\u2021\u2030"
)  # in Windows-1252, and the first bytes of other pages' letters
_WITHIN_WORDS = frozenset(
    "\u2019\u2018\u00b7\u00ad\u00a0"
)  # apostrophes, the Catalan dot, a soft hyphen, a no-break space: what else reads that byte there is no word
_BEYOND = re.compile(r"\w*[^\W\x00-\x7f]\w*")
_INFERRED = {"cp1252": "Windows-1252", "cp932": "code page 932 (Shift-JIS)"}
_APART = r"[\s\u00a0\u202f'\u2019]"
_COMMA_DECIMALS = re.compile(rf"[^0-9]*[0-9](?:[0-9.]|{_APART})*,[0-9]{{1,2}}[^0-9]*")
_POINT_DECIMALS = re.compile(rf"[^0-9]*[0-9](?:[0-9,]|{_APART})*\.[0-9]{{1,2}}[^0-9]*")
_SAMPLE = 100_000  # characters of a file by which its delimiter is judged


class Decoded(NamedTuple):
    """A file's text, and the name of its encoding; `sample` is a word by which a person sees whether that is right."""

    text: str
    encoding: str
    sample: str


class Row(NamedTuple):
    """The cells of one row, and the line that it begins on."""

    line: int
    cells: list[str]


class UnclosedQuoteError(ValueError):
    """A quote that is opened and never closed, or closed lines later; `line` is where it opens."""

    def __init__(self, line: int, message: str) -> None:
        """Take the line and the reason."""
        super().__init__(message)
        self.line = line


def decode(body: bytes, *, most: int) -> Decoded:
    """Return the text of at most `most` bytes, without a byte order mark; TextError where its encoding is in doubt.

    A `sample` is given for an encoding that was inferred from what people write in it.
    """
    if len(body) > most:
        raise TextError(f"the file is larger than {most // 1024**2} MiB; split it")
    text, encoding = _decoded(body)
    word = _BEYOND.search(text) if encoding in _INFERRED else None
    if character := NUL.search(text):
        line = text.count("\n", 0, character.start()) + 1
        raise TextError("a NUL character, so that it is no text; export it as CSV", line=line)
    return Decoded(text, _INFERRED.get(encoding, encoding), word[0] if word else "")


def delimiter_of(text: str) -> str:
    """Return the delimiter of a table: the one by which most rows have as many cells as the header, if several."""
    sample = text[:_SAMPLE]
    return max(DELIMITERS, key=lambda mark: (*_fit(sample, mark), -DELIMITERS.index(mark)))


def rows(text: str | Iterable[str], delimiter: str) -> Iterator[Row]:
    """Yield each row of a text, or of its lines, that is not empty.

    UnclosedQuoteError where a quote swallows what stands behind it.

    A quote swallows lines where it is never closed, where more stands behind its end, and where a cell holds line
    breaks and delimiters while its row has not as many cells as the header. A whole row's cell may hold both.
    """
    lines = io.StringIO(text, newline="") if isinstance(text, str) else text
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = 0
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise UnclosedQuoteError(line, swallowed(line, reader.line_num)) from None
        width = width or len(cells)
        if len(cells) != width and any("\n" in cell and delimiter in cell for cell in cells):
            raise UnclosedQuoteError(line, swallowed(line, reader.line_num))
        if any(cell.strip() for cell in cells):
            yield Row(line, cells)


def hold_quotes(text: str, delimiter: str) -> None:
    """Raise UnclosedQuoteError where a quote of a table swallows lines."""
    for _ in rows(text, delimiter):
        pass


def swallowed(first: int, last: int) -> str:
    """Return in words that a quote of the row that begins on the first line goes on to the last."""
    if last <= first:
        return "a quotation mark in this row is not closed, or stands in the midst of a cell; close it, or double it"
    lines = f"line {last}" if last == first + 1 else f"lines {first + 1} to {last}"
    return f"the quotation mark that opens in this row swallows {lines}; close it where its cell ends"


def decimal_mark(amounts: Iterable[str]) -> str:
    """Return the mark before decimals in amounts: a comma where some can be read by it alone and none by a point."""
    comma = point = False
    for amount in amounts:
        comma = comma or _COMMA_DECIMALS.fullmatch(amount.strip()) is not None
        point = point or _POINT_DECIMALS.fullmatch(amount.strip()) is not None
    return "," if comma and not point else "."


def _decoded(body: bytes) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _strictly(body[len(mark) :], encoding), encoding
    if encoding := _utf16_without_mark(body):
        return _strictly(body, encoding), encoding
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
    readings = [(text, name) for name in _INFERRED if (text := _plausible(body, name)) is not None]
    if len(readings) != 1:
        raise TextError("this line is not UTF-8; save the file as “CSV UTF-8”", line=line)
    return readings[0]


def _strictly(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise TextError(f"the file begins like {encoding.upper()} and is none; save it as CSV UTF-8") from error


def _utf16_without_mark(body: bytes) -> str:
    """Return which UTF-16 a text is in that has no mark: every other byte of its first letters is zero."""
    head = body[:200]
    if len(head) >= 4 and not len(body) % 2:  # noqa: PLR2004 - two letters
        if not any(head[1::2]) and all(head[::2]):
            return "utf-16-le"
        if not any(head[::2]) and all(head[1::2]):
            return "utf-16-be"
    return ""


def _plausible(body: bytes, encoding: str) -> str | None:
    """Return the text in an encoding where all that is not ASCII is what people of its countries write."""
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        return None
    return text if (_is_japanese(text) if encoding == "cp932" else _is_western(text)) else None


def _is_western(text: str) -> bool:
    """Tell whether a text holds Latin letters and signs alone, and no sign in the midst of a word, nor two after one.

    Letters of central Europe stand where Windows-1252 has signs: read by it they fall into the midst of words.
    """
    for place, letter in enumerate(text):
        if letter.isascii() or letter in _WITHIN_WORDS:
            continue
        if letter in _RARE or unicodedata.category(letter) == "Cc":
            return False
        if letter.isalpha() and "LATIN" in unicodedata.name(letter, ""):
            continue
        before, behind = text[place - 1 : place], text[place + 1 : place + 2]
        if before.isalpha() and (behind.isalpha() or not behind.isascii()):
            return False
    return True


def _is_japanese(text: str) -> bool:
    """Tell whether a text has kana, as all Japanese has, and no half-width ones, whose bytes are accents elsewhere."""
    names = [unicodedata.name(letter, "") for letter in text if not letter.isascii()]
    kana = any(name.startswith(("HIRAGANA", "KATAKANA")) for name in names)
    return kana and not any("HALFWIDTH" in name for name in names)


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    """Return which share of a sample's rows has as many cells as its header, if that has several, and how many."""
    counts: list[int] = []
    try:
        counts.extend(len(row.cells) for row in rows(sample, delimiter))
    except UnclosedQuoteError:
        counts = counts or [1]
    if not counts or counts[0] == 1:
        return (0.0, 0)
    alike = sum(count == counts[0] for count in counts)
    return (alike / len(counts), counts[0])

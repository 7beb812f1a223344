"""Rows of a CSV file by the names in its header, each with the line that it begins on; pure."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from quizfunnel.catalog.readers.rows import BadRow, CatalogRow, FileError

# A picture within a description can be longer than the library's bound; the file's own size is bounded already.
csv.field_size_limit(20 * 1024 * 1024)


_ONE_LINE = frozenset(
    {"id", "handle", "url handle", "title", "name", "sku", "price", "variant price", "currency", "url"}
)


def header(text: str) -> frozenset[str]:
    """Return the names in the header, none where there is no header that can be read."""
    try:
        return frozenset(_header(_reader(text)))
    except FileError:
        return frozenset()


def rows(text: str) -> Iterator[CatalogRow | BadRow]:
    """Yield a row for each line that is not empty; FileError for a header that cannot name its cells."""
    reader = _reader(text)
    names = _header(reader)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise FileError(1, f"the column `{twice[0]}` stands twice; rename one")
    return _cells(reader, names, text)


def _reader(text: str) -> "csv._reader":  # type: ignore[name-defined]
    return csv.reader(io.StringIO(text, newline=""), strict=True)


def _header(reader: "csv._reader") -> list[str]:  # type: ignore[name-defined]
    try:
        return [cell.strip() for cell in next(reader)]
    except StopIteration:
        raise FileError(1, "the catalogue is empty; it needs a header line") from None
    except csv.Error:
        raise FileError(1, "the header cannot be read; look at its quotes") from None


def _cells(reader: "csv._reader", header: list[str], text: str) -> Iterator[CatalogRow | BadRow]:  # type: ignore[name-defined]
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            _refuse_swallowed(text, line, reader.line_num)
            yield BadRow(line, "a quotation mark is not closed, or stands inside a text; look at the quotes")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header) or _has_swallowed(header, cells):
            _refuse_swallowed(text, line, reader.line_num, columns=len(header))
        if len(cells) > len(header):
            yield BadRow(line, f"has {len(cells)} cells, the header has {len(header)}; look for a comma too many")
            continue
        yield CatalogRow(line, dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=True)))


def _has_swallowed(header: list[str], cells: list[str]) -> bool:
    """Tell whether a cell that is of one line everywhere holds line breaks and commas: rows, most likely."""
    named = zip(header, cells, strict=False)
    return any(name.lower() in _ONE_LINE and "," in cell and "\n" in cell.strip() for name, cell in named)


def _refuse_swallowed(text: str, first: int, last: int, *, columns: int = 0) -> None:
    """Raise FileError for a row over several lines that is none: one quotation mark made other rows part of a cell.

    Of a row that was read, only with the wrong number of cells, that is so where a line in it has `columns` of its own.
    """
    lines = [line.rstrip("\r\n") for line in islice(io.StringIO(text, newline=""), first - 1, last)]
    if any(line.count(",") + 1 >= columns for line in lines[1:]):
        opened = first + _open_quote(lines)
        message = (
            f"a quotation mark opens in this line and is not closed in it, so that the lines up to {last} are read as "
            'part of its cell; close it, or write it twice ("") where it belongs to the text'
        )
        raise FileError(opened, message)


def _open_quote(lines: list[str]) -> int:
    """Return the line, from 0, in which the quotation mark opens that is not closed as it should be."""
    opened, inside = 0, False
    for number, line in enumerate(lines):
        place = 0
        while place < len(line):
            if not inside and line[place] == '"' and (not place or line[place - 1] == ","):
                opened, inside = number, True
            elif inside and line[place : place + 2] == '""':
                place += 1
            elif inside and line[place] == '"':
                if line[place + 1 : place + 2] not in ("", ","):
                    return opened
                inside = False
            place += 1
    return opened

"""Rows of a CSV file by the names in its header, each with the line that it begins on; pure."""

import csv
import io
from collections.abc import Iterator

from quizfunnel.catalog.readers.rows import BadRow, CatalogRow, FileError


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
    return _cells(reader, names)


def _reader(text: str) -> "csv._reader":  # type: ignore[name-defined]
    return csv.reader(io.StringIO(text, newline=""), strict=True)


def _header(reader: "csv._reader") -> list[str]:  # type: ignore[name-defined]
    try:
        return [cell.strip() for cell in next(reader)]
    except StopIteration:
        raise FileError(1, "the catalogue is empty; it needs a header line") from None
    except csv.Error as error:
        raise FileError(1, f"the header is no CSV ({error}); look at its quotes") from None


def _cells(reader: "csv._reader", header: list[str]) -> Iterator[CatalogRow | BadRow]:  # type: ignore[name-defined]
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(line, f"is no CSV ({error}); look at the quotes")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            yield BadRow(line, f"has {len(cells)} cells, the header has {len(header)}")
            continue
        yield CatalogRow(line, dict(zip(header, [*cells, *[""] * (len(header) - len(cells))], strict=True)))

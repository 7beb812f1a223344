"""Orders of a file, one after another: recognised by its header, each with the lines that it stands on."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import tzinfo
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

from quizfunnel.kit import delimited
from quizfunnel.kit.finding import Finding
from quizfunnel.kit.text import TextError
from quizfunnel.orders.event import UnreadableError
from quizfunnel.orders.sources import SOURCES
from quizfunnel.orders.sources.order_export import Cells, OrderExport
from quizfunnel.orders.sources.source import SourceKind

MOST_BYTES = 2 * 1024**3
_INFERRED_BYTES = 64 * 1024**2  # a file whose encoding has to be inferred is looked at whole
_HEAD = 1024**2


class OrderFileError(Exception):
    """A file of which nothing can be read; the text says where and why."""


class FileOrder(NamedTuple):
    """One order of a file as its platform's hook would send it, its key, and the line that it begins on."""

    line: int
    key: str
    body: bytes


class OrderFile(NamedTuple):
    """A file of orders: of which source, how it is written, and a word to look at where that was inferred."""

    path: Path
    kind: SourceKind
    export: OrderExport
    header: tuple[str, ...]
    encoding: str
    delimiter: str
    decimal_mark: str
    zone: tzinfo
    sample: str


def recognise(path: Path, zone: tzinfo, source: str | None = None) -> OrderFile:
    """Return what kind of file it is; OrderFileError where it is none of those that are read."""
    head, encoding, sample = _head(path)
    delimiter = delimited.delimiter_of(head)
    try:
        rows = list(delimited.rows(head, delimiter))
    except delimited.UnclosedQuoteError:
        rows = _whole_rows(head, delimiter)
    if not rows:
        raise OrderFileError(f"{path.name}: the file is empty; it needs a header line and a row for each order")
    header = tuple(cell.strip() for cell in rows[0].cells)
    kind, export = _kind(path, header, source)
    place = header.index(export.total)
    amounts = [row.cells[place] for row in rows[1:] if len(row.cells) > place]
    return OrderFile(
        path=path,
        kind=kind,
        export=export,
        header=header,
        encoding=encoding,
        delimiter=delimiter,
        decimal_mark=delimited.decimal_mark(amounts),
        zone=zone,
        sample=sample,
    )


def orders(file: OrderFile) -> Iterator[FileOrder | Finding]:
    """Yield every order of a file, or what is wrong with one; a row that stands apart from its order's is wrong."""
    known: set[str] = set()
    for line, rows in _together(file):
        if isinstance(rows, str):
            yield Finding(file.path.name, line, 1, "error", rows)
            continue
        key = rows[0].text(file.export.key)
        if key in known:
            says = f"order {key[:40]} stands apart from its other rows; sort the file by `{file.export.key}`"
            yield Finding(file.path.name, line, 1, "error", says)
            continue
        known.add(key)
        try:
            body = json.dumps(file.export.body(rows), ensure_ascii=False).encode("utf-8", "replace")
        except UnreadableError as error:
            yield Finding(file.path.name, line, 1, "error", f"order {key[:40]}: {error}")
        else:
            yield FileOrder(line, key, body)


def _together(file: OrderFile) -> Iterator[tuple[int, Sequence[Cells] | str]]:
    """Yield the rows of each order, which share their key and stand together, or what is wrong with a row."""
    first, rows = 0, list[Cells]()
    with _opened(file) as text:
        for line, cells in _rows(text, file):
            if isinstance(cells, str):
                yield line, cells
                continue
            key = cells.text(file.export.key)
            if not key:
                yield line, f"`{file.export.key}` is empty, so that it is not known of which order this row is"
                continue
            if rows and key != rows[0].text(file.export.key):
                yield first, rows
                rows = []
            first = first if rows else line
            rows.append(cells)
    if rows:
        yield first, rows


def _rows(text: IO[str], file: OrderFile) -> Iterator[tuple[int, Cells | str]]:
    """Yield the cells of each row below the header, or what is wrong with it; nothing behind what cannot be read."""
    line = 1
    try:
        for line, cells in islice(delimited.rows(text, file.delimiter), 1, None):
            if len(cells) > len(file.header):
                yield line, f"has {len(cells)} cells, the header has {len(file.header)}; look at its quotes"
            else:
                yield line, Cells(dict(zip(file.header, cells, strict=False)), file.decimal_mark, file.zone)
    except delimited.UnclosedQuoteError as error:
        yield error.line, str(error)
    except UnicodeDecodeError:
        yield line + 1, "from here on it is not in the encoding that it begins in; save the file as “CSV UTF-8”"


def _kind(path: Path, header: tuple[str, ...], source: str | None) -> tuple[SourceKind, OrderExport]:
    exports = [(kind, kind.export) for kind in SOURCES if kind.export and source in (None, kind.name)]
    for kind, export in exports:
        if set(export.columns) <= set(header):
            return kind, export
    known = "; ".join(f"{export.title}: {', '.join(export.columns)}" for _, export in exports)
    raise OrderFileError(f"{path.name}:1: the header is of no file of orders that can be read. There are {known}")


def _head(path: Path) -> tuple[str, str, str]:
    """Return the beginning of a file as text, its encoding, and a word of it where that was inferred."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
            if size > MOST_BYTES:
                raise OrderFileError(f"{path.name}: the file is larger than 2 GiB; export fewer orders at a time")
            try:
                decoded = delimited.decode(_cut(head) if size > _HEAD else head, most=_HEAD)
            except TextError:
                if size <= _HEAD or size > _INFERRED_BYTES:
                    raise
                decoded = delimited.decode(head + file.read(), most=_INFERRED_BYTES)
            return decoded.text, decoded.encoding, decoded.sample
    except OSError as error:
        raise OrderFileError(f"{path}: the file cannot be read ({error.strerror})") from None
    except TextError as error:
        raise OrderFileError(f"{path.name}:{error.line}: {error}") from None


def _cut(head: bytes) -> bytes:
    """Return the whole lines of a file's beginning."""
    return head[: head.rfind(b"\n") + 1] or head


def _whole_rows(head: str, delimiter: str) -> list[delimited.Row]:
    """Return the rows of a beginning that ends in the midst of a quoted cell."""
    rows = list[delimited.Row]()
    with suppress(delimited.UnclosedQuoteError):
        rows.extend(delimited.rows(head, delimiter))
    return rows or [delimited.Row(1, next(csv.reader(io.StringIO(head.split("\n", 1)[0]), delimiter=delimiter), []))]


_CODECS = {"Windows-1252": "cp1252", "code page 932 (Shift-JIS)": "cp932", "utf-8": "utf-8-sig"}


@contextmanager
def _opened(file: OrderFile) -> Iterator[IO[str]]:
    encoding = _CODECS.get(file.encoding, file.encoding)
    with file.path.open(encoding=encoding, newline="") as text:
        if encoding.startswith("utf-16-") and text.read(1) != "\ufeff":
            text.seek(0)
        yield text

"""Reading a catalogue: the file's header tells which form it has; every form gives the same products."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.catalog.readers import native, shopify, yaml_list
from quizfunnel.catalog.readers.rows import (
    BadRow,
    CatalogRow,
    Defaults,
    FileError,
    Remark,
)
from quizfunnel.kit.finding import Finding
from quizfunnel.kit.text import TextError, TextMessages, read_utf8

MOST_BYTES = 20 * 1024 * 1024
_NO_TEXT = TextMessages(
    too_large="the catalogue is larger than 20 MiB; split it",
    not_utf8="this line is not UTF-8; export the catalogue with the encoding UTF-8",
    forbidden="a NUL character; export the catalogue again as text",
)

_Form = Callable[[Iterator[CatalogRow | BadRow], Defaults], Iterator[Product | BadRow | Remark]]


class CatalogReading(NamedTuple):
    """A catalogue with what was left out of it; `reader` names the form it was read as."""

    catalog: Catalog
    findings: tuple[Finding, ...]
    reader: str


class CatalogError(Exception):
    """A file without one good product; `findings` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        """Take at least one finding."""
        super().__init__("\n".join(finding.text() for finding in findings))
        self.findings = findings


def read_catalog(
    path: Path, *, currency: str | None = None, product_url: str | None = None, name: str = ""
) -> CatalogReading:
    """Read a catalogue; raise CatalogError when it holds no good product.

    `currency` and `product_url` (with ``{handle}``) stand in for what a platform's export leaves
    out. Rows that cannot be products are left out and named by line.
    """
    file = name or str(path)
    defaults = Defaults(currency, product_url)
    text = _read_text(path, file)
    findings: list[Finding] = []
    try:
        reader, form, rows = _recognised(path, text)
        good = _sift(form(rows, defaults), file, findings)
    except FileError as error:
        raise CatalogError([Finding(file, error.line, 1, "error", message) for message in error.messages]) from None
    if not good:
        findings = findings or [Finding(file, 1, 1, "error", "the catalogue has no rows; add at least one product")]
        raise CatalogError([finding._replace(severity="error") for finding in findings])
    return CatalogReading(Catalog(good), tuple(findings), reader)


def _recognised(path: Path, text: str) -> tuple[str, _Form, Iterator[CatalogRow | BadRow]]:
    """Return the form's name, what makes products of its rows, and the rows."""
    if path.suffix.lower() in (".yaml", ".yml"):
        return "native YAML", native.products, yaml_list.rows(text)
    header, rows = _csv_rows(text)
    if shopify.reads(header):
        return "Shopify product CSV", shopify.products, rows
    if header >= native.HEADER:
        return "native CSV", native.products, rows
    if len(header) == 1 and any(mark in next(iter(header)) for mark in ";\t"):
        raise FileError(1, "the cells are separated by semicolons or tabs; save the file with commas between them")
    missing = ", ".join(sorted(native.HEADER - header))
    raise FileError(
        1,
        f"the header is of no form that can be read: for the native CSV it lacks {missing}; "
        "a Shopify export begins with Handle,Title. Export again, or name the columns id,title,price,currency,url",
    )


def _sift(products: Iterator[Product | BadRow | Remark], file: str, findings: list[Finding]) -> tuple[Product, ...]:
    """Keep the good products of one currency, each id once; turn the rest into findings."""
    good: dict[str, Product] = {}
    for found in products:
        if isinstance(found, Remark):
            findings.append(Finding(file, found.line, 1, "warning", found.message))
            continue
        if isinstance(found, BadRow):
            findings.append(Finding(file, found.line, 1, "warning", f"{found.message}; this row is left out"))
            continue
        first = next(iter(good.values()), found)
        if found.id in good:
            message = f"the product `{found.id}` stands already in line {good[found.id].line}; this row is left out"
        elif found.currency != first.currency:
            message = f"is priced in {found.currency}, the rows before in {first.currency}; this row is left out"
        else:
            good[found.id] = found
            continue
        findings.append(Finding(file, found.line, 1, "warning", message))
    return tuple(good.values())


def _read_text(path: Path, file: str) -> str:
    try:
        with path.open("rb") as opened:
            body = opened.read(MOST_BYTES + 1)
    except OSError as error:
        message = f"the catalogue cannot be read ({error.strerror}); put the file there or change `catalog`"
        raise CatalogError([Finding(file, 1, 1, "error", message)]) from None
    try:
        return read_utf8(body, _NO_TEXT, most=MOST_BYTES)
    except TextError as error:
        raise CatalogError([Finding(file, error.line, 1, "error", str(error))]) from None


def _csv_rows(text: str) -> tuple[frozenset[str], Iterator[CatalogRow | BadRow]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader)]
    except StopIteration:
        raise FileError(1, "the catalogue is empty; it needs a header line") from None
    except csv.Error as error:
        raise FileError(1, f"the header is no CSV ({error}); look at its quotes") from None
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise FileError(1, f"the column `{twice[0]}` stands twice; rename one")
    return frozenset(header), _cells(reader, header)


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

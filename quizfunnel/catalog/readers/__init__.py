"""Catalogue readers: a module for each form that a file may have; every form gives the same products.

A new form is a module here with a READER, and that READER among READERS.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.catalog.readers import csv_rows, dialect, foreign, merchant, native, shopify, woocommerce, yaml_list
from quizfunnel.catalog.readers.reader import CatalogFile, CatalogReader
from quizfunnel.catalog.readers.rows import BadRow, Defaults, FileError, Remark
from quizfunnel.kit import delimited
from quizfunnel.kit.delimited import Decoded, UnclosedQuoteError
from quizfunnel.kit.finding import Finding, told_once
from quizfunnel.kit.text import TextError

MOST_BYTES = 20 * 1024 * 1024
_VALUE = re.compile(r"'[^']*'|`[^`]*`|\d[\d.,]*")

# The first that takes a file reads it.
READERS = (yaml_list.READER, shopify.READER, woocommerce.READER, merchant.READER, native.READER)


class CatalogReading(NamedTuple):
    """A catalogue with findings about rows that were left out; `reader` names the form it was read as.

    `gone` are the products of which a row says that they are sold out or withdrawn, one that was left out too. From
    `until` on the same file reads otherwise: a sale begins or ends.
    """

    catalog: Catalog
    findings: tuple[Finding, ...]
    reader: str
    gone: frozenset[str] = frozenset()
    until: datetime | None = None


class CatalogError(Exception):
    """A file without one good product; `findings` say why, and `gone` which products its rows say are gone."""

    def __init__(self, findings: list[Finding], gone: frozenset[str] = frozenset()) -> None:
        """Take at least one finding."""
        super().__init__("\n".join(finding.text() for finding in findings))
        self.findings = findings
        self.gone = gone


def read_catalog(
    path: Path,
    *,
    currency: str | None = None,
    product_url: str | None = None,
    name: str = "",
    readers: Sequence[CatalogReader] = READERS,
) -> CatalogReading:
    """Read a catalogue as it is now; raise CatalogError when it holds no good product.

    `currency` and `product_url` (with ``{handle}``) stand in where a platform's export has none.
    """
    return read_as_of(path, Defaults(currency, product_url, datetime.now(UTC)), name=name, readers=readers)


def read_as_of(
    path: Path, defaults: Defaults, *, name: str = "", readers: Sequence[CatalogReader] = READERS
) -> CatalogReading:
    """Read a catalogue as it is at the moment of `defaults`; raise CatalogError when it holds no good product.

    Rows that cannot be products are left out and named by line.
    """
    file = name or str(path)
    decoded = _read_text(path, file)
    findings: list[Finding] = []
    try:
        catalog_file = CatalogFile(path.suffix.lower(), _table(path, decoded.text))
        reader = _recognised(catalog_file, readers)
        rows = list(reader.products(catalog_file.text, defaults))
    except FileError as error:
        raise CatalogError([Finding(file, line, 1, "error", message) for line, message in error.places]) from None
    if decoded.sample:
        inferred = f"read as {decoded.encoding}: look whether {decoded.sample!r} is right, else save it as “CSV UTF-8”"
        findings.append(Finding(file, 1, 1, "warning", inferred))
    good = _sift(rows, file, findings)
    gone = _gone(rows, good)
    if not good:
        findings = findings or [Finding(file, 1, 1, "error", "the catalogue has no rows; add at least one product")]
        raise CatalogError([finding._replace(severity="error") for finding in findings], gone)
    changes = (row.until for row in rows if isinstance(row, Remark) and row.until)
    return CatalogReading(Catalog(good), tuple(findings), reader.name, gone, min(changes, default=None))


def _recognised(file: CatalogFile, readers: Sequence[CatalogReader]) -> CatalogReader:
    """Return the first reader that takes a file; FileError where none does, with what each of them takes."""
    for reader in readers:
        if reader.reads(file):
            return reader
    csv_rows.rows(file.text)  # says why its header is none
    unlike = "; ".join(reader.unlike(file) for reader in reversed(readers))
    raise FileError(
        1,
        f"the header is of no form that can be read: {unlike}. Export again, or name the columns {native.EXAMPLE}",
    )


def _gone(rows: Sequence[Product | BadRow | Remark], good: Iterable[Product]) -> frozenset[str]:
    """Return the products of which a row says that they cannot be bought; of a good one its own row alone counts."""
    by_id = {product.id: product for product in good}
    left_out = {named for row in rows if (named := _says_gone(row))}
    return frozenset(left_out - by_id.keys()) | {id for id, product in by_id.items() if not product.available}


def _says_gone(row: Product | BadRow | Remark) -> str:
    """Return the product that a row says cannot be bought, if any."""
    if isinstance(row, BadRow):
        return row.gone
    return row.id if isinstance(row, Product) and not row.available else ""


def _sift(rows: Sequence[Product | BadRow | Remark], file: str, findings: list[Finding]) -> tuple[Product, ...]:
    """Keep the good products of the commonest currency, each id once; turn the rest into findings."""
    good: dict[str, Product] = {}
    currency = _commonest(row.currency for row in rows if isinstance(row, Product))
    refusals: list[Finding] = []
    for row in rows:
        left_out = "; this row is left out"
        if isinstance(row, Remark):
            message, left_out = row.message, ""
        elif isinstance(row, BadRow):
            message = row.message
        elif row.id in good:
            message = f"the product `{row.id}` stands already in line {good[row.id].line}; remove one of the two"
        elif row.currency != currency:
            message = f"`{row.id}` is priced in {row.currency}, most rows in {currency}; write its price in {currency}"
        else:
            good[row.id] = row
            continue
        refusals.append(Finding(file, row.line, 1, "warning", message + left_out))
    findings += sorted(told_once(refusals, _without_values), key=lambda finding: finding.line)
    return tuple(good.values())


def _without_values(message: str) -> str:
    return _VALUE.sub("", message)


def _commonest(currencies: Iterable[str]) -> str:
    """Return the currency of most rows, of equally common ones the first: the odd row is the one to blame."""
    counts = Counter(currencies)
    return max(counts, key=counts.__getitem__, default="")


def _read_text(path: Path, file: str) -> Decoded:
    try:
        with path.open("rb") as opened:
            body = opened.read(MOST_BYTES + 1)
    except OSError as error:
        message = f"the catalogue cannot be read ({error.strerror}); put the file there or change `catalog`"
        raise CatalogError([Finding(file, 1, 1, "error", message)]) from None
    if says := foreign.refusal(body):
        raise CatalogError([Finding(file, 1, 1, "error", says)])
    try:
        return delimited.decode(body, most=MOST_BYTES)
    except TextError as error:
        raise CatalogError([Finding(file, error.line, 1, "error", str(error))]) from None


def _table(path: Path, text: str) -> str:
    """Return the text of a table with commas and decimal points; FileError where a quote swallows rows."""
    if path.suffix.lower() in (".yaml", ".yml") or text.lstrip().startswith("<"):
        return text
    try:
        return dialect.canonical(text)
    except UnclosedQuoteError as error:
        raise FileError(error.line, str(error)) from None

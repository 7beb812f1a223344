"""Dialects of spreadsheets: a table with semicolons, tabs and decimal commas, rewritten with commas and points; pure.

Every row stays on its line, so that what is wrong is named where it stands in the file that people have.
"""

import csv
import io
import re

from quizfunnel.kit import delimited

_COMMA = ","
_MONEY = re.compile(r"price|cost|preis|precio|prix|prezzo|prijs|cena|kosten", re.IGNORECASE)
_TELLING = re.compile(rf"{_MONEY.pattern}|value", re.IGNORECASE)  # columns that tell the table's decimal mark
_LISTS = frozenset({"tags", "categories", "images"})  # whose commas separate
_NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:[.\s\u00a0\u202f'\u2019][0-9]{3})+|[0-9]+),[0-9]+")
_ABBREVIATED = r"(?:(?<=[^\W\d_])\.\s*)?"  # the point of "kr.", behind its letters
_SIGNED = re.compile(
    rf"(?P<before>[^\d.,'-]*{_ABBREVIATED})(?P<number>{_NUMBER.pattern})(?P<behind>[^\d.,']*{_ABBREVIATED})"
)
_THOUSANDS = re.compile(rf"[^\d.,'-]*{_ABBREVIATED}[0-9]{{1,3}}(?:\.[0-9]{{3}})+[^\d.,']*{_ABBREVIATED}")
_BETWEEN_THOUSANDS = re.compile(r"[.\s\u00a0\u202f'\u2019]")


def canonical(text: str) -> str:
    """Return a table with commas between its cells and points before its decimals.

    UnclosedQuoteError for one whose quotes swallow lines.
    """
    delimiter = delimited.delimiter_of(text)
    if delimiter == _COMMA:
        return text
    rows = list(_rows(text, delimiter))
    header = [cell.strip() for cell in rows[0]] if rows else []
    amounts = (cell for row in rows[1:] for name, cell in zip(header, row, strict=False) if _TELLING.search(name))
    if delimited.decimal_mark(amounts) == _COMMA:
        rows = [rows[0], *([_with_points(header, row) for row in rows[1:]])]
    rows = [header_row, *_with_commas(header, rows[1:])] if (header_row := next(iter(rows), None)) else []
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """Return every row, empty ones too: they keep the others on their lines."""
    delimited.hold_quotes(text, delimiter)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def _with_commas(header: list[str], rows: list[list[str]]) -> list[list[str]]:
    """Return rows whose lists are separated by commas, where every list of the table is by semicolons."""
    places = [place for place, name in enumerate(header) if name.lower() in _LISTS]
    cells = [row[place] for row in rows for place in places if place < len(row)]
    if any("," in cell for cell in cells) or not any(";" in cell for cell in cells):
        return rows
    return [[cell.replace(";", ",") if place in places else cell for place, cell in enumerate(row)] for row in rows]


def _with_points(header: list[str], row: list[str]) -> list[str]:
    names = [*header, *[""] * len(row)]
    return [
        _amount_with_point(cell) if _MONEY.search(name) else _with_point(cell) if name.lower() not in _LISTS else cell
        for name, cell in zip(names, row, strict=False)
    ]


def _amount_with_point(cell: str) -> str:
    """Return an amount with a point before its decimals, and with its sign: in such a table no point stands there."""
    if signed := _SIGNED.fullmatch(cell):
        return f"{signed['before']}{_with_point(signed['number'])}{signed['behind']}"
    return cell.replace(".", "") if _THOUSANDS.fullmatch(cell) else cell


def _with_point(cell: str) -> str:
    bare = cell.strip()
    if not _NUMBER.fullmatch(bare):
        return cell
    whole, _, decimals = bare.partition(_COMMA)
    return f"{_BETWEEN_THOUSANDS.sub('', whole)}.{decimals}"

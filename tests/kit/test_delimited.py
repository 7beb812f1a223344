"""Delimited text of any country's spreadsheet is read where it is certain what it says, and refused where it is not."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.kit import delimited
from quizfunnel.kit.delimited import Decoded, Row, UnclosedQuoteError
from quizfunnel.kit.text import TextError

MOST = 10_000
TABLE = "name;price\nCrème brûlée;12,50\nGrüner Tee;3,20\n"
JAPANESE = "name,price\nダーク・ロースト,1200\n深煎りのコーヒー,980\n"


@pytest.mark.parametrize(
    ("body", "text", "encoding"),
    [
        (TABLE.encode(), TABLE, "utf-8"),
        (TABLE.encode("utf-8-sig"), TABLE, "utf-8"),
        (TABLE.encode("utf-16"), TABLE, "utf-16-le"),
        (codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"), TABLE, "utf-16-be"),
        (TABLE.encode("utf-16-le"), TABLE, "utf-16-le"),
        (TABLE.encode("cp1252"), TABLE, "Windows-1252"),
        ("size;price\n5 m³;€ 3,20 \u2013 “ok”\nl\u2019été;½\n".encode("cp1252"), None, "Windows-1252"),
        ("text;price\nwide\u00a0sleeves;1\n".encode("cp1252"), None, "Windows-1252"),
        (JAPANESE.encode("cp932"), JAPANESE, "code page 932 (Shift-JIS)"),
        (b"", "", "utf-8"),
    ],
)
def test_an_encoding_that_is_certain_is_read(body: bytes, text: str | None, encoding: str) -> None:
    """By its mark, by its zeros, as UTF-8, or as the one page in which everything is what people write."""
    decoded = delimited.decode(body, most=MOST)
    assert decoded.encoding == encoding
    assert text is None or decoded.text == text


def test_an_inferred_encoding_shows_a_word_to_look_at() -> None:
    """A person sees by it whether it is right; where there is nothing to infer there is none."""
    assert delimited.decode(TABLE.encode("cp1252"), most=MOST).sample == "Crème"
    assert delimited.decode(TABLE.encode(), most=MOST).sample == ""


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("name;price\nżółty;1\n".encode("cp1250"), 2),  # signs of Windows-1252 in the midst of words
        ("name;price\n\u0447\u0430\u0439;1\n".encode("cp1251") + b"\x98", 2),
        (b"name\n\x81\x8d\n", 2),
        ("name\n半角ﾀﾞｰｸ\n".encode("cp932"), 2),
        (codecs.BOM_UTF16_LE + b"\x00\xd8", 1),
        (b"name\nx\x00y\n", 2),
    ],
)
def test_an_encoding_in_doubt_is_refused_with_its_line(body: bytes, line: int) -> None:
    """Nothing is guessed: it is said what to save."""
    with pytest.raises(TextError, match=r"UTF-8|NUL") as refused:
        delimited.decode(body, most=MOST)
    assert refused.value.line == line


def test_too_large_a_file_is_refused() -> None:
    """By its bytes, before anything is decoded."""
    with pytest.raises(TextError, match="larger than 0 MiB"):
        delimited.decode(b"x" * (MOST + 1), most=MOST)


@pytest.mark.parametrize("mark", delimited.DELIMITERS)
def test_the_delimiter_is_the_one_that_divides(mark: str) -> None:
    """Though cells hold the others, and prices decimal commas."""
    text = f"name{mark}price{mark}tags\nTea{mark}12,50{mark}a;b|c\nPot{mark}3,20{mark}d, e\n".replace(
        "a;b|c", '"a;b|c\td"'
    )
    if mark == ",":
        text = text.replace("12,50", "12.50").replace("3,20", "3.20").replace("d, e", "d")
    assert delimited.delimiter_of(text) == mark


def test_a_table_of_one_column_has_commas() -> None:
    """Nothing divides it, and nothing is guessed."""
    assert delimited.delimiter_of("name\nTea\n") == ","


def test_a_quote_that_swallows_is_an_error_at_its_line() -> None:
    """Where it opens, not where the file ends."""
    with pytest.raises(UnclosedQuoteError) as refused:
        list(delimited.rows('name,price\nTea,1\n"Pot,2\nCup,3\nCan,4\n', ","))
    assert refused.value.line == 3


@pytest.mark.parametrize(
    ("amounts", "mark"),
    [
        (["12,50", "3"], ","),
        (["1.234,50 €", ""], ","),
        (["12.50", "1,234.50"], "."),
        (["1,234", "5"], "."),
        (["12,50", "12.50"], "."),
        ([], "."),
        (["x", "1 234,5"], ","),
    ],
)
def test_the_decimal_mark_is_a_comma_where_nothing_else_fits(amounts: list[str], mark: str) -> None:
    """What could be thousands is none, and two ways of writing are a point, so that the odd one is refused later."""
    assert delimited.decimal_mark(amounts) == mark


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1).filter(str.strip)
CELLS = st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1))


@given(CELLS)
def test_rows_are_those_that_a_spreadsheet_writes(cells: list[list[str]]) -> None:
    """Quotes, line breaks and delimiters inside cells come back; each row knows its first line."""
    written = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells)
    read = list(delimited.rows(written, ","))
    assert [row.cells for row in read] == cells
    assert read[0] == Row(1, cells[0])


@given(st.binary(max_size=80))
def test_any_bytes_are_text_or_refused(body: bytes) -> None:
    """And nothing else is raised."""
    try:
        result: object = delimited.decode(body, most=MOST)
    except TextError as error:
        result = error
    assert isinstance(result, Decoded | TextError)

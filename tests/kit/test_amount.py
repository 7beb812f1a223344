"""Laws of written amounts: what a person meant is read to the last penny, and what is unclear is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.kit.amount import read_amount, read_count
from quizfunnel.kit.money import exponent, format_money

CURRENCIES = ("GBP", "EUR", "USD", "JPY", "KWD", "AUD")
MINOR = st.integers(-(10**12), 10**12)


@given(
    MINOR, st.sampled_from(CURRENCIES), st.sampled_from(["", ",", " ", "'", "\u00a0", "\u202f", "\u2019"]), st.data()
)
def test_an_amount_is_read_as_it_was_meant(minor: int, currency: str, group: str, data: st.DataObject) -> None:
    """Whatever separates the thousands, stands for minus or names the currency: the same minor units come back."""
    decimals = exponent(currency)
    bare = f"{abs(Decimal(minor)).scaleb(-decimals):,.{decimals}f}".replace(",", group)
    mark = data.draw(st.sampled_from(["", currency, f"{currency} "]))
    written = {
        "before": f"-{mark}{bare}",
        "typeset": f"\u2212{mark}{bare}",
        "inside": f"{mark}-{bare}",
        "accountant": f"({mark}{bare})",
    }
    chosen = written[data.draw(st.sampled_from(sorted(written)))] if minor < 0 else f" {mark}{bare} "
    assert read_amount(chosen, currency) == minor


@given(MINOR, st.sampled_from(CURRENCIES))
def test_what_this_program_writes_it_reads(minor: int, currency: str) -> None:
    """`format_money` is undone, with the sign that it puts before the amount."""
    assert read_amount(format_money(minor, currency), currency) == minor


@given(st.text(max_size=12), st.sampled_from(CURRENCIES))
def test_any_text_is_read_or_refused_in_words(text: str, currency: str) -> None:
    """Nothing but a ValueError that says something comes of any text."""
    try:
        found: object = read_amount(text, currency)
    except ValueError as error:
        found = str(error)
    assert isinstance(found, int) or found


@pytest.mark.parametrize(
    ("written", "currency", "says"),
    [
        ("1.234", "EUR", "can be read in two ways; write 1234, or a point and 2 decimals of EUR"),
        ("12.500", "GBP", "can be read in two ways; write 12500"),
        ("1,234", "KWD", "can be read in two ways"),
        ("1.000", "JPY", "can be read in two ways"),
        ("1.234,50", "EUR", "has its decimals after a comma; write 1234.50"),
        ("12,5", "EUR", "has its decimals after a comma; write 12.5"),
        ("1 234,50", "EUR", "has its decimals after a comma; write 1234.50"),
        ("€3.00", "GBP", "is marked '€' and its currency is GBP"),
        ("USD 3", "GBP", "is marked 'USD' and its currency is GBP"),
        ("£3 GBP", "GBP", "is no amount of money"),
        ("--3", "GBP", "is no amount of money"),
        ("-(3)", "GBP", "is no amount of money"),
        ("(-3)", "GBP", "is no amount of money"),
        ("3-", "GBP", "is no amount of money"),
        ("1,23,456.00", "INR", "is no amount of money"),
        ("1,234 567.00", "GBP", "is no amount of money"),
        ("1_000", "GBP", "is no amount of money"),
        ("1e3", "GBP", "is no amount of money"),
        ("nan", "GBP", "is no amount of money"),
        ("\u0663", "GBP", "is no amount of money"),
        ("", "GBP", "is no amount of money"),
        ("9" * 30, "GBP", "no possible amount"),
        ("1.2345", "GBP", "has more decimals than GBP has"),
    ],
)
def test_what_is_unclear_is_refused(written: str, currency: str, says: str) -> None:
    """An amount that another country reads as another one, another currency's, and what is none: each with a remedy."""
    with pytest.raises(ValueError, match=r".+") as refused:
        read_amount(written, currency)
    assert says in str(refused.value)


@pytest.mark.parametrize(("written", "minor"), [("1,234", 123400), ("$3", 300), ("A$3", 300), ("12.5000", 1250)])
def test_what_is_clear_is_read(written: str, minor: int) -> None:
    """A comma before three digits separates thousands, where the currency has no three decimals."""
    assert read_amount(written, "AUD") == minor


@given(st.integers(0, 10**9))
def test_a_count_is_read_with_its_thousands_set_apart(count: int) -> None:
    """Plain, with commas and with spaces."""
    assert [read_count(text) for text in (str(count), f" {count:,}", f"{count:,}".replace(",", " "))] == [count] * 3


@pytest.mark.parametrize("written", ["", "-1", "1.0", "1.234", "1,23", "x", "1e3", "+1", "\u0663", "1_000"])
def test_what_is_no_count_is_refused(written: str) -> None:
    """A decimal point makes no count: 1.234 orders is 1 or 1,234."""
    with pytest.raises(ValueError, match="no whole number"):
        read_count(written)

"""Money is whole minor units: nothing is rounded, nothing impossible gets in."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.kit.money import exponent, format_money, to_major, to_minor

CURRENCIES = st.sampled_from(["EUR", "GBP", "JPY", "KWD", "USD"])


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("9.99", "EUR", 999), ("12", "JPY", 12), ("1.234", "KWD", 1234), (5, "GBP", 500), (Decimal("-0.50"), "USD", -50)],
)
def test_it_works(amount: str | int | Decimal, currency: str, minor: int) -> None:
    """An amount is counted in its currency's own smallest unit."""
    assert to_minor(amount, currency) == minor


@given(minor=st.integers(-(10**12), 10**12), currency=CURRENCIES)
@settings(max_examples=100)
def test_there_and_back(minor: int, currency: str) -> None:
    """Minor units to major ones and back are the same."""
    assert to_minor(to_major(minor, currency), currency) == minor


@given(text=st.text(max_size=20), currency=CURRENCIES)
@settings(max_examples=200)
def test_any_text_is_money_or_refused(text: str, currency: str) -> None:
    """Text from outside gives whole units or a ValueError, and never another error."""
    with suppress(ValueError):
        assert abs(to_minor(text, currency)) < 10**18


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "1e400", "1,50", "£5", "", "9.999", "1e15"])
def test_what_is_no_amount_is_refused(amount: str) -> None:
    """No rounding, no infinities, no other notation."""
    with pytest.raises(ValueError, match=r"amount of money|more decimals"):
        to_minor(amount, "EUR")


def test_a_currency_must_exist() -> None:
    """A code that ISO 4217 does not have is told with ones that it has."""
    with pytest.raises(ValueError, match="'EURO' is no ISO 4217 currency code; write one like EUR"):
        exponent("EURO")


@pytest.mark.parametrize(
    ("language", "text"), [("en", "€1,234.50"), ("de", "1.234,50\xa0€"), ("xx-no-such", "€1,234.50")]
)
def test_prices_are_written_as_people_do(language: str, text: str) -> None:
    """In the quiz's language, and in English where nobody knows it."""
    assert format_money(123450, "EUR", language) == text

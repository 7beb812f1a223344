"""Money is whole minor units: nothing is rounded, nothing impossible gets in."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.kit.iso4217 import MINOR_DIGITS
from quizfunnel.kit.money import currency_marks, exponent, format_money, to_major, to_minor

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


def test_the_whole_table_is_the_standards() -> None:
    """165 currencies in force by their minor units, as ISO 4217 lists them, and ten withdrawn ones and BYR."""
    digits: dict[int, set[str]] = {}
    for code, count in MINOR_DIGITS.items():
        digits.setdefault(count, set()).add(code)
    none = "BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    assert digits[0] == set(none.split())
    assert digits[3] == {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
    assert digits[4] == {"CLF", "UYW"}
    assert len(digits[2]) == 139 + 10
    assert len(MINOR_DIGITS) == 165 + 11
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in MINOR_DIGITS)


NO_CURRENCY = "XXX"  # the standard's own code for a transaction without one


@pytest.mark.parametrize("code", ["XAU", "XTS", NO_CURRENCY, "eur", "EURO", "", "ZZZ"])
def test_what_is_no_money_is_refused(code: str) -> None:
    """Metals, codes for tests and for no currency, and what the standard does not have are told."""
    with pytest.raises(ValueError, match="no ISO 4217 currency"):
        exponent(code)


@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (125000, "RSD", "en", "RSD1,250"),
        (125050, "RSD", "en", "RSD1,250.50"),
        (1250500, "IQD", "en", "IQD1,250.500"),
        (1250, "JPY", "en", "¥1,250"),
        (1250, "EUR", "de", "12,50\xa0€"),
        (1250, "GBP", "ar", "\u200f12.50\xa0UK£\u200e"),
        (1250, "EUR", "ar", "\u200f12.50\xa0€"),
    ],
)
def test_an_amount_is_shown_whole(minor: int, currency: str, language: str, written: str) -> None:
    """Decimals that people of a currency do not write stand there all the same if there are any."""
    assert format_money(minor, currency, language) == written


@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (1600, "GBP", "en", "£16"),
        (1650, "GBP", "en", "£16.50"),
        (123400, "EUR", "de", "1.234\u00a0€"),
        (16, "JPY", "en", "¥16"),
        (16000, "KWD", "en", "KWD16"),
        (16005, "KWD", "en", "KWD16.005"),
    ],
)
def test_a_whole_amount_is_short_in_a_sentence(minor: int, currency: str, language: str, written: str) -> None:
    """No decimals where they say nothing; all of them where one counts."""
    assert format_money(minor, currency, language, short=True) == written


@pytest.mark.parametrize(
    ("currency", "language", "marks"),
    [
        ("GBP", "en", ("£", "")),
        ("EUR", "de", ("", "\u00a0€")),
        ("JPY", "en", ("¥", "")),
        ("GBP", "ar", ("\u200f", "\xa0UK£\u200e")),
        ("GBP", "x", ("£", "")),
    ],
)
def test_a_symbol_stands_on_its_side_of_a_number(currency: str, language: str, marks: tuple[str, str]) -> None:
    """As people of the language write it, for a field that holds the number alone; English where it is none."""
    assert currency_marks(currency, language) == marks

"""Net quantities and unit prices: what can be read in one way alone, and exact money."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.catalog import net_quantity

METRIC = st.sampled_from(["mg", "g", "kg", "ml", "cl", "l", "mm", "cm", "m", "cm2", "m2", "m3", "ct"])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("250 g", "250 g"),
        ("250g", "250 g"),
        ("1.5 KG", "1.5 kg"),
        ("0,75 l", "0.75 l"),
        ("0.500 kg", "0.5 kg"),
        ("6 x 330 ml", "1980 ml"),
        ("2\u00d750g", "100 g"),
        ("30 fl oz", "30 floz"),
        ("3 Stück", "3 ct"),
        ("500 Gramm", "500 g"),
        ("1 sqm", "1 m2"),
        ("2.5 m2", "2.5 m2"),
        ("2 m\u00b2", "2 m2"),
        ("1 M3", "1 m3"),
        ("2 x 50 cm2", "100 cm2"),
        ("12 ft2", "12 ft2"),
        ("6 ITEM", "6 ct"),
    ],
)
def test_an_amount_is_a_number_with_a_unit(text: str, read: str) -> None:
    """As people, feeds and spreadsheets of several languages write it."""
    found = net_quantity.read(text)
    assert found is not None
    assert found.text == read
    assert net_quantity.read(found.text) == found  # as a catalogue keeps it


@pytest.mark.parametrize(
    "text",
    [
        "",
        "250",
        "M",
        "1,500 g",
        "1.500 kg",
        "0 g",
        "about 250 g",
        "250 g or so",
        "-5 g",
        "1e3 g",
        "g",
        "5 m 2",
        "9" * 60,
    ],
)
def test_what_has_no_unit_or_two_meanings_is_no_amount(text: str) -> None:
    """A unit price is never guessed: 1.500 kg is one and a half, or fifteen hundred."""
    assert net_quantity.read(text) is None
    assert net_quantity.unit_price(1000, text) is None


@given(st.integers(1, 10**7), st.integers(1, 99_999), st.integers(0, 2), METRIC)
def test_a_unit_price_is_the_price_by_the_amount_rounded_as_money(
    price: int, digits: int, decimals: int, unit: str
) -> None:
    """Half up, by exact numbers, for one kilogram, litre, metre, square or cubic metre, or piece."""
    written = f"{digits}" if not decimals else f"{digits / 10**decimals:.{decimals}f}"
    pack = net_quantity.read(f"{written} {unit}")
    assert pack is not None
    exact = Fraction(price) / pack.size
    found = net_quantity.unit_price(price, pack.text)
    if pack.size == 1 or exact < Fraction(1, 2):
        assert found is None
    else:
        assert found is not None
        assert found.base.size == 1
        assert -Fraction(1, 2) < found.price - exact <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("price", "pack", "base", "told"),
    [
        (1150, "250 g", "", (4600, "1 kg")),
        (1600, "150 ml", "100 ml", (1067, "100 ml")),
        (1600, "150 ml", "", (10667, "1 l")),
        (999, "12 oz", "", (83, "1 oz")),
        (999, "12 oz", "1 lb", (1332, "1 lb")),
        (500, "2 pt", "", (250, "1 pt")),
        (125, "1 kg", "", None),
        (125, "1000 g", "", None),
        (125, "100 ml", "100 g", None),
        (1, "1000 ct", "", None),
    ],
)
def test_a_price_is_told_for_the_amount_that_is_named(
    price: int, pack: str, base: str, told: tuple[int, str] | None
) -> None:
    """Else for the usual one; not where it is the price itself, nor across what cannot be compared."""
    found = net_quantity.unit_price(price, pack, base)
    assert (found and (found.price, found.base.text)) == told

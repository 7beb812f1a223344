"""Differences between products: what sets them apart, never what they share, and nothing of sensitive questions."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.i18n.words import words_in
from quizfunnel.offer.facts.differences import DifferenceTable, differences
from tests.cast import NOON, product
from tests.quiz import small

SCALE = {"from": 1, "to": 5, "step": 1}
STRENGTH = {"id": "strength", "ask": "How strong?", "pick": "scale", "scale": SCALE, "near": {"strength": 3}}
BUDGET = {"id": "budget", "ask": "How much?", "pick": "scale", "scale": SCALE | {"unit": "GBP"}, "limits": "price"}
FILTER = {"id": "spf", "ask": "Which filter?", "pick": "scale", "scale": SCALE | {"unit": "SPF"}, "at_least": "spf"}
ROAST = {
    "id": "roast",
    "ask": "Which roast?",
    "pick": "one",
    "choices": [
        {"id": "dark", "label": "Dark", "favours": {"tag:dark-roast": 1, "vendor:Acme": 1}},
        {"id": "light", "label": "Light", "requires": ["tag:light-roast"]},
    ],
}
QUIZ = (STRENGTH, ROAST, BUDGET, FILTER)
EN = words_in("en")


def compared(*products: Product, questions: tuple[dict[str, Any], ...] = QUIZ) -> DifferenceTable | None:
    """Return what differs between products for a quiz of these questions."""
    return differences(small.quiz_of(list(questions)), products, NOON, answers={})


def rows(*products: Product, questions: tuple[dict[str, Any], ...] = QUIZ) -> dict[str, tuple[str, ...]]:
    """Return the rows by their labels."""
    table = compared(*products, questions=questions)
    return {row.label: row.values for row in table.rows} if table else {}


def test_the_table_has_what_the_quiz_asks_about_and_the_catalogue_knows() -> None:
    """Prices, ratings, levels with their units, properties, brand, sizes and contents, each named once."""
    sizes = (
        Variant("S", 1200, title="S", options=(("Size", "S"),), net_quantity="250 g"),
        Variant("L", 4000, title="L", options=(("Size", "L"),)),
    )
    strong = {"strength": 4.0, "spf": 30.0, "rating": 4.6, "rating_count": 12.0}
    one = product("one", tags=("dark-roast",), vendor="Acme", attributes=strong)
    other = product("other", tags=("light-roast",), vendor="Bolt", attributes={"strength": 2.0, "margin": 9.0})
    assert rows(replace(one, variants=sizes), other) == {
        "Price": ("from £12.00", "£12.00"),
        "Unit price": ("£48.00/kg", ""),
        "Rating": ("4.6 (12)", ""),
        "Strength": ("4 of 5", "2 of 5"),
        "Roast": ("Dark roast, Acme", ""),
        "Spf": ("30 SPF", ""),
        "Properties": ("", "Light roast"),
        "Brand": ("Acme", "Bolt"),
        "Size": ("S, L", ""),
        "Contents": ("250 g", ""),
    }


def test_what_all_have_is_not_repeated_in_the_row_of_what_sets_them_apart() -> None:
    """Of several properties those that differ; a size that all have stays, since it is one to choose."""
    one, other = product("one", tags=("dark-roast",), vendor="Acme"), product("other", tags=("dark-roast",))
    assert rows(one, other)["Roast"] == ("Acme", "")


def test_a_value_is_listed_as_its_language_lists() -> None:
    """Japanese has commas of its own, with no space behind them."""
    quiz = small.quiz_of([ROAST]).model_copy(update={"language": "ja"})
    one, other = product("one", tags=("dark-roast",), vendor="Acme"), product("other", tags=("light-roast",))
    table = differences(quiz, [one, other], NOON, answers={})
    assert table
    assert "Dark roast、Acme" in [value for row in table.rows for value in row.values]


def test_products_that_differ_in_nothing_have_no_table() -> None:
    """Nor has one alone."""
    one = product("one", attributes={"strength": 4.0})
    assert compared(one, replace(one, id="other", title="Other")) is None
    assert compared(one) is None
    assert compared() is None


def test_what_the_cards_say_alone_makes_no_table() -> None:
    """Prices and ratings stand side by side already."""
    one, other = product("one", price=900, attributes={"rating": 4.0}), product("other", price=1200)
    assert compared(one, other) is None
    assert list(rows(one, replace(other, vendor="Acme"))) == ["Price", "Rating", "Roast", "Brand"]


def test_a_question_about_ratings_gives_them_no_second_row() -> None:
    """They stand as the cards say them, with how many gave one."""
    asked = STRENGTH | {"near": {"rating": 3}}
    one, other = (product(id, vendor=id, attributes={"rating": value}) for id, value in (("a", 4.0), ("b", 4.5)))
    table = compared(one, other, questions=(asked,))
    assert table is not None
    assert [row.label for row in table.rows] == ["Rating", "Brand"]


def test_columns_of_the_shops_own_stay_its_own() -> None:
    """What no question names and has no meaning that every catalogue shares is not shown."""
    one, other = (product(id, attributes={"margin_class": id, "custom_label_0": id}) for id in "ab")
    assert compared(one, other) is None


@pytest.mark.parametrize(
    ("question", "hidden"),
    [
        (ROAST, {"Roast", "Brand", "Properties"}),
        (STRENGTH | {"near": {"size": 1}}, {"Size"}),
        (STRENGTH, {"Strength"}),
    ],
)
def test_nothing_of_a_sensitive_question_is_in_it(question: dict[str, Any], hidden: set[str]) -> None:
    """Neither by its own row nor by the catalogue's of the same column."""
    private = question | {"sensitive": True, "why": "So that it fits."}
    one = product("one", tags=("dark-roast",), vendor="Acme", attributes={"strength": 4.0, "size": 3.0})
    other = product("other", tags=("light-roast",), vendor="Bolt", attributes={"strength": 2.0, "size": 5.0})
    plain, kept = rows(one, other, questions=(question,)), rows(one, other, questions=(private,))
    assert plain.keys() - kept.keys() == hidden


VALUES = st.sampled_from(["", "a", "b"])
LEVELS = st.sampled_from([1.0, 2.0, 5.0])


@st.composite
def products(draw: st.DrawFn) -> list[Product]:
    """Draw up to four products of few values each, so that many agree."""
    return [
        product(
            f"p{place}",
            price=draw(st.sampled_from([900, 1200])),
            tags=tuple(draw(st.sets(st.sampled_from(["dark-roast", "light-roast"])))),
            vendor=draw(VALUES),
            type=draw(VALUES),
            attributes={"strength": draw(LEVELS), "spf": draw(LEVELS), "material": draw(VALUES), "own": draw(VALUES)},
        )
        for place in range(draw(st.integers(0, 4)))
    ]


@given(products())
def test_a_row_that_is_equal_for_all_is_never_shown(drawn: list[Product]) -> None:
    """Each row has a value for each product, and two of them differ."""
    table = compared(*drawn)
    for row in table.rows if table else ():
        assert len(row.values) == len(drawn)
        assert len(set(row.values)) > 1
    labels = [row.label.casefold() for row in table.rows] if table else []
    assert len(labels) == len(set(labels))
    if table:
        assert table.names == tuple(one.title for one in drawn)

"""An open end of a scale is said, bounds nothing beyond it, and is as near as can be to all that lies beyond."""

from typing import Any

import pytest

from quizfunnel.i18n.words import words_in
from quizfunnel.quiz.kinds.answer import AnswerError
from quizfunnel.quiz.kinds.scale import ScaleQuestion
from tests.cast import product
from tests.quiz.kinds.examples import question

ENGLISH = words_in("en")

OPEN = {"from": 50, "to": 500, "step": 50, "unit": "GBP", "or_more": True, "or_less": True}


def scale(ends: dict[str, Any] | None = None, **more: Any) -> ScaleQuestion:
    """Return a question for a number from 50 to 500, both ends open."""
    asked = question(pick="scale", scale=OPEN | (ends or {}), **more)
    assert isinstance(asked, ScaleQuestion)
    return asked


def test_an_open_end_bounds_nothing_beyond_it() -> None:
    """At 500 or more no price is too high, at 50 or less nothing too little; between them the rules are as ever."""
    budget, least = scale(limits="price"), scale(at_least="power")
    assert budget.rules(500.0) == least.rules(50.0) == ()
    assert [rule.bound for value in (450.0, 50.0) for rule in budget.rules(value)] == [450, 50]
    assert [rule.bound for value in (100.0, 500.0) for rule in least.rules(value)] == [100, 500]
    closed = scale({"or_more": False}, limits="price")
    assert [rule.bound for rule in closed.rules(500.0)] == [500]


@pytest.mark.parametrize(
    ("keys", "value", "chip", "given"),
    [
        ({"limits": "price"}, 500.0, "£500 or more", "£500 or more"),
        ({"limits": "price"}, 450.0, "Up to £450", "£450"),
        ({"limits": "price"}, 50.0, "Up to £50", "£50 or less"),
        ({"at_least": "power"}, 50.0, "£50 or less", "£50 or less"),
        ({"at_least": "power"}, 500.0, "At least £500", "£500 or more"),
        ({"near": {"power": 2}}, 500.0, "Which? £500 or more (Lots)", "£500 or more (Lots)"),
    ],
)
def test_the_chip_of_an_open_end_says_so(keys: dict[str, Any], value: float, chip: str, given: str) -> None:
    """Words like "Up to £500" would be untrue of an offer that goes beyond; other numbers are said as ever."""
    asked = scale({"high": "Lots"} if "near" in keys else None, **keys)
    assert (asked.in_words(value, ENGLISH), asked.as_given(value, ENGLISH)) == (chip, given)


def test_a_number_beyond_an_open_end_is_that_end() -> None:
    """Who types 800 of "500 or more" said just that; a closed scale asks again."""
    assert [scale().parse([typed], none=False) for typed in ("800", "500", "12", "50")] == [500, 500, 50, 50]
    with pytest.raises(AnswerError, match="from 50 to 500"):
        scale({"or_more": False}).parse(["800"], none=False)
    with pytest.raises(AnswerError, match="from 50 to 500"):
        scale({"or_less": False}).parse(["12"], none=False)


def test_what_lies_beyond_an_open_end_is_no_farther_than_the_end() -> None:
    """Full points, the reason "as you asked" and no miss for 700 of "500 or more"; 300 is farther, and is told so."""
    asked = scale({"unit": "W"}, near={"power": 3})
    beyond, below = (product(str(power), attributes={"power": power}) for power in (700.0, 300.0))
    assert asked.points([beyond, below], 500.0) == pytest.approx((0.0, -3 * 200 / 450))
    wish = asked.closeness(500.0)
    assert wish is not None
    assert (wish.fits(700.0), wish.is_met(700.0), wish.fits(300.0)) == (True, True, False)
    assert asked.close_in_words(wish, 700.0, currency="GBP", say=ENGLISH) == "Power 700 W, as you asked"
    priced = scale(near={"price": 3})
    of_price = priced.closeness(500.0)
    assert of_price is not None
    missed = priced.miss_in_words(of_price, 200.0, currency="GBP", say=ENGLISH)
    assert missed == "Below the £500 or more you asked for"


def test_the_levels_that_are_learnt_name_open_ends() -> None:
    """The first and the last bin, in the words of the scale; the answers in between stay what they were."""
    (column,) = scale().columns()
    assert column.levels == ("100 or less", "150 to 200", "250 to 300", "350 to 400", "450 or more")
    assert column.code({"q": 500.0}) == column.code({"q": 450.0}) == column.codes - 1


def test_a_finding_names_an_open_end() -> None:
    """`quizfunnel check` lists what answers do by the words that a merchandiser reads on the page."""
    assert [scale().number_in_words(number) for number in (50.0, 250.0, 500.0)] == ["50 or less", "250", "500 or more"]

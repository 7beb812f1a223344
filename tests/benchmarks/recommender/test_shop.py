"""Receipts as choices: what is asked is known before what is taken."""

import datetime as dt

from benchmarks.recommender import shop
from benchmarks.recommender.shop import Line


def line(day: int, product: str, *, customer: str = "c", category: str = "110001", price: float = 10.0) -> Line:
    """Return a line of a receipt in November."""
    return Line(dt.date(2000, 11, day), customer, "35-39", "115", category, product, price)


def two_customers(last: Line) -> list[Line]:
    """Return receipts of two customers, one of whom ends with `last`."""
    other = [line(1, "p", customer="d", price=30.0), line(2, "q", customer="d")]
    return [line(1, "p"), line(1, "q", category="120001"), last, *other]


def test_the_day_of_the_choice_answers_nothing_but_its_weekday() -> None:
    """Whatever is bought on the day of the choice, the answers are those of the days before."""
    cheap = shop.ta_feng(two_customers(line(3, "p", category="990001", price=1.0)), 2)
    dear = shop.ta_feng(two_customers(line(3, "q", category="110001", price=900.0)), 2)
    assert cheap.chosen[0] != dear.chosen[0]
    assert cheap.answers.tolist() == dear.answers.tolist()


def test_who_was_never_there_before_has_no_choice() -> None:
    """A first visit has no history to answer from."""
    found = shop.ta_feng([*two_customers(line(3, "p")), line(4, "p", customer="new")], 2)
    assert len(found.chosen) == 2

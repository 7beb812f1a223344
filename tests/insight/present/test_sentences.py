"""Laws of the sentences on what was observed: each says how sure it is, or that it cannot say."""

import pytest

from quizfunnel.insight.behaviour.selection import SelectionChecks, selection_checks
from quizfunnel.insight.behaviour.stratified import Adjusted
from quizfunnel.insight.behaviour.takers import observe
from quizfunnel.insight.behaviour.watch import PromiseKept
from quizfunnel.insight.present import sentences
from quizfunnel.stats.causal import e_value
from quizfunnel.stats.intervals import Interval, wilson
from tests.insight.rows import row

TAKERS = [row(900, 18, prior_buyers=9), row(100, 10, prior_buyers=4, state="finished", band=4)]


def with_ratio(ratio: Interval) -> SelectionChecks:
    """Return takers of whom a rollup computed this adjusted ratio."""
    return selection_checks(TAKERS, Adjusted(ratio, Interval(5.0, 2.0, 9.0), e_value(ratio), 0.2, 0.0))


def test_the_claim_stands_beside_what_is_seen() -> None:
    """The ratio of the 3+ minute visitors to cold ones with its limits; without any, that one cannot tell."""
    found = observe(TAKERS)
    said = sentences.claim(found)
    assert "2 to 5 times the rate of cold visitors. Seen here: 5.00x (" in said
    assert said.endswith("Who they are makes such a ratio even where a quiz does nothing, or hurts.")
    assert "of 100 such visitors. " in said
    assert "too few" in sentences.claim(observe([]))


def test_the_negative_control_says_that_it_is_no_work_of_the_quiz() -> None:
    """Both rates, their ratio, and the sentence; without earlier orders it is not available yet."""
    said = sentences.control(selection_checks(TAKERS, None))
    assert "4.00% of those who started it later had bought, 1.00% of the others, which is 4.00x (" in said
    assert "The quiz cannot have done that" in said
    assert "not available yet" in sentences.control(selection_checks([row(10, 1)], None))


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (Interval(2.0, 1.5, 3.0), "each by a ratio of 3.41x, or by 2.37x for its limit (E-value)"),
        (Interval(1.2, 0.9, 1.6), "by a ratio of 1.69x; its limits hold 1 (E-value)"),
    ],
)
def test_the_adjusted_ratio_says_what_would_explain_it(ratio: Interval, words: str) -> None:
    """Its limits, the ratio as observed, and the E-value."""
    said = sentences.adjusted(with_ratio(ratio))
    assert f"{ratio.estimate:.2f}x ({ratio.low:.2f}x to {ratio.high:.2f}x), observed 5.00x" in said
    assert words in said


def test_without_a_rollup_the_adjusted_ratio_says_where_it_comes_from() -> None:
    """Nothing is computed for a page."""
    assert "not available yet. It is computed by quizfunnel rollup" in sentences.adjusted(
        selection_checks(TAKERS, None)
    )


def test_a_promise_is_told_with_its_interval() -> None:
    """Or that nobody's time was measured."""
    said = sentences.promise(PromiseKept(2, 40, 30, wilson(30, 40)))
    assert said.startswith("Of 40 finishers whose time a browser measured 75.0% (")
    assert said.endswith("the promised 2 minutes.")
    assert "1 minute." in sentences.promise(PromiseKept(1, 0, 0, wilson(0, 0)))

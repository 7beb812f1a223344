"""Laws of the sentence on top: three verdicts, word for word, and one where nobody is held out."""

import re
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.insight.randomised import advice as steps
from quizfunnel.insight.randomised.verdict import (
    Pace,
    decide,
    exploratory,
    next_plan,
    without_holdout,
)
from quizfunnel.insight.words.numbers import about, change
from quizfunnel.stats import sample_size
from quizfunnel.stats.confidence_sequence import Sequence

PACE = Pace(seen=5000, per_day=400.0, base=0.02, base_assumed=False, holdout_share=0.5)
FILE = "quizzes/coffee.yaml"


def say(low: float, high: float, pace: Pace = PACE) -> str:
    """Return the sentence for these limits."""
    return decide(Sequence(1.1, low, high, 1.0), pace, steps=steps.of_quiz(FILE, 0.2)).sentence


def test_yes() -> None:
    """Both limits above one: yes, and between what."""
    assert say(1.0612, 1.4888) == "Yes, between +6% and +49%"
    assert say(1.0612, inf) == "Yes, between +6% and an upper end that is still open"


def test_less() -> None:
    """Both limits below one: it sells less, and between what."""
    assert say(0.7, 0.95) == "It sells less: between -30% and -5%"
    assert say(0.0, 0.957) == "It sells less: between -100% and -4%"


def test_unclear() -> None:
    """One lies within: what it would take to see +10 %."""
    more = sample_size.visitors(0.02, 0.5, 0.1) - 5000
    assert say(0.9, 1.2) == (
        f"We can't tell yet: about {about(more)} more visitors, {about(-(-more // 400))} days at today's traffic, "
        "are needed to see +10%"
    )


def test_unclear_after_the_planned_visitors() -> None:
    """Who has seen enough visitors for +10 % is told of the next smaller change, never of no more visitors."""
    pace = Pace(sample_size.visitors(0.02, 0.5, 0.1), 400.0, 0.02, False, 0.5)
    assert say(0.99, 1.05, pace).endswith("are needed to see +5%")


def test_unclear_without_traffic() -> None:
    """Days are not made up where nobody comes."""
    assert say(0.9, 1.2, Pace(0, 0.0, 0.02, True, 0.2)).endswith(
        "more visitors are needed to see +10%, and nobody came in the last 28 days"
    )


def test_no_holdout() -> None:
    """Without a holdout there is one sentence, and it is always the same."""
    assert (
        without_holdout(steps.of_quiz(FILE, 0.0)).sentence
        == "No holdout is running, so the cause is unknown. Start one."
    )


@given(st.floats(0.0, 20.0), st.floats(0.0, 20.0))
def test_limits_are_rounded_outwards(one: float, two: float) -> None:
    """The printed limits hold the true ones, and one that is not zero never looks like zero."""
    low, high = sorted((one, two))
    text = change(low, up=False), change(high, up=True)
    printed = [float(part.rstrip("%").replace(",", "")) for part in text]
    assert printed[0] <= (low - 1) * 100 + 1e-6
    assert printed[1] >= (high - 1) * 100 - 1e-6
    if low > 1.0001:
        assert printed[0] > 0


@pytest.mark.parametrize("seen", [0, 10**5, 10**6, 10**7, 10**8])
def test_there_is_always_something_to_do_next(seen: int) -> None:
    """Every verdict comes with advice, and a plan is never negative."""
    pace = Pace(seen, 100.0, 0.03, False, 0.1)
    assert next_plan(pace).more >= 0
    for low, high in ((1.1, 1.2), (0.5, 0.9), (0.9, 1.2)):
        verdict = decide(Sequence(1.0, low, high, 1.0), pace, steps=steps.of_quiz(FILE, 0.2))
        assert verdict.advice
        assert all(re.search(r"[.)}]$", advice) for advice in verdict.advice)


def test_a_part_says_where_its_arms_are_of_the_wrong_sizes() -> None:
    """It stays exploratory, and warns before anything else."""
    fine, uneven = exploratory(), exploratory(uneven=True)
    assert {fine.kind, uneven.kind} == {"exploratory"}
    assert "do not compare" in uneven.advice[0]
    assert uneven.advice[1:] == fine.advice

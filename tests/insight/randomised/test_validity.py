"""Laws of comparing the arms: only arms of the sizes that were set, whose orders find them alike."""

import pytest

from quizfunnel.experiment.design import Design
from quizfunnel.insight.randomised.figures import ArmMatch, Trial
from quizfunnel.insight.randomised.validity import arms_differ, srm_e_value
from quizfunnel.insight.words.arm_labels import ArmLabels
from quizfunnel.log.thresholds import SHARE_ALARM
from quizfunnel.stats.intervals import wilson
from tests.insight.rows import row

ALL_TOOK = [row(50, 25, state="finished"), row(50, 0)]
ALIKE = [row(50, 25, state="finished"), row(50, 5)]


def match(arm: str, matched: int, by_click: int) -> ArmMatch:
    """Return how an arm's orders found it."""
    return ArmMatch(arm, 1000, matched, by_click, wilson(matched, matched + by_click))


@pytest.mark.parametrize(("sizes", "alarm"), [((8000, 2000), False), ((8060, 1940), False), ((8600, 1400), True)])
def test_arms_far_from_their_share_raise_the_alarm(sizes: tuple[int, int], *, alarm: bool) -> None:
    """What chance makes doesn't; where there is no holdout nothing can be wrong with it."""
    assert (srm_e_value(*sizes, Trial(design=Design("coffee", "spring", 0.2, 7))) > SHARE_ALARM) == alarm
    assert srm_e_value(*sizes, None) == 0
    assert srm_e_value(*sizes, Trial(design=Design("coffee", "spring", 0.0, 7))) == 0


def test_a_token_that_only_the_quiz_carries_is_noticed() -> None:
    """Where all of many buyers took the quiz the cart of the others carries no token; a few say nothing."""
    assert "through the quiz alone" in str(arms_differ([], ALL_TOOK))
    assert arms_differ([], ALIKE) is None
    assert arms_differ([], [row(50, 19, state="finished")]) is None


def test_arms_whose_orders_find_them_otherwise_are_unlike() -> None:
    """A difference that clicks give away is told with both rates; one within chance is none."""
    told = arms_differ([match("invited", 300, 2), match("holdout", 60, 40)], ALIKE)
    assert told is not None
    assert "99.3%" in told
    assert "60.0%" in told
    assert arms_differ([match("invited", 300, 2), match("holdout", 80, 1)], ALIKE) is None
    assert arms_differ([match("invited", 300, 2), match("holdout", 0, 0)], ALIKE) is None


def test_tokens_lost_alike_are_no_difference_however_many_orders() -> None:
    """One cart in twenty loses its token and a fifth of the invited arm's buyers clicked: of that arm 1% show it.

    The holdout cannot click and shows none. A third of the invited arm's tokens lost is no such thing.
    """
    for scale in (1, 10, 1000):
        assert arms_differ([match("invited", 950 * scale, 10 * scale), match("holdout", 240 * scale, 0)], ALIKE) is None
    assert "66.7%" in str(arms_differ([match("invited", 200, 100), match("holdout", 100, 0)], ALIKE))


def test_of_two_quizzes_both_arms_can_click() -> None:
    """No gap is allowed for, and the arms are called by their quizzes."""
    arms, names = [match("invited", 9500, 100), match("holdout", 9700, 0)], ArmLabels("short", "coffee")
    assert arms_differ(arms, ALIKE) is None
    assert str(arms_differ(arms, ALIKE, names)).startswith(
        "Of short orders 99.0% came back with the visitor's token, of coffee"
    )
    assert arms_differ([match("invited", 950, 10), match("holdout", 955, 9)], ALIKE, names) is None

"""Laws of the funnel: only who was asked a question can leave there, and times are those of real quantiles."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.insight.behaviour.funnel import Counting, Funnel, StepRow
from quizfunnel.log.definitions import IDLE_MS
from quizfunnel.log.rows import AnswerRevision, AttemptTimes, Stages
from quizfunnel.stats.quantiles import quantiles

ASKS = {"a": "First?", "b": "Branch?", "c": "Last?"}
NOBODY = Stages(frozenset(), frozenset())
LATER = 10 * IDLE_MS


def count(
    runs: Iterable[AttemptTimes],
    steps: Iterable[AnswerRevision],
    *,
    question_texts: Mapping[str, str],
    stages: Stages,
    now: int,
) -> Funnel:
    """Return the funnel of all these attempts at once."""
    counting = Counting(question_texts, now)
    counting.add(runs, steps, stages)
    return counting.funnel()


def step(attempt: str, question: str, at: int, following: str | None, **more: Any) -> AnswerRevision:
    """Return an answer."""
    source = more.get("source", "client")
    return AnswerRevision(attempt, question, at, more.get("wall"), more.get("active"), source, following)


def by_question(runs: list[AttemptTimes], steps: list[AnswerRevision]) -> dict[str, StepRow]:
    """Return the funnel's rows by question."""
    return {row.question: row for row in count(runs, steps, question_texts=ASKS, stages=NOBODY, now=LATER).steps}


def test_who_was_never_asked_is_not_in_the_denominator() -> None:
    """One goes round the branch, one leaves on it: the branch was reached once and left once."""
    runs = [AttemptTimes("x", None, 0, 9, "a"), AttemptTimes("y", None, 0, None, "a")]
    steps = [step("x", "a", 1, "c"), step("x", "c", 2, None), step("y", "a", 1, "b")]
    rows = by_question(runs, steps)
    assert {name: (row.reached, row.left) for name, row in rows.items()} == {"a": (2, 0), "b": (1, 1), "c": (1, 0)}


def test_who_left_before_any_answer_left_at_the_first_question() -> None:
    """An attempt without an answer reached and left its first question."""
    rows = by_question([AttemptTimes("x", None, 0, None, "a")], [])
    assert (rows["a"].reached, rows["a"].left, rows["b"].reached) == (1, 1, 0)


def test_a_changed_answer_counts_once_and_leaves_where_it_then_led() -> None:
    """Who goes back and is led elsewhere reached both, and left at the latter."""
    steps = [step("x", "a", 1, "b"), step("x", "a", 5, "c")]
    rows = by_question([AttemptTimes("x", None, 0, None, "a")], steps)
    assert [(rows[name].reached, rows[name].left) for name in "abc"] == [(1, 0), (1, 0), (1, 1)]


def test_who_may_still_go_on_is_in_no_figure() -> None:
    """An unfinished attempt touched less than half an hour ago is counted apart."""
    runs = [AttemptTimes("x", None, LATER - 5, None, "a"), AttemptTimes("y", None, 0, None, "a")]
    steps = [step("y", "a", LATER - IDLE_MS + 1, "b")]
    found = count(runs, steps, question_texts=ASKS, stages=NOBODY, now=LATER)
    assert (found.started, found.going) == (0, 2)


def test_times_add_up_over_revisions_and_are_active_only_where_the_browser_measured() -> None:
    """Active time is the browser's alone; wall time is whatever is known; a question counts once an attempt."""
    steps = [
        step("x", "a", 1, "b", wall=900, active=700),
        step("x", "a", 2, "b", wall=100, active=50),
        step("y", "a", 1, "b", wall=5000, active=4000, source="server"),
        step("z", "a", 1, "b", source="none"),
    ]
    row = by_question([AttemptTimes(name, None, 0, 9, "a") for name in "xyz"], steps)["a"]
    assert row.active == (1, 750, 750)
    assert tuple(row.wall) == pytest.approx((2, 3000, 4600))


def test_a_question_that_is_gone_comes_last_under_its_id() -> None:
    """Attempts on an older version keep their questions in view."""
    found = count([AttemptTimes("x", None, 0, None, "old")], [], question_texts=ASKS, stages=NOBODY, now=LATER)
    assert found.steps[-1].ask == "old (no longer in the quiz)"


def test_stages_count_settled_attempts_alone() -> None:
    """Offers of attempts that are not shoppers' do not appear."""
    stages = Stages(frozenset(("x", "stranger")), frozenset(("stranger",)))
    found = count([AttemptTimes("x", None, 0, 9, "a")], [], question_texts=ASKS, stages=stages, now=LATER)
    assert (found.finished, found.opened, found.clicked) == (1, 1, 0)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=50))
def test_quantiles_are_those_of_numpy(times: list[int]) -> None:
    """Median and 90 % point agree with numpy's default (type 7)."""
    import numpy as np

    found = quantiles(times)
    assert (found.median, found.p90) == pytest.approx(tuple(np.quantile(times, (0.5, 0.9))), rel=1e-9)


def test_no_time_is_no_quantile() -> None:
    """Without a time there is none."""
    assert quantiles([]) == (0, None, None)


def test_ends_are_counted_by_questions_shown_and_by_active_seconds() -> None:
    """Who finished is followed, who left has left; seconds are rounded up, and only of measured time with no cut."""
    steps = [
        step("x", "a", 1, "b", active=1000),
        step("x", "b", 2, "c", active=1),
        step("x", "c", 3, None, active=0),
        step("y", "a", 1, "b", active=2001),
        step("z", "a", 1, "b", active=9, source="clamped"),
        step("z", "b", 2, "c", active=9),
        step("w", "a", 1, "b", active=5_000_000),
    ]
    runs = [AttemptTimes("x", None, 0, 9, "a"), *(AttemptTimes(name, None, 0, None, "a") for name in "yzwv")]
    found = count(runs, steps, question_texts=ASKS, stages=NOBODY, now=LATER)
    assert found.by_question == ((1, 1, 0), (2, 2, 0), (3, 1, 1))
    assert found.by_second == ((2, 0, 1), (3, 1, 0), (3600, 1, 0))

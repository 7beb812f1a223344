"""Laws of the runner: one run at a time, a step that fails stops no other, and each run leaves a record."""

import json
import logging
from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, select

from quizfunnel.kit.clock import SetClock
from quizfunnel.store.single_run import Busy, single_run
from quizfunnel.store.transaction import DatabaseAway, reading, writing
from quizfunnel.store.types import columns
from quizfunnel.upkeep import runner
from quizfunnel.upkeep.runner import Step, StepError
from quizfunnel.web.tables import NightlyRun
from tests.cast import NOON

DAY = timedelta(hours=20)


def records(engine: Engine) -> list[dict[str, object]]:
    """Return the records of all runs, the oldest first."""
    run = columns(NightlyRun)
    with reading(engine) as connection:
        return [json.loads(text) for text in connection.execute(select(run.record).order_by(run.started_at)).scalars()]


def failing(error: Exception) -> Step:
    """Return a step that fails."""

    def fail() -> str:
        raise error

    return Step("broken", fail)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (StepError("the disk is away; mount it"), "the disk is away; mount it"),
        (DatabaseAway("locked"), "the database could not be used: locked"),
        (ValueError("Anna, 12 High Street"), "ValueError in test_runner.py"),
    ],
)
def test_a_step_that_fails_stops_no_other(
    engine: Engine, clock: SetClock, caplog: pytest.LogCaptureFixture, error: Exception, says: str
) -> None:
    """The run has failed, the log says why, and nothing of a message that nobody wrote for it is shown."""
    done: list[str] = []
    steps = [failing(error), Step("next", lambda: done.append("next") or "did it")]  # type: ignore[func-returns-value]
    with caplog.at_level(logging.ERROR):
        record = runner.run(engine, steps, clock)
    assert record.failed
    assert done == ["next"]
    assert [(step.step, step.outcome) for step in record.steps] == [("broken", "failed"), ("next", "done")]
    assert record.steps[0].says.startswith(says)
    assert "nightly: broken failed" in caplog.text
    assert "High Street" not in caplog.text
    assert records(engine) == [json.loads(json.dumps(record.as_json()))]


def test_one_run_at_a_time(engine: Engine, clock: SetClock) -> None:
    """A second one does not wait, and leaves no record."""
    with single_run(engine, runner.WORK), pytest.raises(Busy):
        runner.run(engine, [], clock)
    assert records(engine) == []


def test_a_step_is_left_out_where_it_was_done_since(engine: Engine, clock: SetClock) -> None:
    """Twice in a night trains once; a failed one is tried again, and the next night it is due."""
    outcomes = []
    daily, broken = Step("train", lambda: "trained", every=DAY), failing(StepError("no"))._replace(every=DAY)
    for hours in (0, 1, 23):
        clock.set(NOON + timedelta(hours=hours))
        outcomes.append([step.outcome for step in runner.run(engine, [daily, broken], clock).steps])
    assert outcomes == [["done", "failed"], ["skipped", "failed"], ["done", "failed"]]


def test_a_run_that_was_cut_short_says_so(engine: Engine, clock: SetClock) -> None:
    """The next one finds that it never ended, as a killed one does not."""
    with writing(engine) as connection:
        connection.execute(insert(NightlyRun).values(id="1" * 32, started_at=NOON - timedelta(days=1), record=""))
    runner.run(engine, [], clock)
    assert [record.get("says") for record in records(engine)] == [runner.CUT_SHORT, None]


def test_the_last_run_can_be_watched(engine: Engine, clock: SetClock) -> None:
    """When it ended and whether a step of it failed; nothing before the first."""

    def figures() -> dict[str, float]:
        with reading(engine) as connection:
            return {figure.name: figure.values[()] for figure in runner.figures(connection)}

    assert figures() == {}
    for step, failed in ((failing(ValueError("x")), 1), (Step("good", lambda: "did it"), 0)):
        clock.advance(60)
        runner.run(engine, [step], clock)
        assert figures() == {
            "nightly_finished_timestamp_seconds": clock.now().timestamp(),
            "nightly_failed": failed,
        }

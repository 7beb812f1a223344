"""Runner of the recurring work: one run at a time, step by step, with a record of how each ended."""

import json
import logging
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Engine, insert, select, update

from quizfunnel.kit.clock import Clock
from quizfunnel.kit.ids import new_id
from quizfunnel.store.single_run import single_run
from quizfunnel.store.transaction import DatabaseAway, reading, remedy, write
from quizfunnel.store.types import columns
from quizfunnel.telemetry.store_figure import StoreFigure
from quizfunnel.web.tables import NightlyRun

WORK = "nightly"
CUT_SHORT = "this run was cut short"

log = logging.getLogger(__name__)
_run = columns(NightlyRun)

StepOutcome = Literal["done", "failed", "skipped"]


class StepError(Exception):
    """Fault of a step that its text explains."""


class Step(NamedTuple):
    """One piece of recurring work, which says what it did; one with `every` is left out where it was done since."""

    name: str
    do: Callable[[], str]
    every: timedelta | None = None


class StepRecord(NamedTuple):
    """Record of a step: how it ended, after how long, and what it says."""

    step: str
    outcome: StepOutcome
    seconds: float
    says: str

    def text(self) -> str:
        """Return the record in a line."""
        mark = "" if self.outcome == "done" else f"{self.outcome}: "
        return f"{self.step}: {mark}{self.says}"


class NightlyRecord(NamedTuple):
    """Record of a run."""

    started_at: datetime
    finished_at: datetime
    steps: tuple[StepRecord, ...]

    @property
    def failed(self) -> bool:
        """Tell whether a step failed."""
        return any(step.outcome == "failed" for step in self.steps)

    def as_json(self) -> dict[str, Any]:
        """Return the record as it is kept and printed."""
        return {
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "finished_at": self.finished_at.isoformat(timespec="seconds"),
            "failed": self.failed,
            "steps": [step._asdict() for step in self.steps],
        }


def run(
    engine: Engine, steps: Sequence[Step], clock: Clock, *, tell: Callable[[StepRecord], None] = lambda _: None
) -> NightlyRecord:
    """Do every step, those after one that failed too, and keep the record; Busy where a run is under way."""
    with single_run(engine, WORK):
        id, started = new_id(), clock.now()
        write(engine, lambda connection: _begin(connection, id, started))
        records = []
        for step in steps:
            records.append(_do(engine, step, clock))
            tell(records[-1])
        record = NightlyRecord(started, clock.now(), tuple(records))
        values = {"finished_at": record.finished_at, "record": json.dumps(record.as_json())}
        write(engine, lambda connection: connection.execute(update(NightlyRun).where(_run.id == id).values(**values)))
        return record


def figures(connection: Connection) -> Iterator[StoreFigure]:
    """Yield when the last run ended, and whether a step of it failed; nothing where none has ended yet."""
    ended = select(_run.finished_at, _run.record).where(_run.record != "").order_by(_run.started_at.desc()).limit(1)
    if row := connection.execute(ended).first():
        at, record = row
        says = "When the last nightly run ended."
        yield StoreFigure("nightly_finished_timestamp_seconds", says, (), {(): at.timestamp()})
        yield StoreFigure("nightly_failed", "Whether a step of it failed.", (), {(): json.loads(record)["failed"]})


def _begin(connection: Connection, id: str, started: datetime) -> None:
    """Write down that a run has begun; one before it that never ended was cut short, since none is under way."""
    cut = {"finished_at": started, "record": json.dumps({"failed": True, "says": CUT_SHORT, "steps": []})}
    connection.execute(update(NightlyRun).where(_run.finished_at.is_(None)).values(**cut))
    connection.execute(insert(NightlyRun).values(id=id, started_at=started, record=""))


def _do(engine: Engine, step: Step, clock: Clock) -> StepRecord:
    begun = clock.monotonic_ms()
    done_at = _last_done(engine, step, clock.now()) if step.every else None
    if done_at is not None:
        return StepRecord(step.name, "skipped", 0.0, f"done already, at {done_at:%Y-%m-%d %H:%M} UTC")
    try:
        outcome, says = _tried(step)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other steps go on
        place = traceback.extract_tb(error.__traceback__)[-1]
        # The name alone: a message may quote a row.
        outcome, says = "failed", f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
    if outcome == "failed":
        log.error("nightly: %s failed: %s", step.name, says)
    return StepRecord(step.name, outcome, round((clock.monotonic_ms() - begun) / 1000, 1), says)


def _tried(step: Step) -> tuple[StepOutcome, str]:
    try:
        return "done", step.do()
    except StepError as error:
        return "failed", str(error)
    except DatabaseAway as error:
        return "failed", f"the database could not be used: {error}; {remedy(error)}"


def _last_done(engine: Engine, step: Step, now: datetime) -> datetime | None:
    """Return when a step was done within its `every`, None where it is due."""
    since = now - (step.every or timedelta())
    with reading(engine) as connection:
        recent = select(_run.started_at, _run.record).where(_run.started_at > since, _run.record != "")
        rows = connection.execute(recent.order_by(_run.started_at.desc())).all()
    for at, record in rows:
        steps = json.loads(record)["steps"]
        if any(each["step"] == step.name and each["outcome"] == "done" for each in steps):
            return at  # type: ignore[no-any-return]  # the column holds moments
    return None

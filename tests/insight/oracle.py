"""The oracle of the cells: the same figures from one moment a visitor, counted slowly and plainly."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, literal, select

from quizfunnel.log.clock import millis
from quizfunnel.log.conditions import in_experiment
from quizfunnel.log.definitions import DAY_MS, LONG_MS, STAYED_MS, WINDOW_DAYS
from quizfunnel.log.rows import (
    AnswerRevision,
    AttemptTimes,
    Purchase,
)
from quizfunnel.log.scope import Scope
from quizfunnel.log.states import COLD, EVERYONE, FINISHED, STARTED
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, Visitor

_v, _a = columns(Visitor), columns(Assignment)


class Entrant(NamedTuple):
    """A shopper at the start of the clock, and what the experiment was set to then."""

    visitor: str
    arm: str
    t0: int
    holdout_share: float
    window_days: int

    @property
    def closes(self) -> int:
        """Return the end of the window, which is itself outside."""
        return self.t0 + self.window_days * DAY_MS


def entrants(connection: Connection, asked: Scope) -> list[Entrant]:
    """Return every visitor with a start of the clock: by assignment, or by first sight where there is no experiment."""
    if asked.experiment is None:
        rows = select(_v.id, literal(EVERYONE), millis(_v.first_seen), literal(0.0), literal(WINDOW_DAYS)).where(
            _v.kind == "shopper", _v.simulated == asked.simulated
        )
    else:
        rows = (
            select(_a.visitor_id, _a.arm, millis(_a.t0), _a.holdout_share, _a.window_days)
            .join(Visitor, _v.id == _a.visitor_id)
            .where(*in_experiment(asked), _v.kind == "shopper", _v.simulated == asked.simulated)
        )
    return [Entrant._make(row) for row in connection.execute(rows).all()]


_RANK = {COLD: 0, STARTED: 1, FINISHED: 2}


class Path(NamedTuple):
    """How far a visitor came before a moment; `active` is invested time, None where no browser measured it."""

    state: str
    active: int | None

    @property
    def long(self) -> bool:
        """Tell whether it belongs in the 3+ minute row."""
        return self.state == FINISHED and self.active is not None and self.active >= LONG_MS


class Moment(NamedTuple):
    """One visitor within its window."""

    visitor: str
    arm: str
    t0: int
    closes: int
    mature: bool
    bought: int | None  # the first purchase in the window
    stayed: bool
    path: Path


class Log(NamedTuple):
    """What happened, by whom: purchases and attempts by visitor, answers by attempt, and who stayed 30 seconds."""

    purchases: Mapping[str, list[int]]
    runs: Mapping[str, list[AttemptTimes]]
    steps: Mapping[str, list[AnswerRevision]]
    stayed: frozenset[str]


def gather(
    purchases: Iterable[Purchase], runs: Iterable[AttemptTimes], steps: Iterable[AnswerRevision], stayed: frozenset[str]
) -> Log:
    """Return the rows by whose they are; what is nobody's falls out."""
    bought: dict[str, list[int]] = defaultdict(list)
    for purchase in purchases:
        if purchase.visitor is not None:
            bought[purchase.visitor].append(purchase.at)
    tried: dict[str, list[AttemptTimes]] = defaultdict(list)
    for run in runs:
        if run.visitor is not None:
            tried[run.visitor].append(run)
    given: dict[str, list[AnswerRevision]] = defaultdict(list)
    for step in steps:
        given[step.attempt].append(step)
    return Log(bought, tried, given, stayed)


def follow(entrants: Iterable[Entrant], log: Log, *, now: int) -> list[Moment]:
    """Return one moment a visitor: its first purchase in [t0, t0 + window) and how far it came before that."""
    return [_follow_one(entrant, log, now) for entrant in entrants]


def path_before(runs: Iterable[AttemptTimes], steps: Mapping[str, list[AnswerRevision]], end: int) -> Path:
    """Return how far the furthest attempt came before `end`; of equally far ones the longest."""
    best = Path(COLD, None)
    for run in runs:
        if run.started >= end:
            continue
        state = FINISHED if run.finished is not None and run.finished < end else STARTED
        found = Path(state, invested(steps.get(run.id, ()), end))
        if _order(found) > _order(best):
            best = found
    return best


def invested(steps: Iterable[AnswerRevision], end: int) -> int | None:
    """Return the active time that the browser measured before `end`; None without any, or where a claim was cut."""
    total: int | None = None
    for step in steps:
        if step.at >= end:
            continue
        if step.source == "clamped":
            return None
        if step.source == "client" and step.active is not None:
            total = (total or 0) + step.active
    return total


def _follow_one(entrant: Entrant, log: Log, now: int) -> Moment:
    visitor, closes = entrant.visitor, entrant.closes
    bought = min((at for at in log.purchases.get(visitor, ()) if entrant.t0 <= at < closes), default=None)
    end = closes if bought is None else bought
    runs = log.runs.get(visitor)
    path = path_before(runs, log.steps, end) if runs else Path(COLD, None)
    stayed = visitor in log.stayed if bought is None else bought - entrant.t0 >= STAYED_MS
    return Moment(visitor, entrant.arm, entrant.t0, closes, closes <= now, bought, stayed, path)


def _order(path: Path) -> tuple[int, int]:
    return _RANK[path.state], -1 if path.active is None else path.active

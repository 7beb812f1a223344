"""Current snapshot of a quiz: its cells and the supplement, from the log as it is or from the stored rollup.

A small log is counted when its figures are wanted. Of a large one the stored cells are read; the days whose
window was open are counted anew where they are few enough, so that a purchase made just now is seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from json import loads
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.cells.segment import WHOLE, Segment
from quizfunnel.insight.cells.statement import COARSE, KINDS, CellQuery
from quizfunnel.insight.rollup import database_statements, store, supplement
from quizfunnel.insight.rollup.database import DatabaseLog
from quizfunnel.insight.rollup.database_sources import between, entrants, start
from quizfunnel.insight.rollup.snapshot import Snapshot
from quizfunnel.insight.rollup.store import StoredRollup
from quizfunnel.insight.rollup.tables import RollupCell
from quizfunnel.kit.clock import to_millis
from quizfunnel.log.days import date_of, day_of, number_of
from quizfunnel.log.definitions import WAIT_LIMITS, WaitLimits
from quizfunnel.log.scope import Scope
from quizfunnel.store.types import columns

_LONGEST = timedelta(days=90)  # a window that is declared is no longer

_cell = columns(RollupCell)

BY_DAY = ("day", "arm", "share", "declared", "days", "mature", "state", "band", "currency")
BY_KIND = ("arm", "share", "declared", "days", "mature", "device", "channel")


class Extent(NamedTuple):
    """Extent of a report: the part of the visitors that it is of, and how many of them are counted while one waits."""

    part: Segment = WHOLE
    limits: WaitLimits = WAIT_LIMITS


EVERYBODY = Extent()


def take_snapshot(
    connection: Connection,
    scope: Scope,
    question_texts: Mapping[str, str],
    *,
    now: datetime,
    extent: Extent = EVERYBODY,
) -> Snapshot:
    """Return the snapshot of a scope, as of now, or as of the last rollup where the log is too large.

    Rows are of a part of the visitors; the supplement, and `kinds`, are of all of them.
    """
    part, most = extent.part, extent.limits.live
    kept, few = store.kept(connection, scope), _few(connection, scope, None, most=most)
    # a small log is counted as it is now, rolled up or not: nobody shall wonder where today's order is
    if kept is None or few:
        snapshot = _part_of(_now(connection, scope, question_texts, now, part), part)
        return snapshot._replace(is_long=not few) if kept is None else _with_adjusted(snapshot, kept)
    caps: dict[str, int] = loads(kept.caps)
    rows = store.rows(connection, kept.id, *_where(part), by=BY_DAY)
    # of the declared window, whatever part is shown: alarms watch all visitors
    of_kinds = (_cell.fine == KINDS, _cell.days == _cell.declared, _cell.mature == 1, _cell.currency == "")
    kinds = store.rows(connection, kept.id, *of_kinds, by=BY_KIND, money=False)
    open_since = _open_since([*rows, *kinds], kept, now, part.days or 0)
    if _few(connection, scope, open_since, most=most):
        # whole days are replaced: what is stored of a day with an open window may lack its last orders
        rows = [row for row in rows if row.day < day_of(open_since)]
        counted = _counted(connection, scope, _Count(now, caps, part.days), since=open_since)
        rows += [row for row in counted if part.holds(row)]
        return Snapshot(rows, kinds, caps, supplement.from_text(kept.supplement), now, stored=True)
    return Snapshot(rows, kinds, caps, supplement.from_text(kept.supplement), kept.as_of, stored=True)


def too_long(connection: Connection, scope: Scope, *, limits: WaitLimits = WAIT_LIMITS) -> bool:
    """Tell whether a log was never rolled up, and is too long to be counted while somebody waits."""
    return store.kept(connection, scope) is None and not _few(connection, scope, None, most=limits.awaited)


class _Count(NamedTuple):
    """Parameters of a count: its moment, its caps, and a window beside the declared one."""

    now: datetime
    caps: Mapping[str, int]
    days: int | None


def _now(
    connection: Connection, scope: Scope, question_texts: Mapping[str, str], now: datetime, part: Segment
) -> Snapshot:
    figures, caps = (
        supplement.read(connection, scope, question_texts, now=to_millis(now)),
        DatabaseLog(connection, scope).caps,
    )
    rows = _counted(connection, scope, _Count(now, caps, part.days))
    kinds = [row for row in rows if row.mature and not row.currency and WHOLE.holds(row)]
    return Snapshot(rows, kinds, caps, figures, now, stored=False)


def _part_of(snapshot: Snapshot, part: Segment) -> Snapshot:
    return snapshot._replace(rows=[row for row in snapshot.rows if part.holds(row)])


def _where(part: Segment) -> list[Any]:
    """Return `part.holds` as conditions on stored cells."""
    days = _cell.days == (_cell.declared if part.days is None else part.days)
    chosen = [days]
    if part.first is not None:
        chosen.append(_cell.day >= number_of(part.first))
    if part.last is not None:
        chosen.append(_cell.day <= number_of(part.last))
    named = [(_cell.device, part.device), (_cell.channel, part.channel)]
    conditions = [column == value for column, value in named if value is not None]
    return [_cell.fine == (KINDS if conditions else COARSE), *chosen, *conditions]


def _with_adjusted(snapshot: Snapshot, kept: StoredRollup) -> Snapshot:
    """Return the same with the adjusted ratio of the last rollup, the one figure that is never computed for a page."""
    return snapshot._replace(
        supplement=replace(snapshot.supplement, adjusted=supplement.from_text(kept.supplement).adjusted)
    )


def _few(connection: Connection, scope: Scope, since: datetime | None, *, most: int) -> bool:
    """Tell whether so few visitors entered since a moment that they can be counted at once."""
    # counting stops there: of a million visitors only that they are too many matters
    some = entrants(scope, start(scope)).where(*between(scope, since, None)).limit(most + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() <= most


def _open_since(rows: Iterable[CellRow], kept: StoredRollup, now: datetime, least: int) -> datetime:
    """Return the start of the first day of which some window of `least` days or more was open when they were stored."""
    longest = max((row.declared for row in rows), default=0)
    longest = max(longest, least)
    return datetime.combine(date_of(day_of(min(now, kept.as_of) - timedelta(days=longest))), time(), UTC)


def _counted(connection: Connection, scope: Scope, count: _Count, *, since: datetime | None = None) -> list[CellRow]:
    explored = () if count.days is None else (count.days,)
    question = CellQuery(to_millis(count.now), count.caps, explored=explored, fine=False)
    cells = database_statements.cells(connection, scope, question, since=since)
    return [CellRow._make(row) for row in cells]


class RollupNeeded(Exception):  # noqa: N818 - nothing failed
    """The log of a scope is too long to be counted while somebody waits, and was never rolled up."""

    def __init__(self, scope: Scope) -> None:
        """Keep the scope that was to be read."""
        super().__init__(scope)
        self.scope = scope


def refuse(connection: Connection, scope: Scope, *, limits: WaitLimits = WAIT_LIMITS) -> None:
    """Raise RollupNeeded where figures would take too long."""
    if too_long(connection, scope, limits=limits):
        raise RollupNeeded(scope)

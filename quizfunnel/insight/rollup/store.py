"""Store of the rollup: only days whose log changed, or in which a window has closed, are counted again.

What is stored after any number of refreshes is what one that makes everything anew would store. A day is
written in one transaction with its mark, so that one cut short leaves whole days, old ones or new ones.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from json import dumps, loads
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Engine, delete, func, insert, literal, select, update

from quizfunnel.insight.cells.fingerprints import VERSION, DayFingerprint
from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.cells.statement import (
    EARLIEST,
    KEY,
    MOMENTS,
    SUMS,
)
from quizfunnel.insight.rollup.tables import Rollup, RollupCell, RollupDay
from quizfunnel.kit.clock import to_millis
from quizfunnel.log.days import date_of
from quizfunnel.log.definitions import EXPLORED
from quizfunnel.log.scope import Scope
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import upsert

_head, _day, _cell = columns(Rollup), columns(RollupDay), columns(RollupCell)

WORK = "rollup"  # of which only one may be under way
_BREAK_EVEN = 150  # beginning a statement costs as much as counting one in so many of a batch's visitors for nothing
_MONEY = SUMS[5:-1]
_SPACE = timedelta(days=1)

Progress = Callable[[int, int], None]


class LogSource(Protocol):
    """A log that can be rolled up: the store's database, or its export."""

    @property
    def scope(self) -> Scope:
        """Return whose log it is."""
        ...

    def day_fingerprints(self) -> Mapping[int, DayFingerprint]:
        """Return each day's mark."""
        ...

    def cells(self, first: int, last: int, *, now: int) -> Iterable[tuple[Any, ...]]:
        """Return the cells of the days from `first` to `last`, ordered by day."""
        ...

    @property
    def at_once(self) -> int:
        """Return how many visitors are counted at once."""
        ...

    @property
    def caps(self) -> Mapping[str, int]:
        """Return the most that an order counts for, by currency."""
        ...


class Done(NamedTuple):
    """Outcome of a refresh: days that there are, were counted again, and are gone; visitors, and cells written."""

    days: int
    counted: int
    gone: int
    visitors: int
    cells: int


class StoredRollup(NamedTuple):
    """A stored rollup: its key, as of when, the caps, and what was kept beside the cells."""

    id: int
    as_of: datetime
    caps: str
    supplement: str


def refresh(
    engine: Engine,
    source: LogSource,
    *,
    now: datetime,
    every: bool = False,
    progress: Progress = lambda _done, _of: None,
) -> Done:
    """Bring the stored cells of one quiz up to `now`; `every` makes them all again."""
    head = _head_of(engine, source.scope, now)
    with reading(engine) as connection:
        known = {row[0]: (row[1], row[2]) for row in connection.execute(_known(head))}
    fingerprints = source.day_fingerprints()  # before the cells: a change in between shows as another one next time
    stale = {
        day for day, mark in fingerprints.items() if every or day not in known or _is_stale(day, mark, known[day], now)
    }
    gone = sorted(set(known) - set(fingerprints))
    cells = done = 0
    for days in _batches(sorted(stale), fingerprints, source.at_once):
        for day, rows in groupby(source.cells(days[0], days[-1], now=to_millis(now)), key=lambda row: row[1]):
            if day in stale:
                cells += _write_day(engine, _Day(head, day, fingerprints[day].text, now), list(rows))
                done += 1
                progress(done, len(stale))
    _drop(engine, head, gone)
    visitors = sum(mark.visitors for mark in fingerprints.values())
    return Done(len(fingerprints), done, len(gone), visitors, cells)


def settle(engine: Engine, scope: Scope, *, now: datetime, caps: Mapping[str, int], supplement: str) -> None:
    """Say that the cells are as of `now`, with what stands beside them."""
    with writing(engine) as connection:
        values = {"as_of": now, "caps": dumps(dict(caps)), "beside": supplement}
        connection.execute(update(Rollup).where(*_of(scope)).values(**values))


def kept(connection: Connection, scope: Scope) -> StoredRollup | None:
    """Return the stored rollup of one quiz, None where there is none that was completed, by cells as they are now."""
    row = connection.execute(select(_head.id, _head.as_of, _head.caps, _head.beside).where(*_of(scope))).first()
    return (
        StoredRollup._make(row)
        if row is not None and row.beside and loads(row.beside).get("version") == VERSION
        else None
    )


def head(connection: Connection, scope: Scope) -> int | None:
    """Return the key of a rollup, whether it was completed or not."""
    key: int | None = connection.execute(select(_head.id).where(*_of(scope))).scalar()
    return key


def rows(connection: Connection, id: int, *where: Any, by: Sequence[str] = (), money: bool = True) -> list[CellRow]:
    """Return stored cells that `where` holds for, added up over the columns of KEY that are not named in `by`.

    Without `by` they are given as they are stored; where a column is summed over, it is empty or zero, and so is
    money where it is not wanted.
    """
    named = by or KEY
    blank = {str: "", int: 0, float: 0.0}
    shown = [
        _cell[name] if name in named else literal(blank[CellRow.__annotations__[name]]).label(name) for name in KEY
    ]
    sums = [literal(0).label(name) if name in _MONEY and not money else func.sum(_cell[name]) for name in SUMS]
    moments = [(func.min if name in EARLIEST else func.max)(_cell[name]) for name in MOMENTS]
    statement = select(*shown, *sums, *moments).where(_cell.rollup_id == id, *where)
    statement = statement.group_by(*(_cell[name] for name in named))
    summed = connection.execute(statement).all()
    # SQLite's numbers are plain already, and there can be a million rows
    if connection.dialect.name == "sqlite":
        return [CellRow._make(row) for row in summed]
    return [CellRow(*map(_plain, row)) for row in summed]


def _plain(value: Any) -> Any:
    """Return a number as Python's own: PostgreSQL sums whole numbers as decimals."""
    return value if value is None or isinstance(value, str | int | float) else int(value)


def _is_stale(day: int, mark: DayFingerprint, stored: tuple[str, datetime], now: datetime) -> bool:
    """Tell whether a day's log changed, or one of its visitors' windows closed since its cells were made."""
    text, made = stored
    if text != mark.text:
        return True
    start = datetime.combine(date_of(day), datetime.min.time(), UTC)
    # a clock may have been set back: a window that closed between the two is looked at either way
    first, last = min(made, now), max(made, now)
    spans = ((mark.shortest, mark.longest), *((days, days) for days in EXPLORED))
    return any(
        start + timedelta(days=low) <= last and first < start + timedelta(days=high) + _SPACE for low, high in spans
    )


def _batches(days: Sequence[int], fingerprints: Mapping[int, DayFingerprint], most: int) -> Iterator[list[int]]:
    """Return days to be counted in one go: not too many visitors, nor too many of days in between."""
    batch: list[int] = []
    visitors = 0
    for day in days:
        # one statement over two days counts those between them for nothing, which is cheaper than a second one
        # while they are few
        between = (
            sum(fingerprints[each].visitors for each in range(batch[-1] + 1, day) if each in fingerprints)
            if batch
            else 0
        )
        visitors += between + fingerprints[day].visitors
        if batch and (between > most // _BREAK_EVEN or visitors > most):
            yield batch
            batch, visitors = [], fingerprints[day].visitors
        batch.append(day)
    if batch:
        yield batch


def _head_of(engine: Engine, scope: Scope, now: datetime) -> int:
    with writing(engine) as connection:
        key = connection.execute(select(_head.id).where(*_of(scope))).scalar()
        if key is None:
            new = {"quiz": scope.quiz, "experiment": scope.experiment or "", "simulated": scope.simulated}
            values = new | {"as_of": now, "caps": "{}", "beside": ""}
            key = connection.execute(insert(Rollup).values(**values).returning(_head.id)).scalar_one()
        return int(key)


def _known(head: int) -> Any:
    return select(_day.day, _day.mark, _day.as_of).where(_day.rollup_id == head)


class _Day(NamedTuple):
    """A row of `rollup_day`."""

    rollup_id: int
    day: int
    mark: str
    as_of: datetime


def _write_day(engine: Engine, day: _Day, rows: list[tuple[Any, ...]]) -> int:
    done = upsert(engine.dialect.name, RollupDay, key=("rollup_id", "day"), replaced=("mark", "as_of"))
    with writing(engine) as connection:
        # cells and mark in one transaction: whoever reads meanwhile sees the day whole, as it was or as it is
        connection.execute(delete(RollupCell).where(_cell.rollup_id == day.rollup_id, _cell.day == day.day))
        connection.exec_driver_sql(_inserting(engine), [(day.rollup_id, *row) for row in rows])
        connection.execute(done.values(**day._asdict()))
    return len(rows)


def _inserting(engine: Engine) -> str:
    """Return the statement that writes a cell: by the driver's own, since there are many."""
    names = ("rollup_id", *KEY, *SUMS, *MOMENTS)
    places = ", ".join(["%s" if engine.dialect.name == "postgresql" else "?"] * len(names))
    return f"INSERT INTO rollup_cell ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - our own names


def _drop(engine: Engine, head: int, days: Sequence[int]) -> None:
    if not days:
        return
    with writing(engine) as connection:
        for table, of in ((RollupCell, _cell), (RollupDay, _day)):
            connection.execute(delete(table).where(of.rollup_id == head, of.day.in_(days)))


def _of(scope: Scope) -> tuple[Any, ...]:
    return (
        _head.quiz == scope.quiz,
        _head.experiment == (scope.experiment or ""),
        _head.simulated == scope.simulated,
    )

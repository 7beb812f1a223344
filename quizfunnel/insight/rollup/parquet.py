"""Parquet source of the rollup: the log of one quiz in an export, counted by DuckDB where a database takes minutes.

The statements are those of the database, from `cells`; what differs is where the four sources come from.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    UUID,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    column,
    func,
    select,
    table,
)
from sqlalchemy.dialects.postgresql.base import PGDialect

from quizfunnel.experiment.design import STORE
from quizfunnel.insight.cells import fingerprints, statement
from quizfunnel.insight.cells.fingerprints import DayFingerprint
from quizfunnel.insight.cells.statement import CellQuery, Sources
from quizfunnel.insight.export.columns import DATASETS, ExportTable
from quizfunnel.insight.export.writer import manifest
from quizfunnel.insight.rollup.database import ceilings
from quizfunnel.log import profit
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.log.measure_rows import OrderColumns, measure_rows, owned
from quizfunnel.log.measures import CAPPED, REVENUE
from quizfunnel.log.scope import Scope

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "640MB"  # of DuckDB's own; what does not fit lies on the disk meanwhile
_BATCH = 10_000  # rows fetched at once
_IDS = {"visitor", "id", "attempt"}
_TYPES = {
    "text": "VARCHAR",
    "moment": "TIMESTAMP WITH TIME ZONE",
    "whole": "BIGINT",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
}


class _DuckDb(PGDialect):
    """DuckDB reads PostgreSQL's SQL, as far as our statements go."""

    name = "duckdb"
    supports_statement_cache = False

    def __init__(self) -> None:
        super().__init__(paramstyle="named")  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class ParquetLog:
    """The log of one quiz in an export's folder, to be rolled up."""

    connection: "DuckDBPyConnection"
    scope: Scope
    at_once: int = 100_000_000  # visitors: every statement reads all files, and what does not fit lies on the disk

    @cached_property
    def caps(self) -> Mapping[str, int]:
        """Return the value that 99 % of the orders before the experiment did not exceed, by currency."""
        c = sources(self.scope).entrant.subquery().c
        (start,) = next(self._rows(select(func.min(c.t0))))
        if start is None:
            return {}
        earlier = measure_rows(_order_columns(), CAPPED).subquery().c
        counts = select(earlier.currency, earlier.net, func.count()).where(earlier.at < start)
        return ceilings(self._rows(counts.group_by(earlier.currency, earlier.net)))

    def day_fingerprints(self) -> Mapping[int, DayFingerprint]:
        """Return each day's mark; where two ids are taken for one, a change of either changes it all the same."""
        sums = fingerprints.statement(sources(self.scope, rough=True), keep=keep)
        return fingerprints.read(self._rows(sums), caps=self.caps)

    def cells(self, first: int, last: int, *, now: int) -> Iterator[tuple[Any, ...]]:
        """Give the cells of the days from `first` to `last`, ordered by day."""
        # a subquery, since ORDER BY would otherwise belong to the last part of the union
        unordered = statement.statement(
            sources(self.scope, first=first, last=last), CellQuery(now, self.caps), keep=keep
        ).subquery()
        return self._rows(select(unordered).order_by(unordered.c.day))

    def _rows(self, statement: Any) -> Iterator[tuple[Any, ...]]:
        cursor = self.connection.cursor()
        cursor.execute(compiled(statement))
        while rows := cursor.fetchmany(_BATCH):
            yield from rows


@contextmanager
def opened(folder: Path, *, threads: int = 0) -> Iterator["DuckDBPyConnection"]:
    """Give a DuckDB that sees an export's datasets as tables.

    Raises:
        ExportError: where the folder holds no export.
    """
    import duckdb

    manifest(folder)
    with TemporaryDirectory(prefix="quizfunnel-duckdb-") as aside:
        config: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": aside, "preserve_insertion_order": False}
        # nothing may be fetched from the network because of what a file looks like
        config |= {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        with duckdb.connect(config=config | ({"threads": threads} if threads else {})) as connection:
            for dataset in DATASETS:
                connection.execute(_view(folder, dataset))
            yield connection


def keep(selection: Any, name: str) -> Any:
    """Name a selection; that of everybody is read again from its files wherever it is used, and never held whole."""
    named = selection.cte(name)
    return named.prefix_with("NOT MATERIALIZED", dialect="duckdb") if name == "entrant" else named


def compiled(statement: Any) -> str:
    """Return a statement as DuckDB's SQL, its values within it."""
    return str(statement.compile(dialect=_DuckDb(), compile_kwargs={"literal_binds": True}))


def sources(scope: Scope, *, first: int | None = None, last: int | None = None, rough: bool = False) -> Sources:
    """Return the sources over an export's tables, of visitors whose clock started on the days `first` to `last`.

    Where they are `rough`, two of millions of ids may be taken for one, once in 100,000 logs: it halves the time.
    """
    order = _order_columns()
    purchase, measure = owned(measure_rows(order, [REVENUE])), owned(measure_rows(order))
    selections = Sources(_entrants(scope, first, last), purchase, measure, _runs(scope), _steps(scope))
    return Sources(*(_named(each, _hashed if rough else _whole) for each in selections))


def _view(folder: Path, dataset: ExportTable) -> str:
    # an empty dataset has no file, of which alone DuckDB could tell the columns
    if next(folder.glob(f"{dataset.name}/day=*/*.parquet"), None) is None:
        columns = ", ".join(f'"{column.name}" {_TYPES[column.kind]}' for column in dataset.columns)
        return f"CREATE TABLE {dataset.name} ({columns})"
    files = str(folder / dataset.name / "day=*" / "*.parquet").replace("'", "''")
    return f"CREATE VIEW {dataset.name} AS SELECT * FROM read_parquet('{files}', hive_partitioning = false)"  # noqa: S608 - a folder


def _of(dataset: str) -> Any:
    """Return a dataset as a table of statements."""
    (exported,) = (each for each in DATASETS if each.name == dataset)
    return table(dataset, *(column(each.name) for each in exported.columns))


def _whole(id: ColumnElement[Any]) -> Any:
    """Return a hashed id as a number of 128 bits, which takes less memory than its text."""
    return cast(id, UUID())


def _hashed(id: ColumnElement[Any]) -> Any:
    """Return 64 bits of a hashed id."""
    return func.hash(id)


def _named(selection: Select[Any] | CompoundSelect[Any], by: Callable[[ColumnElement[Any]], Any]) -> Select[Any]:
    c = selection.subquery().c
    return select(*(by(each).label(each.name) if each.name in _IDS else each for each in c))


def _start_of(day: int) -> Any:
    """Return a day's start as a moment: compared as such, files of other days are left unread."""
    return func.make_timestamptz(day * DAY_MS * 1000)


def _ms(moment: Any) -> Any:
    return func.epoch_ms(moment, type_=BigInteger)


def _entrants(scope: Scope, first: int | None, last: int | None) -> Select[Any]:
    c = _of("visits").c
    selected = (
        c.visitor,
        cast(c.arm, String).label("arm"),
        _ms(c.t0).label("t0"),
        c.holdout_share.label("share"),
        cast(c.window_days, Integer).label("declared"),
        c.device,
        c.channel,
        c.landing_page.label("landing"),
        _ms(c.first_seen).label("first_seen"),
        _ms(c.next_view).label("next_view"),
    )
    statement = select(*selected)
    mine = (c.quiz == "",) if scope.experiment is None else (c.quiz == scope.quiz, c.experiment == scope.experiment)
    statement = statement.where(*mine)
    if first is not None:
        statement = statement.where(c.t0 >= _start_of(first))
    return statement if last is None else statement.where(c.t0 < _start_of(last + 1))


def _order_columns() -> OrderColumns:
    """Return the export's orders as measures read them."""
    c = _of("orders").c
    is_purchase, net = c.purchase.is_(True), c.total_minor - c.refunded_minor
    returned = and_(c.paid.is_(True), c.test.is_(False), c.cancelled.is_(True) | (c.refunded_minor > 0))
    earned = case((is_purchase, profit.profit(net, c.total_minor, c.cost_minor)))
    return OrderColumns(
        visitor=c.visitor,
        at=_ms(c.placed_at),
        currency=c.currency,
        is_purchase=is_purchase,
        is_returned=returned,
        net=net,
        profit=earned,
    )


def _runs(scope: Scope) -> Select[Any]:
    c = _of("attempts").c
    statement = select(
        c.attempt.label("id"),
        c.visitor,
        _ms(c.started_at).label("started"),
        _ms(c.finished_at).label("finished"),
    )
    return statement.where(*_at_quiz(scope, c), c.visitor.is_not(None))


def _steps(scope: Scope) -> Select[Any]:
    c = _of("answers").c
    statement = select(c.attempt, _ms(c.answered_at).label("at"), c.active_ms.label("active"), c.source)
    return statement.where(*_at_quiz(scope, c))


def _at_quiz(scope: Scope, c: Any) -> tuple[Any, ...]:
    return () if scope.quiz == STORE else (c.quiz == scope.quiz,)

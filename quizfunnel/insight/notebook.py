"""Notebook interface: one quiz's figures without a server, as `quizfunnel.insight.load` gives them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from quizfunnel.experiment.shelf import shelf_of
from quizfunnel.insight.cells.row import CellRow, as_cells, currencies
from quizfunnel.insight.cells.statement import FINE, KINDS, CellQuery
from quizfunnel.insight.report import experiment as experiments
from quizfunnel.insight.report.entry import with_entry
from quizfunnel.insight.report.figures import ExperimentReport, Report
from quizfunnel.insight.report.quiz import build
from quizfunnel.insight.rollup import database_statements
from quizfunnel.insight.rollup import store as rollup
from quizfunnel.insight.rollup.database import DatabaseLog, without_statement_timeout
from quizfunnel.insight.rollup.tables import RollupCell
from quizfunnel.kit.clock import SystemClock, to_millis
from quizfunnel.log.scope import Scope
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.settings import TOML, Settings, store_folder
from quizfunnel.stats.aggregates import Cells
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import DatabaseAway
from quizfunnel.store.types import columns

_cell = columns(RollupCell)


class LoadError(Exception):
    """Error that keeps a quiz's figures from being read; the text says the remedy."""


@dataclass(frozen=True)
class Insight:
    """One quiz's figures: those of its page, and the cells behind them."""

    quiz: str
    simulated: bool
    report: Report
    _live: LiveQuiz = field(repr=False)
    _engine: Engine = field(repr=False)

    def rows(self, *, fine: bool = False) -> list[CellRow]:
        """Return the cells of every window as rows, by device and channel; `fine` ones also by further covariates.

        Fine ones are of the declared window alone. Where the report is read from the stored rollup these are
        too. `pandas.DataFrame(insight.rows())` has the columns by their names.
        """
        scope, wanted = _scope(self._live, simulated=self.simulated), FINE if fine else KINDS
        with without_statement_timeout(self._engine) as connection:
            kept = rollup.kept(connection, scope) if self.report.rolled_up else None
            if kept is not None:
                return rollup.rows(connection, kept.id, _cell.fine == wanted)
            millis = to_millis(self.report.made_at)
            question = CellQuery(millis, DatabaseLog(connection, scope).caps, fine=fine)
            rows = map(CellRow._make, database_statements.cells(connection, scope, question))
            return [row for row in rows if row.fine == wanted]

    def cells(self, *, days: int | None = None, currency: str = "") -> Cells:
        """Return the cells of one window, that which was declared unless `days` says another.

        Money is of one currency: the one of the most orders unless another is named.
        """
        declared = days is None or days == self.report.window_days
        rows = [row for row in self.rows(fine=declared) if row.days == (self.report.window_days if declared else days)]
        return as_cells(rows, currency=currency or next(iter(currencies(rows)), ""))


def loaded(quiz: str, *, store: str | PathLike[str] | None, database_url: str, simulated: bool) -> Insight:
    """Return one quiz's figures as they are now; `quizfunnel.insight.load` says what the arguments are."""
    settings = _settings(Path(store).absolute() if store else store_folder(), database_url)
    engine = open_engine(settings.database, pooled=False, making=False)
    with _reading(settings, engine) as connection:
        shelf = shelf_of(settings, engine, SystemClock())
        live = shelf.live(quiz)
        if live is None:
            there = ", ".join(shelf.slugs()) or "none"
            raise LoadError(f"no quiz `{quiz}` in {settings.store / 'quizzes'}; there is: {there}")
        report = build(connection, live, simulated=simulated, now=datetime.now(UTC))
        report = with_entry(connection, report, settings)
    return Insight(quiz, simulated, report, live, engine)


def loaded_experiment(
    name: str, *, store: str | PathLike[str] | None, database_url: str, simulated: bool
) -> ExperimentReport:
    """Return the figures of an experiment of the store; `quizfunnel.insight.load_experiment` says what they are of."""
    settings = _settings(Path(store).absolute() if store else store_folder(), database_url)
    engine = open_engine(settings.database, pooled=False, making=False)
    with _reading(settings, engine) as connection:
        design = experiments.named(connection, name, settings)
        if design is None:
            there = ", ".join(experiments.all_of_them(connection, settings)) or "none"
            raise LoadError(f"no experiment `{name}` in {settings.store / TOML}; there is: {there}")
        report = experiments.build(connection, design, simulated=simulated, now=datetime.now(UTC))
        return with_entry(connection, report, settings)


@contextmanager
def _reading(settings: Settings, engine: Engine) -> Iterator[Connection]:
    """Give a connection, and say what to do where the database cannot be read."""
    try:
        with without_statement_timeout(engine) as connection:
            yield connection
    except (DatabaseAway, DBAPIError) as error:
        raise LoadError(
            f"{settings.store}: its database cannot be read ({error}); run quizfunnel migrate there"
        ) from None


def _settings(store: Path, database_url: str) -> Settings:
    values: dict[str, Any] = {"store": store} | ({"database_url": database_url} if database_url else {})
    if not store.is_dir():
        raise LoadError(f"{store} is no folder; name a store's, such as quizfunnel init DIR writes")
    try:
        settings = Settings(**values)
    except (ValidationError, ValueError) as error:
        raise LoadError(f"{store}: its settings cannot be read: {error}") from None
    file = settings.database.removeprefix("sqlite:///")
    if settings.database.startswith("sqlite:///") and file != ":memory:" and not Path(file).exists():
        raise LoadError(f"{file} is not there; run quizfunnel migrate in {store}, or name another store")
    return settings


def _scope(live: LiveQuiz, *, simulated: bool) -> Scope:
    experiment = live.quiz.experiment
    return Scope(live.slug, experiment.name if experiment else None, simulated)

"""Laws of the Python API: the page's figures without a server, and plain words where there is nothing to read."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from quizfunnel import insight
from quizfunnel.insight.notebook import Insight, LoadError
from quizfunnel.insight.report.quiz import build
from quizfunnel.insight.rollup import refresh
from quizfunnel.insight.rollup.current import Extent
from quizfunnel.kit.clock import SystemClock
from quizfunnel.log.definitions import WaitLimits
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.starter import write_store
from quizfunnel.store.transaction import reading, writing
from tests.insight.shop import QUIZ, Books, shoppers


@pytest.fixture
def store(tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a store's folder, and put some shoppers into its database."""
    for name in [name for name in os.environ if name.startswith("QUIZFUNNEL_") and "TEST" not in name]:
        monkeypatch.delenv(name)
    write_store(tmp_path / "shop")
    books = Books(1)
    now = SystemClock().now()
    shoppers(books, 60, start=now - timedelta(days=20), days=20, base=0.3)
    shop = Shelf(tmp_path / "shop" / "quizzes", None, SystemClock()).live(QUIZ)
    assert shop is not None
    if shop.quiz.experiment:
        for row in next(rows for table, rows in books.rows.items() if table.__name__ == "Assignment"):
            row["experiment"] = shop.quiz.experiment.name
    for row in next(rows for table, rows in books.rows.items() if table.__name__ == "Order"):
        row["conflict"] = False
    with writing(engine) as connection:
        books.write(connection)
    return tmp_path / "shop"


def test_it_works(store: Path, database_url: str) -> None:
    """The report is the page's; the cells of every window hold every visitor once."""
    found = insight.load(QUIZ, store=store, database_url=database_url)
    everybody = found.report.mature + found.report.waiting.visitors
    assert everybody == 60
    for days in (None, 1, 30):
        assert sum(sums.visitors for sums in found.cells(days=days).values()) == 60
    assert sum(row.visitors for row in found.rows(fine=True)) == 60
    assert sum(sums.revenue for sums in found.cells().values()) > 0
    assert sum(sums.revenue for sums in found.cells(currency="JPY").values()) == 0


@pytest.mark.thorough
def test_a_stored_rollup_gives_the_same_cells(store: Path, database_url: str, engine: Engine) -> None:
    """Where the report is read from the rollup the cells are, too."""
    counted = insight.load(QUIZ, store=store, database_url=database_url)
    live = Shelf(store / "quizzes", None, SystemClock()).live(QUIZ)
    assert live is not None
    refresh.roll(engine, refresh.Task.of_quiz(live, simulated=False), now=SystemClock().now())
    with reading(engine) as connection:
        report = build(
            connection, live, simulated=False, now=SystemClock().now(), extent=Extent(limits=WaitLimits(live=0))
        )
    found = Insight(QUIZ, simulated=False, report=report, _live=live, _engine=engine)
    assert (counted.report.rolled_up, found.report.rolled_up) == (False, True)
    assert found.cells() == counted.cells()


def test_what_is_not_there_is_said(store: Path, database_url: str, tmp_path: Path) -> None:
    """A folder, a quiz, a database or a setting that cannot be used raises LoadError, with what to do."""
    with pytest.raises(LoadError, match="quizfunnel init"):
        insight.load(QUIZ, store=tmp_path / "nowhere")
    with pytest.raises(LoadError, match="run quizfunnel migrate"):
        insight.load(QUIZ, store=store)
    with pytest.raises(LoadError, match="there is: "):
        insight.load("tea", store=store, database_url=database_url)
    (tmp_path / "empty.sqlite3").touch()
    with pytest.raises(LoadError, match="run quizfunnel migrate"):
        insight.load(QUIZ, store=store, database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with pytest.raises(LoadError, match="sqlite:///"):
        insight.load(QUIZ, store=store, database_url="mysql://shop")

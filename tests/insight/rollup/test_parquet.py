"""Laws of the export as a log: three engines, one statement, the same cells."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, func

from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.export import writer
from quizfunnel.insight.export.writer import ExportError, Wanted
from quizfunnel.insight.rollup import database, parquet, store
from quizfunnel.insight.rollup.database import DatabaseLog, without_statement_timeout
from quizfunnel.insight.rollup.parquet import ParquetLog
from quizfunnel.kit.signing import Signer
from quizfunnel.log.scope import Scope
from quizfunnel.quiz.private import NOTHING_PRIVATE
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON
from tests.insight.changes import Change, finish, late_answer, late_order, refund
from tests.insight.oddities import varied
from tests.insight.rollups import stored
from tests.insight.shop import QUIZ

pytestmark = pytest.mark.thorough


NOW = int(NOON.timestamp() * 1000)
KINDS = [Scope(QUIZ, "spring", False), Scope(QUIZ, None, False), Scope(QUIZ, "spring", True)]


@pytest.fixture
def shop(engine: Engine) -> Engine:
    """Give a database with a log of every oddity."""
    with writing(engine) as connection:
        varied(6).write(connection)
    return engine


def exported(engine: Engine, signer: Signer, folder: Path, *, simulated: bool = False) -> Path:
    """Export the log, with every answer."""
    with reading(engine) as connection:
        writer.write(connection, Wanted(folder, signer, lambda _version: NOTHING_PRIVATE, simulated))
    return folder


@pytest.mark.parametrize("asked", KINDS, ids=str)
def test_engines_agree(shop: Engine, signer: Signer, tmp_path: Path, asked: Scope) -> None:
    """DuckDB over the export gives the database's cells, to 1e-9, and the same marks, caps and days."""
    folder = exported(shop, signer, tmp_path / "out", simulated=asked.simulated)
    with reading(shop) as connection, parquet.opened(folder) as duck:
        ours, theirs = DatabaseLog(connection, asked), ParquetLog(duck, asked)
        assert theirs.caps == ours.caps
        marks = ours.day_fingerprints()
        assert theirs.day_fingerprints() == marks
        days = min(marks), max(marks)
        one, two = (sorted(map(tuple, log.cells(*days, now=NOW)), key=str) for log in (ours, theirs))
    assert len(one) == len(two) > 50
    for mine, other in zip(map(CellRow._make, one), map(CellRow._make, two), strict=True):
        for name, value in mine._asdict().items():
            found = getattr(other, name)
            assert found == (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value), name


@pytest.mark.once
@pytest.mark.parametrize("change", [late_order, refund, late_answer, finish], ids=lambda change: str(change.__name__))
def test_a_change_is_seen_where_ids_are_taken_for_one(
    shop: Engine, signer: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    """Were there but sixteen ids for everybody, each day that changed would still have another mark."""
    monkeypatch.setattr(parquet, "_hashed", lambda column: func.left(column, 1))
    exact, rough, draw = [], [], Random(5)  # noqa: S311 - a test's draw
    for turn in range(2):
        folder = exported(shop, signer, tmp_path / f"out-{turn}")
        with reading(shop) as connection, parquet.opened(folder) as duck:
            exact.append(DatabaseLog(connection, KINDS[0]).day_fingerprints())
            rough.append(ParquetLog(duck, KINDS[0]).day_fingerprints())
        with writing(shop) as connection:
            for _ in range(3):
                change(connection, draw)
    changed = {day for day, mark in exact[0].items() if exact[1][day] != mark}
    assert changed
    assert changed <= {day for day, mark in rough[0].items() if rough[1][day] != mark}


@pytest.mark.once
def test_a_days_cells_are_those_of_the_whole(shop: Engine, signer: Signer, tmp_path: Path) -> None:
    """Days that are counted alone, from their own files, have the cells that they have among all days."""
    folder = exported(shop, signer, tmp_path / "out")
    with parquet.opened(folder) as duck:
        log = ParquetLog(duck, KINDS[0])
        days = sorted(log.day_fingerprints())
        chosen = {*days[::4], days[-1]}  # DuckDB takes longer to plan the statement than to run it
        whole = [row for row in log.cells(days[0], days[-1], now=NOW) if row[1] in chosen]
        alone = [row for day in chosen for row in log.cells(day, day, now=NOW)]
    assert len(chosen) > 5
    assert sorted(alone, key=str) == sorted(whole, key=str)


def test_a_rollup_from_the_export_is_the_rollup(shop: Engine, signer: Signer, tmp_path: Path) -> None:
    """What is stored from the export is what is stored from the log; one after the other finds nothing to do."""
    folder = exported(shop, signer, tmp_path / "out")
    with parquet.opened(folder) as duck:
        done = store.refresh(shop, ParquetLog(duck, KINDS[0]), now=NOON)
    assert done.counted == done.days > 5
    before = stored(shop)
    with without_statement_timeout(shop) as connection:
        again = store.refresh(shop, DatabaseLog(connection, KINDS[0]), now=NOON + timedelta(seconds=0), every=True)
    assert again.counted == done.days
    assert stored(shop) == before


def test_an_empty_export_has_no_cells(engine: Engine, signer: Signer, tmp_path: Path) -> None:
    """Where nobody came every table is there and empty."""
    folder = exported(engine, signer, tmp_path / "out")
    with parquet.opened(folder) as duck:
        log = ParquetLog(duck, KINDS[0])
        assert (log.caps, log.day_fingerprints(), list(log.cells(0, 99_999, now=NOW))) == ({}, {}, [])


@pytest.mark.once
def test_a_folder_without_an_export_is_refused(shop: Engine, signer: Signer, tmp_path: Path) -> None:
    """Neither an empty folder nor another store's export, nor that of the other sort of visitors, is rolled up."""
    with pytest.raises(ExportError, match="holds no export"), parquet.opened(tmp_path):
        pass
    folder = exported(shop, signer, tmp_path / "out")
    mine = writer.manifest(folder)["store"]
    writer.refuse_other(folder, store=mine, simulated=False)
    with pytest.raises(ExportError, match="of real visitors"):
        writer.refuse_other(folder, store=mine, simulated=True)
    with pytest.raises(ExportError, match="another store"):
        writer.refuse_other(folder, store="others", simulated=False)


def test_values_stand_in_duckdbs_sql_as_text() -> None:
    """A quiz's name cannot end the text that it stands in."""
    said = parquet.compiled(parquet.sources(Scope("o'hara", "x", simulated=False)).entrant)
    assert "'o''hara'" in said
    assert database.ceilings([]) == {}

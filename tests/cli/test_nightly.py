"""Laws of `quizfunnel nightly`: all recurring work by one command, which says how each step ended."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from quizfunnel.orders.tables import OrderEvent
from quizfunnel.privacy import forget
from quizfunnel.privacy.forget import Keeper
from quizfunnel.store.engine import open_engine
from quizfunnel.store.single_run import single_run
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.erasure import ErasureKey
from quizfunnel.visit.tables import Visitor
from tests import cast
from tests.commands import run
from tests.privacy.people import ANNA, BEN, plant, store_rows

STEPS = ["replay", "requests", "erasures", "partitions", "retention", "catalogs", "rollup", "train", "files"]


@pytest.fixture
def url(folder: Path, database_url: str) -> str:
    """Give the URL of the database of a store in the current folder, with Anna of long ago and Ben of today in it."""
    cast.write_store(folder)
    os.environ.update(QUIZFUNNEL_DATABASE_URL=database_url, QUIZFUNNEL_SECRET_KEY=cast.KEY.decode())
    engine = open_engine(database_url, pooled=False)
    now = datetime.now(UTC)
    with writing(engine) as connection:
        store_rows(connection)
        plant(connection, ANNA, at=now - timedelta(days=800))
        plant(connection, BEN, at=now - timedelta(days=40))
    engine.dispose()
    return database_url


def test_one_night_does_everything_and_the_next_run_little(url: str) -> None:
    """Every step is done and told; Anna is too old, Ben's delivery has no body any more; training is not repeated."""
    first = run("nightly")
    assert first.exit_code == 0, first.output
    assert [line.partition(":")[0] for line in first.output.splitlines()] == STEPS
    engine = open_engine(url, pooled=False)
    with reading(engine) as connection:
        assert connection.execute(select(columns(Visitor).id)).scalars().all() == [BEN.visitor]
        assert connection.execute(select(columns(OrderEvent).body)).scalars().all() == [b""]
    engine.dispose()
    second = run("nightly", "--json")
    assert second.exit_code == 0, second.output
    record = json.loads(second.output)
    says = {step["step"]: (step["outcome"], step["says"]) for step in record["steps"]}
    assert list(says) == STEPS
    assert says["retention"] == ("done", "nothing is too old")
    assert says["train"][0] == "skipped"
    assert not record["failed"]
    os.environ["QUIZFUNNEL_LOG_FORMAT"] = "json"
    lines = [json.loads(line) for line in run("nightly").output.splitlines()]
    assert [line["message"].partition(":")[0] for line in lines] == STEPS
    assert {line["level"] for line in lines} == {"info"}


def test_a_failing_step_ends_it_with_one(url: str) -> None:
    """Where the list of erasures lost its key, the run says the remedy and does the rest."""
    engine = open_engine(url, pooled=False)
    keeper = Keeper(engine, ErasureKey(Path("var", "erasures").absolute()))
    forget.forget_visitor(keeper, BEN.visitor, now=datetime.now(UTC), by="test")
    engine.dispose()
    (keeper.key.folder / "key").unlink()
    result = run("nightly")
    assert result.exit_code == 1
    assert "erasures: failed:" in result.output
    assert "put it back" in result.output
    assert "files: " in result.output


def test_a_second_run_beside_it_is_refused(url: str) -> None:
    """In words, with nothing done."""
    engine = open_engine(url, pooled=False)
    with single_run(engine, "nightly"):
        result = run("nightly")
    engine.dispose()
    assert (result.exit_code, "another nightly run is under way" in result.output) == (2, True)


def test_files_that_were_kept_long_enough_go(url: str) -> None:
    """Disclosures, and on SQLite what migrations, restores and replaced files left; younger ones stay."""
    folder = Path("var", "disclosures")
    folder.mkdir(parents=True)
    old, young = folder / "old.json", folder / "young.json"
    for path in (old, young):
        path.write_text("{}")
    long_ago = (datetime.now(UTC) - timedelta(days=31)).timestamp()
    os.utime(old, (long_ago, long_ago))
    endings = (".before-0007-was-0004", ".before-restore-20260201T120000.000000Z", "-wal.of-file-12")
    file = url.removeprefix("sqlite:///") if url.startswith("sqlite") else None
    copies = [Path(f"{file}{ending}") for ending in endings] if file else []
    for copy in copies:
        copy.touch()
        os.utime(copy, (long_ago, long_ago))
    assert run("nightly").exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["young.json"]
    assert not any(copy.exists() for copy in copies)


def test_a_list_of_another_machine_is_told(url: str) -> None:
    """Where the database knows an erasure that this folder does not list, the step fails and says what to set."""
    engine = open_engine(url, pooled=False)
    other = Keeper(engine, ErasureKey(Path("another", "erasures").absolute()))
    forget.forget_visitor(other, BEN.visitor, now=datetime.now(UTC), by="test")
    engine.dispose()
    result = run("nightly")
    assert result.exit_code == 1
    assert "let QUIZFUNNEL_ERASURES name one folder for all machines" in result.output


def test_catalogues_are_pulled(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those with a source in the settings; one that cannot be fails the step, and the steps after it are done."""
    assert url
    coffee = Path("quizzes", "catalogs", "coffee.csv")
    export = coffee.read_text("utf-8").replace(",9.00,", ",9.10,")
    Path("export.csv").write_text(export, encoding="utf-8")
    known = {"catalogs/coffee.csv": "export.csv", "catalogs/tea.csv": "tea.csv"}
    monkeypatch.setenv("QUIZFUNNEL_CATALOGS", json.dumps(known))
    record = json.loads(run("nightly", "--json").output)
    steps = {step["step"]: step for step in record["steps"]}
    assert steps["catalogs"]["outcome"] == "failed"
    assert "catalogs/coffee.csv: pulled from " in steps["catalogs"]["says"]
    assert "tea.csv: cannot be read" in steps["catalogs"]["says"]
    assert steps["rollup"]["outcome"] == "done"
    assert coffee.read_text("utf-8") == export

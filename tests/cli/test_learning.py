"""Laws of `quizfunnel train`: what it says, what it leaves, and how it ends, without a traceback."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.recommend.registry.folder import Registry
from quizfunnel.recommend.serving.score_model import RULES
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import writing
from tests import cast
from tests.commands import ROOT, lay_database, run
from tests.insight.sales import by_brew, sell
from tests.insight.shop import Books

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("folder")]

BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=60)


@pytest.fixture
def shop(folder: Path, sqlite_template: Path) -> Path:
    """Give the folder of the cast's store, with an empty database."""
    cast.write_store(folder)
    lay_database(folder, sqlite_template)
    return folder


def write(shop: Path, books: Books) -> None:
    """Write a log into the store's database, of attempts at the quiz as it stands there."""
    books.rows[QuizVersion][0]["body"] = (shop / "quizzes" / "coffee.yaml").read_text()
    engine = open_engine(f"sqlite:///{shop / 'var' / 'quizfunnel.sqlite3'}", pooled=False)
    with writing(engine) as connection:
        books.write(connection)
    engine.dispose()


def a_log(count: int, **more: Any) -> Books:
    """Return a log of shoppers with a taste that the rules do not know."""
    books = Books()
    sell(books, count, by_brew, start=BEGAN, **more)
    return books


def refused(said: Result) -> str:
    """Return what was said by a command that refused: exit 2, one line of error, no traceback."""
    assert said.exit_code == 2, said.output
    assert said.stdout == ""
    assert isinstance(said.exception, SystemExit)
    assert said.stderr.startswith("Error: ")
    assert "Traceback" not in said.output
    return said.stderr


def test_it_works(shop: Path) -> None:
    """The table of metrics, what became of the model and why, and where its card lies."""
    write(shop, a_log(700))
    said = run("train", "coffee")
    assert said.exit_code == 0, said.output
    registry = Registry(shop / "models")
    (version,) = registry.versions("coffee")
    state = registry.state("coffee")
    assert state.challenger is not None
    assert (state.serving, state.challenger.version, state.challenger.share) == (RULES, version, 0.15)
    for each in ("log-loss", "popularity", "It challenges what serves", f"models/coffee/{version}/card.md"):
        assert each in said.stdout
    assert said.stderr == ""
    assert "SIMULATED" not in said.stdout


def test_as_json(shop: Path) -> None:
    """The card and the outcome, strictly; the share is as asked."""
    write(shop, a_log(700))
    said = run("train", "coffee", "--json", "--share", "0.3")
    assert said.exit_code == 0, said.output

    def none(name: str) -> None:
        raise AssertionError(name)

    found = json.loads(said.stdout, parse_constant=none)
    assert found["became"] == "challenger"
    registry = Registry(shop / "models")
    assert found["card"] == registry.card("coffee", found["version"])
    challenger = registry.state("coffee").challenger
    assert challenger is not None
    assert challenger.share == 0.3


def test_an_unknown_quiz_is_told(shop: Path) -> None:
    """With those that there are, and nothing is made."""
    assert "there is: coffee" in refused(run("train", "tea"))
    assert not (shop / "models").exists()


def test_an_empty_log_is_told(shop: Path) -> None:
    """With what is missing."""
    said = refused(run("train", "coffee"))
    assert "coffee: there is nothing to learn from yet: no offer was seen" in said
    assert not (shop / "models").exists()


def test_orders_that_find_no_product_are_told(shop: Path) -> None:
    """Orders that found no product are named as the reason, with their number."""
    books = a_log(50)
    for _ in range(30):
        books.order(None, BEGAN, product=None)
    write(shop, books)
    assert "found no product in the catalogue" in refused(run("train", "coffee"))


def test_a_store_without_a_database_is_told(folder: Path) -> None:
    """The command to run first is named."""
    cast.write_store(folder)
    assert "run quizfunnel migrate" in refused(run("train", "coffee"))


def test_missing_libraries_are_told(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing libraries are named, with how to install them, before anything is read."""
    from importlib import util

    found = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name, *more: None if name == "skops" else found(name, *more))
    assert "training needs skops: pip install 'quizfunnel[learn]'" in refused(run("train", "coffee"))


@pytest.mark.parametrize("share", ["0", "0.9", "much"])
def test_a_share_that_is_none_is_told(share: str, shop: Path) -> None:
    """It is refused by the command itself."""
    said = run("train", "coffee", "--share", share)
    assert said.exit_code == 2
    assert "--share" in said.output


def test_models_that_cannot_be_written_are_told(shop: Path) -> None:
    """A file where the folder must be."""
    write(shop, a_log(60))
    (shop / "models").write_text("a file")
    assert "models/coffee" in refused(run("train", "coffee"))


def test_a_state_that_cannot_be_read_is_told(shop: Path) -> None:
    """With the command that mends it."""
    write(shop, a_log(60))
    (shop / "models" / "coffee").mkdir(parents=True)
    (shop / "models" / "coffee" / "state.json").write_text("{}")
    assert "quizfunnel models coffee --promote VERSION" in refused(run("train", "coffee"))


def test_whose_log_is_read(shop: Path) -> None:
    """The demo's simulated one where there is one, or the one that is asked for."""
    books = a_log(60)
    sell(books, 60, by_brew, start=BEGAN, simulated=True)
    write(shop, books)
    assert "learnt from SIMULATED shoppers" in run("train", "coffee").stdout
    assert "SIMULATED" not in run("train", "coffee", "--real").stdout
    assert "SIMULATED" in run("train", "coffee", "--simulated").stdout


@pytest.mark.slow
def test_the_demos_history_is_learnt_from(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As anybody does who tries the program: the demo filled, and a model of it, told to be of simulated shoppers."""
    filled = subprocess.run(
        [sys.executable, "-m", "quizfunnel", "demo", "--no-serve", "--visitors", "1500"],
        env=dict(os.environ) | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert filled.returncode == 0, filled.stderr
    monkeypatch.chdir(folder / "var" / "demo")
    said = run("train", "coffee", "--json")
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    assert found["card"]["data"]["simulated"]
    assert found["card"]["data"]["purchases"] > 0

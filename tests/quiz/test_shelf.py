"""A broken file never takes a running quiz down; a changed one is picked up; attempts keep their version."""

import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from quizfunnel.kit.clock import SetClock
from quizfunnel.quiz.catalog_snapshot import products_as_json, products_from_json
from quizfunnel.quiz.check import run
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing.publication import publish
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.schema import metadata
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON, coffee_catalog
from tests.quiz.files import CATALOG, QUIZ, changed, lay
from tests.servers import LIMIT

NEW = changed(("title: Find your coffee", "title: Find your next coffee"))
BROKEN = changed(("minutes: 1", "minuts: 1"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the good coffee quiz."""
    lay(tmp_path / "quizzes")
    return tmp_path / "quizzes"


@pytest.fixture
def shelf(folder: Path, engine: Engine, clock: SetClock) -> Shelf:
    """Give a shelf over the folder."""
    return Shelf(folder, engine, clock)


def _live(shelf: Shelf) -> LiveQuiz:
    live = shelf.live("coffee")
    assert live is not None
    return live


def _publish(engine: Engine, live: LiveQuiz) -> None:
    with writing(engine) as connection:
        publish(connection, live, at=NOON)


def test_a_quiz_is_live_under_its_file_name(shelf: Shelf) -> None:
    """The slug is the stem; anything else, path tricks included, is looked up and not found."""
    assert shelf.slugs() == ("coffee",)
    assert _live(shelf).quiz.title == "Find your coffee"
    assert [len(catalog.products) for catalog in shelf.catalogs()] == [6]
    assert shelf.problems() == ()
    for slug in ("tea", "../coffee", "coffee.yaml", "catalogs/coffee", "", "coffee\0", "Coffee", "." * 300):
        assert shelf.live(slug) is None
        assert not shelf.withdrawn(slug)


def test_a_changed_file_is_picked_up_within_a_second_and_the_old_version_stays(
    shelf: Shelf, folder: Path, clock: SetClock
) -> None:
    """The next look finds it; an attempt on the old version still has it."""
    old = _live(shelf)
    lay(folder, NEW)
    clock.advance(0.5)
    assert _live(shelf) is old
    clock.advance(0.6)
    assert _live(shelf).quiz.title == "Find your next coffee"
    pinned = shelf.pinned(old.version)
    assert pinned is not None
    assert pinned.quiz is old.quiz
    assert pinned.catalog is _live(shelf).catalog


def test_nothing_is_read_again_while_nothing_changed(shelf: Shelf, clock: SetClock) -> None:
    """The same objects serve, so that what was computed for them stays known."""
    before = _live(shelf)
    clock.advance(60)
    assert _live(shelf) is before
    assert shelf.pinned(before.version) is before


def test_a_changed_catalogue_is_picked_up_without_a_new_version(shelf: Shelf, folder: Path, clock: SetClock) -> None:
    """Stock changes often; the quiz's version is its own file's."""
    before = _live(shelf)
    lay(folder, catalog=CATALOG.replace("9.00", "8.00"))
    clock.advance(2)
    assert _live(shelf).version == before.version
    assert _live(shelf).catalog.products[0].price == 800
    pinned = shelf.pinned(before.version)
    assert pinned is not None
    assert pinned.catalog is _live(shelf).catalog


@pytest.mark.parametrize(
    "text", [BROKEN, "a: 1\nb\n", "", changed(("id: moka", "id: filter")), changed(("tag:dark-roast", "tag:dark-rost"))]
)
def test_a_broken_file_leaves_the_last_good_version_serving(
    shelf: Shelf, folder: Path, clock: SetClock, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    """Wrong shape, no YAML, emptied, or refused by the check: shoppers notice nothing, the log says why, once."""
    before = _live(shelf)
    lay(folder, text)
    with caplog.at_level(logging.ERROR):
        for _ in range(5):
            clock.advance(2)
            assert _live(shelf).quiz is before.quiz
    assert shelf.problems()
    assert all(finding.file == "quizzes/coffee.yaml" for finding in shelf.problems())
    assert len(caplog.records) == len(shelf.problems())
    assert str(folder) not in caplog.text
    lay(folder, NEW)
    clock.advance(2)
    assert _live(shelf).quiz.title == "Find your next coffee"
    assert shelf.problems() == ()


def test_warnings_keep_no_quiz_from_serving(folder: Path, engine: Engine, clock: SetClock) -> None:
    """A promise that is off is told by the check and no more."""
    lay(folder, changed(("minutes: 1", "minutes: 10")))
    assert _live(Shelf(folder, engine, clock)).quiz.minutes == 10


def test_a_broken_catalogue_leaves_the_last_good_one_serving(shelf: Shelf, folder: Path, clock: SetClock) -> None:
    """Missing or unreadable products are a problem; it heals by the catalogue's change alone."""
    before = _live(shelf)
    (folder / "catalogs" / "coffee.csv").unlink()
    clock.advance(2)
    assert _live(shelf).catalog.products == before.catalog.products
    assert shelf.problems()
    lay(folder, catalog=CATALOG.replace("9.00", "8.00"))
    clock.advance(2)
    assert _live(shelf).catalog.products[0].price == 800
    assert shelf.problems() == ()


def test_a_quiz_that_waits_for_its_catalogue_goes_live_with_it(folder: Path, engine: Engine, clock: SetClock) -> None:
    """A quiz that never was live is looked at again when the file it names appears."""
    (folder / "catalogs" / "coffee.csv").unlink()
    shelf = Shelf(folder, engine, clock)
    assert shelf.live("coffee") is None
    lay(folder)
    clock.advance(2)
    assert shelf.slugs() == ("coffee",)


def test_absence_from_a_refused_catalogue_says_nothing_and_sold_out_does(
    shelf: Shelf, folder: Path, clock: SetClock
) -> None:
    """A tag that is gone from the catalogue refuses the pair; a product whose row says sold out is no longer sold."""
    _live(shelf)
    rows = [line for line in CATALOG.splitlines(keepends=True) if "decaf" not in line]
    lay(folder, catalog="".join(rows).replace('"dark-roast,ground",,4', '"dark-roast,ground",0,4'))
    clock.advance(2)
    assert shelf.problems()
    products = _live(shelf).catalog.products
    assert len(products) == 6
    assert [product.id for product in products if not product.available] == ["dark-ground"]


def test_a_database_out_of_reach_is_asked_again(folder: Path, tmp_path: Path, clock: SetClock) -> None:
    """A broken file and no database: nothing serves, nothing fails, and it heals when the database is back."""
    lay(folder, BROKEN)
    path = tmp_path / "away.sqlite3"
    path.mkdir()
    engine = open_engine(f"sqlite:///{path}", pooled=False)
    shelf = Shelf(folder, engine, clock)
    assert shelf.live("coffee") is None
    path.rmdir()
    metadata.create_all(engine)
    lay(tmp_path / "good")
    _publish(engine, _live(Shelf(tmp_path / "good", None, clock)))
    clock.advance(2)
    assert _live(shelf).quiz.title == "Find your coffee"
    engine.dispose()


def test_names_that_are_no_address_are_problems(folder: Path, engine: Engine, clock: SetClock) -> None:
    """Capitals, spaces and .yml are told and never served; an editor's hidden copies are passed over."""
    for name in ("My Coffee.yaml", "tea.yml", ".coffee.yaml", ".#tea.yaml"):
        (folder / name).write_text(QUIZ)
    (folder / "notes.txt").write_text("x")
    (folder / "dir.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    shelf = Shelf(folder, engine, clock)
    assert shelf.slugs() == ("coffee",)
    assert sorted(finding.file for finding in shelf.problems()) == [
        "quizzes/My Coffee.yaml", "quizzes/dir.yaml", "quizzes/pipe.yaml", "quizzes/tea.yml",
    ]  # fmt: skip


def test_a_name_that_is_no_address_serves_nothing_on(
    folder: Path, shelf: Shelf, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that was renamed so is withdrawn in the same look: the log does not say the opposite first."""
    assert shelf.slugs() == ("coffee",)
    (folder / "coffee.yaml").rename(folder / "Kaffee.yaml")
    clock.advance(2)
    with caplog.at_level(logging.WARNING):
        assert shelf.slugs() == ()
    assert "serves on" not in caplog.text
    assert "quiz file refused, it cannot be taken: quizzes/Kaffee.yaml" in caplog.text


def test_a_folder_that_cannot_be_read_withdraws_nothing(
    shelf: Shelf, folder: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The live quizzes serve on while the folder is away, as during a deployment that swaps it."""
    _live(shelf)
    folder.rename(folder.with_name("away"))
    clock.advance(2)
    assert shelf.slugs() == ("coffee",)
    assert shelf.problems()[0].file == "quizzes"
    folder.with_name("away").rename(folder)
    clock.advance(2)
    assert shelf.problems() == ()


def test_a_version_of_another_release_is_passed_over(folder: Path, engine: Engine, clock: SetClock) -> None:
    """A row that this release cannot read gives no quiz, and no failure."""
    with writing(engine) as connection:
        connection.execute(
            QuizVersion.__table__.insert().values(  # type: ignore[attr-defined]
                id="f" * 64, quiz="coffee", body="title: Old\n", published_at=NOON
            )
        )
    lay(folder, BROKEN)
    shelf = Shelf(folder, engine, clock)
    assert shelf.live("coffee") is None
    assert shelf.pinned("f" * 64) is None


def test_products_come_back_from_json_as_they_were() -> None:
    """Tags, attributes, variants and stock survive."""
    catalog = coffee_catalog()
    assert products_from_json(products_as_json(catalog)).products == catalog.products


def test_asking_inside_a_transaction_leaves_it_whole(
    shelf: Shelf, folder: Path, engine: Engine, clock: SetClock
) -> None:
    """A look that asks the database while the caller writes neither waits for the caller nor undoes its work."""
    live = _live(shelf)
    _publish(engine, live)
    fresh = Shelf(folder, engine, clock)
    lay(folder, BROKEN)
    row = {"id": "a" * 64, "quiz": "tea", "body": "", "published_at": NOON}
    with writing(engine) as connection:
        connection.execute(QuizVersion.__table__.insert().values(row))  # type: ignore[attr-defined]
        assert fresh.pinned(live.version) is not None
        assert not fresh.withdrawn("nothing")
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(QuizVersion)).scalar() == 2


def test_while_one_thread_reads_a_changed_file_others_are_served(
    shelf: Shelf, folder: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the thread that found the change reads it; nobody else waits."""
    before = _live(shelf)
    lay(folder, NEW)
    clock.advance(2)
    reading_now, go_on = threading.Event(), threading.Event()
    open_file = run.open_file

    def slow(*args: Any, **more: Any) -> Any:
        reading_now.set()
        assert go_on.wait(LIMIT)
        return open_file(*args, **more)

    monkeypatch.setattr(run, "open_file", slow)
    reader = threading.Thread(target=lambda: shelf.live("coffee"))
    reader.start()
    assert reading_now.wait(LIMIT)
    assert _live(shelf) is before
    go_on.set()
    reader.join(LIMIT)
    assert not reader.is_alive()
    assert _live(shelf).quiz.title == "Find your next coffee"


def test_a_look_that_fails_changes_nothing_for_shoppers(
    shelf: Shelf, folder: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever nobody expected: what was served serves on, the log says so once a minute, and it heals."""
    before = _live(shelf)
    lay(folder, NEW)
    with monkeypatch.context() as patched:
        patched.setattr(run, "open_file", lambda *_, **__: 1 / 0)
        for _ in range(3):
            clock.advance(2)
            assert _live(shelf) is before
    (line,) = [record.getMessage() for record in caplog.records if "a look at the quizzes" in record.getMessage()]
    assert "ZeroDivisionError" in line
    clock.advance(2)
    assert _live(shelf).quiz.title == "Find your next coffee"


def test_no_learner_is_loaded_for_a_shopper() -> None:
    """The room needs none of the heavy libraries."""
    import subprocess

    code = "import sys, quizfunnel.quiz.shelf; print([m for m in ('numpy', 'scipy', 'sklearn') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"

"""A good save, a deleted file, another name and a warning are a line each, once, by the process that did it."""

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from quizfunnel.store.transaction import writing
from tests.quiz.files import CATALOG, QUIZ, changed
from tests.quiz.publishing.machines import Machine, cheaper, title

KEEPS = (
    "`coffee` is withdrawn: its file is now kaffee.yaml, and its address is 410; `was: [coffee]` in "
    "quizzes/kaffee.yaml makes its old address lead there"
)
WARNED = changed(("minutes: 1", "minutes: 10"))


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Give the log of publishing."""
    with caplog.at_level(logging.INFO, "quizfunnel.quiz.publishing"):
        yield caplog


def test_a_save_is_a_line_that_says_what_changed(machine: Machine, log: pytest.LogCaptureFixture) -> None:
    """Of two processes one says it; the next look and a restart say nothing."""
    one, two = machine.process(), machine.process()
    assert title(one) == title(two)
    header, *rows = cheaper(800).splitlines(keepends=True)
    machine.save(catalog="".join([header, "tea,Tea,3.00,GBP,/p/tea,ground,,1\n", *rows]))  # every other row moves
    assert title(two) == title(one)
    machine.save("Second", catalog=CATALOG)
    assert title(one) == title(two) == title(machine.process())
    first, second, third = (record.getMessage() for record in log.records)
    assert first.startswith("`coffee` is published: version ")
    assert first.endswith(" with 6 products")
    assert second == "`coffee` is published: the quiz as it was, 7 products (1 new, 1 changed)"
    assert third.endswith(" of the quiz, 6 products (1 removed, 1 changed)")
    assert [record.levelname for record in log.records] == ["INFO"] * 3


def test_a_warning_is_a_line_when_it_is_published(machine: Machine, log: pytest.LogCaptureFixture) -> None:
    """And as long as it holds among the notices for staff, not among the problems."""
    machine.save(text=WARNED)
    one, two = machine.process(), machine.process()
    assert title(one) == title(two)
    (warning,) = [record.getMessage() for record in log.records if record.levelname == "WARNING"]
    assert warning.startswith("quizzes/coffee.yaml:3:10: warning: ")
    assert one.problems() == two.problems() == ()
    assert warning in one.notices()
    assert warning in two.notices()


def test_a_deleted_file_is_a_line(machine: Machine, log: pytest.LogCaptureFixture) -> None:
    """With the way back."""
    process = machine.process()
    assert title(process)
    (machine.folder / "coffee.yaml").unlink()
    assert title(process) == ""
    assert log.records[-1].getMessage() == (
        "`coffee` is withdrawn: its file is gone. Who began can finish for 24 hours, new starts are 410. Put the file "
        "back, or run quizfunnel restore-quiz coffee"
    )
    assert any("`coffee` version" in notice and "withdrawn" in notice for notice in process.notices())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (QUIZ + "was: [coffee]\n", "`coffee` is now `kaffee`: its old address leads there, and who began can go on"),
        (QUIZ, KEEPS),
    ],
)
def test_another_name_is_a_line(machine: Machine, log: pytest.LogCaptureFixture, text: str, said: str) -> None:
    """With its old address, or with how to keep it."""
    process = machine.process()
    assert title(process)
    (machine.folder / "coffee.yaml").unlink()
    machine.save(slug="kaffee", text=text)
    assert title(process, "kaffee")
    assert [record.getMessage() for record in log.records][-1] == said


def test_a_new_disk_with_an_old_pair_is_told_so(
    machine: Machine, other: Machine, log: pytest.LogCaptureFixture
) -> None:
    """Once, with what to do; one with the pair that is live is nothing to speak of."""
    one = machine.process()
    assert title(one)
    machine.save("Second")
    assert title(one) == "Second"
    count = len(log.records)
    two = other.process()
    assert [title(two) for _ in range(3)] == ["Second"] * 3
    (told,) = log.records[count:]
    assert "quizfunnel publish coffee publishes it again" in told.getMessage()
    third = Machine(other.store.with_name("three"), other.engine, other.clock)
    third.save("Second")
    assert title(third.process()) == "Second"
    assert len(log.records) == count + 1


def test_a_database_that_cannot_be_written_is_told_once_a_minute(
    machine: Machine, engine: Engine, log: pytest.LogCaptureFixture
) -> None:
    """What is new waits, and somebody should know."""
    process = machine.process()
    assert title(process)
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no lock on the whole database")
    machine.save("Second")
    with writing(engine):
        assert [title(process) for _ in range(3)] == ["Find your coffee"] * 3
    waits = [record for record in log.records if "cannot be written" in record.getMessage()]
    assert len(waits) <= 1
    assert title(process) == "Second"

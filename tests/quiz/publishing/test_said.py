"""Of several workers one says what is wrong with a file, and says it again when it comes back."""

import logging
from pathlib import Path

import pytest

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.publishing.disk import disk_id
from quizfunnel.quiz.publishing.look import Role
from quizfunnel.quiz.publishing.said import Said
from quizfunnel.quiz.shelf import Shelf
from tests.quiz.files import QUIZ
from tests.quiz.publishing.machines import BROKEN, Machine, title

FINDING = Finding("quizzes/coffee.yaml", 3, 1, "error", "unknown key")
OTHER = FINDING._replace(line=4)


def test_the_first_says_it(tmp_path: Path) -> None:
    """Each finding by itself, and once more after it was mended."""
    one, two = Said(tmp_path / "said"), Said(tmp_path / "said")
    assert [one.first(FINDING), two.first(FINDING), one.first(FINDING), two.first(OTHER)] == [True, False, False, True]
    two.forget([FINDING])
    assert [one.first(FINDING), two.first(FINDING), one.first(OTHER)] == [True, False, False]


def test_a_server_says_what_one_before_it_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves nothing of it behind."""
    assert Said(tmp_path).first(FINDING)
    monkeypatch.setattr("os.getppid", lambda: 1)
    after = Said(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert after.first(FINDING)
    assert not Said(tmp_path).first(FINDING)


def test_where_nothing_can_be_written_each_says_it(tmp_path: Path) -> None:
    """Twice is better than never; so does a process without such a folder."""
    (tmp_path / "said").write_text("no folder")
    for folder in (tmp_path / "said", None):
        assert [Said(folder).first(FINDING) for _ in range(2)] == [True, True]
        Said(folder).forget([FINDING])


def test_workers_log_a_broken_file_once(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    """However many look at it; again once it was good in between, or gone."""
    role = Role(disk_id(machine.store / "var"), said=machine.store / "var" / "said")
    workers = [Shelf(machine.folder, machine.engine, machine.clock, role=role) for _ in range(3)]
    assert {title(worker) for worker in workers} == {"Find your coffee"}
    for text in (BROKEN, QUIZ, BROKEN):
        machine.save(text=text)
        with caplog.at_level(logging.ERROR):
            assert {title(worker) for worker in workers} == {"Find your coffee"}
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 2 * len(set(lines)) == 2 * len(workers[0].problems())
    (machine.folder / "coffee.yaml").unlink()
    assert {title(worker) for worker in workers} == {""}
    assert list((machine.store / "var" / "said").iterdir()) == []

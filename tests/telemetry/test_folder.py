"""Laws of the folder of counters: the workers of one server share it, and nothing of it is left."""

import json
import os
import tempfile
from pathlib import Path

import pytest

from quizfunnel.telemetry.counters import ANSWERS, count, sums
from quizfunnel.telemetry.folder import VARIABLE, SharedCounters, shared_counters


def test_a_server_has_a_folder_while_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own user's alone, named in the environment of the workers, and gone with the server."""
    monkeypatch.delenv(VARIABLE, raising=False)
    with shared_counters():
        folder = Path(os.environ[VARIABLE])
        assert folder.stat().st_mode & 0o777 == 0o700
    assert VARIABLE not in os.environ
    assert not folder.exists()


def test_a_worker_gives_the_sum_of_all(tmp_path: Path) -> None:
    """Its own, which it left once or twice, and its fellows', of whom one has ended and one is about to write."""
    count(ANSWERS, "shared")
    own = SharedCounters(tmp_path)
    own.leave()
    count(ANSWERS, "shared")
    own.leave()
    here = sums()["answers", "shared"][0]
    for name, row in (("1-a.json", [5.0]), ("2-b.json", [7.0]), ("3-c.json.part", [100.0])):
        (tmp_path / name).write_text(json.dumps([[["answers", "shared"], row], [["answers", f"of {name}"], row]]))
    whole = SharedCounters(tmp_path).together()
    assert whole["answers", "shared"] == [here + 12]
    assert whole["answers", "of 1-a.json"] == [5]
    assert ("answers", "of 3-c.json.part") not in whole


def test_what_did_not_change_is_not_written(tmp_path: Path) -> None:
    """A server that nobody visits leaves the disk alone."""
    count(ANSWERS, "quiet")
    own = SharedCounters(tmp_path)
    own.leave()
    (file,) = tmp_path.iterdir()
    file.unlink()
    own.leave()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_ends_nothing(tmp_path: Path) -> None:
    """A worker goes on with its own counters."""
    count(ANSWERS, "alone")
    own = SharedCounters(tmp_path / "gone")
    own.leave()
    assert own.together()["answers", "alone"][0] >= 1


def test_a_machine_without_a_temporary_folder_serves(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says that a worker's counters are its own."""
    monkeypatch.delenv(VARIABLE, raising=False)

    def refuse(**_options: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", refuse)
    with shared_counters():
        assert VARIABLE not in os.environ
    assert "the counters of one worker at a time" in capsys.readouterr().err

"""A disk keeps its id, and a copy of it has another."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quizfunnel.kit.ids import is_id
from quizfunnel.quiz.publishing.disk import FILE, disk_id


def test_it_is_made_once(tmp_path: Path) -> None:
    """For every process, also those that start at once, in a folder that is not there yet."""
    with ThreadPoolExecutor(8) as processes:
        ids = set(processes.map(disk_id, [tmp_path / "var"] * 16))
    (id,) = ids
    assert is_id(id)
    assert disk_id(tmp_path / "var") == id


def test_a_moved_folder_is_the_same_disk_and_a_copied_one_is_not(tmp_path: Path) -> None:
    """A copy keeps the id that it is given; the first one keeps its own."""
    id = disk_id(tmp_path / "var")
    shutil.copytree(tmp_path / "var", tmp_path / "copy")
    copied = disk_id(tmp_path / "copy")
    assert copied == disk_id(tmp_path / "copy") != id
    (tmp_path / "var").rename(tmp_path / "moved")
    assert disk_id(tmp_path / "moved") == id


@pytest.mark.parametrize("text", ["", "nonsense", "0" * 32, "0" * 32 + " 1", "\xff"])
def test_a_file_that_holds_no_id_is_made_anew(tmp_path: Path, text: str) -> None:
    """Cut short, edited, or of another program."""
    (tmp_path / FILE).write_text(text, encoding="latin-1")
    assert disk_id(tmp_path) == disk_id(tmp_path)


def test_where_nothing_can_be_written_a_process_has_an_id_of_its_own(tmp_path: Path) -> None:
    """It may then publish nothing but what is new to everybody."""
    (tmp_path / "var").write_text("no folder")
    first, second = disk_id(tmp_path / "var"), disk_id(tmp_path / "var")
    assert is_id(first)
    assert first != second
    assert list(tmp_path.iterdir()) == [tmp_path / "var"]

"""Laws of the command as a whole: every verb in its help, and mistakes told without a traceback."""

from errno import ENOSPC
from pathlib import Path
from typing import NoReturn

import pytest

from quizfunnel.store.transaction import DatabaseAway
from tests.commands import run

pytestmark = pytest.mark.usefixtures("folder")


def test_it_works() -> None:
    """`quizfunnel --help` names every command."""
    said = run("--help")
    assert said.exit_code == 0
    for name in ("init", "check", "serve", "migrate", "demo", "report", "rollup", "export", "orders"):
        assert name in said.output


def test_a_wrong_setting_is_told_by_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name and its remedy, exit 2, and no traceback."""
    monkeypatch.setenv("QUIZFUNNEL_DATABASE_URL", "mysql://shop")
    for command in (["serve"], ["migrate"], ["report", "coffee"], ["orders", "replay"]):
        said = run(*command)
        assert said.exit_code == 2
        assert said.output == "Error: QUIZFUNNEL_DATABASE_URL: must begin with sqlite:/// or postgresql://\n"


@pytest.mark.parametrize(
    ("fault", "look"),
    [
        (DatabaseAway("database or disk is full"), "full; look at the disk's room"),
        (DatabaseAway("could not extend file: No space left on device"), "look at the disk's room"),
        (DatabaseAway("database is locked"), "another process is writing; try again in a moment"),
        (DatabaseAway("attempt to write a readonly database"), "look at who may write there"),
        (DatabaseAway("no such host"), "look at QUIZFUNNEL_DATABASE_URL"),
        (
            OSError(ENOSPC, "No space left on device", "var/key"),
            "var/key: No space left on device; look at the disk's room",
        ),
    ],
)
def test_a_fault_is_told_with_where_to_look(fault: Exception, look: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is no wrong address, and a lock no mistake of anybody."""

    def fail(**_: bool) -> NoReturn:
        raise fault

    for module in ("nightly", "staff"):
        monkeypatch.setattr(f"quizfunnel.cli.{module}.database", fail)
    for command in (["nightly"], ["staff", "add", "ana"]):
        said = run(*command)
        assert said.exit_code == 2
        assert look in said.output


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    """A file where var/ must be is named, without a traceback."""
    (folder / "var").write_text("a file")
    said = run("migrate")
    assert said.exit_code == 2
    assert "var: File exists; look at who may read and write there" in said.output

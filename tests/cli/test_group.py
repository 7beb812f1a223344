"""Laws of the command as a whole: every verb in its help, and mistakes told without a traceback."""

from pathlib import Path

import pytest

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


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    """A file where var/ must be is named, without a traceback."""
    (folder / "var").write_text("a file")
    said = run("migrate")
    assert said.exit_code == 2
    assert "var: File exists; look at who may read and write there" in said.output

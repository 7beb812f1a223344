"""Commands run in the test's own process."""

import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from quizfunnel import cli

ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(cli.main, arguments)


def lay_database(folder: Path, template: Path) -> None:
    """Lay an empty database with every table where the command of a store in `folder` looks for it."""
    (folder / "var").mkdir(exist_ok=True)
    shutil.copyfile(template, folder / "var" / "quizfunnel.sqlite3")

"""Commands run in the test's own process."""

from pathlib import Path

from click.testing import CliRunner, Result

from quizfunnel import cli

ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(cli.main, arguments)

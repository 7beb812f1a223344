"""The `quizfunnel` command. What a command needs is imported when it runs, so that each starts quickly."""

from quizfunnel.cli import figures, learning, ledger, quizzes, serving
from quizfunnel.cli.group import main

__all__ = ["figures", "learning", "ledger", "main", "quizzes", "serving"]

"""The `quizfunnel` command. What a command needs is imported when it runs, so that each starts quickly."""

from quizfunnel.cli import analysis, learning, orders, quizzes, serving
from quizfunnel.cli.group import main

__all__ = ["analysis", "learning", "main", "orders", "quizzes", "serving"]

"""The `quizfunnel` command: a module for each kind of user.

A command imports its libraries when it runs, so that each starts quickly.
"""

from quizfunnel.cli import (
    analysis,
    backups,
    catalogs,
    learning,
    nightly,
    orders,
    privacy,
    publishing,
    quizzes,
    serving,
    shop,
    staff,
    theme,
)
from quizfunnel.cli.group import main

__all__ = [
    "analysis",
    "backups",
    "catalogs",
    "learning",
    "main",
    "nightly",
    "orders",
    "privacy",
    "publishing",
    "quizzes",
    "serving",
    "shop",
    "staff",
    "theme",
]

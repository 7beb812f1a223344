"""Newest version of the database that this program has a step to, told without the library that takes the steps."""

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def newest() -> str:
    """Return the version that this program works with, by its scripts' names; the same as `runner.head`."""
    return max(script.name.partition("_")[0] for script in (Path(__file__).parent / "versions").glob("[0-9]*.py"))

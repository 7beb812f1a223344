"""Cases that nobody here wrote: their folder; tests that use them skip where it is absent."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("QUIZFUNNEL_CASES") or Path(__file__).parents[3] / "shared" / "cases")


def case(name: str) -> Path:
    """Return a case's file, or skip the test that asked for it."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"the case {name} is not here; QUIZFUNNEL_CASES names the folder of the cases")
    return path

"""Law of the decision notes: history stays, and a reader who looks for a module finds it."""

import re
from pathlib import Path

import pytest

from tests.docs import markdown

NOTES = sorted((markdown.ROOT / "docs" / "decisions").glob("*.md"))
MODULE = re.compile(r"`([\w/]+(?:\.py|/))`(?:,? \(?now `([\w/]+(?:\.py|/))`)?")


def is_there(path: str) -> bool:
    """Tell whether a path lies in the package or at the top of the repository."""
    return (markdown.ROOT / "quizfunnel" / path).exists() or (markdown.ROOT / path).exists()


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.stem)
def test_a_module_that_moved_is_named_anew(note: Path) -> None:
    """A path in a note is there, or is followed by the one that it is now: `old.py` (now `new.py`)."""
    for before, now in MODULE.findall(note.read_text("utf-8")):
        assert is_there(now or before), before


def test_a_number_names_one_note() -> None:
    """Four digits and a hyphen, and no two notes with the same."""
    numbers = [note.name[:5] for note in NOTES]
    assert all(re.fullmatch(r"\d{4}-", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)

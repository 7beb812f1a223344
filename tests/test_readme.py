"""README is for users: short, with the two commands, three pictures, and no figure that a page of docs/ holds."""

import re
import struct
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PICTURES = re.findall(r'<img src="([^"]+)" height="\d+" alt="([^"]+)">', README)
PHONE = (750, 1624)  # 375 x 812, two dots a pixel


def test_the_first_screen_says_how_to_begin() -> None:
    """Within twenty lines: what it is, `make run` and `make test`, each with its time."""
    head = "\n".join(README.splitlines()[:20])
    assert "make run" in head
    assert "make test" in head
    assert "about a minute" in head


def test_it_is_short() -> None:
    """Sixty lines at most: what a subject needs beyond a sentence stands on its page of docs/."""
    assert len(README.splitlines()) <= 60


@pytest.mark.parametrize(("path", "alt"), PICTURES)
def test_a_picture_is_small_and_told(path: str, alt: str) -> None:
    """Less than 150 kB, a PNG, and words for who does not see it."""
    picture = (ROOT / path).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 150_000
    assert len(alt) > 40


def test_the_pictures_are_a_question_the_offer_and_the_results() -> None:
    """Three, of which the shopper's are of a phone."""
    assert [Path(path).stem for path, _ in PICTURES] == ["question", "offer", "results"]
    for path, _ in PICTURES[:2]:
        assert struct.unpack(">II", (ROOT / path).read_bytes()[16:24]) == PHONE

"""Laws of the language that a browser asks for: the best one that there is, and little work for whatever is sent."""

import pytest

from quizfunnel.web.language.asked import of_header

AVAILABLE = ("en", "de", "fr")


@pytest.mark.parametrize(
    ("header", "language"),
    [("de-AT, en;q=0.8", "de"), ("en;q=0.5, fr", "fr"), ("pl, de;q=0.1", "de"), ("pl", ""), ("", ""), (";q=,,", "")],
)
def test_the_first_wish_that_there_is_counts(header: str, language: str) -> None:
    """By the weights of the header; a form of a language is the language itself, and none is none."""
    assert of_header(header, AVAILABLE) == language


def test_of_a_header_without_an_end_the_beginning_counts() -> None:
    """Wherever it is cut no wish is read in part; what stands far behind is not read at all."""
    for beginning in range(16):
        assert of_header(f"pl;q=0.9, {' ' * beginning}{'fr-CA;q=0.1, ' * 5_000}de", AVAILABLE) == "fr"
    assert of_header("x" * 60_000 + ", de", AVAILABLE) == ""

"""A comparative is formed of adjectives that are known, in English; anything else is told by more and less."""

import pytest

from quizfunnel.quiz.kinds.words import comparative


@pytest.mark.parametrize(
    ("label", "language", "says"),
    [
        ("Mild", "en", "milder"),
        ("Very strong", "en-GB", "stronger"),
        ("Fine", "en", "finer"),
        ("Dry", "en", "drier"),
        ("Thin", "en", "thinner"),
        ("Matt", "en", ""),
        ("None", "en", ""),
        ("Not sweet at all", "en", ""),
        ("Mild", "de", ""),
        ("", "en", ""),
    ],
)
def test_only_what_is_known_is_compared(label: str, language: str, says: str) -> None:
    """No "noner", no "matter", no English in another language."""
    assert comparative(label, language) == says

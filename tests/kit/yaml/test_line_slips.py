"""Slips of a line are guessed quickly, however long the line is, and each mends something."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.kit.yaml import line_slips
from quizfunnel.quiz.file.vocabulary import WORDS

LONG = 20_000


@given(st.text(alphabet="{}[]:,;= -#\"'@tagidlbewhn\t\N{NO-BREAK SPACE}", max_size=60))
def test_a_slip_is_another_line_at_a_place_of_its_own(line: str) -> None:
    """Nothing is offered that changes nothing, and the column is in the line or just behind it."""
    for slip in line_slips.of(line, WORDS):
        assert slip.mended != line
        assert 1 <= slip.column <= len(line) + 1


@pytest.mark.parametrize("part", ["a", "a: b, ", "{", "[", "{a: ", "- ", "label: ", "tag: a: 1, ", 'label: "', "{a ; "])
def test_a_long_line_is_guessed_at_in_good_time(part: str) -> None:
    """A second is a hundred times what it takes; a pattern that tries every pair of places would take minutes."""
    line = part * (LONG // len(part)) + ":"
    started = time.process_time()
    assert all(slip.mended != line for slip in line_slips.of(line, WORDS))
    assert time.process_time() - started < 1

"""Brackets of a line are matched with the fewest signs, and what is quoted or behind a comment is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.kit.yaml.brackets import mended


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("a: {b: 1", "a: {b: 1}"),
        ("a: [b, c", "a: [b, c]"),
        ("a: {b: [c, d}", "a: {b: [c, d]}"),
        ("a: {b: 1}}", "a: {b: 1}"),
        ("a: b]", "a: b"),
        ("a: {b: '}'", "a: {b: '}'}"),
        ("a: {b: it's", "a: {b: it's}"),
        ("a: {b: 1  # see {c", "a: {b: 1}  # see {c"),
        ("a: {b: 1}  # ]", "a: {b: 1}  # ]"),
    ],
)
def test_brackets_are_matched(line: str, right: str) -> None:
    """Missing ones come at the end or before the one that closes more, needless ones go."""
    assert mended(line) == right


@given(st.text(alphabet="{}[]ab:, "))
def test_a_matched_line_stays(line: str) -> None:
    """Whatever the line was, once matched it is."""
    assert mended(mended(line)) == mended(line)

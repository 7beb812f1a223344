"""Bytes are text, or an error of the caller's words with the place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.kit.text import TextError, TextMessages, read_utf8

MESSAGES = TextMessages("too large", "not UTF-8", "character {code}")


@pytest.mark.parametrize(
    ("body", "message", "line", "column"),
    [
        (b"x" * 41, "too large", 1, 1),
        (b"one\ntwo \xff", "not UTF-8", 2, 1),
        (b"one\r\ntwo\nth\0ree", "character 0", 3, 3),
        (b"\0", "character 0", 1, 1),
    ],
)
def test_what_is_no_text_is_told_with_its_place(body: bytes, message: str, line: int, column: int) -> None:
    """The message of the caller, and the line and column from 1."""
    with pytest.raises(TextError) as refused:
        read_utf8(body, MESSAGES, most=40)
    assert (str(refused.value), refused.value.line, refused.value.column) == (message, line, column)


def test_a_kind_of_file_may_forbid_more_characters() -> None:
    """The code of the first one is told."""
    with pytest.raises(TextError, match="character 7"):
        read_utf8(b"ring\a", MESSAGES, most=40, forbidden=re.compile("\a"))


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=10))
def test_any_other_text_comes_back(text: str) -> None:
    """With a byte order mark or without; as many bytes as there may be are not too many."""
    body = text.encode()
    assert read_utf8(b"\xef\xbb\xbf" + body, MESSAGES, most=len(body) + 3) == text
    if not text.startswith("\ufeff"):
        assert read_utf8(body, MESSAGES, most=len(body)) == text

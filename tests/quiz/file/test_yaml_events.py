"""Only plain data comes out of a quiz file; everything else is refused where it stands, quickly."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.quiz.file.yaml_events import QuizFileError, read_plain


def _refused(body: bytes) -> list[tuple[int, int, str]]:
    with pytest.raises(QuizFileError) as caught:
        read_plain(body, "quiz.yaml")
    return [(finding.line, finding.column, finding.message) for finding in caught.value.findings]


def test_plain_values_keep_their_meaning_and_their_place() -> None:
    """`no` is a word, numbers are numbers, quoted ones are text; every key and value has its line and column."""
    plain = read_plain(b'a: no\nb: [1, 2.5, "3", ~, true]\nc:\n  d: 0x1F\n', "quiz.yaml")
    assert plain.data == {"a": "no", "b": [1, 2.5, "3", None, True], "c": {"d": "0x1F"}}
    assert plain.positions["b", 1] == (2, 8)
    assert plain.key_positions["c", "d"] == (4, 3)
    assert plain.positions["c", "d"] == (4, 6)


@pytest.mark.parametrize(
    ("body", "line", "column", "words"),
    [
        (b"a: &x [1]\nb: *x\n", 1, 4, "anchor"),
        (b"a: 1\nb: *x\n", 2, 4, "alias"),
        (b"a: !!python/object:os.system x\n", 1, 4, "tag"),
        (b"a: ! x\n", 1, 4, "tag"),
        (b"a: !!str x\n", 1, 4, "tag"),
        (b"a: 1\nc: {d: !x 1}\n", 2, 8, "tag"),
        (b"a: 1\nb: 2\na: 3\n", 3, 1, "stands twice here, first in line 1"),
        (b"a:\n  <<: {b: 1}\n", 2, 3, "merge key"),
        (b"a: 1\n---\nb: 2\n", 2, 1, "second document"),
        (b"a: 1\n? [b]\n: 2\n", 2, 3, "key must be a plain word"),
        (b"a: 1\nb: \x00\n", 2, 4, "cannot be shown (code 0)"),
        (b'a: 1\nb: "\\0"\n', 2, 4, "cannot be shown (code 0)"),
        (b'a: "\\ud800"\n', 1, 4, "cannot be shown"),
        (b'"\\x07": 1\n', 1, 1, "cannot be shown"),
        (b"a: 1\nb: \xff\n", 2, 1, "UTF-8"),
        (b"a: 1\n b: 2\n", 2, 3, "no YAML"),
        (b"a: [1\n", 2, 1, "no YAML"),
        (b'a: "x\n', 2, 1, "no YAML"),
        (b"", 1, 1, "empty"),
        (b"# nothing\n", 1, 1, "empty"),
        (b"a: " + b"[" * 30, 1, 24, "more than 20 levels"),
        (b"a: " + b"x" * 256 * 1024, 1, 1, "256 KiB"),
    ],
)
def test_what_is_not_plain_data_is_refused(body: bytes, line: int, column: int, words: str) -> None:
    """Each refusal names its line and column and what it is about."""
    found = _refused(body)
    assert found[0][:2] == (line, column)
    assert words in found[0][2]


def test_every_duplicate_key_is_named() -> None:
    """Two duplicates are two findings, also inside one another."""
    found = _refused(b"a: 1\na: {b: 1, b: 2}\n")
    assert [(line, column) for line, column, _ in found] == [(2, 1), (2, 11)]


@pytest.mark.thorough
def test_bombs_are_not_expanded() -> None:
    """Billions of values, or hours of parsing, are refused within a moment."""
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    bombs = [
        f"l0: &l0 x\n{levels}".encode(),
        b"a: " + b"[" * 250_000,
        b"{" * 250_000,
        b"- " * 120_000,
        b"? " * 120_000,
        b"a: " * 80_000,
        b"a: " + b"&a " * 80_000,
    ]
    for bomb in bombs:
        began = time.process_time()
        _refused(bomb)
        assert time.process_time() - began < 5


def test_twenty_levels_are_read() -> None:
    """The deepest that is allowed is read and not refused."""
    assert read_plain(b"[" * 20 + b"]" * 20, "quiz.yaml").data


@given(st.binary(max_size=60) | st.text(alphabet=":-[]{}&*!|>'\"#%@`,? \n\tab1<~\\", max_size=40).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """No input raises anything but the refusal with its findings."""
    try:
        read_plain(body, "quiz.yaml")
    except QuizFileError as error:
        found = error.findings
    else:
        return
    assert found
    assert all(finding.line >= 1 and finding.column >= 1 for finding in found)

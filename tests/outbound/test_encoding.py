"""Laws of content encodings: a packed body is the plain one, and never more than the limit."""

import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.outbound.encoding import decoded
from quizfunnel.outbound.errors import OutboundError


@given(st.binary(max_size=300), st.integers(1, 50), st.booleans())
def test_a_packed_body_is_the_plain_one(body: bytes, size: int, twice: bool) -> None:  # noqa: FBT001
    """However it comes in pieces, and as several files one after the other."""
    packed = gzip.compress(body) * (2 if twice else 1)
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert decoded(pieces, "gzip", most=1000) == body * (2 if twice else 1)
    assert decoded(pieces, "", most=1000) == packed


def test_a_bomb_takes_no_room() -> None:
    """It is unpacked no further than it may be, whatever it would come to."""
    bomb = gzip.compress(b"x" * 30_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(OutboundError, match="is larger than"):
            decoded([bomb], "gzip", most=100_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


@pytest.mark.parametrize(
    ("chunks", "encoding", "words"),
    [
        ([b"x" * 600, b"x" * 500], "", "is larger than"),
        ([gzip.compress(b"x" * 10_000_000)], "gzip", "is larger than"),
        ([gzip.compress(b"")] * 100, "gzip", "is larger than"),  # much of nothing
        ([gzip.compress(b"abc")[:-4]], "gzip", "ends before it is whole"),
        ([b"plain"], "gzip", "says that it is gzip"),
        ([b"x"], "br", "packed in a way that was not asked for"),
        ([b"x"], "gzip, gzip", "packed in a way that was not asked for"),
    ],
)
def test_what_cannot_be_unpacked_is_refused(chunks: list[bytes], encoding: str, words: str) -> None:
    """A bomb after as many bytes as may be, without the rest of it."""
    with pytest.raises(OutboundError, match=words):
        decoded(chunks, encoding, most=1000)

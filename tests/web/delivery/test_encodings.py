"""Laws of encodings: the smallest form that a browser takes, and nothing that it refuses."""

import gzip

import brotli
import pytest

from quizfunnel.web.delivery.encodings import accepted_encodings, encode

TEXT = b"body { color: red } " * 40


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("", "identity"),
        ("br;q=0, gzip", "gzip"),
        ("BR;q=1.0", "br"),
        ("gzip;q=0.5, br;q=0.1", "br"),
        ("*", "gzip"),
        ("*, gzip;q=0", "identity"),
        ("identity", "identity"),
        ("br;q=zero, gzip;q=", "identity"),
    ],
)
def test_the_smallest_that_is_taken(header: str, encoding: str) -> None:
    """By the weights of RFC 9110; what cannot be read is not taken."""
    assert encode(TEXT).best(header)[0] == encoding


def test_each_form_is_the_same_text() -> None:
    """And smaller than it."""
    made = encode(TEXT)
    assert made.br is not None
    assert made.gzip is not None
    assert brotli.decompress(made.br) == gzip.decompress(made.gzip) == TEXT
    assert len(made.br) < len(made.gzip) < len(TEXT)
    assert encode(TEXT) == made  # no moment is written into it: every machine has the same bytes


def test_what_gains_nothing_stays_as_it_is() -> None:
    """A favicon of a hundred bytes."""
    assert encode(b"<svg/>").best("br, gzip") == ("identity", b"<svg/>")
    assert accepted_encodings("br, gzip") == {"br", "gzip"}

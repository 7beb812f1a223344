"""Laws of origins: compared as browsers compare them, and nonsense is of none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.web import origins

PUBLIC = ("https://quiz.example", "https://quiz.example.fr:8443")


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Quiz.Example", "https://quiz.example:443"),
        ("http://localhost:8000/q/coffee", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://b\u00fccher.example", "https://xn--bcher-kva.example:443"),
        ("ftp://quiz.example", ""),
        ("https://", ""),
        ("https://" + "\u00fc" * 80, ""),
    ],
)
def test_an_origin_is_scheme_name_and_port(address: str, origin: str) -> None:
    """In lower case, the port always said, a name as it travels."""
    assert origins.origin(address) == origin


@given(st.text() | st.text("htps:/[]@.x0\u2100%").map("https://".__add__))
def test_any_text_has_an_origin_or_none(text: str) -> None:
    """No address is an error, and an origin is its own origin."""
    origin = origins.origin(text)
    assert origin in ("", origins.origin(origin))


@given(st.text() | st.text("abc[]:.0123456789-", max_size=12))
def test_any_host_is_ours_or_not(host: str) -> None:
    """No Host header is an error; only what is named is ours."""
    assert origins.is_ours(host, PUBLIC) == (
        origins.host_name(host) in ("quiz.example", "quiz.example.fr", "localhost", "127.0.0.1", "::1")
    )


def test_at_the_public_host_the_public_scheme_counts() -> None:
    """Behind a proxy the scheme of the last step is none of the browser's; on this machine it is."""
    assert origins.own_origins("http", "quiz.example", PUBLIC) == ("https://quiz.example:443",)
    assert "http://localhost:8000" in origins.own_origins("http", "localhost:8000", PUBLIC)
    assert "http://quiz.example:80" not in origins.own_origins("http", "127.0.0.1", PUBLIC)


def test_each_public_host_has_its_own_origin() -> None:
    """A form of one of our hosts that is sent to another one comes from elsewhere, as browsers see it."""
    assert origins.own_origins("http", "quiz.example.fr:8443", PUBLIC) == ("https://quiz.example.fr:8443",)
    assert all(origins.is_ours(host, PUBLIC) for host in ("quiz.example", "QUIZ.example.fr:8443"))

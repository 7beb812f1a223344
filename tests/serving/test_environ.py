"""Environs: what the application reads of a request."""

import pytest

from quizfunnel.serving.environ import EnvironMaker
from tests.serving.scopes import Headers, Scope


@pytest.mark.parametrize("path", ["/", "/a b", "/caf\u00e9", "/\ufffd", "/a/b%2F", "*"])
def test_a_path_is_its_bytes_as_latin_1(path: str) -> None:
    """PEP 3333: PATH_INFO holds the bytes of the decoded path, each as one character."""
    assert EnvironMaker().make(Scope(path))["PATH_INFO"].encode("latin-1").decode() == path


@pytest.mark.parametrize("query", ["a=%20", "\u00ff=\u0100", "q=caf\u00e9"])
def test_a_query_is_its_bytes_as_latin_1(query: str) -> None:
    """Browsers encode it, and whoever does not is read all the same."""
    assert EnvironMaker().make(Scope(query_string=query))["QUERY_STRING"].encode("latin-1").decode() == query


def test_lines_of_one_name_are_joined_in_their_order() -> None:
    """A count of proxies goes by the order of their lines; cookies are joined as one line of cookies."""
    lines = (("x-forwarded-for", "a"), ("cookie", "x=1"), ("x-forwarded-for", "b"), ("cookie", "y=2"))
    environ = EnvironMaker().make(Scope(headers=Headers(lines)))
    assert (environ["HTTP_X_FORWARDED_FOR"], environ["HTTP_COOKIE"]) == ("a,b", "x=1;y=2")


def test_a_name_with_an_underscore_is_no_other_ones() -> None:
    """`x_forwarded_for` would pass for what a trusted proxy wrote, before it or after."""
    forged, true = ("x_forwarded_for", "forged"), ("x-forwarded-for", "true")
    for lines in ((forged, true), (true, forged), (true, forged, forged)):
        assert EnvironMaker().make(Scope(headers=Headers(lines)))["HTTP_X_FORWARDED_FOR"] == "true"
    assert "HTTP_X_FORWARDED_FOR" not in EnvironMaker().make(Scope(headers=Headers((forged,))))


def test_names_are_kept_up_to_a_number() -> None:
    """Clients choose the names of headers, so what is kept of them is bounded; they are read all the same."""
    maker = EnvironMaker()
    for number in range(1_000):
        environ = maker.make(Scope(headers=Headers(((f"x-{number}", "v"), ("content-type", "a/b")))))
        assert (environ[f"HTTP_X_{number}"], environ["CONTENT_TYPE"]) == ("v", "a/b")
    assert len(maker._names) <= 200


def test_both_ends_are_named() -> None:
    """Addresses stand without their ports and brackets."""
    environ = EnvironMaker().make(Scope(client="[2001:db8::1]:40000", server="[::1]:8000", http_version="1"))
    assert (environ["REMOTE_ADDR"], environ["REMOTE_PORT"]) == ("2001:db8::1", "40000")
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("::1", "8000")
    assert (environ["SERVER_PROTOCOL"], environ["QUERY_STRING"], environ["HTTP_HOST"]) == ("HTTP/1.0", "a=%20", "")

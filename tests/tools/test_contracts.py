"""Laws of our own contracts: what they forbid is found in whatever way it is written."""

import pytest

from tools.contracts import dials

OPENS = frozenset({"http.client", "socket", "urllib.request"})


@pytest.mark.parametrize(
    "source",
    [
        "import socket",
        "import socket as s",
        "from socket import create_connection",
        "from urllib.request import urlopen",
        "from urllib import request",
        "import urllib.request",
        "import urllib\nurllib.request.urlopen('x')",
        "def late():\n    import http.client",
    ],
)
def test_what_opens_a_connection_is_found(source: str) -> None:
    """At the top and inside a function, whole and in part."""
    assert list(dials(source, OPENS))


@pytest.mark.parametrize(
    "source",
    [
        "from urllib.parse import urlsplit",
        "import http",
        "from http import HTTPStatus",
        "from .socket import x",
        "ours.obey(socket)",
    ],
)
def test_what_opens_none_is_let_be(source: str) -> None:
    """A neighbour in the same package is no connection."""
    assert not list(dials(source, OPENS))

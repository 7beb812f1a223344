"""Laws of the gateway: what the server is given arrives as it was sent, and what is answered is sent once."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from quizfunnel.serving.environ import EnvironMaker
from quizfunnel.serving.gateway import Exchange, Gateway, head
from tests.serving.clients import START, exchange
from tests.serving.clients import head as request_head
from tests.serving.conftest import Served

SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/q/caf\u00e9",
    "query_string": b"q=%20\xc3\xab",
    "http_version": "1.1",
    "scheme": "http",
    "client": ("192.0.2.7", "40000"),
    "server": ("::1", "8000"),
    "headers": [(b"cookie", b"shop=Zo\xc3\xab"), (b"cookie", b"qf_v=a"), (b"user-agent", b"\xe9")],
}


class Wire:
    """The server's side of one exchange."""

    def __init__(self, *messages: Mapping[str, Any]) -> None:
        """Have these messages to give, one after the other."""
        self.messages, self.sent = list(messages), list[dict[str, Any]]()

    async def receive(self) -> Mapping[str, Any]:
        """Give the next one."""
        return self.messages.pop(0)

    async def send(self, message: dict[str, Any]) -> None:
        """Take what is sent."""
        self.sent.append(message)


def body(*parts: bytes) -> list[Mapping[str, Any]]:
    """Return the messages of a body in parts."""
    return [
        {"type": "http.request", "body": part, "more_body": number < len(parts)} for number, part in enumerate(parts, 1)
    ]


def test_every_header_line_arrives() -> None:
    """Bytes beyond ASCII as latin-1, as any WSGI server gives them (PEP 3333); several lines of a name as one."""
    environ = EnvironMaker().make(head(SCOPE))
    assert environ["HTTP_COOKIE"].encode("latin-1") == b"shop=Zo\xc3\xab;qf_v=a"
    assert environ["HTTP_USER_AGENT"] == "\xe9"
    assert environ["PATH_INFO"].encode("latin-1") == "/q/caf\u00e9".encode()
    assert environ["QUERY_STRING"].encode("latin-1") == b"q=%20\xc3\xab"
    assert (environ["REMOTE_ADDR"], environ["REMOTE_PORT"]) == ("192.0.2.7", "40000")
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("::1", "8000")


def test_a_body_is_whole_or_the_client_has_gone() -> None:
    """Parts are put together; one that breaks off is none."""
    assert asyncio.run(Exchange(Wire(*body(b"an", b"", b"swer")).receive)()) == b"answer"
    with pytest.raises(RuntimeError, match="gone"):
        asyncio.run(Exchange(Wire(body(b"an", b"")[0], {"type": "http.disconnect"}).receive)())


class Bridge:
    """A bridge that says what it is asked."""

    def __init__(self) -> None:
        """Begin."""
        self.life: list[str] = []

    def __rsgi_init__(self, _loop: object) -> None:
        """Begin with a loop."""
        self.life.append("begun")

    def __rsgi_del__(self, _loop: object) -> None:
        """End."""
        self.life.append("ended")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer a GET with a file, and a POST with its body."""
        if scope.method == "GET":
            protocol.response_file(200, [("Content-Type", "text/css")], "/srv/a.css")
        else:
            protocol.response_bytes(303, [("X-Name", "caf\u00e9")], await protocol())


def answered(method: str) -> list[dict[str, Any]]:
    """Return what is sent for a request."""
    wire = Wire(*body(b"answer"))
    asyncio.run(Gateway(Bridge())(SCOPE | {"method": method}, wire.receive, wire.send))  # type: ignore[arg-type]
    return wire.sent


def test_a_response_is_sent_whole() -> None:
    """Status and headers, then the body in one piece, or the file that is its body."""
    assert answered("POST") == [
        {"type": "http.response.start", "status": 303, "headers": [(b"x-name", b"caf\xe9")]},
        {"type": "http.response.body", "body": b"answer"},
    ]
    assert answered("GET")[1] == {"type": "http.response.pathsend", "path": "/srv/a.css"}


def test_the_bridge_lives_as_long_as_the_server() -> None:
    """It begins with the event loop and ends before it."""
    bridge, wire = Bridge(), Wire({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    asyncio.run(Gateway(bridge)({"type": "lifespan"}, wire.receive, wire.send))  # type: ignore[arg-type]
    assert bridge.life == ["begun", "ended"]
    assert [message["type"] for message in wire.sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.slow
def test_a_shops_own_cookie_takes_no_attempt_with_it(served: Served) -> None:
    """A browser sends all its cookies in one line; a letter beyond ASCII in another one's value costs ours nothing."""
    started = exchange(served.port, START)
    cookie = started.headers["set-cookie"].partition(";")[0]
    address = started.headers["location"].partition("?")[0]
    sent = request_head("GET", address, f"Cookie: shop=Zo\xc3\xab; {cookie}", "Connection: close")
    assert exchange(served.port, sent).status == 200
    assert exchange(served.port, request_head("GET", address, "Cookie: shop=Zoe", "Connection: close")).status == 404

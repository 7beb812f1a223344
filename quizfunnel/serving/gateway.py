"""ASGI gateway: the server's way in, which gives every header as it came.

Granian's own interface (RSGI), which the bridge speaks, leaves out each header line that has a byte beyond ASCII. One
cookie of the shop's with an umlaut in it would take every cookie with it, and the shopper's attempt.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from quizfunnel.serving.bridge import Bridge

Message: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Mapping[str, Any]]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class HeaderLines(NamedTuple):
    """Headers as bytes, each byte one character of their text (PEP 3333)."""

    lines: list[tuple[bytes, bytes]]

    def items(self) -> list[tuple[str, str]]:
        """Return every name and value, one item for each line."""
        return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.lines]


class RequestHead(NamedTuple):
    """A request's head, as the bridge reads it."""

    headers: HeaderLines
    method: str
    path: str
    query_string: str
    http_version: str
    scheme: str
    client: str
    server: str


class Exchange:
    """A request's body and its response."""

    def __init__(self, receive: Receive) -> None:
        """Take what the body is received by."""
        self._receive = receive
        self._start: Message = {}
        self._rest: Message = {}

    async def __call__(self) -> bytes:
        """Return the whole body; RuntimeError where the client has gone."""
        parts = []
        while True:
            message = await self._receive()
            if message["type"] != "http.request":
                raise RuntimeError("the client has gone")
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                return b"".join(parts)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Take a response."""
        self._begin(status, headers)
        self._rest = {"type": "http.response.body", "body": body}

    def response_file(self, status: int, headers: list[tuple[str, str]], file: str) -> None:
        """Take a file as a response."""
        self._begin(status, headers)
        self._rest = {"type": "http.response.pathsend", "path": file}

    async def deliver(self, send: Send) -> None:
        """Send the response that was taken."""
        await send(self._start)
        await send(self._rest)

    def _begin(self, status: int, headers: list[tuple[str, str]]) -> None:
        lines = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._start = {"type": "http.response.start", "status": status, "headers": lines}


class Gateway:
    """ASGI application over a bridge."""

    def __init__(self, bridge: Bridge) -> None:
        """Serve `bridge`; it begins with the server's event loop."""
        self._bridge = bridge

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request, or begin and end with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        exchange = Exchange(receive)
        await self._bridge.__rsgi__(head(scope), exchange)
        await exchange.deliver(send)

    async def _live(self, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        await receive()
        self._bridge.__rsgi_init__(loop)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._bridge.__rsgi_del__(loop)
        await send({"type": "lifespan.shutdown.complete"})


def head(scope: Mapping[str, Any]) -> RequestHead:
    """Return the head of an ASGI request."""
    return RequestHead(
        HeaderLines(scope["headers"]),
        scope["method"],
        scope["path"],
        scope["query_string"].decode("utf-8", "replace"),
        scope["http_version"],
        scope["scheme"],
        ":".join(map(str, scope["client"] or ())),
        ":".join(map(str, scope["server"] or ())),
    )

"""WSGI environ: made from what the server knows of a request (PEP 3333)."""

import sys
from typing import Any, Protocol
from wsgiref.types import WSGIEnvironment

_MOST_NAMES = 200  # clients choose the names, and each kept one is kept for ever


class Headers(Protocol):
    """Headers of a request, lower-case names, one item for each line."""

    def items(self) -> list[tuple[str, str]]:
        """Return every name and value."""


class Scope(Protocol):
    """RSGI scope: a request's head."""

    @property
    def headers(self) -> Headers:
        """Headers by lower-case names."""
        ...

    @property
    def method(self) -> str:
        """Method of the request."""
        ...

    @property
    def path(self) -> str:
        """Path, percent-decoded; what is no UTF-8 is U+FFFD in it, as the application would read it."""
        ...

    @property
    def query_string(self) -> str:
        """Query as it was sent."""
        ...

    @property
    def http_version(self) -> str:
        """Version of HTTP, as 1.1."""
        ...

    @property
    def scheme(self) -> str:
        """Scheme by which the request came to this server."""
        ...

    @property
    def client(self) -> str:
        """Address and port of the client."""
        ...

    @property
    def server(self) -> str:
        """Address and port of the server."""
        ...


class FileWrapper:
    """wsgi.file_wrapper: a file that the application would send as it is."""

    def __init__(self, file: Any, block_size: int = 8192) -> None:
        """Take an open file."""
        self.file = file
        self._block_size = block_size
        self.close = getattr(file, "close", lambda: None)

    def __iter__(self) -> "FileWrapper":
        """Return itself."""
        return self

    def __next__(self) -> bytes:
        """Return the next block."""
        block: bytes = self.file.read(self._block_size)
        if not block:
            raise StopIteration
        return block


class EnvironMaker:
    """Maker of environs, which keeps the names that it has met."""

    def __init__(self) -> None:
        """Know the two headers whose names CGI does not prefix."""
        self._names: dict[str, str] = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
        self._standing = self.standing()

    @staticmethod
    def standing() -> WSGIEnvironment:
        """Return what is the same for every request."""
        return {
            "GATEWAY_INTERFACE": "CGI/1.1",
            "SCRIPT_NAME": "",
            "SERVER_SOFTWARE": "granian",
            "wsgi.errors": sys.stderr,
            "wsgi.file_wrapper": FileWrapper,
            "wsgi.input_terminated": True,
            "wsgi.multiprocess": True,
            "wsgi.multithread": True,
            "wsgi.run_once": False,
            "wsgi.version": (1, 0),
        }

    def make(self, scope: Scope) -> WSGIEnvironment:
        """Return the environ of a request without its body."""
        environ = self._standing.copy()
        server, _, port = scope.server.rpartition(":")
        client, _, client_port = scope.client.rpartition(":")
        environ["REQUEST_METHOD"] = scope.method
        environ["PATH_INFO"], environ["QUERY_STRING"] = _as_bytes(scope.path), _as_bytes(scope.query_string)
        environ["SERVER_PROTOCOL"] = "HTTP/1.0" if scope.http_version == "1" else f"HTTP/{scope.http_version}"
        environ["SERVER_NAME"], environ["SERVER_PORT"] = server.strip("[]"), port
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = client.strip("[]"), client_port
        environ["wsgi.url_scheme"] = scope.scheme
        self._add_headers(environ, scope.headers.items())
        return environ

    def _add_headers(self, environ: WSGIEnvironment, headers: list[tuple[str, str]]) -> None:
        names = self._names
        for name, value in headers:
            key = names.get(name)
            if key is None:
                key = self._named(name)
            if key in environ:  # one line a proxy: their order is what a count of proxies goes by
                environ[key] += (";" if key == "HTTP_COOKIE" else ",") + value
            elif key:
                environ[key] = value
        environ.setdefault("HTTP_HOST", "")

    def _named(self, name: str) -> str:
        """Return the key of a header, empty for one with an underscore: it would pass for what a proxy wrote."""
        key = "" if "_" in name else "HTTP_" + name.upper().replace("-", "_")
        if len(self._names) < _MOST_NAMES:
            self._names[name] = key
        return key


def _as_bytes(text: str) -> str:
    """Return a text's bytes in UTF-8, each as one character."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("latin-1")

"""Heads of requests as RSGI gives them."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizfunnel.serving import environ


class Headers:
    """Headers as RSGI gives them."""

    def __init__(self, lines: Sequence[tuple[str, str]] = ()) -> None:
        """Take the lines."""
        self._lines = list(lines)

    def items(self) -> list[tuple[str, str]]:
        """Return every line."""
        return self._lines


@dataclass
class Scope:
    """A request's head as RSGI gives it."""

    path: str = "/"
    headers: environ.Headers = Headers()  # noqa: RUF009 - nobody changes it
    client: str = "192.0.2.7:40000"
    server: str = "127.0.0.1:8000"
    method: str = "GET"
    query_string: str = "a=%20"
    http_version: str = "1.1"
    scheme: str = "http"

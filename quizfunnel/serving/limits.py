"""Limits of a request: the size and the deadline of its body, and the lane that answers it; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

LaneName: TypeAlias = Literal["pages", "files", "health"]

FORM_SECONDS, HOOK_SECONDS = 5.0, 15.0
LENGTHS: Mapping[LaneName, int] = {"pages": 512, "files": 1024, "health": 64}
CONNECTIONS = 4096  # of a worker; at 512, 1,300 slow bodies kept every other shopper out
DESCRIPTORS = 2 * CONNECTIONS  # a connection may have a file under way
HEAD_SECONDS = 10.0  # also how long a connection may stay without a request
HEAD_BYTES = 64 * 1024
READER_SECONDS = 30.0  # a client that takes no byte for so long is not waited for


class BodyLimit(NamedTuple):
    """The bytes that a body may have, and the seconds that it may take to arrive."""

    size: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one worker."""

    forms: BodyLimit
    hooks: BodyLimit
    wait_seconds: float  # from a request's arrival until it is refused unanswered
    bodies: int = 256 * 1024 * 1024  # bytes of all bodies that are on their way or wait to be read
    lengths: Mapping[LaneName, int] = field(default_factory=lambda: LENGTHS)

    def body(self, path: str) -> BodyLimit:
        """Return the limit of a body that is sent to `path`."""
        return self.hooks if path.startswith("/hooks/") else self.forms


def lane(path: str) -> LaneName:
    """Return the lane of `path`: what needs no database, or only asks how it is, has threads of its own."""
    if path.startswith("/static/"):
        return "files"
    return "health" if path in ("/healthz", "/readyz") else "pages"

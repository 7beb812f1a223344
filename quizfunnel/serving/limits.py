"""Limits of a request: the size and the deadline of its body, and the queue of the lane that answers it; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

LaneName: TypeAlias = Literal["pages", "staff", "files", "health"]

FORM_SECONDS, HOOK_SECONDS, STAFF_SECONDS = 5.0, 15.0, 30.0
RUSH_SECONDS = 0.8
STAFF = ("/insight", "/staff", "/studio", "/metrics")
CONNECTIONS = 4096  # of a worker; at 512, 1,300 slow bodies kept every other shopper out
DESCRIPTORS = 2 * CONNECTIONS  # a connection may have a file under way
HEAD_SECONDS = 10.0  # also how long a connection may stay without a request
HEAD_BYTES = 64 * 1024
READER_SECONDS = 30.0  # a client that takes no byte for so long is not waited for


class BodyLimit(NamedTuple):
    """The bytes that a body may have, and the seconds that it may take to arrive."""

    size: int
    seconds: float


class QueueLimit(NamedTuple):
    """The requests that a lane holds at once, and the seconds after which one that was not begun is refused.

    `seconds` are waited behind work that is held up, as by a locked database; `rush` where there is only too much
    of it, so that those who are served in a rush are served soon.
    """

    length: int
    seconds: float
    rush: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of one worker."""

    forms: BodyLimit
    hooks: BodyLimit
    queues: Mapping[LaneName, QueueLimit]
    bodies: int = 256 * 1024 * 1024  # bytes of all bodies that are on their way or wait to be read

    def body(self, path: str) -> BodyLimit:
        """Return the limit of a body that is sent to `path`."""
        return self.hooks if path.startswith("/hooks/") else self.forms


def queues(seconds: float) -> dict[LaneName, QueueLimit]:
    """Return the limit of each lane; a shopper is told after `seconds`, an analyst waits for a colleague's report."""
    return {
        "pages": QueueLimit(2048, seconds, RUSH_SECONDS),
        "staff": QueueLimit(32, STAFF_SECONDS, STAFF_SECONDS),
        "files": QueueLimit(2048, seconds, seconds),
        "health": QueueLimit(64, seconds, seconds),
    }


def lane(path: str) -> LaneName:
    """Return the lane of `path`: what needs no database or may take long has a thread of its own."""
    if path.startswith("/static/"):
        return "files"
    if path in ("/healthz", "/readyz"):
        return "health"
    return "staff" if path.startswith(STAFF) else "pages"

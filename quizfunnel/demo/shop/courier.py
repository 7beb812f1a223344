"""Courier of the demo shop: webhooks about orders, sent over HTTP and tried again until they have arrived."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlsplit

from quizfunnel.demo.shop.books import Books
from quizfunnel.demo.shop.signature import signed_headers
from quizfunnel.kit.clock import Clock

PATH = "/hooks/standard"
TIMEOUT_SECONDS = 5.0
LONGEST_REST_SECONDS = 60.0
UNDER_WAY = timedelta(seconds=3 * TIMEOUT_SECONDS)  # to connect, to send and to be answered may each take one

# How long after each try the next one follows; after the last there is none.
PAUSES = tuple(timedelta(seconds=pause) for pause in (5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600, 24 * 3600))

Post = Callable[[bytes, Mapping[str, str]], int]
"""Sends a body with its headers and returns the status; OSError where nobody answers."""

_log = logging.getLogger(__name__)


class Acknowledgement(NamedTuple):
    """Answer to a message: whether it was taken, and in words what was answered."""

    taken: bool
    text: str


class Courier:
    """Sender of the messages that the books have due; every thread may ask it to send."""

    def __init__(self, books: Books, clock: Clock, post: Post, *, secret: str) -> None:
        """Send what is in `books` by `post`, signed with `secret`."""
        self._books, self._clock, self._post, self._secret = books, clock, post, secret
        self._woken = threading.Event()

    def send(self, order: str) -> None:
        """Send the message of an order if it is due; a failure is kept with the time of the next try."""
        now = self._clock.now()
        message = self._books.claim(order, now=now, again=now + UNDER_WAY)
        if message is None:
            return
        answer = self._try(order, message.body, now)
        again = now + PAUSES[message.tries - 1] if message.tries <= len(PAUSES) else None
        if answer.taken:
            self._books.answered(order, answer.text, delivered=now, again=None)
            return
        self._books.answered(order, answer.text, delivered=None, again=again)
        then = f"it is sent again at {again:%H:%M:%S} UTC" if again else "it is not sent any more"
        _log.warning("the message about order %s did not arrive (%s); %s", order, answer.text, then)
        self._woken.set()

    def send_due(self) -> float:
        """Send every message that is due; return the seconds after which to look again."""
        for order in self._books.due(self._clock.now()):
            self.send(order)
        due = self._books.next_due()
        rest = LONGEST_REST_SECONDS if due is None else due - self._clock.now().timestamp()
        return min(max(rest, 0.0), LONGEST_REST_SECONDS)

    def run(self) -> None:
        """Send whatever becomes due, for as long as the process lives."""
        while True:
            self._woken.clear()
            try:
                rest = self.send_due()
            except Exception:  # noqa: BLE001 - it is logged, and what is due stays due
                _log.exception("the messages about orders are looked at again in a minute")
                rest = LONGEST_REST_SECONDS
            self._woken.wait(rest)

    def _try(self, order: str, body: bytes, now: datetime) -> Acknowledgement:
        headers = signed_headers(self._secret, message=f"msg_{order}", at=now, body=body)
        try:
            status = self._post(body, headers)
        except (OSError, HTTPException) as error:
            return Acknowledgement(taken=False, text=f"no answer: {error}")
        return Acknowledgement(200 <= status < 300, f"answered {status}")  # noqa: PLR2004 - HTTP's successes


def poster(quiz: str) -> Post:
    """Return what sends to the hook of the quiz server at `quiz`."""
    parts = urlsplit(quiz)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection

    def post(body: bytes, headers: Mapping[str, str]) -> int:
        connection = connect(parts.netloc, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("POST", PATH, body, dict(headers))
            return connection.getresponse().status
        finally:
            connection.close()

    return post

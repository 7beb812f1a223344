"""Shoppers who take a quiz of a real server again and again, and remember what was acknowledged."""

import http
import http.client
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.pages import ORIGIN
from tests.servers import LIMIT, wait_for

LONGEST = 12  # steps of a quiz
ANSWERS = {"brew": "espresso", "grinder": "yes", "moment": "morning", "budget": "30", "strength": "3"}


class Shopper(threading.Thread):
    """Takes the quiz again and again, and remembers which answers were acknowledged."""

    def __init__(self, port: int, stop: threading.Event) -> None:
        """Come to the server on `port` until `stop`."""
        super().__init__(daemon=True)
        self.port, self.stop = port, stop
        self.acknowledged: set[tuple[str, str]] = set()
        self.refused = self.told = 0  # by a connection that broke; by an answer that says so

    def run(self) -> None:
        """Take quizzes; a connection that breaks is tried anew, as a person would."""
        while not self.stop.is_set():
            try:
                self.take()
            except (OSError, http.client.HTTPException):
                self.refused += 1
                self.stop.wait(0.01)

    def take(self) -> None:
        """Take one quiz without a cookie, by the token in its links."""
        _, _, where = self.send("POST", "/q/coffee/start", {})
        asked: set[str] = set()
        for _ in range(LONGEST):
            if "/offer" in where or self.stop.is_set():
                return
            _, page, _ = self.send("GET", where, None)
            view = re.search(r'name="view" value="([^"]+)"', page)
            carried = re.search(r'name="t" value="([^"]+)"', page)
            if view is None or carried is None:
                return
            attempt, question = where.partition("?")[0].split("/")[2:4]
            answer = {"none": "1"} if question == "avoid" else {"answer": ANSWERS[question]}
            form = {"view": view.group(1), "t": carried.group(1)} | answer
            status, _, where = self.send("POST", where, form)
            asked.add(question)
            # led back to a question it has answered, the shopper is told that what follows it was not taken: so it is
            # where another database has the attempt as it was some answers ago
            if status == 303 and not any(f"/{back}" in where for back in asked):
                self.acknowledged.add((attempt, question))

    def send(self, method: str, path: str, form: dict[str, str] | None) -> tuple[int, str, str]:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        headers = ORIGIN | {"Origin": f"http://127.0.0.1:{self.port}", "Sec-GPC": "1"}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, urlencode(form) if form is not None else None, headers)
            answer = connection.getresponse()
            self.told += answer.status == http.HTTPStatus.SERVICE_UNAVAILABLE
            return answer.status, answer.read().decode(), answer.getheader("Location") or path
        finally:
            connection.close()


@contextmanager
def shopping(port: int, number: int) -> Iterator[list[Shopper]]:
    """Let so many shoppers come to the server on `port`, and go at the end."""
    stop = threading.Event()
    shoppers = [Shopper(port, stop) for _ in range(number)]
    for shopper in shoppers:
        shopper.start()
    try:
        yield shoppers
    finally:
        stop.set()
        for shopper in shoppers:
            shopper.join(timeout=LIMIT)
    assert not any(shopper.is_alive() for shopper in shoppers)


def acknowledged(shoppers: list[Shopper]) -> set[tuple[str, str]]:
    """Return every answer that was acknowledged to one of them, by attempt and question."""
    return set().union(*(shopper.acknowledged.copy() for shopper in shoppers))


def wait_for_more(shoppers: list[Shopper], more: int) -> None:
    """Wait until so many more answers were acknowledged: a server that does not go on is told here."""
    before = sum(len(shopper.acknowledged) for shopper in shoppers)
    wait_for(
        lambda: sum(len(shopper.acknowledged) for shopper in shoppers) >= before + more or None,
        f"the shoppers got stuck after {before} answers",
    )


def wait_until_told(shoppers: list[Shopper]) -> None:
    """Wait until every shopper was told once more that nothing can be saved now."""
    before = [shopper.told for shopper in shoppers]
    wait_for(
        lambda: all(shopper.told > told for shopper, told in zip(shoppers, before, strict=True)) or None,
        "a shopper is not told that nothing can be saved",
    )


def answers(database: Path) -> set[tuple[str, str]]:
    """Return the answers in a database, by attempt and question, each of which must stand there once."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("SELECT attempt_id, question FROM answer").fetchall()
    assert len(rows) == len(set(rows))
    return set(rows)

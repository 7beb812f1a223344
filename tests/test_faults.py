"""Faults and what is promised through them: no acknowledged answer is lost, and none stands twice."""

import http.client
import os
import re
import signal
import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from quizfunnel.journey.tables import Answer
from quizfunnel.store.engine import open_engine
from quizfunnel.store.patience import WAIT_SECONDS
from quizfunnel.store.transaction import DatabaseAway, reading, writing
from quizfunnel.store.types import columns
from tests import cast
from tests.pages import ORIGIN
from tests.servers import LIMIT, children, free_port, get, started, wait_for

KILLS = 12
SHOPPERS = 6
BETWEEN = 10  # answers that are acknowledged from one kill to the next, and after the last
LONGEST = 12  # steps of a quiz
ANSWERS = {"brew": "espresso", "grinder": "yes", "moment": "morning", "budget": "30", "strength": "3"}


class Shopper(threading.Thread):
    """Takes the quiz again and again, and remembers which answers were acknowledged."""

    def __init__(self, port: int, stop: threading.Event) -> None:
        """Come to the server on `port` until `stop`."""
        super().__init__(daemon=True)
        self.port, self.stop = port, stop
        self.acknowledged: set[tuple[str, str]] = set()
        self.refused = 0

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
            if status == 303:
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
            return answer.status, answer.read().decode(), answer.getheader("Location") or path
        finally:
            connection.close()


@pytest.mark.slow
def test_twelve_workers_killed_under_load_lose_and_double_nothing(tmp_path: Path) -> None:
    """Kill -9 of a worker, twelve times: each acknowledged answer stands once, and the server goes on."""
    cast.write_store(tmp_path)
    port = free_port()
    env = {"QUIZFUNNEL_STORE": str(tmp_path), "QUIZFUNNEL_CONSENT": "off", "QUIZFUNNEL_DATABASE_URL": ""}
    command = (sys.executable, "-m", "quizfunnel", "serve", "--port", str(port))
    stop = threading.Event()
    shoppers = [Shopper(port, stop) for _ in range(SHOPPERS)]
    with started(*command, cwd=tmp_path, env=env) as (process, _):
        get(f"http://127.0.0.1:{port}/healthz")
        for shopper in shoppers:
            shopper.start()
        try:
            for number in range(KILLS):
                wait_for_more(shoppers, BETWEEN)
                workers = _workers(process.pid)
                os.kill(workers[number % len(workers)], signal.SIGKILL)
            wait_for_more(shoppers, BETWEEN)
        finally:
            stop.set()
            for shopper in shoppers:
                shopper.join(timeout=LIMIT)
    assert not any(shopper.is_alive() for shopper in shoppers)
    engine = open_engine(f"sqlite:///{tmp_path / 'var' / 'quizfunnel.sqlite3'}", pooled=False)
    answer = columns(Answer)
    with reading(engine) as connection:
        rows = connection.execute(
            select(answer.attempt_id, answer.question, func.count()).group_by(answer.attempt_id, answer.question)
        ).all()
    stored = {(row[0], row[1]): row[2] for row in rows}
    acknowledged = set().union(*(shopper.acknowledged for shopper in shoppers))
    assert len(acknowledged) > 100
    assert acknowledged <= set(stored)
    assert set(stored.values()) == {1}


def wait_for_more(shoppers: list[Shopper], more: int) -> None:
    """Wait until so many more answers were acknowledged: a server that does not go on is told here."""
    before = sum(len(shopper.acknowledged) for shopper in shoppers)
    wait_for(
        lambda: sum(len(shopper.acknowledged) for shopper in shoppers) >= before + more or None,
        f"the shoppers got stuck after {before} answers",
    )


@pytest.mark.slow
def test_a_locked_database_is_told_within_two_seconds_and_recovers(tmp_path: Path) -> None:
    """Another program holds the file: DatabaseAway after about two seconds, and a moment later all is well.

    About two: who has one second of patience gives up before us, and who has five after us, on a slow machine as well.
    """
    url, order = f"sqlite:///{tmp_path / 'x.sqlite3'}", list[float]()
    holder, engine = open_engine(url, pooled=False), open_engine(url)

    def give_up(patience: float) -> None:
        with closing(sqlite3.connect(tmp_path / "x.sqlite3", timeout=patience, isolation_level=None)) as connection:
            barrier.wait()
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                connection.execute("BEGIN IMMEDIATE")
            order.append(patience)

    with holder.connect() as other, ThreadPoolExecutor(2) as pool:
        other.exec_driver_sql("CREATE TABLE t (a)")
        other.exec_driver_sql("BEGIN IMMEDIATE")
        barrier = threading.Barrier(3, timeout=LIMIT)
        others = [pool.submit(give_up, patience) for patience in (1, 5)]
        barrier.wait()
        with pytest.raises(DatabaseAway), writing(engine):
            raise AssertionError("nobody can write now")
        order.append(WAIT_SECONDS)
        for each in others:
            each.result()
        other.exec_driver_sql("ROLLBACK")
    assert order == [1, WAIT_SECONDS, 5]
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
    engine.dispose()


def _workers(pid: int) -> list[int]:
    """Return the server's workers, waiting for the next one where the last was just killed."""
    return wait_for(lambda: [child for child in _below(pid) if _is_worker(child)] or None, "no worker came back")


def _below(pid: int) -> list[int]:
    found = children(pid)
    for child in found:
        found.extend(children(child) if Path(f"/proc/{child}").exists() else [])
    return found


def _is_worker(pid: int) -> bool:
    try:
        return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False

"""Faults and what is promised through them: no acknowledged answer is lost, and none stands twice."""

import os
import signal
import sqlite3
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from quizfunnel.store.engine import open_engine
from quizfunnel.store.patience import WAIT_SECONDS
from quizfunnel.store.transaction import DatabaseAway, writing
from tests import cast
from tests.servers import LIMIT, children, free_port, get, started, wait_for
from tests.shoppers import acknowledged, answers, shopping, wait_for_more

KILLS = 12
SHOPPERS = 6
BETWEEN = 10  # answers that are acknowledged from one kill to the next, and after the last


@pytest.mark.slow
def test_twelve_workers_killed_under_load_lose_and_double_nothing(tmp_path: Path) -> None:
    """Kill -9 of a worker, twelve times: each acknowledged answer stands once, and the server goes on."""
    cast.write_store(tmp_path)
    port = free_port()
    env = {"QUIZFUNNEL_STORE": str(tmp_path), "QUIZFUNNEL_CONSENT": "off", "QUIZFUNNEL_DATABASE_URL": ""}
    command = (sys.executable, "-m", "quizfunnel", "serve", "--port", str(port))
    with started(*command, cwd=tmp_path, env=env) as (process, _):
        get(f"http://127.0.0.1:{port}/healthz")
        with shopping(port, SHOPPERS) as shoppers:
            for number in range(KILLS):
                wait_for_more(shoppers, BETWEEN)
                workers = _workers(process.pid)
                os.kill(workers[number % len(workers)], signal.SIGKILL)
            wait_for_more(shoppers, BETWEEN)
    assert len(acknowledged(shoppers)) > 100
    assert acknowledged(shoppers) <= answers(tmp_path / "var" / "quizfunnel.sqlite3")


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

"""The answer step against what Flask and the disk cost anyway: alternated, checked, printed as ratios.

Product, floor (bare Flask POST and one raw SQLite commit) and bare Flask run on the same server with
the same flags, each in its own folder and on its own port; wrk drives one at a time on 127.0.0.1 in
rounds A B A B. A run fails when any answer is not 2xx, when workers are missing, when fewer rows
are stored than answers were acknowledged, or more than could be under way at the end of each round: wrk
does not tell those, so a loss smaller than their number would not show here (tests/test_faults.py counts exactly).
"""

import argparse
import re
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from benchmarks.server import Server, running
from quizfunnel.journey import attention, record
from quizfunnel.journey.attempt import Starter
from quizfunnel.kit.clock import SystemClock
from quizfunnel.kit.ids import new_id
from quizfunnel.kit.signing import COOKIE, Signer
from quizfunnel.migrations import runner
from quizfunnel.quiz.kinds.one import OneQuestion
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import writing
from quizfunnel.visit import collect
from quizfunnel.visit.identity import Guest

QUIZ = "coffee"
THREADS = CONNECTIONS = 16
STEPS = 4  # answers of each attempt that are sent; the last ones are left out, so that no offer is chosen
KEY = "a-key-for-benchmarks-alone-0123456789"
_LINE = re.compile(r"QF (\d+) (\d+) (\d+) ([\d.]+) ([\d.]+) ([\d.]+)")


@dataclass
class Round:
    """One run of one server: requests a second, CPU microseconds a request, latency in milliseconds."""

    rate: float
    cpu_us: float
    p50_ms: float
    p99_ms: float
    requests: int


class Load(NamedTuple):
    """Load that is sent: the attempts to answer, their visitor's cookie, and for how long."""

    jobs: Path
    cookie: str
    seconds: int


@dataclass
class Series:
    """The rounds of one server."""

    rounds: list[Round] = field(default_factory=list)

    def median(self, name: str) -> float:
        """Return the median of one figure."""
        return float(statistics.median(getattr(each, name) for each in self.rounds))


def options(parser: argparse.ArgumentParser) -> None:
    """Add how often, and for how long, each server is driven."""
    parser.add_argument("--rounds", type=int, default=5, help="how often each server is measured (5)")
    parser.add_argument("--seconds", type=int, default=4, help="how long each round lasts (4)")


def run(*, rounds: int = 5, seconds: int = 4, attempts: int = 24_000) -> dict[str, object]:
    """Measure and return every figure; raise RuntimeError when the run cannot be trusted."""
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is missing; install it (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        load = prepare(store, attempts, seconds)
        env = {"QUIZFUNNEL_STORE": str(store), "QUIZFUNNEL_SECRET_KEY": KEY, "QUIZFUNNEL_CONSENT": "off"}
        floor_env = {"FLOOR_DATABASE": str(store / "floor.sqlite3")}
        with (
            running("quizfunnel.serving.worker:worker", env, first="/healthz") as product,
            running("benchmarks.limits:bridged_floor", floor_env, first="/a/x/y") as floor,
            running("benchmarks.limits:bridged_bare", {}) as bare,
        ):
            series = {"product": Series(), "floor": Series(), "bare": Series()}
            sent = 0
            for number in range(rounds):
                share = f"{number}/{rounds}"
                product_round = drive(product, load, share=share)
                sent += product_round.requests
                series["product"].rounds.append(product_round)
                series["floor"].rounds.append(drive(floor, load, share=share, script="floor"))
                series["bare"].rounds.append(drive(bare, load, share=share, script="bare"))
            check_workers(product, floor, bare)
            memory = max(product.memory_bytes()[1:]) / 2**20
        stored = _count(store / "var" / "quizfunnel.sqlite3")
        # wrk counts what it has read; answers still under way at the end of a round are stored and not counted.
        if not sent <= stored <= sent + rounds * CONNECTIONS:
            raise RuntimeError(f"{sent} answers were acknowledged, {stored} are stored")
    return _figures(series, memory_mib=memory, sent=sent, stored=stored)


def _figures(series: dict[str, Series], *, memory_mib: float, sent: int, stored: int) -> dict[str, object]:
    product, floor, bare = series["product"], series["floor"], series["bare"]
    ratios = [a.rate / b.rate for a, b in zip(product.rounds, floor.rounds, strict=True)]
    cpu = [a.cpu_us / b.cpu_us for a, b in zip(product.rounds, floor.rounds, strict=True)]
    tail = [a.p99_ms / a.p50_ms for a in product.rounds]
    return {
        "rate_against_floor": spread(ratios),
        "cpu_against_floor": spread(cpu),
        "p99_over_p50": spread(tail),
        "worker_memory_mib": round(memory_mib, 1),
        "answers": {"acknowledged": sent, "stored": stored},
        "servers": {
            name: {key: round(each.median(key), 2) for key in ("rate", "cpu_us", "p50_ms", "p99_ms")}
            for name, each in {"product": product, "floor": floor, "bare": bare}.items()
        },
    }


def table(figures: dict[str, object]) -> str:
    """Return the figures as lines of text, each with its target."""
    lines = ["answer step, ratio to bare Flask POST + raw SQLite commit on the same server (median, min to max)"]
    for key, label, target in (
        ("rate_against_floor", "requests a second", ">= 0.90"),
        ("cpu_against_floor", "CPU a request", "<= 1.15"),
        ("p99_over_p50", "p99 / p50 at 16 connections", "<= 2.0"),
    ):
        spread: dict[str, float] = figures[key]  # type: ignore[assignment]
        lines.append(
            f"  {label:<30} {spread['median']:.2f}  ({spread['min']:.2f} to {spread['max']:.2f})  target {target}"
        )
    lines.append(f"  {'worker memory, MiB':<30} {figures['worker_memory_mib']}  target <= 70")
    servers: dict[str, dict[str, float]] = figures["servers"]  # type: ignore[assignment]
    for name, each in servers.items():
        latency = f"p50 {each['p50_ms']:.2f} ms  p99 {each['p99_ms']:.2f} ms"
        lines.append(f"  {name:<8} {each['rate']:8.0f} requests/s  {each['cpu_us']:6.0f} us CPU  {latency}")
    answers: dict[str, int] = figures["answers"]  # type: ignore[assignment]
    lines.append(f"  answers acknowledged {answers['acknowledged']}, stored {answers['stored']}")
    return "\n".join(lines)


def prepare(store: Path, attempts: int, seconds: int) -> Load:
    """Make a store with the shipped quizzes and attempts to answer."""
    shutil.copytree(shipped_folder() / "quizzes", store / "quizzes")
    engine = open_engine(f"sqlite:///{store / 'var' / 'quizfunnel.sqlite3'}", pooled=False)
    runner.upgrade(engine)
    clock, signer = SystemClock(), Signer([KEY.encode()])
    live = Shelf(store / "quizzes", None, clock).live(QUIZ)
    if live is None:
        raise RuntimeError(f"the shipped quiz {QUIZ} cannot be served; run quizfunnel check")
    visitor = new_id()
    first = live.quiz.questions[0]
    if not isinstance(first, OneQuestion):
        raise TypeError("the benchmark answers a quiz that begins with a choice")
    value = f"answer={first.choices[0].id}"
    lines = []
    with writing(engine) as connection:
        guest = Guest(visitor, False, "shopper", "", True, "phone", "direct")
        collect.remember(connection, guest, at=clock.now())
        for _ in range(attempts):
            attempt = record.start(connection, live, Starter(visitor), at=clock.now())
            token = attention.issue(signer, clock, attempt=attempt, question=first.id, version=live.version)
            lines.append(f"{attempt} {first.id} {token} {value}\n")
    engine.dispose()
    jobs = store / "jobs.txt"
    jobs.write_text("".join(lines))
    return Load(jobs, f"qf_v={signer.sign(COOKIE, visitor)}", seconds)


def drive(server: Server, load: Load, *, share: str, script: str = "answer") -> Round:
    """Send answers for one round; raise RuntimeError when one of them was not taken."""
    before = server.cpu_seconds()
    lua = Path(__file__).with_name(f"{script}.lua")
    command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{load.seconds}s", "--latency", "-s", str(lua)]
    address = f"http://127.0.0.1:{server.port}/"
    done = subprocess.run(
        [*command, address, "--", str(load.jobs), str(STEPS), load.cookie, str(THREADS), share],
        capture_output=True,
        text=True,
        timeout=load.seconds + 30,
        check=False,
    )
    found = _LINE.search(done.stdout)
    if found is None:
        raise RuntimeError(f"wrk said nothing usable: {done.stdout[-500:]}{done.stderr[-500:]}")
    requests, micros, bad = (int(found.group(n)) for n in (1, 2, 3))
    if bad or not requests:
        raise RuntimeError(f"{bad} of {requests} answers were not 2xx: {done.stdout[-500:]}")
    cpu = server.cpu_seconds() - before
    return Round(requests / micros * 1e6, cpu / requests * 1e6, float(found.group(4)), float(found.group(5)), requests)


def check_workers(*servers: Server) -> None:
    """Raise RuntimeError where a worker is missing."""
    for server in servers:
        if server.workers() < 2:
            raise RuntimeError(f"only {server.workers()} workers live on port {server.port}, 2 were asked for")


def _count(database: Path) -> int:
    connection = sqlite3.connect(database)
    try:
        (count,) = connection.execute("SELECT count(*) FROM answer").fetchone()
    finally:
        connection.close()
    return int(count)


def spread(values: list[float]) -> dict[str, float]:
    """Return the median, the least and the greatest value."""
    return {
        "median": round(statistics.median(values), 3),
        "min": round(min(values), 3),
        "max": round(max(values), 3),
    }

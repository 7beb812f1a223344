"""Slow clients: what a page costs beside them, and what the bridge costs an answer, against granian's own WSGI.

The store is served twice, by the bridge as `quizfunnel serve` has it and by WSGI as it had it before, two workers each.
First both are driven with answers in rounds A B A B. Then clients of each slow kind are opened, ten pages are
asked for one after the other beside them, and the clients are waited for until the server has ended them.
"""

import argparse
import selectors
import shutil
import socket
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.answer import KEY, Series, check_workers, drive, prepare, spread
from benchmarks.server import Server, running

PAGES = 10
PAGE_SECONDS, END_SECONDS, READER_SECONDS = 2.0, 20.0, 60.0  # how long a page and an end are waited for
_HEAD = b"Host: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
_BODY = b"POST /t/00000000000000000000000000000000 HTTP/1.1\r\n" + _HEAD + b"Content-Length: 500\r\n\r\na"
_SERVERS = {"bridge": ("quizfunnel.serving.worker:worker", "asgi"), "wsgi": ("quizfunnel.app:worker", "wsgi")}


class Kind(NamedTuple):
    """Clients of one slow kind: how many, and what each sends before it sends no more."""

    name: str
    clients: int
    sent: bytes


READERS = Kind("readers of nothing", 64, b"GET /static/large.bin HTTP/1.1\r\n" + _HEAD + b"\r\n")
KINDS = (
    Kind("slow bodies", 64, _BODY),
    Kind("slow heads", 64, b"GET /q/coffee HTTP/1.1\r\nHost:"),
    Kind("idle connections", 300, b"GET /static/quiz.css HTTP/1.1\r\n" + _HEAD + b"\r\n"),
    READERS,
    Kind("more slow bodies", 1_300, _BODY),
)


def options(parser: argparse.ArgumentParser) -> None:
    """Add how often, and for how long, each server is driven with answers."""
    parser.add_argument("--rounds", type=int, default=5, help="how often each server is measured (5)")
    parser.add_argument("--seconds", type=int, default=4, help="how long each round lasts (4)")


def run(*, rounds: int = 5, seconds: int = 4, attempts: int = 24_000) -> dict[str, object]:
    """Measure and return every figure; raise RuntimeError when the run cannot be trusted."""
    if shutil.which("wrk") is None:
        raise RuntimeError("wrk is missing; install it (Debian: apt-get install wrk)")
    with ExitStack() as stack:
        loads, servers = {}, {}
        for name, (factory, interface) in _SERVERS.items():
            store = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            loads[name] = prepare(store, attempts, seconds)
            (store / "static").mkdir()
            (store / "static" / "large.bin").write_bytes(bytes(8_000_000))
            env = {"QUIZFUNNEL_STORE": str(store), "QUIZFUNNEL_SECRET_KEY": KEY, "QUIZFUNNEL_CONSENT": "off"}
            servers[name] = stack.enter_context(running(factory, env, first="/healthz", interface=interface))
        series = {name: Series() for name in servers}
        for number in range(rounds):
            for name, server in servers.items():
                series[name].rounds.append(drive(server, loads[name], share=f"{number}/{rounds}"))
        check_workers(*servers.values())
        beside = {kind.name: {name: _beside(server, kind) for name, server in servers.items()} for kind in KINDS}
    return {"answers": _answers(series), "pages": PAGES, "beside": beside}


def table(figures: dict[str, Any]) -> str:
    """Return the figures as lines of text."""
    answers = figures["answers"]
    lines = ["answer step at 16 connections, the bridge against WSGI (median, min to max)"]
    for key, label in (("cpu", "CPU a request"), ("rate", "requests a second"), ("p99", "p99")):
        found = answers[key]
        lines.append(f"  {label:<30} {found['median']:.2f}  ({found['min']:.2f} to {found['max']:.2f})")
    for name, each in answers["servers"].items():
        latency = f"p50 {each['p50_ms']:.2f} ms  p99 {each['p99_ms']:.2f} ms"
        lines.append(f"  {name:<8} {each['rate']:8.0f} requests/s  {each['cpu_us']:6.0f} us CPU  {latency}")
    lines.append(f"{figures['pages']} pages beside slow clients: answered, the slowest, when all clients were ended")
    for kind, each in figures["beside"].items():
        for name, found in each.items():
            slowest = f"{found['slowest_ms']:.0f} ms" if found["answered"] else "-"
            ended = f"{found['ended_s']:.1f} s" if found["ended_s"] is not None else "not in time"
            lines.append(f"  {kind:<20} {name:<8} {found['answered']:3}  {slowest:>9}  {ended}")
    return "\n".join(lines)


def _answers(series: dict[str, Series]) -> dict[str, object]:
    both = list(zip(series["bridge"].rounds, series["wsgi"].rounds, strict=True))
    return {
        "cpu": spread([a.cpu_us / b.cpu_us for a, b in both]),
        "rate": spread([a.rate / b.rate for a, b in both]),
        "p99": spread([a.p99_ms / b.p99_ms for a, b in both]),
        "servers": {
            name: {key: round(each.median(key), 2) for key in ("rate", "cpu_us", "p50_ms", "p99_ms")}
            for name, each in series.items()
        },
    }


def _beside(server: Server, kind: Kind) -> dict[str, float | None]:
    with ExitStack() as stack:
        opened = []
        begun = time.monotonic()
        for _ in range(kind.clients):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
            one.sendall(kind.sent)
            opened.append(one)
        times = [took for _ in range(PAGES) if (took := _page(server)) is not None]
        ended = _dropped(server, begun) if kind is READERS else _ended(opened, begun)
    return {"answered": len(times), "slowest_ms": round(max(times, default=0) * 1000, 1), "ended_s": ended}


def _page(server: Server) -> float | None:
    """Return the seconds that a page took; None where it did not come in time."""
    begun = time.monotonic()
    with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), PAGE_SECONDS) as one:
        one.sendall(b"GET /q/coffee HTTP/1.1\r\n" + _HEAD + b"Connection: close\r\n\r\n")
        if one.recv(65536).startswith(b"HTTP/1.1 200"):
            return time.monotonic() - begun
    return None


def _ended(opened: list[socket.socket], begun: float) -> float | None:
    """Return the seconds from the beginning until the last connection was ended; None where some were not in time."""
    left = len(opened)
    with selectors.DefaultSelector() as selector:
        for one in opened:
            selector.register(one, selectors.EVENT_READ)
        while left and (rest := begun + END_SECONDS - time.monotonic()) > 0:
            for key, _ in selector.select(rest):
                if not _more(key.fileobj):
                    selector.unregister(key.fileobj)
                    left -= 1
    return None if left else round(time.monotonic() - begun, 1)


def _dropped(server: Server, begun: float) -> float | None:
    """Return the seconds until the server's machine held none of the connections; who reads nothing is not told."""
    while (took := time.monotonic() - begun) < READER_SECONDS:
        if not _established(server.port):
            return round(took, 1)
        time.sleep(0.1)
    return None


def _established(port: int) -> int:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "01" for row in rows)


def _more(one: Any) -> bool:
    try:
        return bool(one.recv(65536))
    except OSError:
        return False

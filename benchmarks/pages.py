"""First question of a quiz as a phone gets it: bytes on the wire, bytes before the first paint, and when it is there.

The store is served by the product's own server; Chromium opens the question with nothing kept, over the link and with
the processor of a slow phone (Chrome's own throttling, by its DevTools protocol), then answers it. Content is counted
as it is sent (brotli), headers apart. Beside it stand the product before its files were compressed, and the published
embed of a peer, both as they were measured once and written down (docs/decisions).
"""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.answer import KEY
from benchmarks.server import Server, running
from quizfunnel.migrations import runner
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.engine import open_engine

BITS, LATENCY_MS, SLOWER = 400_000, 400, 4
BEFORE_BYTES, PEER_BYTES = 62_500, 12_200  # on the wire, without compression; brotli
TARGETS = {
    "content": 20_000,
    "before_paint": 3_000,
    "step": 700,
    "lcp_ms": 1_500.0,
    "ready_ms": 2_000.0,
    "cls": 0.0,
}
NAMES = {
    "content": "first question, content (bytes)",
    "wire": "the same with headers (bytes)",
    "requests": "requests",
    "before_paint": "content before first paint (bytes)",
    "step": "a step, content (bytes)",
    "fcp_ms": "first paint (ms)",
    "lcp_ms": "largest paint, LCP (ms)",
    "ready_ms": "scripts ready for input (ms)",
    "cls": "layout shift, CLS",
}
_AGENT = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile"
_CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
_WATCH = """
window.seen = { lcp: 0, cls: 0 };
new PerformanceObserver(list => { for (const each of list.getEntries()) seen.lcp = each.startTime })
  .observe({ type: 'largest-contentful-paint', buffered: true });
new PerformanceObserver(list => { for (const each of list.getEntries()) seen.cls += each.value })
  .observe({ type: 'layout-shift', buffered: true });
"""
_BLOCKING = """() => performance.getEntriesByType('resource')
  .filter(each => each.renderBlockingStatus === 'blocking').map(each => each.name)"""
_TIMES = """() => {
  const [page] = performance.getEntriesByType('navigation');
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  return { fcp_ms: paint.startTime, lcp_ms: seen.lcp, cls: seen.cls, ready_ms: page.domContentLoadedEventEnd };
}"""


class Transfer(NamedTuple):
    """One response: its address and kind, and the bytes of its head and its content."""

    url: str
    kind: str
    head: int
    content: int


class Wire:
    """Responses of a page as Chromium's network layer counts them."""

    def __init__(self, session: CDPSession) -> None:
        """Count from now on."""
        self._begun: dict[str, tuple[str, str, int]] = {}
        self.transfers: list[Transfer] = []
        session.on("Network.responseReceived", self._on_head)
        session.on("Network.loadingFinished", self._on_end)
        session.send("Network.enable")

    def _on_head(self, event: dict[str, Any]) -> None:
        response = event["response"]
        self._begun[event["requestId"]] = response["url"], event["type"], int(response["encodedDataLength"])

    def _on_end(self, event: dict[str, Any]) -> None:
        if begun := self._begun.pop(event["requestId"], None):
            url, kind, head = begun
            self.transfers.append(Transfer(url, kind, head, int(event["encodedDataLength"]) - head))


def options(parser: argparse.ArgumentParser) -> None:
    """Add how often the page is opened."""
    parser.add_argument("--rounds", type=int, default=5, help="how often the question is opened with nothing kept (5)")
    parser.add_argument("--quiz", default="coffee", help="of which shipped quiz (coffee)")
    parser.add_argument("--theme", default="", help="a ready theme to wear")


def run(*, rounds: int = 5, quiz: str = "coffee", theme: str = "") -> dict[str, object]:
    """Measure and return every figure; raise RuntimeError when a page did not come."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder)
        _make(store, theme)
        env = {"QUIZFUNNEL_STORE": str(store), "QUIZFUNNEL_SECRET_KEY": KEY, "QUIZFUNNEL_CONSENT": "off"}
        with running("quizfunnel.serving.worker:worker", env, first="/healthz") as server, _chromium() as browser:
            opened = [_open(browser, server, quiz) for _ in range(rounds)]
    figures: dict[str, object] = {
        name: {
            "median": statistics.median(each[name] for each in opened),
            "least": min(each[name] for each in opened),
            "greatest": max(each[name] for each in opened),
            "target": TARGETS.get(name),
        }
        for name in NAMES
    }
    return figures | {"files": opened[0]["files"]}


def table(figures: dict[str, Any]) -> str:
    """Return the figures beside their targets, and the files that the first question is made of."""
    lines = [
        "| first question, 400 kbit/s, 400 ms, processor x4 | median | least to greatest | target |",
        "|---|---|---|---|",
    ]
    for name, title in NAMES.items():
        row = figures[name]
        target = "" if row["target"] is None else f"<= {row['target']:g}"
        lines.append(f"| {title} | {row['median']:g} | {row['least']:g} to {row['greatest']:g} | {target} |")
    wire, content = figures["wire"]["median"], figures["content"]["median"]
    lines.append(f"| before, without compression, on the wire: {BEFORE_BYTES} | {wire / BEFORE_BYTES:.2f} of it | | |")
    lines.append(f"| a peer's published embed, brotli: {PEER_BYTES} | {content / PEER_BYTES:.2f} of it | | |")
    lines += ["", *(f"{content:>7} + {head:>4}  {kind:<10} {path}" for path, kind, head, content in figures["files"])]
    return "\n".join(lines)


def _make(store: Path, theme: str) -> None:
    shutil.copytree(shipped_folder() / "quizzes", store / "quizzes")
    if theme:
        (store / "quizfunnel.toml").write_text(f'[theme]\nname = "{theme}"\n', "utf-8")
    engine = open_engine(f"sqlite:///{store / 'var' / 'quizfunnel.sqlite3'}", pooled=False, making=True)
    runner.upgrade(engine)
    engine.dispose()


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=_CHROMIUM)
        try:
            yield browser
        finally:
            browser.close()


def _open(browser: Browser, server: Server, quiz: str) -> dict[str, Any]:
    """Open the first question with nothing kept but the attempt's cookie, and answer it."""
    origin = f"http://127.0.0.1:{server.port}"
    context = browser.new_context(user_agent=_AGENT, viewport={"width": 375, "height": 812}, has_touch=True)
    started = context.request.post(f"{origin}/q/{quiz}/start", headers={"Origin": origin}, max_redirects=0)
    question = started.headers.get("location", "")
    if not question:
        raise RuntimeError(f"/q/{quiz}/start answered {started.status}")
    context.add_init_script(_WATCH)
    page = context.new_page()
    session = context.new_cdp_session(page)
    wire = Wire(session)
    _slow_down(session)
    page.goto(f"{origin}{question}", wait_until="networkidle")
    times: dict[str, Any] = page.evaluate(_TIMES)
    held_up = set(page.evaluate(_BLOCKING))
    first, step = list(wire.transfers), _step(page, wire)
    after: dict[str, Any] = page.evaluate(_TIMES)
    context.close()
    blocking = [each for each in first if each.kind == "Document" or each.url in held_up]
    return times | {
        "cls": after["cls"],
        "content": sum(each.content for each in first),
        "wire": sum(each.head + each.content for each in first),
        "requests": len(first),
        "before_paint": sum(each.content for each in blocking),
        "step": step,
        "files": [(each.url.removeprefix(origin), each.kind, each.head, each.content) for each in first],
    }


def _slow_down(session: CDPSession) -> None:
    speed = BITS / 8
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY_MS, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _step(page: Page, wire: Wire) -> int:
    """Return the bytes of the next question's part, once it stands on the page."""
    was = page.locator("#step").get_attribute("data-question")
    page.locator('#step input[type="radio"], #step input[type="checkbox"]').first.check(force=True)
    page.locator("#step .nav .go").click()
    page.wait_for_function("was => document.querySelector('#step').dataset.question !== was", arg=was)
    page.wait_for_load_state("networkidle")
    part = next((each for each in wire.transfers if each.kind in ("XHR", "Fetch") and "/a/" in each.url), None)
    if part is None:
        raise RuntimeError("the next question came as a whole page, not as a part of one")
    return part.content

"""Make docs/worlds.md anew with its pictures: `python tools/draw_worlds.py`, from the checkout, with what tests need.

It plays the histories of `python -m benchmarks worlds`, fills a demo store a world, takes their pages in Chromium, and
writes docs/worlds.json, docs/worlds.md and docs/pictures/. One part alone: `--only figures`, `--only pictures`, or
`--only page`, which takes a second; the other parts stay as they are.
"""

import argparse
import base64
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import worlds  # noqa: E402 - a script finds the checkout first
from benchmarks.worlds import drawing, page, play, told  # noqa: E402
from quizfunnel.insight.intervals import Interval  # noqa: E402
from quizfunnel.insight.wording import interval, times  # noqa: E402

DOCS = ROOT / "docs"
KEPT, PICTURES = DOCS / "worlds.json", DOCS / "pictures"
SEED, VISITORS, PORT, WIDTH = 1, 20_000, 8_917, 800  # what `quizfunnel demo` fills by itself
COLOURS = 256  # of a small PNG
CHROMIUM = "/usr/bin/chromium"
SHOWN = """() => {
  document.querySelector('main').style.padding = '20px';
  const keep = new Set([...document.querySelectorAll('main > h1, main > p.source')]);
  for (const name of ['verdict', 'who']) keep.add(document.getElementById(name).closest('section'));
  for (const each of document.querySelectorAll('main > *, body > *:not(main)')) if (!keep.has(each)) each.remove();
  for (const section of document.querySelectorAll('main > section')) {
    let beyond = false;
    for (const each of [...section.children]) {
      if (beyond || (section.querySelector('#verdict') && each.tagName === 'H3')) beyond = true;
      if (beyond) each.remove();
      if (each.tagName === 'P' && section.querySelector('#who')) beyond = true;
    }
  }
}"""

PIXELS = """async png => {
  const picture = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
  canvas.drawImage(picture, 0, 0);
  return [picture.width, picture.height, [...canvas.getImageData(0, 0, picture.width, picture.height).data]];
}"""


def main() -> None:
    """Make what is asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("figures", "pictures", "page"), help="this part alone")
    parser.add_argument(
        "--stores", type=Path, help="where the demo stores are kept, to be filled once (a scratch folder)"
    )
    asked = parser.parse_args()
    kept: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    if asked.only in (None, "figures"):
        kept["figures"] = worlds.run(seeds=worlds.SEEDS, visitors=worlds.VISITORS)
    if asked.only in (None, "pictures"):
        with tempfile.TemporaryDirectory() as scratch:
            kept["pictures"] = pictures(asked.stores or Path(scratch))
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    write(kept)


def write(kept: Mapping[str, Any]) -> None:
    """Write the page and the drawing from what is kept."""
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / "worlds.svg").write_text(drawing.as_svg(kept["figures"]), "utf-8")
    (DOCS / "worlds.md").write_text(page.as_markdown(kept, play.held_out(kept["figures"]["quiz"])), "utf-8")


def pictures(stores: Path) -> dict[str, Any]:
    """Take the page of one store a world; return what each of them says."""
    found = {}
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        path = CHROMIUM if Path(CHROMIUM).exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for name in told.SAYS:
            with served(stores / name, name) as address:
                take(browser, f"{address}?data=simulated", PICTURES / f"world-{name}.png")
                with urlopen(f"{address}.json?data=simulated") as answer:  # noqa: S310 - our own server
                    found[name] = quoted(json.load(answer))
        browser.close()
    return {"seed": SEED, "visitors": VISITORS, "taken": f"{datetime.now(UTC):%Y-%m-%d}", "worlds": found}


@contextmanager
def served(store: Path, name: str) -> Iterator[str]:
    """Fill a demo store where it is not filled yet, and serve it; give the address of the page."""
    store.mkdir(parents=True, exist_ok=True)
    asked = ["--visitors", str(VISITORS), "--seed", str(SEED), "--world", name]
    command = [sys.executable, "-m", "quizfunnel", "demo", *asked]
    env = os.environ | {"QUIZFUNNEL_STORE": str(store)}
    subprocess.run([*command, "--no-serve"], env=env, check=True)  # noqa: S603 - this program itself
    server = subprocess.Popen([*command, "--port", str(PORT)], env=env, start_new_session=True)  # noqa: S603
    address = f"http://127.0.0.1:{PORT}/insight/coffee"
    try:
        wait(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def wait(address: str) -> None:
    """Wait until a page is there, at most a minute."""
    for _ in range(300):
        with suppress(URLError), urlopen(address):  # noqa: S310 - our own server
            return
        time.sleep(0.2)
    raise SystemExit(f"{address} does not answer")


def take(browser: Browser, address: str, path: Path) -> None:
    """Take a picture of what matters on the page: whose figures, the verdict and its range, and who takes the quiz."""
    tab = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
    tab.goto(address)
    tab.evaluate(SHOWN)
    png = base64.b64encode(tab.locator("main").screenshot()).decode()
    tab.goto("about:blank")
    width, height, pixels = tab.evaluate(PIXELS, png)
    tab.close()
    path.write_bytes(small(np.array(pixels, np.uint8).reshape(height, width, 4)[:, :, :3]))


def small(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return a picture [h, w, 3] as a PNG of at most 256 colours: the levels of each are thinned until it fits."""
    for levels in (64, 32, 16, 8, 6):
        step = 255 / (levels - 1)
        thinned = (np.round(np.round(pixels / step) * step)).astype(np.uint8)
        palette, places = np.unique(thinned.reshape(-1, 3), axis=0, return_inverse=True)
        if len(palette) <= COLOURS:
            break
    height, width, _ = pixels.shape
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter, none
    rows[:, 1:] = places.reshape(height, width)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


def quoted(data: Mapping[str, Any]) -> dict[str, str]:
    """Return what a page says, in its own words."""
    long = data["takers"]["long"][0]["ratio"]
    limits = Interval(long["estimate"], long["low"], long["high"])
    arms = {name: data["arms"][name] for name in ("invited", "holdout")}
    said = {name: f"{arm['buyers']:,} of {arm['visitors']:,} bought" for name, arm in arms.items()}
    return {"sentence": data["verdict"], "long": times(long["estimate"]), "limits": interval(limits, "times"), **said}


if __name__ == "__main__":
    main()

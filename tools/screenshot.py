"""Screenshots of a demo store: served, taken in Chromium, and kept as PNGs of few colours, which are small."""

import base64
import os
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Browser, sync_playwright

PROGRAM = (sys.executable, "-m", "quizfunnel")
CHROMIUM = "/usr/bin/chromium"
COLOURS = 256  # of a small PNG
PIXELS = """async png => {
  const picture = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
  canvas.drawImage(picture, 0, 0);
  const data = canvas.getImageData(0, 0, picture.width, picture.height).data;
  let text = '';  // by pieces: a call takes no million arguments; as text: a list of numbers takes minutes to hand over
  for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
  return [picture.width, picture.height, btoa(text)];
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give the system's Chromium where there is one, else Playwright's own."""
    with sync_playwright() as playwright:
        path = CHROMIUM if Path(CHROMIUM).exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def served(store: Path, command: Sequence[str], address: str) -> Iterator[str]:
    """Serve a demo store until the block ends; give the address once it answers."""
    server = subprocess.Popen([*PROGRAM, *command], env=environment(store), start_new_session=True)  # noqa: S603 - this program itself
    try:
        wait(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def environment(store: Path) -> dict[str, str]:
    """Return the environment of a store's commands."""
    return os.environ | {"QUIZFUNNEL_STORE": str(store)}


def wait(address: str) -> None:
    """Wait until a page is there, at most a minute."""
    for _ in range(300):
        with suppress(URLError), urlopen(address):  # noqa: S310 - our own server
            return
        time.sleep(0.2)
    raise SystemExit(f"{address} does not answer")


def small(browser: Browser, png: bytes) -> bytes:
    """Return a screenshot with a palette of at most 256 colours."""
    tab = browser.new_page()  # an empty page decodes it: no page's own policy stands in the way
    width, height, pixels = tab.evaluate(PIXELS, base64.b64encode(png).decode())
    tab.close()
    colours = np.frombuffer(base64.b64decode(pixels), np.uint8)
    return with_palette(colours.reshape(height, width, 4)[:, :, :3])


def with_palette(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return a picture [h, w, 3] as a PNG of its 256 most frequent colours: any other becomes the nearest of them."""
    colours, places, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-counts, kind="stable")[:COLOURS]]
    apart = ((colours[:, None, :].astype(int) - palette[None, :, :].astype(int)) ** 2).sum(axis=2)
    places = apart.argmin(axis=1)[places]
    height, width, _ = pixels.shape
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter, none
    rows[:, 1:] = places.reshape(height, width)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )

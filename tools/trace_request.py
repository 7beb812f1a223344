"""Trace of one answer and of one figure: `python tools/trace_request.py [COMMIT]`, else of the checkout.

It fills a demo store with simulated visitors in a scratch folder, takes a quiz and opens its results, and looks at the
second time that each is done, when files are read and statements compiled. Of what then runs it tells how many modules
of the package and in how many folders (*rooms*), and the *longest way*: the most modules that stand in one chain of
calls. `tools/layout.py` tells what could run; this tells what does.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))  # last: what is traced comes before

from tools.layout import PACKAGE, unpacked  # noqa: E402 - a script finds the checkout first

NEEDED = (PACKAGE, "templates", "static", "quizzes", "models")
QUIZ, VISITORS = "coffee", 1_000
TOKEN = re.compile(r'name="view" value="([^"]+)"')
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}  # as browsers say of their own forms
CHOICE = re.compile(r'name="answer"[^>]* value="([^"]+)"')


@dataclass
class Trace:
    """Modules that ran, and the longest chain of them in one stack of calls."""

    modules: set[str] = field(default_factory=set)
    longest: int = 0

    def __str__(self) -> str:
        """Tell it in a line."""
        rooms = {name.rpartition(".")[0] for name in self.modules}
        return f"{len(self.modules)} modules in {len(rooms)} rooms, the longest way {self.longest}"

    def call(self, frame: FrameType, event: str, _: Any) -> None:
        """Note a call."""
        if event == "call" and (name := _module(frame)):
            self.modules.add(name)
            self.longest = max(self.longest, len(_stack(frame)))


def _module(frame: FrameType) -> str:
    name = frame.f_globals.get("__name__", "")
    return name if name.startswith(f"{PACKAGE}.") else ""


def _stack(frame: FrameType | None) -> set[str]:
    names = set()
    while frame is not None:
        names.add(_module(frame))
        frame = frame.f_back
    return names - {""}


@contextmanager
def traced() -> Iterator[Trace]:
    """Trace what runs within the block."""
    trace = Trace()
    sys.setprofile(trace.call)
    try:
        yield trace
    finally:
        sys.setprofile(None)


def main() -> None:
    """Trace a commit or the checkout, each in a process of its own that imports it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit", nargs="?", help="a commit of this repository; without it the checkout as it is")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        run(Path.cwd())
        return
    with tempfile.TemporaryDirectory() as scratch:
        code, store = Path(scratch) / "code", Path(scratch) / "store"
        store.mkdir()
        code = unpacked(options.commit, code, *NEEDED) if options.commit else ROOT
        environment = os.environ | {"PYTHONPATH": str(code), "QUIZFUNNEL_STORE": str(store)}
        fill = [sys.executable, "-m", PACKAGE, "demo", "--no-serve", "--visitors", str(VISITORS)]
        for command in (fill, [sys.executable, __file__, "--here"]):
            subprocess.run(command, cwd=store, env=environment, check=True)  # noqa: S603 - this program itself


def run(store: Path) -> None:
    """Take a quiz of the demo store and open its results, and print both traces."""
    from quizfunnel.app import create_app
    from quizfunnel.settings import Settings

    os.environ["QUIZFUNNEL_STORE"] = str(store / "var" / "demo")
    app = create_app(Settings.load(), demo=True)
    sys.stdout.write(f"one answer: {_second_answer(app.test_client())}\n")
    client = app.test_client()
    _see(client, f"/insight/{QUIZ}?data=simulated")
    with traced() as trace:
        _see(client, f"/insight/{QUIZ}?data=simulated")
    sys.stdout.write(f"one figure: {trace}\n")


def _second_answer(client: Any) -> Trace:
    """Start a quiz and answer its first two questions; return what the second answer runs through."""
    address = client.post(f"/q/{QUIZ}/start", headers=SAME_SITE).headers["Location"]
    address = client.post(address, data=_filled(_see(client, address)), headers=SAME_SITE).headers["Location"]
    form = _filled(_see(client, address))
    with traced() as trace:
        client.post(address, data=form, headers=SAME_SITE)
    return trace


def _filled(page: str) -> dict[str, str]:
    """Return the form on a question's page with its first choice."""
    return {"view": TOKEN.findall(page)[0], "answer": CHOICE.findall(page)[0]}


def _see(client: Any, address: str) -> str:
    """Open a page as a browser that is no crawler."""
    browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    answer = client.get(address, headers=browser, follow_redirects=True)
    if answer.status_code != HTTPStatus.OK:
        raise SystemExit(f"{address}: {answer.status}")
    return str(answer.get_data(as_text=True))


if __name__ == "__main__":
    main()

"""Make docs/worlds.md anew with its pictures: `python tools/draw_worlds.py`, from the checkout, with what tests need.

It plays the histories of `python -m benchmarks worlds`, fills a demo store a world with the same shop's quiz, takes
their pages in Chromium, and writes docs/worlds.json, docs/worlds.md and docs/pictures/. One part alone:
`--only figures`, `--only pictures`, or `--only page`, which takes a second; the other parts stay as they are.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.studies import worlds  # noqa: E402 - a script finds the checkout first
from benchmarks.studies.worlds import drawing, page, quizzes, summary  # noqa: E402
from tools.screenshot import PROGRAM, chromium, environment, served, small  # noqa: E402

DOCS = ROOT / "docs"
KEPT, PICTURES = DOCS / "worlds.json", DOCS / "pictures"
SEED, PORT, WIDTH = 1, 8_917, 800
VISITORS = 150_000  # fixed beforehand: with so many the planner sees each effect; the page says from what
SHOWN = """() => {
  document.querySelector('main').style.padding = '20px';
  document.querySelector('main > p.source a')?.remove();
  const keep = new Set([...document.querySelectorAll('main > h1, main > p.source')]);
  for (const name of ['verdict', 'who']) keep.add(document.getElementById(name).closest('section'));
  for (const each of document.querySelectorAll('main > *, body > *:not(main)')) if (!keep.has(each)) each.remove();
  const [verdict, who] = ['verdict', 'who'].map(name => [...document.getElementById(name).closest('section').children]);
  for (const each of verdict.slice(verdict.findIndex(each => each.tagName === 'H3'))) each.remove();
  const claim = who.findIndex(each => each.tagName === 'P');
  for (const each of [...who.slice(3, claim), ...who.slice(claim + 1)]) each.remove();
}"""

SAID = """() => {
  const text = each => each.innerText.replace(/\\s+/g, ' ').trim();
  const verdict = document.querySelector('p.verdict');
  const rows = [...document.querySelectorAll('main tbody tr')].map(row => [...row.children].map(text));
  const ratio = label => rows.find(([name]) => name === label)[3];
  return {
    kind: verdict.closest('section').className,
    sentence: text(verdict),
    arms: text(verdict.nextElementSibling),
    finished: ratio('Finished'),
    long: ratio('Finished, 3+ minutes'),
  };
}"""


def main() -> None:
    """Make what is asked for, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("figures", "pictures", "page"), help="this part alone")
    parser.add_argument(
        "--stores", type=Path, help="where the demo stores are kept, to be filled once (a scratch folder)"
    )
    parser.add_argument(
        "--figures", type=Path, help="what `python -m benchmarks worlds --json` wrote, not to play again"
    )
    asked = parser.parse_args()
    kept: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    if asked.only in (None, "figures"):
        kept["figures"] = json.loads(asked.figures.read_text("utf-8")) if asked.figures else _played()
    if asked.only in (None, "pictures"):
        with tempfile.TemporaryDirectory() as scratch:
            kept["pictures"] = pictures(asked.stores or Path(scratch))
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    write(kept)


def _played() -> dict[str, Any]:
    return worlds.run(seeds=worlds.SEEDS, visitors=worlds.VISITORS)


def write(kept: Mapping[str, Any]) -> None:
    """Write the page and the drawing from what is kept."""
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / "worlds.svg").write_text(drawing.as_svg(kept["figures"]), "utf-8")
    (DOCS / "worlds.md").write_text(page.as_markdown(kept), "utf-8")


def pictures(stores: Path) -> dict[str, Any]:
    """Take the page of one store a world; return what each of them says."""
    found = {}
    PICTURES.mkdir(exist_ok=True)
    with ThreadPoolExecutor(worlds.PROCESSES) as pool:
        list(pool.map(filled, [stores / name for name in summary.SAYS], summary.SAYS))
    address = f"http://127.0.0.1:{PORT}/insight/{worlds.QUIZ}"
    with chromium() as browser:
        for name in summary.SAYS:
            with served(stores / name, [*demo(name), "--port", str(PORT)], address):
                found[name] = take(browser, f"{address}?data=simulated", PICTURES / f"world-{name}.png")
    return {"seed": SEED, "visitors": VISITORS, "taken": f"{datetime.now(UTC):%Y-%m-%d}", "worlds": found}


def filled(store: Path, name: str) -> None:
    """Fill a demo store where it is not filled yet, its only quiz the copy with half held out, and count it."""
    own = store / "var" / "demo"
    if not (own / "quizzes").exists():
        (own / "quizzes").mkdir(parents=True)
        quizzes.write_half(own / "quizzes", worlds.QUIZ)
    subprocess.run([*PROGRAM, *demo(name), "--no-serve"], env=environment(store), check=True)  # noqa: S603 - this program itself
    subprocess.run([*PROGRAM, "rollup"], env=environment(own), check=True)  # noqa: S603


def demo(name: str) -> list[str]:
    """Return the command of a world's demo."""
    return ["demo", "--visitors", str(VISITORS), "--seed", str(SEED), "--world", name]


def take(browser: Browser, address: str, path: Path) -> dict[str, str]:
    """Take a picture of what matters on the page: whose figures, the verdict and its range, and who takes the quiz.

    Return what it says, in its own words.
    """
    tab = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
    tab.goto(address)
    tab.evaluate(SHOWN)
    said: dict[str, str] = tab.evaluate(SAID)
    path.write_bytes(small(browser, tab.locator("main").screenshot()))
    tab.close()
    return said


if __name__ == "__main__":
    main()

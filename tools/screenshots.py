"""Make a page of screenshots: every state of the shopper's pages, at several widths, in both schemes and any language.

Run it from the checkout with what tests need: `python tools/screenshots.py FOLDER`; open FOLDER/index.html and look. It
is no test: it shows what only a person can judge.
"""

import argparse
import html
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.screenshot import chromium, served  # noqa: E402 - a script finds the checkout first

PORT = 8_920
WIDTHS = {"320": (320, 640), "375": (375, 812), "landscape": (812, 375), "768": (768, 1024), "1280": (1280, 800)}
SCHEMES = ("light", "dark")
# Headless Chromium says that it is one, and a crawler sees no quiz.
PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
LANDMARK = "main"
STYLE = (
    "body{font:14px system-ui;margin:1rem}div{display:flex;gap:1rem;overflow-x:auto;align-items:start}"
    "figure{margin:0}img{height:420px;border:1px solid #999}"
)


class Looks(NamedTuple):
    """What the pages are looked at by: names of `WIDTHS`, schemes, languages."""

    widths: list[str]
    schemes: list[str]
    languages: list[str]


class Shot(NamedTuple):
    """One picture: the state it shows, and how it was looked at."""

    state: str
    width: str
    scheme: str
    language: str

    @property
    def file(self) -> str:
        """Return the picture's file name."""
        return f"{self.state}-{self.width}-{self.scheme}-{self.language}.png".replace(" ", "_")


class Walk:
    """A shopper's walk through all states in one browser: each is taken at every width."""

    def __init__(self, tab: Page, folder: Path, base: str, looks: Looks) -> None:
        """Take the tab, the folder for the pictures and the address of the store."""
        self.tab, self.base = tab, base
        self.shots: list[Shot] = []
        self._folder, self._widths = folder, looks.widths
        self._scheme, self._language = looks.schemes[0], looks.languages[0]

    def open(self, path: str) -> None:
        """Open an address of the store, in the language of this walk."""
        mark = "&" if "?" in path else "?"
        self.tab.goto(f"{self.base}{path}" + ("" if self._language == "en" else f"{mark}lang={self._language}"))

    def take(self, state: str) -> None:
        """Take a state at every width, as far as its page goes down."""
        for width in self._widths:
            across, down = WIDTHS[width]
            self.tab.set_viewport_size({"width": across, "height": down})
            shot = Shot(state, width, self._scheme, self._language)
            self.tab.screenshot(path=self._folder / shot.file, full_page=True)
            self.shots.append(shot)

    def press(self, selector: str, *, then: str = LANDMARK) -> None:
        """Press a button or follow a link, and wait for what comes."""
        self.tab.locator(selector).first.click()
        self.tab.wait_for_load_state()
        self.tab.locator(then).wait_for()


def shopper(walk: Walk) -> None:
    """Walk through a quiz and all that follows from it."""
    walk.open("/q/coffee")
    walk.take("promise")
    walk.press("form[action*='/start'] button")
    walk.take("question one")
    walk.tab.locator("label", has=walk.tab.locator("input")).nth(1).click()
    walk.take("question one, chosen")
    walk.tab.reload()
    walk.press(".nav .go", then="#e")
    walk.take("question one, refused")
    questions(walk)
    walk.take("offer")
    offer_states(walk)


def questions(walk: Walk, *, dear: bool = True) -> None:
    """Answer by the first choice and the largest (or smallest) number, and take kinds that were not seen yet."""
    seen = {"radio"}
    while walk.tab.locator(".nav").count():
        kind = "number" if walk.tab.locator("[type=number]").count() else _kind(walk.tab)
        if kind not in seen:
            walk.take(f"question {kind}")
        answer(walk.tab, dear=dear)
        if kind not in seen:
            walk.take(f"question {kind}, chosen")
        seen.add(kind)
        go_on(walk.tab)
    walk.tab.wait_for_load_state()


def answer(tab: Page, *, dear: bool) -> None:
    """Give the first answer there is, or the largest number (the smallest where it shall not be dear)."""
    number = tab.locator("[type=number]")
    if number.count():
        number.fill(number.get_attribute("max" if dear else "min") or "")
    elif not tab.locator("main :checked").count():
        tab.locator("main input[type=radio], main input[type=checkbox]").first.check(force=True)


def go_on(tab: Page) -> None:
    """Press Next, and wait until another step is there."""
    question = tab.locator("main").get_attribute("data-question")
    tab.locator(".nav .go").click()
    tab.locator(f"main:not([data-question='{question}'])").wait_for()


def offer_states(walk: Walk) -> None:
    """Take what follows from an offer: what differs, the next, the shared result, also on paper, and what is kept."""
    result = walk.tab.locator("[data-copy]").get_attribute("href") or ""
    mine = walk.tab.locator("a[href^='/mine/']").get_attribute("href") or ""
    walk.press(".differences summary", then=".differences table")
    walk.take("offer, compared")
    walk.press("form[action*='/none'] button", then="#next")
    walk.take("offer, the next")
    walk.open(result)
    walk.take("shared result")
    walk.tab.emulate_media(media="print")
    walk.take("shared result, printed")
    walk.tab.emulate_media(media="screen")
    walk.open(mine)
    walk.take("mine")
    walk.press("form[action^='/mine/'] .go", then="#e")
    walk.take("mine, refused")
    walk.open("/q/coffee")
    walk.take("promise, finished")
    walk.open("/q/nothing")
    walk.take("message")


def pictures(walk: Walk) -> None:
    """Take a question whose choices have pictures, and one that may be skipped."""
    walk.open("/q/skin-care")
    walk.press("form[action*='/start'] button")
    walk.take("question with pictures")
    walk.tab.keyboard.press("Tab")
    walk.tab.keyboard.press("Tab")
    walk.tab.keyboard.press("2")
    walk.take("question with pictures, by keyboard")
    go_on(walk.tab)
    walk.open("/q/skin-care")
    walk.take("promise, begun")
    walk.press(".doors a")
    while not walk.tab.locator("[name=skip]").count():
        answer(walk.tab, dear=True)
        go_on(walk.tab)
    walk.take("question that may be skipped")
    questions(walk)
    walk.take("offer, skin care")


def landing(walk: Walk) -> None:
    """Take the demo's landing page and its shop."""
    walk.open("/")
    walk.take("landing")
    shop = walk.tab.locator("a[href*='/shop']").first.get_attribute("href") or ""
    base, walk.base = walk.base, shop.removesuffix("/shop")
    for state, path in (("shop", "/shop"), ("shelf", "/shop/coffee"), ("product", "/shop/coffee/night-ferry-beans")):
        walk.open(path)
        walk.take(state)
    walk.press("form .go")
    walk.take("basket")
    walk.press("a.go")
    walk.take("checkout")
    walk.base = base


WALKS: tuple[Callable[[Walk], None], ...] = (shopper, pictures, landing)


def walked(browser: Browser, folder: Path, base: str, looks: Looks) -> Iterator[Shot]:
    """Yield every picture after it is taken."""
    for scheme in looks.schemes:
        for language in looks.languages:
            for walk in WALKS:
                options: dict[str, Any] = {"color_scheme": scheme, "user_agent": PERSON, "reduced_motion": "reduce"}
                context = browser.new_context(locale=language, **options)
                steps = Walk(context.new_page(), folder, base, looks._replace(schemes=[scheme], languages=[language]))
                walk(steps)
                context.close()
                yield from steps.shots


def _kind(tab: Page) -> str:
    return tab.locator("main input[type=radio], main input[type=checkbox]").first.get_attribute("type") or ""


def page_of(shots: list[Shot]) -> str:
    """Return the page that shows the pictures: a row a state, at every width, in each scheme and language."""
    rows = []
    for state in dict.fromkeys(shot.state for shot in shots):
        pictures = "".join(
            f'<figure><a href="{shot.file}"><img src="{shot.file}" alt="" loading="lazy"></a>'
            f"<figcaption>{shot.width}, {shot.scheme}, {shot.language}</figcaption></figure>"
            for shot in shots
            if shot.state == state
        )
        rows.append(f"<h2>{html.escape(state)}</h2><div>{pictures}</div>")
    return f"<!doctype html><meta charset=utf-8><title>Screenshots</title><style>{STYLE}</style>{''.join(rows)}"


def main() -> None:
    """Serve a demo store, or take one that is served, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--base", help="the address of a demo store that is served already")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--widths", nargs="+", default=list(WIDTHS), choices=WIDTHS)
    parser.add_argument("--schemes", nargs="+", default=list(SCHEMES), choices=SCHEMES)
    parser.add_argument("--languages", nargs="+", default=["en"])
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    looks = Looks(options.widths, options.schemes, options.languages)
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        own = f"http://127.0.0.1:{options.port}"
        command = ["demo", "--visitors", "0", "--port", str(options.port)]
        with nullcontext() if options.base else served(Path(scratch), command, f"{own}/q/coffee"):
            shots = list(walked(browser, options.folder, options.base or own, looks))
    (options.folder / "index.html").write_text(page_of(shots), "utf-8")
    print(f"{len(shots)} pictures: {options.folder / 'index.html'}")  # noqa: T201 - a tool says what it did


if __name__ == "__main__":
    main()

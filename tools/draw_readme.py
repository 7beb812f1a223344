"""Take README's three pictures anew: `python tools/draw_readme.py`, from the checkout, with what tests need.

It fills a demo store with simulated visitors, serves it, takes its page of results, then a quiz on a phone: its first
question and the offer that follows from the first choices.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.screenshot import PROGRAM, chromium, environment, served, small  # noqa: E402 - a script finds the checkout first

PICTURES = ROOT / "docs" / "pictures"
PORT, QUIZ, RESULTS = 8_918, "skin-care", "coffee"
PHONE = {"width": 375, "height": 812}
DESK = {"width": 720, "height": 1000}
# Headless Chromium says that it is one, and a crawler sees no quiz.
PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


def main() -> None:
    """Fill a store, serve it, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, help="where the demo store is kept, to be filled once (a scratch folder)")
    parser.add_argument("--port", type=int, default=PORT)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        store = options.store or Path(scratch)
        subprocess.run([*PROGRAM, "demo", "--no-serve"], env=environment(store), check=True)  # noqa: S603 - this program itself
        base = f"http://127.0.0.1:{options.port}"
        command = ["demo", "--visitors", "0", "--port", str(options.port)]
        with served(store, command, f"{base}/healthz"), chromium() as browser:
            results(browser, base)  # first: the shopper of the other pictures is counted as a real visitor
            quiz(browser, base)


def results(browser: Browser, base: str) -> None:
    """Take the top of the analyst's page."""
    tab = browser.new_page(viewport=DESK, color_scheme="light", device_scale_factor=1.5)
    tab.goto(f"{base}/insight/{RESULTS}?data=simulated")
    keep(browser, tab, "results")


def quiz(browser: Browser, base: str) -> None:
    """Take a quiz on a phone by its first choices: a picture of its first question, one of the offer."""
    tab = browser.new_page(
        viewport=PHONE, color_scheme="light", device_scale_factor=2, is_mobile=True, user_agent=PERSON
    )
    tab.goto(f"{base}/q/{QUIZ}")
    press(tab, "Start")
    choose(tab)
    keep(browser, tab, "question")
    while not tab.url.endswith("/offer"):
        choose(tab)
        press(tab, "Next")
    tab.wait_for_load_state("networkidle")
    keep(browser, tab, "offer")


def choose(tab: Page) -> None:
    """Give the first answer there is, or the largest number."""
    choices = tab.locator("main input[type=radio], main input[type=checkbox]")
    if choices.count():
        choices.first.check()
    else:
        number = tab.locator("main input[type=number]")
        number.fill(number.get_attribute("max") or "")


def press(tab: Page, name: str) -> None:
    """Press a button, and wait for where it leads."""
    before = tab.url
    tab.get_by_role("button", name=name).click()
    tab.wait_for_url(lambda url: url != before)


def keep(browser: Browser, tab: Page, name: str) -> None:
    """Write what a tab shows as one of docs/pictures/."""
    (PICTURES / f"{name}.png").write_bytes(small(browser, tab.screenshot()))


if __name__ == "__main__":
    main()

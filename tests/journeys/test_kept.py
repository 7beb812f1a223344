"""A result in a real browser: compared and chosen from on a narrow phone, shared by its sheet, and put on paper."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from quizfunnel.i18n.words import words_in
from quizfunnel.offer.facts.differences import ComparedRow, DifferenceTable
from quizfunnel.offer.facts.price import PriceTag
from quizfunnel.offer.facts.stars import Stars
from quizfunnel.offer.facts.variants import VariantChoice, VariantPicker
from quizfunnel.offer.pages import Card, ResultPage
from quizfunnel.offer.preview import Preview
from quizfunnel.web import environment
from quizfunnel.web.render import render_text
from tests.journeys.accessibility import violations

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
HERE = "http://quiz.test/r/token"
WITHOUT = "navigator.share = undefined"
SHEET = "navigator.share = (what) => { window.shared = what.url; return Promise.resolve(); }"
REFUSED = "navigator.share = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
CLIPBOARD = (
    "Object.defineProperty(navigator, 'clipboard', "
    "{ value: { writeText: (text) => { window.copied = text; return Promise.resolve(); } } })"
)
SIZES = tuple(
    VariantChoice(title, PriceTag(price, "GBP", was, "£46.00/kg"), f"/go/x/bag?variant={title[0]}")
    for title, price, was in (("250 g", 1150, 1400), ("1 kg", 4000, None))
)
BAG = Card(
    title="Harbour Blend",
    image="",
    price=1150,
    currency="GBP",
    url="/go/x/bag",
    reasons=("For espresso",),
    unit_price="£46.00/kg",
    is_from=True,
    stars=Stars("4.6 (128)", "Rated 4.6 out of 5 in 128 ratings"),
    picker=VariantPicker("pick-bag", "250 g or 1 kg", "Size", SIZES, adds=False),
)
TIN = Card("Night Ferry, the darkest", "", 1200, "GBP", "/go/x/tin", reasons=("Dark",), was=1500)
ROWS = (ComparedRow("Price", ("from £11.50", "£12.00", "£9.00")), ComparedRow("Rating", ("4.6 (128)", "", "4 (9)")))
PAGE = ResultPage(
    lang="en",
    title="Find your coffee",
    headline="Your coffees",
    promised=3,
    cards=(BAG, TIN, TIN._replace(title="Lamplight", was=None)),
    varied=0.1,
    all_url="/shop",
    all_label="See all products",
    quiz_url="/q/coffee",
    copy_url="/r/token",
    result_address=HERE,
    preview=Preview(HERE, "http://quiz.test", "Harbour Blend"),
    differences=DifferenceTable(("Harbour Blend", "Night Ferry, the darkest", "Lamplight"), ROWS),
)

Open = Callable[[str], Page]


@pytest.fixture
def opened(browser: Browser) -> Open:
    """Give the way to the result on a narrow phone, in which a script has run before the page's own."""
    app = Flask("kept", static_folder=None)
    environment.install(app, (ROOT,))
    with app.test_request_context():
        body = render_text("shopper/result.html", PAGE)

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix("http://quiz.test").partition("?")[0]
        if (ROOT / path.removeprefix("/")).is_file():
            route.fulfill(path=ROOT / path.removeprefix("/"))
        else:
            route.fulfill(body=body, content_type="text/html; charset=utf-8")

    def open_page(script: str) -> Page:
        page = browser.new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce").new_page()
        page.add_init_script(script)
        page.route("**/*", answer)
        page.goto(HERE)
        return page

    return open_page


def test_a_result_is_shared_by_the_sheet_or_copied(opened: Open) -> None:
    """The link says which; what may not be shared, as in a frame, is copied; without either it is a link."""
    sheet = opened(f"{SHEET}; {CLIPBOARD}")
    sheet.get_by_role("link", name="Share this result").click()
    assert sheet.evaluate("window.shared") == HERE
    for script in (f"{REFUSED}; {CLIPBOARD}", f"{WITHOUT}; {CLIPBOARD}"):
        page = opened(script)
        page.locator("[data-copy]").click()
        expect(page.get_by_role("status")).to_have_text("Link copied")
        assert page.evaluate("window.copied") == HERE
    plain = opened(WITHOUT)
    expect(plain.get_by_role("link", name="Copy a link to this result")).to_have_attribute("href", "/r/token")


def test_products_are_compared_and_chosen_from_on_a_narrow_phone_and_on_paper(opened: Open) -> None:
    """Nothing is cut off or breaks a rule of accessibility; paper has prices, sizes and the address, and no button."""
    page = opened(WITHOUT)
    page.get_by_text("250 g or 1 kg").click()
    page.get_by_text("Compare them side by side").click()
    chosen = page.get_by_role("link", name=f"1 kg {words_in('en').money(4000, 'GBP')}")
    expect(chosen).to_have_attribute("href", "/go/x/bag?variant=1")
    expect(page.get_by_role("table", name="How these products differ")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert violations(page) == []
    page.reload()
    page.emulate_media(media="print")
    for shown in (chosen, page.get_by_text(f"This result is kept at {HERE}"), page.get_by_role("table")):
        expect(shown).to_be_visible()
    for button in (page.locator("summary"), page.locator("button"), page.get_by_text("See all products")):
        assert not any(one.is_visible() for one in button.all())

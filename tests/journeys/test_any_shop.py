"""The snippet in a real browser, on another program's pages: arms, one visitor, consent, and whatever blocks it."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import select

from quizfunnel.journey.tables import Attempt
from quizfunnel.orders.tables import Order
from quizfunnel.store.types import columns
from quizfunnel.visit.identity import read_cart_token
from quizfunnel.visit.tables import PageView, RevokedToken, Visitor, VisitorEvent
from tests.cast import COFFEE
from tests.journeys.shopfront import AGREED, CROSS, SAME, Shopfront, ShopTab, opened
from tests.servers import wait_for
from tests.shop.checkout import SOURCES, paid
from tests.shop.rows import arms, counted, many, read
from tests.stores import empty_database

pytestmark = pytest.mark.browser

CONTEXTS = 40
KEPT = "localStorage.qf && localStorage.qf.length > 40"


@pytest.fixture(scope="module")
def serving(databases: Any, tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Shopfront]:
    """Serve the shop and its store for all of these tests."""
    folder = tmp_path_factory.mktemp("shopfront")
    with empty_database(databases, folder) as url, opened(url, folder / "store", browser) as front:
        yield front


@pytest.fixture
def front(serving: Shopfront) -> Iterator[Shopfront]:
    """Give the shop, with no browser in it and nothing of its own on its pages."""
    yield serving
    assert serving.close() == []


def visitor(front: Shopfront, token: str) -> str | None:
    """Return the visitor that a token names."""
    return read_cart_token(front.app.extensions["quizfunnel"].signer, token)


def bought(front: Shopfront, carts: list[str]) -> Counter[str]:
    """Check every cart out, on each platform in turn, and return the arms of the visitors whom the orders name."""
    for number, token in enumerate(carts):
        hook = paid(sorted(SOURCES)[number % len(SOURCES)], number, token, at=datetime.now(UTC))
        answer = front.app.test_client().post(hook.path, data=hook.body, headers=hook.headers)
        assert (answer.status_code, answer.json) == (200, {"message": "received"})
    drawn, order = arms(front.app), columns(Order)
    return Counter(drawn[row[0]] for row in read(front.app, select(order.visitor_id)) if row[0])


def test_arms_are_fair_and_the_token_is_in_every_cart_and_order(front: Shopfront) -> None:
    """Forty browsers, near and far: each in one arm, every cart with its token, one request a view, nothing moves.

    Each buys, on one of the platforms: in both arms there are as many attributed orders as visitors.
    """
    carts: list[str] = []
    drawn: Counter[str] = Counter()
    before = set(arms(front.app))
    for number in range(CONTEXTS):
        tab = front.at((SAME, CROSS)[number % 2], head=AGREED).open()
        token = tab.carries(lambda text: visitor(front, text))
        arm = arms(front.app)[visitor(front, token) or ""]
        assert tab.invited == (arm == "invited")
        assert len(tab.posts("/s")) == 1
        assert tab.page.evaluate("window.shifted || 0") == 0
        drawn[arm] += 1
        carts.append(token)
        assert front.close() == []
    assert len(set(arms(front.app)) - before) == CONTEXTS
    assert drawn.total() == CONTEXTS
    assert 5 <= drawn["holdout"] <= 35  # beyond it lies one of a million such sets
    assert bought(front, carts) == drawn


@pytest.mark.parametrize("host", [SAME, CROSS])
def test_a_browser_is_one_visitor(front: Shopfront, host: str) -> None:
    """Over pages and views, whatever they are; each ends with a beacon that says how long it was seen."""
    tab = front.at(host, head=AGREED).open("/tea").open("/coffee").open("/coffee/house").open("/tea")
    assert len(tab.posts("/s")) == 4
    view, named = columns(PageView), visitor(front, tab.kept.split(" ")[0])
    seen = select(view.path, view.visible_ms).where(view.visitor_id == named).order_by(view.at)

    def ended() -> list[str] | None:  # a beacon is on its way when its page has gone
        views = read(front.app, seen)
        return [path for path, _ in views] if [ms is not None for _, ms in views] == [True] * 3 + [False] else None

    assert wait_for(ended, "a view has no end") == ["/tea", "/coffee", "/coffee/house", "/tea"]
    assert tab.page.evaluate("Object.keys(window).filter((name) => /^qf|quizfunnel/i.test(name))") == ["qf"]


@pytest.mark.parametrize("host", [SAME, CROSS])
def test_whoever_is_invited_takes_the_quiz_as_the_same_visitor(front: Shopfront, host: str) -> None:
    """By the cookie of the same site, or handed over to another, where the address shows nothing of it."""
    tab, ask = invited(front, host), COFFEE["questions"][0]["ask"]  # type: ignore[index]
    tab.page.click(".qf-button")
    tab.page.wait_for_url(f"http://{host}:{front.quiz_port}/q/coffee")
    tab.page.get_by_role("button", name="Start").click()
    expect(tab.page.locator("h1")).to_have_text(ask)
    latest = select(columns(Attempt).visitor_id).order_by(columns(Attempt).started_at.desc()).limit(1)
    assert read(front.app, latest) == [(visitor(front, tab_token(tab, front)),)]
    shown = tab.page.evaluate("dataLayer")
    assert shown == [{"event": "select_content", "content_type": "quiz_question", "content_id": "brew"}]


@pytest.mark.parametrize("head", [AGREED, ""], ids=["agreed", "not-asked"])
def test_the_offer_is_a_list_to_the_shops_analytics(front: Shopfront, head: str) -> None:
    """By ids and names, without answers, and of nobody who has not agreed."""
    tab = front.at(SAME, head=head).open()
    tab.page.goto(f"http://{SAME}:{front.quiz_port}/q/coffee")
    tab.page.get_by_role("button", name="Start").click()
    while not tab.page.url.partition("?")[0].endswith("/offer"):
        step = tab.page.url
        if tab.page.locator("[name=answer][type=number]").count():
            tab.page.locator("[name=answer][type=number]").fill("4" if "strength" in step else "20")
        else:
            tab.page.locator("[name=answer], [name=none]").first.check(force=True)
        tab.page.get_by_role("button", name="Next").click()
        expect(tab.page).not_to_have_url(step)
    names = tab.page.locator(".card h3").all_inner_texts()
    told = tab.page.evaluate("window.dataLayer || []")
    assert [each["event"] for each in told] == (["view_item_list"] if head else [])
    assert not told or [item["item_name"] for item in told[0]["ecommerce"]["items"]] == names


def invited(front: Shopfront, host: str) -> ShopTab:
    """Return a browser that was invited; every second one is."""
    for _ in range(30):
        tab = front.at(host, head=AGREED).open()
        if tab.invited:
            return tab
    raise AssertionError("thirty browsers in a row were held out")


def tab_token(tab: ShopTab, front: Shopfront) -> str:
    """Return the token that the shop's storage has."""
    other = tab.context.new_page()
    other.goto(f"http://shop.localhost:{front.port}/about")
    return str(other.evaluate("localStorage.qf")).split(" ")[0]


def test_without_consent_nothing_is_kept_and_no_cookie_travels(front: Shopfront) -> None:
    """Late it counts from then on; before, a count of the day is all. Only true is a yes, "no" a mere word."""
    rows, views = many(front.app, Visitor, PageView), counted(front.app)
    tab = front.at().open()
    assert not tab.invited
    assert tab.kept == ""
    assert [each["name"] for each in tab.context.cookies()] == ["cart"]
    assert "cookie" not in tab.posts("/s")[0].all_headers()
    assert many(front.app, Visitor, PageView) == rows
    assert counted(front.app)["view_no_consent"] == views.get("view_no_consent", 0) + 1
    tab.run('var heard = []; document.addEventListener("qf:consent", (event) => heard.push(event.detail))')
    tab.run('for (let word of ["no", "false", "granted", 1]) qf.push(["consent", word])')
    assert tab.page.evaluate("heard") == [False]
    tab.run('qf.push(["consent", true])')
    assert tab.carries(lambda text: visitor(front, text))
    assert counted(front.app)["view_consented_later"] == views.get("view_consented_later", 0) + 1
    assert len(tab.posts("/s")) == 2


def test_a_withdrawn_consent_reaches_cart_storage_and_server(front: Shopfront) -> None:
    """At once; and no invitation stays, though its room does."""
    tab = invited(front, CROSS)
    before = len(read(front.app, select(columns(RevokedToken).digest)))
    height = tab.page.locator("[data-qf]").bounding_box()
    tab.run('qf.push(["consent", false])', until="!localStorage.qf")
    assert tab.carries(lambda text: text == "") == ""
    assert len(read(front.app, select(columns(RevokedToken).digest))) == before + 1
    assert not tab.invited
    assert tab.page.locator("[data-qf]").bounding_box() == height
    assert tab.page.evaluate("window.shifted || 0") == 0


def test_a_no_on_the_quizs_own_pages_reaches_the_cart_of_another_site(front: Shopfront) -> None:
    """With the next view: the token leaves the cart, and the no is kept in its place."""
    tab = invited(front, CROSS)
    tab.page.click(".qf-button")
    tab.page.wait_for_url(f"http://{CROSS}:{front.quiz_port}/q/coffee")
    tab.page.evaluate("fetch('/consent', {method: 'POST', body: new URLSearchParams({choice: 'no'})})")
    tab.open(until='localStorage.qf == "no"')
    assert tab.carries(lambda text: text == "") == ""
    assert not tab.open().invited
    assert tab.kept == "no"


BANNERS = {
    "shopify": (
        """window.Shopify = {customerPrivacy: {analyticsProcessingAllowed: () => false,
        currentVisitorConsent: () => ({analytics: ""})}}""",
        """document.dispatchEvent(new CustomEvent("visitorConsentCollected", {detail: {analyticsAllowed: %s}}))""",
    ),
    "wordpress": (
        "window.wp_has_consent = () => false",
        """document.dispatchEvent(new CustomEvent("wp_listen_for_consent_change",
        {detail: {statistics: %s ? "allow" : "deny"}}))""",
    ),
    "tcf": (
        """window.__tcfapi = (command, version, then) => { window.tell = then;
        then({eventStatus: "cmpuishown", gdprApplies: true}); }""",
        """tell({eventStatus: "useractioncomplete", gdprApplies: true, purpose: {consents: {1: %s, 8: %s}}})""",
    ),
    "google": (
        """window.dataLayer = []; window.gtag = function () { dataLayer.push(arguments); };
        gtag("consent", "default", {analytics_storage: "denied"})""",
        """gtag("consent", "update", {analytics_storage: %s ? "granted" : "denied"})""",
    ),
}


@pytest.mark.parametrize("adapter", BANNERS)
def test_a_banner_is_heard(front: Shopfront, adapter: str) -> None:
    """Nobody enters before its yes, whoever says yes does at once, and a later no takes it back."""
    stub, says = BANNERS[adapter]
    tab = front.at(head=f"<script>{stub}</script>")
    tab.context.route("**/qf.js", lambda route: served_as(route, front.variant(consent_adapter=adapter)))
    tab.open()
    assert tab.kept == ""
    tab.run(says.replace("%s", "true"), until=KEPT)
    assert visitor(front, tab.kept.split(" ")[0])
    tab.run(says.replace("%s", "false"), until="!localStorage.qf")


def served_as(route: Route, script: bytes) -> None:
    """Answer with a script."""
    route.fulfill(body=script, content_type="text/javascript")


def test_our_own_question_has_two_equal_ways_out(front: Shopfront) -> None:
    """Reached first by keyboard, in the page's language, asked of nobody twice, and of everybody before a draw."""
    tab = front.at(viewport={"width": 375, "height": 700})
    tab.context.route("**/qf.js", lambda route: served_as(route, front.variant(consent_banner=True)))
    tab.open()
    assert tab.kept == ""
    no, yes = tab.page.locator(".qf-choice").all()
    sizes: list[Any] = [choice.bounding_box() for choice in (no, yes)]
    assert sizes[0]["width"] == sizes[1]["width"]
    assert sizes[0]["height"] == sizes[1]["height"] >= 44
    assert tab.page.evaluate("window.shifted || 0") == 0
    for wanted in (no, yes):
        tab.page.keyboard.press("Tab")
        expect(wanted).to_be_focused()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_function(KEPT)
    expect(tab.page.locator(".qf-banner")).to_have_count(0)
    tab.open()
    assert tab.page.locator(".qf-banner").count() == 0
    assert len(tab.posts("/s")) == 3
    refusing = front.at()
    refusing.context.route("**/qf.js", lambda route: served_as(route, front.variant(consent_banner=True)))
    refusing.open().page.locator(".qf-choice").first.click()
    assert refusing.open().page.locator(".qf-banner").count() == 0
    assert refusing.kept == ""


def test_our_own_question_is_in_the_language_of_the_page(front: Shopfront) -> None:
    """Also where its code has three letters, the first two of which are another language's."""
    words = {code: {"text": f"{code}?", "yes": "1", "no": "0", "notice": "2"} for code in ("fi", "fil")}
    banner: dict[str, Any] = {"consent_banner": True, "banner_words": words}
    tab = front.at()
    front.shop.lang = "fil-PH"
    tab.context.route("**/qf.js", lambda route: served_as(route, front.variant(**banner)))
    tab.context.route("**/qf-banner.js", lambda route: served_as(route, front.variant("banner", **banner)))
    asked = tab.open(until="document.querySelector('.qf-banner')").page.locator(".qf-banner")
    expect(asked).to_have_attribute("lang", "fil")
    expect(asked).to_contain_text("fil?")


def test_a_browser_that_says_no_is_asked_nothing(front: Shopfront) -> None:
    """Global Privacy Control stands above the banner's yes."""
    tab = front.at(
        head='<script>Object.defineProperty(navigator, "globalPrivacyControl", {value: true})</script>' + AGREED
    )
    rows = many(front.app, Visitor)
    assert tab.open().kept == ""
    assert many(front.app, Visitor) == rows


def test_events_are_kept_once_with_their_visitor(front: Shopfront) -> None:
    """Those of before the answer too; only listed names travel."""
    calls = 'qf.push(["event", "basket", {id: "a1", value: 12.5, currency: "EUR"}]); qf.push(["event", "secret"]);'
    tab = front.at(head=f"{AGREED}<script>{calls}</script>").open()
    with tab.page.expect_response("**/s/event"):
        tab.run('qf.push(["event", "basket", {id: "a1", value: 12.5, currency: "EUR"}])')
    event = columns(VisitorEvent)
    of_visitor = event.visitor_id == visitor(front, tab.kept.split(" ")[0])
    assert read(front.app, select(event.name, event.value_minor, event.currency).where(of_visitor)) == [
        ("basket", 1250, "EUR")
    ]
    assert len(tab.posts("/s/event")) == 2


def test_a_new_cart_gets_the_token_too(front: Shopfront) -> None:
    """Whatever adds to a cart, and a form's line has it as a spare."""
    tab = front.at(head=AGREED).open()
    tab.carries(lambda text: visitor(front, text))
    tab.cart.clear()
    tab.run('fetch("/cart/add.js", {method: "POST", body: "{}"})')
    assert tab.carries(lambda text: visitor(front, text))
    tab.page.click("text=Add")
    added = next(iter(reversed(front.shop.carts[cart_id(tab)]["items"])))
    assert visitor(front, added["properties[_qf_visitor]"])


def cart_id(tab: ShopTab) -> str:
    """Return the id of a browser's cart."""
    return next(each["value"] for each in tab.context.cookies() if each["name"] == "cart")


def test_a_page_that_changes_without_loading_is_a_view_of_its_own(front: Shopfront) -> None:
    """Told by the page; nobody is counted as having agreed later than they did."""
    tab = front.at(head=AGREED).open("/tea")
    before = counted(front.app).get("view_consented_later", 0)
    with tab.page.expect_response("**/s"):
        tab.run("history.pushState({}, '', '/coffee'); qf.push(['view'])")
    view, named = columns(PageView), visitor(front, tab.kept.split(" ")[0])
    seen = select(view.path).where(view.visitor_id == named).order_by(view.at)
    assert [row[0] for row in read(front.app, seen)] == ["/tea", "/coffee"]
    assert counted(front.app).get("view_consented_later", 0) == before


def test_a_view_that_another_one_replaces_ends_with_its_own_time(front: Shopfront) -> None:
    """Told as soon as the page says that it changed; the next one begins at nothing."""
    tab = front.at(head=AGREED)
    tab.page.clock.install()
    tab.open("/tea")
    for seconds in (50, 20):
        tab.page.clock.fast_forward(seconds * 1000)
        with tab.page.expect_response("**/s/end"), tab.page.expect_response("**/s"):
            tab.run("qf.push(['view'])")
    view, named = columns(PageView), visitor(front, tab.kept.split(" ")[0])
    times = select(view.visible_ms).where(view.visitor_id == named).order_by(view.at)
    first, second, last = (row[0] for row in read(front.app, times))
    assert 20_000 <= second < 50_000 <= first
    assert last is None


def test_a_shop_draws_its_own_invitation(front: Shopfront) -> None:
    """By the event, which it stops; ours is not drawn."""
    own = '<script>addEventListener("qf:invite", (e) => { window.mine = e.detail; e.preventDefault(); })</script>'
    for _ in range(30):
        tab = front.at(head=AGREED + own).open()
        shown = tab.page.evaluate("window.mine")
        assert not tab.invited
        if shown:
            assert shown["button"] == "Help me choose"
            return
    raise AssertionError("thirty browsers in a row were held out")


GARBAGE = ("<!doctype html>", "null", '{"token": {}, "view": 3, "invite": "x"}')


def block(tab: ShopTab, how: str) -> None:
    """Block the snippet of a tab in one of the ways in which browsers and servers do."""
    front, context = tab.front, tab.context
    if how == "script":
        context.route("**/qf.js", lambda route: route.abort())
    elif how == "call":
        context.route("**/s", lambda route: route.abort())
    elif how == "policy":
        front.shop.csp = "default-src 'self' 'unsafe-inline' data:"
    elif how == "down":
        front.shop.quiz = f"http://{SAME}:9"
    elif how == "error":
        context.route("**/s", lambda route: route.fulfill(status=500, body=b"{}", headers=cors(front)))
    else:
        context.route("**/s", lambda route: route.fulfill(body=how, headers=cors(front)))


def cors(front: Shopfront) -> dict[str, str]:
    """Return the headers that let the shop's page read an answer."""
    origin = front.settings.shop.origins[0]
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}


@pytest.mark.parametrize("how", ["script", "call", "policy", "down", "error", *GARBAGE])
def test_whatever_blocks_it_leaves_the_page_alone(front: Shopfront, how: str) -> None:
    """No row, no invitation, no arm, no script that fails: the shop sells as if there were no snippet."""
    rows = many(front.app, Visitor, PageView)
    tab = front.at(head=AGREED)
    block(tab, how)
    tab.open(until="")
    assert not tab.invited
    assert many(front.app, Visitor, PageView) == rows
    assert tab.page.evaluate("window.shifted || 0") == 0
    assert visitor(front, str(tab.cart.get("qf_visitor", ""))) is None
    tab.page.click("text=Add")
    assert json.loads(tab.page.locator("body").inner_text())["items"]

"""Laws of the setup page: a step is ticked off by what was seen of real visitors, and else says what to do."""

import html
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import Engine, insert

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.orders.tables import Order
from quizfunnel.settings import InvitationSettings, Settings, SourceSettings
from quizfunnel.settings.shop import Shop
from quizfunnel.shop import counts
from quizfunnel.store.transaction import writing
from quizfunnel.visit.tables import Assignment, Visitor
from quizfunnel.web.staff.roles import ROLES
from tests.cast import NOON
from tests.orders import bodies
from tests.orders.ledger_rows import order
from tests.orders.signing import signed
from tests.staff import sign_in

TITLES = (
    "The catalogue is read",
    "A quiz is live",
    "The shop and its invitations are named",
    "The snippet was seen on the shop",
    "The invitation has its place",
    "Consent is heard",
    "An order carries the visitor's token",
    "An order has come",
    "A visitor was drawn in each arm",
)
Made = Callable[..., Flask]
ORIGINS = ("https://shop.example",)


def shown(app: Flask, role: str = "analyst") -> dict[str, tuple[bool, str]]:
    """Return each step of the page by its title: whether it is done, and its text."""
    page = sign_in(app.test_client(), role, role).get("/insight/setup").text
    steps = re.findall(r'<li class="(done|open)">\s*<h2><span[^>]*>.?</span> ([^<]+)<span(.*?)</li>', page, re.DOTALL)
    return {html.unescape(title): (state == "done", html.unescape(rest)) for state, title, rest in steps}


@pytest.fixture
def made(settings: Settings, clock: SetClock) -> Iterator[Made]:
    """Give the way to the application of the store with other settings."""
    apps: list[Flask] = []

    def make(**changes: Any) -> Flask:
        apps.append(create_app(settings.model_copy(update=changes), clock=clock, demo=False))
        return apps[-1]

    yield make
    for app in apps:
        app.extensions["quizfunnel"].engine.dispose()


@pytest.mark.parametrize("role", ROLES)
def test_it_works(app: Flask, role: str) -> None:
    """Every role of the staff sees it, nobody else does; the list of results leads there."""
    client = sign_in(app.test_client(), role, role)
    assert client.get("/insight/setup").status_code == 200
    assert 'href="/insight/setup"' in client.get("/insight").text
    assert app.test_client().get("/insight/setup").status_code != 200


def test_a_new_store_has_the_first_two_steps_done_and_is_told_the_others(made: Made) -> None:
    """In their order, each open one with what to do and the page that says how."""
    app = made(consent="ask", sources={})
    steps = shown(app)
    assert tuple(steps) == TITLES
    assert [done for done, _ in steps.values()] == [True, True, *[False] * 7]
    assert all("To do:" in text for done, text in steps.values() if not done)
    assert all('href="/insight/docs/' in text for _, text in steps.values())
    assert 'origins = ["https://shop.example"]' in steps[TITLES[2]][1]
    assert "/qf.js" in steps[TITLES[3]][1]
    assert "consent_adapter" in steps[TITLES[5]][1]
    assert "QUIZFUNNEL_SHOPIFY_SECRET" in steps[TITLES[7]][1]
    assert "spring of coffee: nobody is invited or held out yet" in steps[TITLES[8]][1]


def fill(engine: Engine, *, simulated: bool) -> None:
    """Keep what a shop that is wholly set up has seen."""
    with writing(engine) as connection:
        for number, arm in enumerate(("invited", "holdout")):
            visitor = f"{number:032x}"
            who = {"id": visitor, "first_seen": NOON, "kind": "shopper", "landing_page": "/products/mug"}
            connection.execute(insert(Visitor), who | {"simulated": simulated})
            drawn = {"quiz": "coffee", "experiment": "spring", "arm": arm, "holdout_share": 0.2, "window_days": 7}
            connection.execute(insert(Assignment), drawn | {"visitor_id": visitor, "t0": NOON + timedelta(days=number)})
        bought = order(1, NOON, visitor_id="0" * 32, order_number="#1001", test=True, simulated=simulated)
        connection.execute(insert(Order), bought)


def test_a_shop_that_was_seen_whole_has_every_step_done(made: Made, engine: Engine) -> None:
    """By which page, since when, by which order."""
    fill(engine, simulated=False)
    with writing(engine) as connection:
        counts.count_view(connection, "view", "coffee", at=NOON)
        counts.count_place(connection, "/products/*", has_place=True, at=NOON)
        for _ in range(2):
            counts.count_view(connection, "view_no_consent", "coffee", at=NOON)
        counts.count_view(connection, "view_consented_later", "coffee", at=NOON)  # of one that is counted already
    shop = Shop(origins=ORIGINS, consent_adapter="call", platform="shopify")
    invitations = {"/products/*": InvitationSettings(quiz="coffee")}
    steps = shown(made(consent="ask", shop=shop, invitations=invitations, sources={}))
    # no source has a secret here, though an order came by a file: nothing more will come by itself
    assert [title for title, (done, _) in steps.items() if not done] == ["An order has come"]
    assert "came in by /products/mug, on 2 March 2026, 12:00 UTC" in steps[TITLES[3]][1]
    assert "3 views of pages that invite" in steps[TITLES[3]][1]
    assert "/products/*: 1 view with a place for it, the last on 2 March 2026" in steps[TITLES[4]][1]
    assert "1 view with consent" in steps[TITLES[5]][1]
    assert "1 view without consent" in steps[TITLES[5]][1]
    assert "#1001 of shopify, placed on 2 March 2026, 12:00 UTC, a test" in steps[TITLES[6]][1]
    assert "invited since 2 March 2026, 12:00 UTC, held out since 3 March 2026" in steps[TITLES[8]][1]
    assert 'href="/insight/docs/shopify"' in steps[TITLES[3]][1]


def test_what_is_simulated_ticks_nothing_off(made: Made, engine: Engine) -> None:
    """A demo's history is of no shop."""
    fill(engine, simulated=True)
    steps = shown(made(consent="ask"))
    assert [title for title, (done, _) in steps.items() if done] == list(TITLES[:2])


def test_what_anybody_sends_to_another_platforms_hook_leads_nobody_to_its_page(made: Made) -> None:
    """The pages are those of the source that has a secret."""
    app = made(sources={"woocommerce": SourceSettings(secret=SecretStr("a secret of forty letters for every hook."))})
    assert app.test_client().post("/hooks/shopify", data=b"{}").status_code == 404
    steps = shown(app)
    assert "there is no secret for them here" in steps[TITLES[7]][1]
    assert 'href="/insight/docs/woocommerce"' in steps[TITLES[3]][1]


def test_files_with_faults_are_counted_once_each(made: Made, settings: Settings) -> None:
    """However much is wrong in one of them."""
    (settings.store / "quizzes" / "tea.yaml").write_text("title: Tea\nproduct: tea\nlanguage: 1\nextra: 2\n", "utf-8")
    app = made()
    with app.app_context():
        assert len(app.extensions["insight"].shelf.problems()) > 1
    done, text = shown(app)[TITLES[1]]
    assert done
    assert "quizfunnel check finds faults in 1 file<" in text


def test_an_invitation_to_a_quiz_that_is_not_live_is_told(made: Made) -> None:
    """By its page, so that whoever renamed the file finds it."""
    invitations = {"/tea/*": InvitationSettings(quiz="tea")}
    _, text = shown(made(shop=Shop(origins=ORIGINS), invitations=invitations))[TITLES[2]]
    assert "/tea/* invites to tea, which is not live" in text


def test_an_order_without_a_token_is_an_order(made: Made, engine: Engine) -> None:
    """The two are told apart: one is the web hook's, the other the snippet's."""
    with writing(engine) as connection:
        connection.execute(insert(Order), order(1, NOON))
    steps = shown(made())
    assert "1 of shopify" in steps[TITLES[7]][1]
    assert not steps[TITLES[6]][0]


def test_what_the_orders_check_says_is_said_here_too(app: Flask) -> None:
    """Each source that is set up, with what to click."""
    done, text = shown(app)[TITLES[7]]
    assert not done
    assert "shopify: waiting" in text
    assert "Send test notification" in text


def test_pages_without_a_place_for_their_invitation_are_told(made: Made, engine: Engine) -> None:
    """By their pattern and from the first view on: nobody is invited there, and nothing else would say so."""
    with writing(engine) as connection:
        counts.count_place(connection, "/tea*", has_place=False, at=NOON)
        counts.count_place(connection, "/mugs*", has_place=True, at=NOON)
        counts.count_place(connection, "/mugs*", has_place=False, at=NOON)
    invitations = {pattern: InvitationSettings(quiz="coffee", place="#hint") for pattern in ("/tea*", "/mugs*")}
    done, text = shown(made(shop=Shop(origins=ORIGINS), invitations=invitations))[TITLES[4]]
    assert not done
    assert "The last view of /tea* had no place" in text
    assert "nothing there fits #hint" in text
    assert "/mugs*: 1 view with a place" in text


def test_a_pattern_that_invites_no_more_ticks_nothing_off(made: Made, engine: Engine) -> None:
    """Its pages had a place; whether those that invite now have one is not known."""
    with writing(engine) as connection:
        counts.count_place(connection, "/mugs*", has_place=True, at=NOON)
    invitations = {"/tea*": InvitationSettings(quiz="coffee")}
    done, text = shown(made(shop=Shop(origins=ORIGINS), invitations=invitations))[TITLES[4]]
    assert not done
    assert "/mugs*" not in text
    assert "it isn't known whether it has a place" in text


def test_an_order_by_a_hook_ticks_its_step_off_whatever_was_refused_before(made: Made) -> None:
    """Who mends a wrong secret sees that it is done, beside what is still counted of that day."""
    app = made()
    assert app.test_client().post("/hooks/standard", data=b"{}").status_code == 401
    done, text = shown(app)[TITLES[7]]
    assert not done
    delivered = bodies.body()
    app.test_client().post("/hooks/standard", data=delivered, headers=signed(delivered, at=NOON))
    done, text = shown(app)[TITLES[7]]
    assert done
    assert "To do:" in text
    assert "nothing is left to do" in text


def test_pages_of_the_shop_at_another_address_are_told(made: Made) -> None:
    """`www.` makes another origin, whose views are refused; a stranger's are not counted, nor a listed one's."""
    app = made(shop=Shop(origins=ORIGINS))
    client = app.test_client()
    for origin in ("https://www.shop.example", "https://www.shop.example", "https://evil.example"):
        assert client.post("/s", json={"path": "/"}, headers={"Origin": origin}).status_code == 403
    done, text = shown(app)[TITLES[3]]
    assert not done
    assert "Pages of https://www.shop.example told of 2 views, the last on 2 March 2026, and were refused" in text
    assert "evil" not in text
    both = made(shop=Shop(origins=(*ORIGINS, "https://www.shop.example")))
    assert "refused" not in shown(both)[TITLES[3]][1]

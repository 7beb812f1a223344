"""Laws of recording: a page that only wants to be written down is shown while nothing can be written."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select

from quizfunnel.offer.tables import Click, OfferView
from quizfunnel.store.patience import WAIT_SECONDS
from quizfunnel.store.transaction import reading
from quizfunnel.visit.tables import PageView, Visitor
from tests.demo.visits import Passer, shop_of
from tests.journey.answers import ANSWERS
from tests.pages import Shopper, Tab
from tests.store.outages import locked, read_only, unreachable

Outage = Callable[[Engine], AbstractContextManager[None]]
either = pytest.mark.parametrize("outage", [locked, read_only])


def counts(engine: Engine) -> tuple[int, ...]:
    """Return how many views, clicks and visitors there are."""
    with reading(engine) as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (PageView, OfferView, Click, Visitor)
        )


@pytest.fixture
def own_engine(app: Flask) -> Engine:
    """Give the app's own engine."""
    engine: Engine = app.extensions["quizfunnel"].engine
    return engine


@either
def test_the_promise_is_shown_unrecorded(app: Flask, own_engine: Engine, outage: Outage) -> None:
    """A new visitor is not known then and gets no cookie; a returning one is offered to go on as always."""
    returning = Shopper(app)
    returning.answer(returning.start(), "espresso")
    before = counts(own_engine)
    new = Tab(app)
    with outage(own_engine):
        page, again = new.get("/q/coffee"), returning.get("/q/coffee")
    assert (page.status_code, again.status_code) == (200, 200)
    assert "Set-Cookie" not in page.headers
    assert "Go on" in again.text
    assert counts(own_engine) == before
    assert "Set-Cookie" in new.get("/q/coffee").headers


def test_the_promise_is_shown_where_nothing_can_be_read_either(app: Flask, own_engine: Engine) -> None:
    """It is the file's own; who began before is not known then, and a start is refused in its own words."""
    returning = Shopper(app)
    returning.answer(returning.start(), "espresso")
    with unreachable(own_engine):
        pages = [returning.get("/q/coffee"), Tab(app).get("/q/coffee")]
        refused = returning.post("/q/coffee/start")
    assert [(page.status_code, ">Start <" in page.text) for page in pages] == [(200, True)] * 2
    assert not any("Set-Cookie" in page.headers for page in pages)
    assert (refused.status_code, "Send again" in refused.text) == (503, True)
    assert "Go on" in returning.get("/q/coffee").text


@either
def test_the_offer_is_shown_and_clicked_unrecorded(app: Flask, own_engine: Engine, outage: Outage) -> None:
    """The same page as before, and each of its ways leads to the product, without a click's token."""
    shopper = Shopper(app)
    offer = shopper.finish(ANSWERS)
    usual = shopper.get(offer)
    before = counts(own_engine)
    with outage(own_engine):
        page = shopper.get(offer)
        click = shopper.get(f"/go/{urlsplit(offer).path.split('/')[2]}/dark-bean")
    assert (page.status_code, page.text) == (200, usual.text)
    assert (click.status_code, click.location) == (303, "/shop/p/dark-bean")
    assert counts(own_engine) == before


@either
def test_what_must_be_kept_is_refused(app: Flask, own_engine: Engine, outage: Outage) -> None:
    """A start and an answer are not pretended: 503 with Retry-After, in words."""
    shopper = Shopper(app)
    address = shopper.start()
    shopper.get(address)
    with outage(own_engine):
        refused = [shopper.answer(address, "espresso"), Shopper(app).post("/q/coffee/start")]
    assert [each.status_code for each in refused] == [503, 503]
    assert all("Retry-After" in each.headers for each in refused)


def test_nobody_waits_long_for_what_is_written_down(app: Flask, own_engine: Engine) -> None:
    """A page waits half a second for its record, not the two that an answer waits."""
    with locked(own_engine):
        begun = time.monotonic()
        Tab(app).get("/q/coffee")
        waited = time.monotonic() - begun
    assert waited < WAIT_SECONDS


@either
def test_a_shop_page_invites_nobody_whose_arm_it_cannot_keep(demo: Flask, tmp_path: Path, outage: Outage) -> None:
    """Everybody sees the shop; an invitation without an arm would be no experiment."""
    passer = Passer(demo, shop_of(demo, tmp_path))
    with outage(demo.extensions["quizfunnel"].engine):
        assert passer.look("/shop/coffee") is None
    assert passer.token == ""
    assert passer.quiz.get_cookie("qf_v") is None

"""A no that comes after a yes is kept on the server: baskets hold a visitor's token for long."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.kit.clock import SetClock
from quizfunnel.privacy import forget
from quizfunnel.privacy.forget import Keeper
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.erasure import ErasureKey
from quizfunnel.visit.tables import Visitor
from quizfunnel.visit.withdrawal import withdrawn_at
from tests.cast import NOON
from tests.pages import Shopper


@pytest.fixture
def shopper(app: Flask) -> Shopper:
    """Give a shopper who has seen a quiz's first page and is remembered."""
    shopper = Shopper(app)
    shopper.get("/q/coffee")
    return shopper


def visitors(app: Flask) -> list[str]:
    """Return every visitor's id."""
    with reading(app.extensions["quizfunnel"].engine) as connection:
        return list(connection.execute(select(columns(Visitor).id)).scalars())


def withdrawn(app: Flask, visitor: str) -> object:
    """Return since when a visitor's consent is withdrawn."""
    with reading(app.extensions["quizfunnel"].engine) as connection:
        return withdrawn_at(connection, visitor)


def test_a_no_takes_the_token_back(app: Flask, shopper: Shopper, clock: SetClock) -> None:
    """From that moment on; a second no changes nothing, and who says yes again is somebody new."""
    (visitor,) = visitors(app)
    assert withdrawn(app, visitor) is None
    cookie = shopper.client.get_cookie("qf_v")
    assert cookie is not None
    shopper.post("/consent", {"choice": "no"})
    assert withdrawn(app, visitor) == NOON
    clock.advance(60)
    shopper.client.set_cookie("qf_v", cookie.value)
    shopper.post("/consent", {"choice": "no"})
    assert withdrawn(app, visitor) == NOON
    shopper.post("/consent", {"choice": "yes"})
    shopper.get("/q/coffee")
    assert len(visitors(app)) == 2


def test_a_yes_and_a_no_of_a_stranger_take_nothing_back(app: Flask, shopper: Shopper) -> None:
    """Only a cookie that we signed says whose token it is."""
    shopper.post("/consent", {"choice": "yes"})
    stranger = Shopper(app)
    stranger.client.set_cookie("qf_v", f"{visitors(app)[0]}.AAAAAAAAAAAAAAAAAAAAAA")
    stranger.post("/consent", {"choice": "no"})
    assert withdrawn(app, visitors(app)[0]) is None


def test_a_browser_that_begins_to_say_no_takes_the_token_back(app: Flask, shopper: Shopper, clock: SetClock) -> None:
    """Global Privacy Control on the next page is a withdrawal, once."""
    shopper.headers["Sec-GPC"] = "1"
    shopper.get("/q/coffee")
    clock.advance(60)
    shopper.get("/q/coffee")
    assert withdrawn(app, visitors(app)[0]) == NOON


def test_a_browser_that_brings_an_erased_identity_is_somebody_new(app: Flask, shopper: Shopper) -> None:
    """Its old id is never written again: the next page gives it another, by which the quiz works."""
    w = app.extensions["quizfunnel"]
    (before,) = visitors(app)
    folder: Path = w.settings.erasures_folder
    forget.forget_visitor(Keeper(w.engine, ErasureKey(folder)), before, now=NOON, by="test")
    assert visitors(app) == []
    shopper.get(shopper.start())
    (after,) = visitors(app)
    assert after != before

"""Laws of a door's figures: visitors of each arm count from their view of it on, with what they bought."""

from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.identity import cart_token
from quizfunnel.visit.tables import Assignment
from tests.journey.doors import compared, seen
from tests.orders.bodies import body
from tests.orders.signing import signed
from tests.pages import Tab
from tests.staff import sign_in

DAY = 86400
_a = columns(Assignment)


@pytest.fixture
def app(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give the store whose comparison `shorter` is open."""
    app = compared(settings, clock)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


def buy(app: Flask, clock: SetClock, number: int, visitor: str) -> None:
    """Let the shop's hook tell of a visitor's order."""
    order = {"order_id": str(number), "placed_at": clock.now().isoformat(), "updated_at": clock.now().isoformat()}
    sent = body(**order, visitor_token=cart_token(app.extensions["quizfunnel"].signer, visitor))
    headers = signed(sent, at=clock.now(), delivery=f"msg_{number}")
    assert app.test_client().post("/hooks/standard", data=sent, headers=headers).status_code == 200


def test_the_results_count_who_came_by_the_door(app: Flask, clock: SetClock) -> None:
    """Everybody who saw it, from that view on and once it is a week old, with what they bought by the cart's token."""
    shown = Counter(seen(Tab(app)) for _ in range(12))
    with reading(app.extensions["quizfunnel"].engine) as connection:
        drawn = connection.execute(select(_a.visitor_id, _a.arm).order_by(_a.arm)).all()
    clock.advance(DAY)
    buyers = [visitor for visitor, arm in drawn if arm == "second"] + [drawn[0].visitor_id]
    for number, visitor in enumerate(buyers):
        buy(app, clock, number, visitor)
    clock.advance(7 * DAY)
    assert seen(Tab(app)) in ("coffee", "short")  # who is not a week old yet
    client = sign_in(app.test_client())
    figures = client.get("/insight/experiments/shorter.json").get_json()
    counted = {
        arm: (figures["arms"][arm]["visitors"], figures["arms"][arm]["buyers"]) for arm in ("invited", "holdout")
    }
    assert counted == {"invited": (shown["short"], shown["short"]), "holdout": (shown["coffee"], 1)}
    assert (figures["waiting"]["visitors"], figures["health"]["contaminated"]) == (1, 0)
    page = client.get("/insight/experiments/shorter").text
    assert "visitors of /c/shorter or of pages that invite to coffee or short" in page

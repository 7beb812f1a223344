"""Laws of every request, to any address: an answer below 500 in plain words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizfunnel.kit.clock import SetClock
from tests.cast import NOON
from tests.postgres import PostgresDatabases
from tests.stores import demo_app, empty_database, store_settings
from tests.web.requests import Sent, Visited, requests

LOCAL = (("host", "localhost"), ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Firefox/130.0"))
_quick = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def shop(databases: PostgresDatabases | Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visited]:
    """Give the demo store, which has every route, with shoppers in it: these requests take nothing away from them."""
    folder = tmp_path_factory.mktemp("shop")
    with (
        empty_database(databases, folder) as url,
        demo_app(store_settings(folder, url), SetClock(NOON), folder / "demo") as app,
    ):
        yield Visited(app)


def test_every_room_has_a_route(shop: Visited) -> None:
    """Quiz, offer, click, shared result, consent, beacon, hooks, demo, staff, files, health, counters, each known."""
    rooms = {rule.split("/")[1] for rule, _ in shop.routes}
    shoppers = {"", "a", "c", "consent", "go", "mine", "q", "r", "see-as", "t"}
    of_a_shop = {"qf.js", "qf-<part>.js", "s"}
    assert rooms == shoppers | of_a_shop | {"healthz", "hooks", "insight", "metrics", "readyz", "staff", "static"}
    arguments = {piece.partition(">")[0] for rule, _ in shop.routes for piece in rule.split("<")[1:]}
    assert arguments <= set(shop.known)


@pytest.fixture
def any_shop(demo: Flask) -> Visited:
    """Give such a store to requests that may do anything to it."""
    return Visited(demo)


@pytest.mark.thorough
@_quick
@given(data=st.data())
def test_no_request_is_an_error_of_ours(any_shop: Visited, data: st.DataObject) -> None:
    """Any route, method, headers, form or bytes, by a shopper on the way, by one with an offer, by nobody."""
    sent = data.draw(requests(any_shop))
    response = any_shop.answer(sent)
    assert response.status < 500, sent
    assert b"Traceback" not in (response.body if isinstance(response.body, bytes) else b"")


@pytest.mark.parametrize("origin", ["http://[", "https://[::1", "http://shop:port", "http://shop:99999", "\x00", "é"])
def test_an_origin_that_is_none_is_refused(shop: Visited, origin: str) -> None:
    """A write with an Origin that cannot be read comes from elsewhere."""
    sent = Sent("POST", "/q/coffee/start", headers=(*LOCAL, ("origin", origin)))
    assert shop.answer(sent).status == 403


@pytest.mark.parametrize("name", ["a" * 256, "a/" * 2100, "é" * 200, "\ufffd", "a\0b"])
def test_a_file_whose_name_no_disk_takes_is_not_there(shop: Visited, name: str) -> None:
    """Longer than 255 bytes, or no name at all: 404 as any other file that is not there."""
    assert shop.answer(Sent("GET", f"/static/{name}", headers=LOCAL)).status == 404


@pytest.mark.parametrize("question", ['"\\ud800"', '"\\u0000"', '"brew\\udfff"', "1", "[]"])
def test_a_beacon_of_no_question_is_taken_and_forgotten(shop: Visited, question: str) -> None:
    """A lone surrogate is valid JSON and no text; nobody waits for the answer, which is 204 whatever was sent."""
    attempt = shop.known["attempt"][0]
    body = f'{{"view": "{shop.view}", "question": {question}, "a30": 1, "a10": 1, "seq": 1}}'.encode()
    headers = (*LOCAL, ("cookie", shop.cookies[1]), ("content-length", str(len(body))))
    assert shop.answer(Sent("POST", f"/t/{attempt}", headers=headers, body=body)).status == 204


def test_a_nul_is_no_text_that_a_database_keeps(shop: Visited) -> None:
    """PostgreSQL takes none in a text: a reason without it is kept, a name with it is of nothing."""
    body = b"why=too%00dear"
    headers = (*LOCAL, ("cookie", shop.cookies[2]), ("sec-fetch-site", "same-origin"))
    form = (("content-type", "application/x-www-form-urlencoded"), ("content-length", str(len(body))))
    attempt = shop.known["attempt"][1]
    sent = Sent("POST", f"/a/{attempt}/offer/none", headers=(*headers, *form), body=body)
    assert shop.answer(sent).status == 303
    for path in ("/insight/experiments/a\0b", "/insight/a\0b.csv", "/q/a\0b", "/go/a\0b/c", "/shop/thanks/D\0"):
        assert shop.answer(Sent("GET", path, headers=LOCAL)).status in (403, 404)

"""Laws of /metrics: whom it opens for, what it counts, and that nobody's data is in it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import Engine

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import DatabaseAway
from quizfunnel.web.monitoring import scrape
from quizfunnel.web.staff import roles
from tests.pages import Shopper
from tests.staff import sign_in

OLD, NEW = "an-old-token-of-prometheus", "a-new-token-of-prometheus"


@pytest.fixture
def watched(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give the application of a store whose counters two tokens open."""
    tokens = {"metrics_token": SecretStr(f"{NEW},{OLD}")}
    app = create_app(settings.model_copy(update=tokens), clock=clock, demo=False)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


def scraped(app: Flask, **headers: str) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return every value of /metrics, by its name and labels."""
    sent = {"Authorization": f"Bearer {NEW}"} | headers
    answer = app.test_client().get("/metrics", headers=sent)
    assert answer.status_code == 200, answer.text
    families = text_string_to_metric_families(answer.text)
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def value(figures: Mapping[Any, float], name: str, **labels: str) -> float:
    """Return one value, 0 where there is none."""
    return figures.get((f"quizfunnel_{name}", frozenset(labels.items())), 0)


def test_each_token_opens(watched: Flask) -> None:
    """The new one and the old one, so that a token can be changed without a gap."""
    for token in (OLD, NEW):
        assert scraped(watched, Authorization=f"Bearer {token}")


@pytest.mark.parametrize("sent", ["Bearer wrong", f"Basic {NEW}", "Bearer", f"Bearer {NEW},{OLD}", "Bearer \u00e9"])
def test_another_token_opens_nothing(watched: Flask, sent: str) -> None:
    """It is told in a line what is wanted, without a value."""
    answer = watched.test_client().get("/metrics", headers={"Authorization": sent})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="metrics"')
    assert "QUIZFUNNEL_METRICS_TOKEN" in answer.text
    assert OLD not in answer.text


def test_without_a_token_staff_alone_see_it(app: Flask) -> None:
    """A stranger is asked who they are, an admin sees it, an empty token is none."""
    assert app.test_client().get("/metrics").status_code == 403
    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401
    client = sign_in(app.test_client(), "ana", roles.ADMIN)
    answer = client.get("/metrics")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert "quizfunnel_info" in answer.text


def test_a_machine_is_asked_by_its_address(watched: Flask) -> None:
    """With several machines each is scraped by itself, past the name that shoppers use."""
    assert scraped(watched, Host="10.0.0.7:8000")


def test_requests_and_answers_are_counted_by_route(watched: Flask) -> None:
    """By the pattern of the address, with the status; an answer that is refused is none."""
    before = scraped(watched)
    shopper = Shopper(watched)
    address = shopper.start()
    assert shopper.answer(address).status_code == 422
    assert shopper.answer(address, "espresso").status_code == 303
    assert shopper.get("/no-such-page").status_code == 404
    assert shopper.client.open("/q/coffee", method="BREW").status_code == 405
    after = scraped(watched)

    def more(name: str, **labels: str) -> float:
        return value(after, name, **labels) - value(before, name, **labels)

    route = "/a/<attempt>/<question>"
    assert more("requests_total", method="POST", route=route, status="303") == 1
    assert more("requests_total", method="POST", route=route, status="422") == 1
    assert more("requests_total", method="GET", route="none", status="404") == 1
    assert more("requests_total", method="other", route="none", status="405") == 1
    assert more("request_seconds_count", route=route) == 5
    assert more("answers_total", quiz="coffee") == 1
    assert more("request_seconds_bucket", route=route, le="+Inf") == 5
    steps = [
        value(after, "request_seconds_bucket", route=route, le=le) for le in ("0.005", "0.1", "1.0", "2.5", "+Inf")
    ]
    assert steps == sorted(steps)
    assert steps[2] > 0


def test_no_label_is_anybodys(watched: Flask) -> None:
    """Neither an attempt, nor a visitor, nor what an address, a query or a header held."""
    shopper = Shopper(watched, {"X-Canary": "canary-header"})
    address = shopper.start()
    shopper.answer(address, "espresso")
    shopper.get("/canary-path?canary-query=1")
    text = watched.test_client().get("/metrics", headers={"Authorization": f"Bearer {NEW}"}).text
    assert "canary" not in text
    assert address.split("/")[2] not in text
    assert not re.search(r"[0-9a-f]{32}", text)


def test_a_database_that_is_away_hides_no_counter(watched: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the workers counted is told then above all."""

    def away(_engine: Engine) -> None:
        raise DatabaseAway("locked")

    monkeypatch.setattr(scrape, "reading", away)
    figures = scraped(watched)
    assert value(figures, "database_up") == 0
    assert any(name == "quizfunnel_requests_total" for name, _ in figures)
    monkeypatch.undo()
    assert value(scraped(watched), "database_up") == 1

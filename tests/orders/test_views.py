"""POST /hooks/<source>: 200 once it is kept, else the right refusal, and never a 500."""

import io
import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import Connection, func, select
from sqlalchemy.event import listens_for

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.orders import dead_letters, inbox, ledger, views
from quizfunnel.orders.sources.source import RefusalReason
from quizfunnel.orders.tables import Order, OrderEvent
from quizfunnel.settings import Settings, SourceSettings
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.web.fault_log import FaultLog
from tests.cast import NOON, SOURCES
from tests.conftest import POSTGRES
from tests.orders.bodies import event, shopify_order
from tests.orders.signing import signed, signed_by_shopify

BODY = json.dumps(event()).encode()


def count(app: Flask, table: type) -> int:
    """Count a table's rows."""
    with reading(app.extensions["quizfunnel"].engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_genuine_order_is_taken_without_origin_or_cookie(app: Flask) -> None:
    """A store's server is of no origin of ours."""
    answer = app.test_client().post("/hooks/standard", data=BODY, headers=signed(BODY, at=NOON))
    assert (answer.status_code, answer.json) == (200, {"message": "received"})
    assert count(app, Order) == 1


def test_an_acknowledged_order_survives_a_loss_of_power(app: Flask) -> None:
    """The inbox's commit waits for the disk, whatever the server is set to, and no other one does.

    On SQLite by synchronous FULL (2) and not NORMAL (1), on PostgreSQL by synchronous_commit.
    """
    engine = app.extensions["quizfunnel"].engine
    setting, durable, quick = ("SHOW synchronous_commit", "on", "off") if POSTGRES else ("PRAGMA synchronous", 2, 1)
    in_effect: dict[str, set[object]] = {}

    @listens_for(engine, "after_cursor_execute")
    def _read(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        driver: Any = connection.connection.dbapi_connection
        # SQLite changes it outside of a transaction alone, so that within one it is what the commit will do
        assert POSTGRES or driver.in_transaction or not statement.startswith("INSERT")
        (level,) = driver.execute(setting).fetchone()
        if not statement.startswith("SET LOCAL"):
            in_effect.setdefault(" ".join(statement.split()[:3]), set()).add(level)

    for _ in range(2):
        assert app.test_client().post("/hooks/standard", data=BODY, headers=signed(BODY, at=NOON)).status_code == 200
    assert in_effect.pop("INSERT INTO order_event") == {durable}
    assert "INSERT INTO shop_order" in in_effect
    assert set().union(*in_effect.values()) == {quick}


def test_a_wrong_signature_is_refused_and_nothing_kept(app: Flask) -> None:
    """401, says what to look at."""
    answer = app.test_client().post("/hooks/standard", data=BODY + b" ", headers=signed(BODY, at=NOON))
    assert answer.status_code == 401
    assert "signature" in answer.text
    assert app.test_client().post("/hooks/shopify", data=BODY).status_code == 401
    assert count(app, OrderEvent) == 0


def test_a_source_without_a_secret_does_not_exist(app: Flask) -> None:
    """404 for what is not set up and for what was never heard of."""
    for source in ("stripe", "woocommerce", "nothing"):
        assert app.test_client().post(f"/hooks/{source}", data=BODY).status_code == 404


def test_a_refusal_names_the_setting(
    settings: Settings, clock: SetClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A secret that is missing and one that does not fit are named to the sender and in the log, and never told."""
    monkeypatch.setattr(views, "_log", FaultLog(logging.getLogger("hooks")))
    app = create_app(settings.model_copy(update={"sources": {"standard": SOURCES["standard"]}}), clock=clock)
    client = app.test_client()
    missing = client.post("/hooks/shopify", data=BODY)
    wrong = client.post("/hooks/standard", data=BODY)
    app.extensions["quizfunnel"].engine.dispose()
    assert "QUIZFUNNEL_SHOPIFY_SECRET is not set" in missing.text
    assert "QUIZFUNNEL_STANDARD_SECRET" in wrong.text
    assert [record.getMessage() for record in caplog.records] == [
        "a delivery to /hooks/shopify is refused: QUIZFUNNEL_SHOPIFY_SECRET is not set",
        f"a delivery to /hooks/standard is refused: {RefusalReason.UNSIGNED.meaning} (QUIZFUNNEL_STANDARD_SECRET)",
    ]


def test_a_refused_delivery_is_counted_with_its_reason(
    settings: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By source, day and reason, over all that came; nothing of it is kept."""
    monkeypatch.setattr(views, "_log", FaultLog(logging.getLogger("hooks")))
    app = create_app(settings.model_copy(update={"sources": {"standard": SOURCES["standard"]}}), clock=clock)
    client = app.test_client()
    for headers in (signed(b"other", at=NOON), signed(BODY, at=NOON - timedelta(days=1)), {}, {}):
        client.post("/hooks/standard", data=BODY, headers=headers)
    client.post("/hooks/shopify", data=BODY)
    client.post("/hooks/nothing", data=BODY)
    client.post("/hooks/standard", data=b"x" * (inbox.MOST_BYTES + 1))
    engine = app.extensions["quizfunnel"].engine
    with reading(engine) as connection:
        counted = dead_letters.refusals(connection, NOON.date())
        assert dead_letters.refused_since(connection, NOON.date()) == 6
        assert dead_letters.refused_since(connection, NOON.date() + timedelta(days=1)) == 0
    engine.dispose()
    assert [each[:4] for each in counted] == [
        ("shopify", NOON.date(), "no secret", 1),
        ("standard", NOON.date(), "clock", 1),
        ("standard", NOON.date(), "signature", 1),
        ("standard", NOON.date(), "too large", 1),
        ("standard", NOON.date(), "unsigned", 2),
    ]


def test_more_than_a_mebibyte_is_refused(app: Flask) -> None:
    """413, whatever the signature says; exactly a mebibyte is taken."""
    most = b"x" * 1024 * 1024
    client = app.test_client()
    assert client.post("/hooks/standard", data=most + b"x", headers=signed(most + b"x", at=NOON)).status_code == 413
    assert client.post("/hooks/standard", data=most, headers=signed(most, at=NOON)).status_code == 200


def test_a_get_is_no_hook(app: Flask) -> None:
    """405 in JSON, since a program asked."""
    answer = app.test_client().get("/hooks/standard")
    assert answer.status_code == 405
    assert answer.is_json


@pytest.mark.parametrize("source", ["standard", "shopify"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | st.text(max_size=100).map(str.encode), number=st.integers(0, 10**9))
def test_any_signed_bytes_are_kept_and_any_unsigned_refused(app: Flask, source: str, body: bytes, number: int) -> None:
    """200 for whatever the store signed, 401 for whatever it did not."""
    headers = signed(body, at=NOON, delivery=f"m{number}") if source == "standard" else signed_by_shopify(body)
    client = app.test_client()
    assert client.post(f"/hooks/{source}", data=body, headers=headers).status_code == 200
    assert client.post(f"/hooks/{source}", data=body + b"!", headers=headers).status_code == 401


def test_more_than_a_mebibyte_is_refused_without_its_length(app: Flask) -> None:
    """A body in chunks names no length: reading stops all the same."""
    body = b"x" * (1024 * 1024 + 1)
    answer = app.test_client().post(
        "/hooks/standard",
        input_stream=io.BytesIO(body),
        headers=signed(body, at=NOON),
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413
    assert count(app, OrderEvent) == 0


def test_a_delivery_that_is_sent_again_is_kept_once(app: Flask) -> None:
    """200 both times, so that the store stops sending."""
    for message in ("received", "received before"):
        answer = app.test_client().post("/hooks/standard", data=BODY, headers=signed(BODY, at=NOON))
        assert (answer.status_code, answer.json) == (200, {"message": message})
    assert count(app, OrderEvent) == 1


def test_the_first_ping_of_a_new_hook_is_answered(settings: Settings, clock: SetClock) -> None:
    """Unsigned and a form, as WooCommerce sends it: 200, and neither kept nor counted as refused."""
    secret = SourceSettings(secret=SecretStr("a secret of forty letters for every hook."))
    app = create_app(settings.model_copy(update={"sources": {"woocommerce": secret}}), clock=clock)
    answers = [
        app.test_client().post("/hooks/woocommerce", data=body) for body in ({"webhook_id": "7"}, {"order": "1"})
    ]
    assert [answer.status_code for answer in answers] == [200, 401]
    with reading(app.extensions["quizfunnel"].engine) as connection:
        assert [each.deliveries for each in dead_letters.refusals(connection, NOON.date())] == [1]
    assert count(app, OrderEvent) == 0
    app.extensions["quizfunnel"].engine.dispose()


def test_an_old_delivery_is_refused(app: Flask) -> None:
    """A recorded request cannot be played back a day later."""
    headers = signed(BODY, at=NOON - timedelta(days=1))
    assert app.test_client().post("/hooks/standard", data=BODY, headers=headers).status_code == 401
    assert count(app, OrderEvent) == 0


def test_shopifys_unsigned_headers_decide_nothing(app: Flask) -> None:
    """Two orders under one forged webhook id and a wrong topic are two orders; one body under two ids is one."""
    bodies = [json.dumps(shopify_order(id=number)).encode() for number in (1, 2)]
    for sent, body in (("same", bodies[0]), ("same", bodies[1]), ("other", bodies[1])):
        headers = {"X-Shopify-Webhook-Id": sent, "X-Shopify-Topic": "refunds/create", **signed_by_shopify(body)}
        assert app.test_client().post("/hooks/shopify", data=body, headers=headers).status_code == 200
    assert (count(app, OrderEvent), count(app, Order)) == (2, 2)


def test_a_database_that_is_away_asks_to_send_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with Retry-After: nothing was kept, so nothing is promised."""

    def away(*_args: object, **_named: object) -> None:
        raise DatabaseAway("locked")

    monkeypatch.setattr(inbox, "keep", away)
    answer = app.test_client().post("/hooks/standard", data=BODY, headers=signed(BODY, at=NOON))
    assert (answer.status_code, "Retry-After" in answer.headers, answer.is_json) == (503, True, True)


def test_a_fault_of_ours_says_nothing_of_the_order_in_the_log(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names the event and the kind of fault; what stood in the body stays in the inbox."""

    def broken(*_args: object, **_named: object) -> None:
        raise ValueError(BODY.decode())

    monkeypatch.setattr(ledger, "apply", broken)
    answer = app.test_client().post("/hooks/standard", data=BODY, headers=signed(BODY, at=NOON))
    assert (answer.status_code, answer.json) == (200, {"message": "kept"})
    assert "ValueError" in caplog.text
    assert "1001" not in caplog.text
    assert count(app, OrderEvent) == 1

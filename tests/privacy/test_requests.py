"""Laws of a platform's requests about personal data: answered at once, obeyed by night, once, and written down."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, insert, select

from quizfunnel.orders.sources import shopify
from quizfunnel.orders.tables import Order, OrderEvent
from quizfunnel.privacy import disclosed_files, forget, replay, requests
from quizfunnel.privacy.forget import Keeper
from quizfunnel.privacy.requests import Obeyed, Office
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.erasure import ErasureKey
from quizfunnel.visit.tables import Erasure, Visitor
from quizfunnel.web.tables import Audit
from tests.cast import NOON
from tests.orders.signing import signed_by_shopify
from tests.privacy.people import ANNA, BEN, plant, store_rows

SHOP = {"shop_id": 954889, "shop_domain": "beans.myshopify.com"}
CUSTOMER = {"id": 191167, "email": f"{ANNA.mark}@example.org", "phone": "555-625-1199"}
REDACT = SHOP | {"customer": CUSTOMER, "orders_to_redact": [ANNA.order[1]]}
ASK = SHOP | {"customer": CUSTOMER, "orders_requested": [ANNA.order[1]], "data_request": {"id": 9999}}
_event = columns(OrderEvent)


@pytest.fixture
def engine(app: Flask) -> Engine:
    """Give the running store's database, with two customers in every table."""
    engine: Engine = app.extensions["quizfunnel"].engine
    with writing(engine) as connection:
        store_rows(connection)
        for person in (ANNA, BEN):
            plant(connection, person)
    return engine


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Office:
    """Give the office that obeys requests by night."""
    keeper = Keeper(engine, ErasureKey(tmp_path / "erasures"), tmp_path / "disclosures")
    return Office(keeper, {"shopify": shopify.KIND.read}, tmp_path / "disclosures", lambda *_: ("", ""), NOON)


def send(app: Flask, content: Mapping[str, Any]) -> int:
    """Deliver a signed body to the running store; return the answer's status."""
    sent = json.dumps(content).encode()
    return app.test_client().post("/hooks/shopify", data=sent, headers=signed_by_shopify(sent)).status_code


def obey(office: Office) -> list[Obeyed]:
    """Obey what waits; a second night finds nothing."""
    done = requests.obey(office)
    assert requests.obey(office) == []
    return done


def bodies(engine: Engine) -> dict[str, bytes]:
    """Return the bodies that are kept, by delivery."""
    with reading(engine) as connection:
        rows = connection.execute(select(_event.delivery, _event.body)).all()
    return {delivery: bytes(content) for delivery, content in rows if content}


def visitors(engine: Engine) -> set[str]:
    """Return every visitor's id."""
    with reading(engine) as connection:
        return set(connection.execute(select(columns(Visitor).id)).scalars())


def orders(engine: Engine) -> set[str]:
    """Return every order's id."""
    with reading(engine) as connection:
        return set(connection.execute(select(columns(Order).order_id)).scalars())


def trail(engine: Engine) -> list[tuple[str, str]]:
    """Return what was written down, and of which sort."""
    done = columns(Audit)
    with reading(engine) as connection:
        return [(row[0], row[1]) for row in connection.execute(select(done.action, done.detail))]


@pytest.mark.parametrize("content", [REDACT, ASK, SHOP], ids=["redact", "data request", "shop"])
def test_a_request_is_answered_at_once_and_waits(app: Flask, engine: Engine, content: Mapping[str, Any]) -> None:
    """200, kept, and nothing is erased yet; sent again it is the same one."""
    assert [send(app, content), send(app, content)] == [200, 200]
    with reading(engine) as connection:
        rows = connection.execute(select(_event.topic, _event.error).where(_event.state == "waiting")).all()
    assert len(rows) == 1
    assert "quizfunnel nightly" in rows[0][1]
    assert visitors(engine) == {ANNA.visitor, BEN.visitor}


@pytest.mark.parametrize("content", [REDACT, SHOP], ids=["redact", "shop"])
def test_a_request_that_comes_again_is_obeyed_again(
    app: Flask, engine: Engine, office: Office, content: Mapping[str, Any]
) -> None:
    """A shop that removes the app a second time says the same words; what came since the first goes too."""
    later = {"id": "2" * 32, "source": "shopify", "delivery": "later", "topic": "", "received_at": NOON}
    for _ in range(3):
        assert [send(app, content), send(app, content)] == [200, 200]
        with writing(engine) as connection:
            row = later | {"body": json.dumps({"id": 78, "email": CUSTOMER["email"]}).encode()}
            connection.execute(delete(OrderEvent).where(_event.id == later["id"]))
            connection.execute(insert(OrderEvent), row | {"state": "ignored", "error": ""})
        assert len(obey(office)) == 1
        assert "later" not in bodies(engine)


def test_a_customer_is_redacted(app: Flask, engine: Engine, office: Office) -> None:
    """The orders, the visitor, and every body that names the customer, by id or address; the request's own goes too."""
    named = {"by id": {"id": 77, "customer": {"id": 191167}}, "by address": {"id": 78, "contact": CUSTOMER["email"]}}
    other = {"id": 79, "customer": {"id": 5}}
    with writing(engine) as connection:
        for number, (delivery, content) in enumerate([*named.items(), ("other", other)]):
            row = {"id": f"{number:032}", "source": "shopify", "delivery": delivery, "topic": "", "received_at": NOON}
            more = {"body": json.dumps(content).encode(), "state": "ignored", "error": ""}
            connection.execute(insert(OrderEvent), row | more)
    send(app, REDACT)
    (obeyed,) = obey(office)
    assert obeyed.text() == "shopify customers/redact: 1 orders and 1 visitors forgotten, 3 bodies emptied"
    assert visitors(engine) == {BEN.visitor}
    assert orders(engine) == {BEN.order[1]}
    assert set(bodies(engine)) == {f"delivery {BEN.id('f')}", "other"}
    said = trail(engine)
    assert "privacy.request" in [action for action, _ in said]
    assert not any(ANNA.mark in detail or ANNA.visitor in detail for _, detail in said)


def test_a_customer_who_asks_is_answered_by_the_shop(app: Flask, engine: Engine, office: Office) -> None:
    """A file for the shop's owner alone has the whole record; nothing is erased but the request's own body."""
    send(app, ASK)
    (obeyed,) = obey(office)
    (path,) = office.folder.iterdir()
    assert str(path) in obeyed.did
    assert path.stat().st_mode & 0o077 == 0
    text = path.read_text()
    assert ANNA.visitor in text
    assert f"{ANNA.mark}@example.org" in text
    assert BEN.mark not in text
    assert visitors(engine) == {ANNA.visitor, BEN.visitor}
    assert len(bodies(engine)) == 2


def test_a_disclosure_goes_with_its_person(app: Flask, engine: Engine, office: Office) -> None:
    """Once one of the people in it is forgotten the file is deleted; another's stays."""
    send(app, ASK)
    send(app, ASK | {"orders_requested": [BEN.order[1]]})
    obey(office)
    assert len(list(office.folder.iterdir())) == 2
    forget.forget_visitor(office.keeper, ANNA.visitor, now=NOON, by="test")
    (left,) = office.folder.iterdir()
    assert BEN.visitor in left.read_text()
    send(app, REDACT | {"orders_to_redact": [BEN.order[1]]})
    obey(office)
    assert list(office.folder.iterdir()) == []


@pytest.mark.parametrize("who", ["visitor", "customer", "shop"])
def test_a_disclosure_goes_with_whom_its_bodies_name(app: Flask, engine: Engine, office: Office, who: str) -> None:
    """Also where it has no row of theirs: a visitor's id in a body, a customer's address, a shop's delivery."""
    sent = {"note_attributes": [{"name": "qf_visitor", "value": f"{ANNA.visitor}.tag"}], "email": CUSTOMER["email"]}
    of_ben = {"note_attributes": [{"name": "qf_visitor", "value": f"{BEN.visitor}.tag"}], "id": "order-canary-too"}
    empty: dict[str, Any] = dict.fromkeys(("visitors", "attempts", "contact", "orders", "messages"), ())
    for name, content in (("anna", sent), ("ben", of_ben)):
        source = "shopify" if name == "anna" else "standard"
        disclosed_files.write(
            office.folder, name, empty | {"deliveries": [{"id": name, "source": source, "body": content}]}
        )
    if who == "visitor":
        forget.forget_visitor(office.keeper, ANNA.visitor, now=NOON, by="test")
    else:
        send(app, SHOP if who == "shop" else REDACT | {"orders_to_redact": []})
        obey(office)
    assert [path.name for path in office.folder.iterdir()] == ["ben.json"]


def restore(engine: Engine, backup: Mapping[str, list[dict[str, Any]]]) -> None:
    """Put deliveries and erasures back as they were."""
    with writing(engine) as connection:
        for table in (OrderEvent, Erasure):
            connection.execute(delete(table))
            rows = backup[table.__name__]
            if rows:
                connection.execute(insert(table), rows)


def backup_of(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Return deliveries and erasures as they are."""
    with reading(engine) as connection:
        return {
            table.__name__: [dict(row) for row in connection.execute(select(*columns(table))).mappings()]
            for table in (OrderEvent, Erasure)
        }


@pytest.mark.parametrize(
    ("content", "left"),
    [(REDACT | {"orders_to_redact": []}, {"other", "later", "elsewhere"}), (SHOP, {"later", "elsewhere"})],
    ids=["redact", "shop"],
)
def test_a_backup_brings_no_redacted_body_back(
    app: Flask, engine: Engine, office: Office, content: Mapping[str, Any], left: set[str]
) -> None:
    """Whether it is of before the first request or between two; what came after them, or from elsewhere, stays."""
    named: dict[str, dict[str, Any]] = {
        "id": {"customer": {"id": 191167}},
        "address": {"contact": CUSTOMER["email"]},
        "phone": {"phone": CUSTOMER["phone"]},
    }
    with writing(engine) as connection:
        connection.execute(delete(OrderEvent))
        after = office.now + timedelta(hours=36)
        rows = [(name, "shopify", NOON, each) for name, each in named.items()]
        rows += [("other", "shopify", NOON, {"id": 79}), ("later", "shopify", after, named["id"])]
        rows += [("elsewhere", "standard", NOON, {"customer": {"id": 191167}})]
        for number, (name, source, at, each) in enumerate(rows):
            row = {"id": f"{number:032}", "source": source, "delivery": name, "topic": "", "received_at": at}
            more = {"body": json.dumps(each).encode(), "state": "ignored", "error": ""}
            connection.execute(insert(OrderEvent), row | more)
    backup = backup_of(engine)
    folder = office.keeper.key.folder
    for night in (office, office._replace(now=office.now + timedelta(days=1))):
        send(app, content)
        obey(night)
        restore(engine, backup)
        assert replay.is_behind(engine, folder)
        replay.replay_erasures(engine, folder, now=night.now)
        assert set(bodies(engine)) == left
        assert not replay.is_behind(engine, folder)
        backup |= {"Erasure": backup_of(engine)["Erasure"]}  # one of between the two
        restore(engine, backup)


def test_a_shop_is_redacted(app: Flask, engine: Engine, office: Office) -> None:
    """Every order and body of the platform goes; other sources', and the quiz's visitors, stay."""
    with writing(engine) as connection:
        row = {"id": "1" * 32, "source": "standard", "delivery": "standard", "topic": "", "received_at": NOON}
        connection.execute(insert(OrderEvent), row | {"body": b"{}", "state": "applied", "error": ""})
    send(app, SHOP)
    (obeyed,) = obey(office)
    assert obeyed.text() == "shopify shop/redact: 2 orders forgotten, 2 bodies emptied"
    assert orders(engine) == set()
    assert list(bodies(engine)) == ["standard"]
    assert visitors(engine) == {ANNA.visitor, BEN.visitor}


@pytest.mark.parametrize(
    "content",
    [
        {"id": 1, "shop_domain": "x", "customer": CUSTOMER},
        SHOP | {"orders_to_redact": [1]},
        {"customer": CUSTOMER, "orders_to_redact": [1]},
        SHOP | {"plan": "basic"},
    ],
)
def test_what_only_resembles_a_request_is_none(app: Flask, engine: Engine, content: Mapping[str, Any]) -> None:
    """A shop's other topics are ignored, as before."""
    send(app, content)
    with reading(engine) as connection:
        assert "waiting" not in connection.execute(select(_event.state)).scalars().all()


def test_an_unsigned_request_is_none(app: Flask, engine: Engine, office: Office) -> None:
    """401, and by night nothing is erased."""
    sent = json.dumps(REDACT).encode()
    assert app.test_client().post("/hooks/shopify", data=sent).status_code == 401
    assert obey(office) == []
    assert visitors(engine) == {ANNA.visitor, BEN.visitor}

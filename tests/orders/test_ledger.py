"""The inbox loses nothing and the ledger ends alike: any order and any repetition of events."""

import itertools
import json
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, select

from quizfunnel.catalog.product import Catalog, Variant
from quizfunnel.kit import signing
from quizfunnel.kit.signing import Signer
from quizfunnel.orders import dead_letters, inbox
from quizfunnel.orders.attribution import find_in
from quizfunnel.orders.inbox import Delivery
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.sources.standard import StandardSource
from quizfunnel.orders.tables import Order, OrderEvent, OrderLine, Refund
from quizfunnel.store.transaction import DatabaseAway, reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit import collect
from quizfunnel.visit.identity import Guest, cart_token
from tests.cast import NOON, SHOPIFY_SECRET, STANDARD_SECRET, coffee_catalog, product
from tests.orders.bodies import event, shopify_order
from tests.orders.signing import signed, signed_by_shopify

CATALOG = coffee_catalog()
SOURCE = StandardSource(STANDARD_SECRET)
TOLD = NOON + timedelta(hours=9)  # when all of it has happened
ANNA, BEN = "a" * 32, "b" * 32


@pytest.fixture
def keys(signer: Signer) -> AttributionKeys:
    """Give a ledger's keys who knows the cast's catalogue."""
    return AttributionKeys(signer, lambda line: find_in([CATALOG], line))


def delivery(number: int, **changes: Any) -> Delivery:
    """Return a genuine delivery with an id of its own."""
    body = json.dumps(event(**changes)).encode()
    return Delivery(SOURCE, body, signed(body, at=TOLD, delivery=f"msg_{number}"), TOLD)


def ledger(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the ledger."""
    return {
        table.__name__: sorted(tuple(map(str, row)) for row in connection.execute(select(*columns(table))))
        for table in (Order, OrderLine, Refund)
    }


def later(**more: Any) -> dict[str, Any]:
    """Return changes for an event of an hour later."""
    return {"updated_at": (NOON + timedelta(hours=1)).isoformat(), **more}


def story(signer: Signer) -> list[Delivery]:
    """Return an order's life: paid, changed, refunded twice, cancelled; two of one moment, two visitors' tokens."""
    first = {"refund_id": "r1", "amount": "5.00", "at": NOON.isoformat()}
    second = {"refund_id": "r2", "amount": "1.00", "at": NOON.isoformat()}
    lines = [{"sku": "SKU-nutty", "quantity": 2, "unit_price": "10.00"}]
    return [
        delivery(1, visitor_token=cart_token(signer, ANNA)),
        delivery(2, **later(type="order.updated", lines=lines, total="20.00", visitor_token=cart_token(signer, BEN))),
        delivery(3, type="order.refunded", refunds=[first]),
        delivery(4, **later(type="order.refunded", refunds=[first, second])),
        delivery(5, type="order.cancelled", updated_at=(NOON + timedelta(hours=2)).isoformat()),
    ]


@pytest.mark.once
@pytest.mark.thorough
def test_any_order_and_repetition_of_events_gives_the_same_rows(
    database_url: str, engine: Engine, signer: Signer, keys: AttributionKeys
) -> None:
    """All 120 permutations of an order's life, each with some events delivered twice."""
    dice = random.Random(5)  # noqa: S311
    told = story(signer)
    seen = []
    for order in itertools.permutations(told):
        with writing(engine) as connection:
            for table in (Order, OrderLine, Refund, OrderEvent):
                connection.execute(delete(table))
        for sent in [*order, *dice.choices(order, k=2)]:
            assert inbox.receive(engine, sent, keys=keys).status == 200
        with reading(engine) as connection:
            seen.append(ledger(connection))
    assert all(rows == seen[0] for rows in seen)
    assert len(seen[0]["Refund"]) == 2
    assert "True" in seen[0]["Order"][0]


def test_an_order_finds_its_visitor_by_the_signed_token_alone(
    engine: Engine, signer: Signer, keys: AttributionKeys
) -> None:
    """A genuine token attributes; a bare id, a forged token and none do not."""
    tokens = [cart_token(signer, ANNA), ANNA, f"{ANNA}.AAAAAAAAAAAAAAAAAAAAAA", None, signer.sign(signing.CLICK, ANNA)]
    for number, token in enumerate(tokens):
        inbox.receive(engine, delivery(number, order_id=str(number), visitor_token=token), keys=keys)
    with reading(engine) as connection:
        found = connection.execute(select(columns(Order).visitor_id).order_by(columns(Order).order_id)).scalars().all()
    assert found == [ANNA, None, None, None, None]


def test_an_order_that_names_two_visitors_says_so(engine: Engine, signer: Signer, keys: AttributionKeys) -> None:
    """Two tokens of ours that differ are a conflict for good; one token, or none, however often told, is none."""
    anna, ben = (cart_token(signer, visitor) for visitor in (ANNA, BEN))
    for number, (order, token) in enumerate(
        [("1", anna), ("1", None), ("1", anna), ("2", anna), ("2", ben), ("2", anna)]
    ):
        changes = {
            "order_id": order,
            "visitor_token": token,
            "updated_at": (NOON + timedelta(hours=number)).isoformat(),
        }
        inbox.receive(engine, delivery(number, **changes), keys=keys)
    with reading(engine) as connection:
        rows = connection.execute(select(columns(Order).order_id, columns(Order).conflict)).all()
    assert dict(rows) == {"1": False, "2": True}


def test_lines_find_their_product_by_id_sku_or_exact_title(engine: Engine, keys: AttributionKeys) -> None:
    """A line that matches nothing is kept and counted, never guessed."""
    lines = [
        {"product_id": "dark-bean", "quantity": 1, "unit_price": "9.00"},
        {"sku": "SKU-nutty", "quantity": 1, "unit_price": "9.00"},
        {"title": "Light Bean", "quantity": 1, "unit_price": "9.00"},
        {"title": "light bean", "quantity": 1, "unit_price": "9.00"},
    ]
    inbox.receive(engine, delivery(1, lines=lines), keys=keys)
    line = columns(OrderLine)
    with reading(engine) as connection:
        found = connection.execute(select(line.product, line.matched_by).order_by(line.position)).all()
    expected = [("dark-bean", "id"), ("nutty", "sku"), ("light-bean", "title"), (None, "")]
    assert [tuple(row) for row in found] == expected


def test_a_line_is_found_by_the_platforms_own_numbers(engine: Engine, signer: Signer) -> None:
    """Shopify's hook names numbers, its export handles: a catalogue that has the numbers too finds the product."""
    sizes = (Variant("", 500, id="71", title="Small"), Variant("", 900, id="72", title="Large"))
    mug = replace(product("mug"), number="8123", variants=sizes)
    keys = AttributionKeys(signer, lambda line: find_in([Catalog((product("cup"), mug))], line))
    lines = [
        {"product_id": 8123, "variant_id": 5, "sku": "", "title": "Old name", "quantity": 1, "price": "5.00"},
        {"product_id": 9, "variant_id": 72, "sku": "", "title": "Old name", "quantity": 1, "price": "5.00"},
        {"product_id": 9, "variant_id": 9, "sku": "", "title": "Mug - Large", "quantity": 1, "price": "5.00"},
        {"product_id": 9, "variant_id": 9, "sku": "SKU-cup", "title": "Mug", "quantity": 1, "price": "5.00"},
        {"product_id": 72, "variant_id": 8123, "sku": "", "title": "", "quantity": 1, "price": "5.00"},
    ]
    raw = json.dumps(shopify_order(line_items=lines)).encode()
    sent = Delivery(ShopifySource(SHOPIFY_SECRET), raw, signed_by_shopify(raw), TOLD)
    inbox.receive(engine, sent, keys=keys)
    line = columns(OrderLine)
    with reading(engine) as connection:
        found = connection.execute(select(line.product, line.matched_by).order_by(line.position)).all()
    expected = [("mug", "id"), ("mug", "variant"), ("mug", "title"), ("cup", "sku"), (None, "")]
    assert [tuple(row) for row in found] == expected


def test_a_line_remembers_what_a_unit_costs(engine: Engine, signer: Signer) -> None:
    """As the catalogue says when the line is written: unknown without a product, a cost, or in another currency."""
    variants = (Variant("T-S", 2000, cost=750), Variant("T-M", 2000, cost=800))
    tee = product("tee", price=2000)
    catalog = Catalog((replace(tee, variants=variants), product("free", price=1), product("cap", price=900, cost=300)))
    keys = AttributionKeys(signer, lambda line: find_in([catalog], line))
    found = [("tee", "T-M"), ("tee", ""), ("", "T-S"), ("cap", "other"), ("free", ""), ("gone", "")]
    lines = [{"product_id": id, "sku": sku, "quantity": 2, "unit_price": "9.00"} for id, sku in found]
    for number, currency in enumerate(("GBP", "EUR")):
        inbox.receive(engine, delivery(number, order_id=str(number), currency=currency, lines=lines), keys=keys)
    line = columns(OrderLine)
    with reading(engine) as connection:
        costs = connection.execute(select(line.cost_minor).order_by(line.order_id, line.position)).scalars().all()
    assert costs == [800, None, 750, 300, None, None, *[None] * 6]


def test_an_order_of_a_simulated_visitor_is_simulated(engine: Engine, signer: Signer, keys: AttributionKeys) -> None:
    """Simulated and real never mix: the order goes with its visitor."""
    with writing(engine) as connection:
        guest = Guest(ANNA, False, "shopper", "", True, "", "")
        collect.remember(connection, guest, at=NOON, simulated=True)
    inbox.receive(engine, delivery(1, visitor_token=cart_token(signer, ANNA)), keys=keys)
    with reading(engine) as connection:
        assert connection.execute(select(columns(Order).simulated)).scalar_one()


def test_a_simulated_delivery_makes_a_simulated_order(engine: Engine, keys: AttributionKeys) -> None:
    """Even without a token; a real one makes a real order."""
    inbox.receive(engine, delivery(1, order_id="1")._replace(simulated=True), keys=keys)
    inbox.receive(engine, delivery(2, order_id="2"), keys=keys)
    with reading(engine) as connection:
        found = connection.execute(select(columns(Order).simulated).order_by(columns(Order).order_id)).scalars().all()
    assert found == [True, False]


def test_a_click_counts_by_its_signed_token_alone(engine: Engine, signer: Signer, keys: AttributionKeys) -> None:
    """A bare id, another purpose and a payload that is no id are no click."""
    click = "d" * 32
    tokens = [signer.sign(signing.CLICK, click), click, signer.sign(signing.VISITOR, click), None]
    tokens.append(signer.sign(signing.CLICK, "a click"))
    for number, token in enumerate(tokens):
        inbox.receive(engine, delivery(number, order_id=str(number), click_token=token), keys=keys)
    with reading(engine) as connection:
        found = connection.execute(select(columns(Order).click_id).order_by(columns(Order).order_id)).scalars().all()
    assert found == [click, None, None, None, None]


def test_too_large_a_body_is_refused_whoever_hands_it_in(engine: Engine, keys: AttributionKeys) -> None:
    """The bound is the inbox's own, not only the address's: 413, and nothing is kept."""
    body = b" " * (inbox.MOST_BYTES + 1)
    sent = Delivery(SOURCE, body, signed(body, at=NOON), NOON)
    assert inbox.receive(engine, sent, keys=keys).status == 413
    with reading(engine) as connection:
        assert connection.execute(select(columns(OrderEvent).id)).first() is None


def test_a_delivery_that_came_before_is_answered_and_not_kept_twice(engine: Engine, keys: AttributionKeys) -> None:
    """Twice the same message: 200 both times, one row."""
    answers = [inbox.receive(engine, delivery(1), keys=keys) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[1].message == "received before"
    with reading(engine) as connection:
        assert len(connection.execute(select(columns(OrderEvent).id)).all()) == 1


def test_a_dead_letter_is_kept_whole_and_can_be_replayed(engine: Engine, keys: AttributionKeys) -> None:
    """A signed body that nobody can read: 200, its bytes and the reason stay; replay reads it again."""
    body = b"\xff\xfe not json"
    sent = Delivery(SOURCE, body, signed(body, at=NOON), NOON)
    assert inbox.receive(engine, sent, keys=keys).status == 200
    kept = columns(OrderEvent)
    with reading(engine) as connection:
        row = connection.execute(select(kept.body, kept.state, kept.error)).one()
    assert (bytes(row[0]), row[1]) == (body, "dead")
    assert "UTF-8" in row[2]
    assert inbox.replay(engine, {"standard": SOURCE}, keys, now=NOON)[:3] == (0, 0, 0)
    assert inbox.replay(engine, {"standard": SOURCE}, keys, now=NOON, dead=True)[:3] == (0, 0, 1)


def test_what_is_of_a_moment_to_come_waits_until_then(engine: Engine, keys: AttributionKeys) -> None:
    """An order of tomorrow is in no figure today; a store's clock may be minutes ahead."""
    near, far = (TOLD + timedelta(minutes=minutes) for minutes in (14, 16))
    for number, moment in enumerate((near, far)):
        assert inbox.receive(engine, delivery(number, order_id=str(number), placed_at=moment.isoformat()), keys=keys)
    kept, known = columns(OrderEvent), columns(Order)
    with reading(engine) as connection:
        waiting = connection.execute(select(kept.state, kept.error).where(kept.state == "waiting")).all()
        assert [row.error for row in waiting] == [f"is of {far:%Y-%m-%d %H:%M} UTC, which is to come; it is read then"]
        assert connection.execute(select(known.order_id)).scalars().all() == ["0"]
    assert inbox.replay(engine, {"standard": SOURCE}, keys, now=TOLD) == (0, 0, 0, 1, 0)
    assert inbox.replay(engine, {"standard": SOURCE}, keys, now=far) == (1, 0, 0, 0, 0)
    with reading(engine) as connection:
        assert connection.execute(select(known.order_id).order_by(known.order_id)).scalars().all() == ["0", "1"]


def test_what_of_an_order_could_not_be_read_stands_with_its_event(engine: Engine, keys: AttributionKeys) -> None:
    """The order counts; its odd lines are listed with the reason, and cost what nobody knows."""
    lines = [{"product_id": "dark-bean", "quantity": "two", "unit_price": "9.00"}, {"quantity": 0.5, "title": "Tea"}]
    inbox.receive(engine, delivery(1, lines=lines), keys=keys)
    line = columns(OrderLine)
    with reading(engine) as connection:
        (letter,) = dead_letters.letters(connection, in_part=True)
        assert dead_letters.letters(connection) == []
        kept = connection.execute(select(line.product, line.quantity_micro, line.cost_minor).order_by(line.position))
        assert [tuple(row) for row in kept] == [("dark-bean", 0, None), (None, 500_000, None)]
    assert (letter.state, letter.is_kept) == ("applied", True)
    assert letter.reason == "line 1: `quantity` is no number of zero or more; line 2: `unit_price` is no amount"


def test_a_token_that_verifies_counts_wherever_it_stands(engine: Engine, signer: Signer, keys: AttributionKeys) -> None:
    """After one of another shop; a token of the former form, with a dot, is ours as well."""
    shopify = ShopifySource(SHOPIFY_SECRET)
    tokens = [["foreign", cart_token(signer, ANNA)], [f" {signer.sign(signing.VISITOR, BEN)}\n"]]
    for number, values in enumerate(tokens):
        attributes = [{"name": "qf_visitor", "value": value} for value in values]
        body = json.dumps(shopify_order(id=number, note_attributes=attributes)).encode()
        inbox.receive(engine, Delivery(shopify, body, signed_by_shopify(body), TOLD), keys=keys)
    known = columns(Order)
    with reading(engine) as connection:
        assert connection.execute(select(known.visitor_id).order_by(known.order_id)).scalars().all() == [ANNA, BEN]


def test_what_was_kept_while_the_ledger_was_away_is_read_later(
    engine: Engine, keys: AttributionKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database goes away after the body was kept: 200, and replay applies it, days later."""

    def away(*_args: object, **_named: object) -> None:
        raise DatabaseAway("gone")

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "read", away)
        assert inbox.receive(engine, delivery(1), keys=keys)[:2] == (200, "kept")
    assert inbox.replay(engine, {"standard": SOURCE}, keys, now=NOON)[:3] == (1, 0, 0)
    with reading(engine) as connection:
        assert len(connection.execute(select(columns(Order).order_id)).all()) == 1


def test_a_database_that_is_away_refuses_so_that_the_store_sends_again(
    engine: Engine, keys: AttributionKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing kept, nothing promised."""

    def away(*_args: object, **_named: object) -> None:
        raise DatabaseAway("gone")

    monkeypatch.setattr(inbox, "write", away)
    with pytest.raises(DatabaseAway):
        inbox.receive(engine, delivery(1), keys=keys)

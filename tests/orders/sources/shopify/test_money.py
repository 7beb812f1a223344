"""Money of Shopify's orders: what a person reads from a body is what counts, once its refunds are taken off."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from quizfunnel.orders.event import EventFacts, Presentment, UnreadableError
from quizfunnel.orders.sources.shopify import ShopifySource
from tests.cast import NOON, SHOPIFY_SECRET
from tests.orders.bodies import shopify_order

SHOPIFY = ShopifySource(SHOPIFY_SECRET)
CASES = Path(os.environ.get("QUIZFUNNEL_CASES", Path(__file__).parents[5] / "shared" / "cases")) / "faults"


def read(**changes: Any) -> EventFacts:
    """Return the facts of an order of 100.00 EUR, changed."""
    return SHOPIFY.read(json.dumps(shopify_order(**({"total_price": "100.00"} | changes))).encode())


def kept(facts: EventFacts) -> int:
    """Return what the shop keeps of an order, its own refunds taken off."""
    assert facts.order is not None
    return facts.order.total_minor - sum(refund.amount_minor for refund in facts.refunds)


def refund(amount: str, **more: Any) -> dict[str, Any]:
    """Return a refund that has been paid out."""
    transaction = {"kind": "refund", "status": "success", "amount": amount, "currency": "EUR"}
    return {"id": 9, "created_at": NOON.isoformat(), "refund_line_items": [], "transactions": [transaction]} | more


def card(price: str = "50.00", **more: Any) -> dict[str, Any]:
    """Return a line that sells a gift card."""
    return {"product_id": 1, "title": "Gift card", "quantity": 1, "price": price, "gift_card": True} | more


CARD_BACK = [{"line_item": card(), "subtotal": 50.0}]
PART = {"financial_status": "partially_paid"}


@pytest.mark.parametrize(
    ("changes", "keeps"),
    [
        ({}, 10000),
        ({"refunds": [refund("40.00")]}, 6000),  # money alone, the order stands as it was
        ({"refunds": [refund("40.00")], "current_total_price": "60.00"}, 6000),  # goods came back
        ({"refunds": [refund("100.00")], "current_total_price": "0.00"}, 0),
        ({"current_total_price": "60.00"}, 6000),  # an edit took goods away; their money is still owed
        ({"current_total_price": "60.00", "refunds": [refund("40.00")]}, 6000),  # and then given back
        ({"current_total_price": "120.00", "total_outstanding": "20.00", **PART}, 10000),  # an edit added goods
        ({"current_total_price": "120.00", "total_price": "120.00", "total_outstanding": "0.00"}, 12000),  # paid
        ({"total_outstanding": "90.00", **PART}, 1000),
        ({"total_outstanding": "90.00", "refunds": [refund("4.00")], **PART}, 600),
        ({"total_outstanding": "100.00", "financial_status": "pending"}, 10000),  # not paid: it does not count at all
        ({"total_price": "50.00", "line_items": [card()]}, 0),
        ({"total_price": "80.00", "line_items": [card()]}, 3000),
        ({"total_price": "70.00", "line_items": [card(total_discount="10.00")]}, 3000),
        ({"total_price": "120.00", "line_items": [card(quantity=2)]}, 2000),
        (
            {
                "total_price": "80.00",
                "current_total_price": "30.00",
                "line_items": [card(current_quantity=0)],
                "refunds": [refund("50.00", refund_line_items=CARD_BACK)],
            },
            3000,
        ),
        ({"current_total_price": "nonsense", "total_outstanding": [], "line_items": "none"}, 10000),
    ],
)
def test_what_the_shop_keeps_counts(changes: dict[str, Any], keeps: int) -> None:
    """Paid in part: what was paid. Edited: the total of now. Given back: once. A gift card: when it is spent."""
    assert kept(read(**changes)) == keeps


def test_a_gift_cards_refund_alone_gives_nothing_back() -> None:
    """It counted for nothing when it was sold, whichever of the order and its refund comes first."""
    body = refund("50.00", order_id=1, refund_line_items=CARD_BACK)
    assert [each.amount_minor for each in SHOPIFY.read(json.dumps(body).encode()).refunds] == [0]


def money(shop: str, seen: str) -> dict[str, Any]:
    """Return an amount in the shop's money and in the customer's."""
    return {
        "shop_money": {"amount": shop, "currency_code": "EUR"},
        "presentment_money": {"amount": seen, "currency_code": "JPY"},
    }


def test_the_customers_money_stands_beside_the_shops() -> None:
    """The shop's counts; the customer's is the rate at which refunds of it are converted."""
    order = read(total_price_set=money("100.00", "16500")).order
    assert order is not None
    assert (order.total_minor, order.currency, order.presentment) == (10000, "EUR", Presentment("JPY", 16500))
    same = read(total_price_set={"presentment_money": {"amount": "100.00", "currency_code": "EUR"}}).order
    assert same is not None
    assert same.presentment is None


def test_a_refund_in_the_customers_money_leaves_the_rate_as_it_was() -> None:
    """Half of the yen are half of the euros: what counts before refunds stays the whole."""
    back = refund("8250")
    back["transactions"][0]["currency"] = "JPY"
    facts = read(total_price_set=money("100.00", "16500"), current_total_price="50.00", refunds=[back])
    assert facts.order is not None
    assert (facts.order.total_minor, facts.order.presentment) == (10000, Presentment("JPY", 16500))
    assert [(each.amount_minor, each.currency) for each in facts.refunds] == [(8250, "JPY")]


def test_what_was_paid_and_what_is_owed_is_kept_as_told() -> None:
    """And is unknown where the event does not tell it."""
    part, plain = read(total_outstanding="90.00", name="#1001", **PART).order, read(order_number=1002).order
    assert part is not None
    assert plain is not None
    assert (part.paid_minor, part.outstanding_minor, part.number) == (1000, 9000, "#1001")
    assert (plain.paid_minor, plain.outstanding_minor, plain.number) == (None, None, "1002")


@pytest.mark.parametrize(
    "changes",
    [
        {"refunds": [{"id": 9}]},
        {"refunds": [7]},
        {"refunds": {}},
        {"line_items": [{"properties": {"Engraving": "M"}, "price": None, "quantity": "two"}]},
        {"line_items": {"title": "Tea"}},
        {"note_attributes": {}},
        {"note_attributes": [None, {"name": 3, "value": []}]},
        {"total_price_set": {"presentment_money": {"amount": "x", "currency_code": "ZZZ"}}},
        {"total_price_set": []},
    ],
)
def test_an_order_whose_total_can_be_read_counts(changes: dict[str, Any]) -> None:
    """Whatever its lines, attributes and refunds look like."""
    assert kept(read(**changes)) == 10000


@pytest.mark.parametrize(
    "body",
    [
        {"id": 1, "invoice_url": None, "currency": "EUR", "line_items": [], "total_price": "9.00", "name": "#D1"},
        {"id": "c", "token": "c", "line_items": []},
        {"id": 1, "abandoned_checkout_url": "https://", "currency": "EUR", "line_items": [], "total_price": "9.00"},
        {"order_edit": {"id": 1, "order_id": 2, "line_items": {"additions": [], "removals": []}}},
    ],
)
def test_drafts_carts_and_edits_are_no_orders(body: dict[str, Any]) -> None:
    """Nobody has bought anything yet; an edited order is told of by itself."""
    assert SHOPIFY.read(json.dumps(body).encode()) == EventFacts("other", None, ())


@pytest.mark.parametrize("missing", ["line_items", "currency", "financial_status", "total_price"])
def test_an_order_in_parts_is_a_dead_letter_that_says_so(missing: str) -> None:
    """A hook may send chosen fields alone: the order is not passed over in silence."""
    body = {key: value for key, value in shopify_order().items() if key != missing}
    with pytest.raises(UnreadableError, match=f"`{missing}`.*not chosen fields"):
        SHOPIFY.read(json.dumps(body).encode())


@pytest.mark.skipif(not CASES.is_dir(), reason="the folder of outside cases is not here")
@pytest.mark.parametrize(
    ("name", "keeps"),
    [
        ("part-paid-and-edited/part-paid", 5000),
        ("part-paid-and-edited/edited", 6000),
        ("line-properties-as-object/order", 5000),
    ],
)
def test_reported_bodies_count_as_a_person_reads_them(name: str, keeps: int) -> None:
    """Bodies that were lost, or counted with more than was paid."""
    assert kept(SHOPIFY.read((CASES / f"{name}.json").read_bytes())) == keeps

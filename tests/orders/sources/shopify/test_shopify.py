"""Shopify's web hooks: the signature, orders and refunds as Shopify sends them, and its words for money."""

import base64
import hashlib
import hmac
import json
import os
from pathlib import Path

import pytest

from quizfunnel.orders.event import UnreadableError
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.sources.source import RefusalReason
from tests.cast import NOON, SHOPIFY_SECRET
from tests.orders.bodies import shopify_order

SHOPIFY = ShopifySource(SHOPIFY_SECRET)
CASES = Path(os.environ.get("QUIZFUNNEL_CASES", Path(__file__).parents[5] / "shared" / "cases"))


def test_shopifys_published_vector() -> None:
    """The signature of the known body under the known secret."""
    headers = {"x-shopify-hmac-sha256": "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g="}
    assert SHOPIFY.refusal(b'{"foo": "bar"}', headers, now=NOON) is None
    assert SHOPIFY.refusal(b'{"foo": "bar"} ', headers, now=NOON)
    assert SHOPIFY.refusal(b'{"foo": "bar"}', {}, now=NOON)


@pytest.mark.skipif(not CASES.is_dir(), reason="the folder of outside cases is not here")
def test_shopifys_own_samples_are_read() -> None:
    """An order of three lines, authorised and so not paid; a refund of 209.00."""
    order = SHOPIFY.read((CASES / "hooks" / "shopify-order.json").read_bytes()).order
    assert order is not None
    assert (order.order_id, order.total_minor, order.currency, order.paid) == ("450789469", 40994, "USD", False)
    assert [line.sku for line in order.lines] == ["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK"]
    refunds = SHOPIFY.read((CASES / "hooks" / "shopify-refund.json").read_bytes()).refunds
    assert [(each.refund_id, each.amount_minor) for each in refunds] == [("509562969", 20900)]


def test_shopifys_tokens_travel_as_attributes() -> None:
    """As a cart attribute or as a line item's property, with or without the underscore that hides it."""
    order = shopify_order(
        note_attributes=[{"name": "colour", "value": "red"}, {"name": "qf_visitor", "value": "token"}]
    )
    found = SHOPIFY.read(json.dumps(order).encode()).order
    line = {"product_id": 1, "sku": "s", "title": "t", "quantity": 1, "price": "1.00",
            "properties": [{"name": "_qf_visitor", "value": "hidden"}]}  # fmt: skip
    other = SHOPIFY.read(json.dumps(order | {"note_attributes": [], "line_items": [line]}).encode()).order
    assert found is not None
    assert other is not None
    assert (found.visitor_tokens, other.visitor_tokens, found.paid) == (("token",), ("hidden",), True)


def test_tokens_are_tried_in_turn_wherever_they_stand() -> None:
    """Attributes as a list or as one object, of the cart and of its lines, white space around them; each once."""
    line = {"title": "t", "quantity": 1, "price": "1.00"}
    order = shopify_order(
        note_attributes={"qf_visitor": " first\n", "colour": "red", "qf_click": "click"},
        line_items=[
            line | {"properties": {"_qf_visitor": "second"}},
            line
            | {"properties": [{"name": "qf_visitor", "value": "first"}, {"name": "_qf_visitor", "value": "third"}]},
            line | {"properties": {}},
        ],
    )
    found = SHOPIFY.read(json.dumps(order).encode()).order
    assert found is not None
    assert (found.visitor_tokens, found.click_tokens) == (("first", "second", "third"), ("click",))


@pytest.mark.parametrize("secret", ["the new secret, 1,the old secret, 2", "a,secret,with,commas,in,it,made,by,them"])
def test_a_secret_changes_while_both_hold(secret: str) -> None:
    """`new,old`: what either signed is taken; a secret with commas in it is taken whole, and no short part of it."""

    def header(key: str) -> dict[str, str]:
        mac = hmac.digest(key.encode(), b"{}", hashlib.sha256)
        return {"x-shopify-hmac-sha256": base64.b64encode(mac).decode()}

    source = ShopifySource(secret)
    assert source.refusal(b"{}", header(secret), now=NOON) is None
    assert source.refusal(b"{}", header("a"), now=NOON) is RefusalReason.SIGNATURE
    assert source.refusal(b"{}", header("1"), now=NOON) is RefusalReason.SIGNATURE
    rotated = ShopifySource("a new secret of letters,an old secret of letters")
    for key in ("a new secret of letters", "an old secret of letters"):
        assert rotated.refusal(b"{}", header(key), now=NOON) is None


@pytest.mark.parametrize(
    ("status", "paid", "cancelled"),
    [
        ("paid", True, False),
        ("partially_paid", True, False),
        ("partially_refunded", True, False),
        ("refunded", True, False),
        ("authorized", False, False),
        ("pending", False, False),
        ("voided", False, True),
        (None, False, False),
    ],
)
def test_shopifys_words_for_money(status: str | None, *, paid: bool, cancelled: bool) -> None:
    """Paid once money has been taken; what was given back is told by its refunds."""
    order = SHOPIFY.read(json.dumps(shopify_order(financial_status=status)).encode()).order
    assert order is not None
    assert (order.paid, order.cancelled) == (paid, cancelled)


def test_only_what_was_given_back_is_a_refund() -> None:
    """Pending and failed transactions, voids and mere restocking give nothing back; two currencies are not summed."""
    kinds = [("refund", "success", "1.50"), ("refund", "pending", "9.00"), ("refund", "failure", "9.00")]
    kinds += [("refund", "success", "2.00"), ("void", "success", "9.00")]
    transactions = [
        {"kind": kind, "status": status, "amount": amount, "currency": "EUR"} for kind, status, amount in kinds
    ]
    refund = {"id": 7, "order_id": 1, "created_at": NOON.isoformat(), "refund_line_items": []}
    found = SHOPIFY.read(json.dumps(refund | {"transactions": transactions}).encode()).refunds
    assert [(each.refund_id, each.order_id, each.amount_minor, each.currency) for each in found] == [
        ("7", "1", 350, "EUR")
    ]
    assert SHOPIFY.read(json.dumps(refund).encode()).refunds == ()
    transactions[0]["currency"] = "GBP"
    with pytest.raises(UnreadableError, match="several currencies"):
        SHOPIFY.read(json.dumps(refund | {"transactions": transactions}).encode())


def test_a_cancelled_order_of_shopifys_says_when() -> None:
    """Whatever was paid before: a moment in `cancelled_at` calls it off."""
    order = SHOPIFY.read(json.dumps(shopify_order(cancelled_at=NOON.isoformat())).encode()).order
    assert order is not None
    assert (order.paid, order.cancelled) == (True, True)


def test_the_click_travels_beside_the_visitor() -> None:
    """As the attribute `qf_click`, beside `qf_visitor`."""
    attributes = [{"name": "qf_click", "value": "click"}, {"name": "qf_visitor", "value": "visitor"}]
    order = SHOPIFY.read(json.dumps(shopify_order(note_attributes=attributes)).encode()).order
    assert order is not None
    assert (order.click_tokens, order.visitor_tokens) == (("click",), ("visitor",))

"""Signatures on bytes before anything is read, and what each source's bodies say."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.orders.event import EventFacts, LineItem, UnreadableError
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.sources.standard import StandardSource, sign
from tests.cast import NOON, SHOPIFY_SECRET, STANDARD_SECRET
from tests.orders.bodies import body, event, shopify_order

SHOPIFY = ShopifySource(SHOPIFY_SECRET)
STANDARD = StandardSource(STANDARD_SECRET)
CASES = Path(os.environ.get("QUIZFUNNEL_CASES", Path(__file__).parents[3] / "shared" / "cases"))


def test_shopifys_published_vector() -> None:
    """The signature of the known body under the known secret."""
    headers = {"x-shopify-hmac-sha256": "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g="}
    assert SHOPIFY.is_genuine(b'{"foo": "bar"}', headers, now=NOON)
    assert not SHOPIFY.is_genuine(b'{"foo": "bar"} ', headers, now=NOON)
    assert not SHOPIFY.is_genuine(b'{"foo": "bar"}', {}, now=NOON)


def test_the_standards_published_vector() -> None:
    """The signature of the specification's own test."""
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    at = datetime.fromtimestamp(1614265330, UTC)
    assert STANDARD.is_genuine(b'{"test": 2432232314}', headers, now=at)
    assert STANDARD.is_genuine(b'{"test": 2432232314}', headers, now=at + timedelta(seconds=300))
    assert not STANDARD.is_genuine(b'{"test": 2432232314}', headers, now=at + timedelta(seconds=301))
    assert not STANDARD.is_genuine(b'{"test": 2432232314}', headers, now=at - timedelta(seconds=301))
    several = headers | {"webhook-signature": f"v1,AAAA {headers['webhook-signature']} v2,x"}
    assert STANDARD.is_genuine(b'{"test": 2432232314}', several, now=at)


@given(st.binary(max_size=60), st.binary(min_size=1, max_size=4))
def test_a_signature_holds_for_its_bytes_alone(sent: bytes, more: bytes) -> None:
    """One more byte and it is another body; bytes that are no JSON can be signed as well."""
    from tests.orders.signing import signed

    headers = signed(sent, at=NOON)
    assert STANDARD.is_genuine(sent, headers, now=NOON)
    assert not STANDARD.is_genuine(sent + more, headers, now=NOON)


def test_the_library_signs_as_we_do() -> None:
    """What the checkout sends is signed by the standard's own library and verified by us."""
    headers = sign(STANDARD_SECRET, delivery="msg_1", at=NOON, body=body())
    assert STANDARD.is_genuine(body(), headers, now=NOON)


def test_a_standard_order_is_read() -> None:
    """Ids, moments in UTC, money in minor units, lines."""
    facts = STANDARD.read(body(visitor_token="t", placed_at="2026-03-02T13:00:00+01:00"))
    order = facts.order
    assert order is not None
    assert (order.order_id, order.placed_at, order.total_minor, order.paid) == ("1001", NOON, 2150, True)
    assert order.visitor_token == "t"
    assert order.lines == (LineItem("dark-bean", "", "", 1, 2150),)


def test_money_follows_the_currency() -> None:
    """Yen have no decimals, dinars three; more decimals than the currency has are refused."""
    lines: list[Any] = []
    yen = STANDARD.read(body(currency="JPY", total="500", lines=lines)).order
    dinar = STANDARD.read(body(currency="KWD", total="1.234", lines=lines)).order
    assert yen is not None
    assert dinar is not None
    assert (yen.total_minor, dinar.total_minor) == (500, 1234)
    with pytest.raises(UnreadableError, match="more decimals than JPY"):
        STANDARD.read(body(currency="JPY", total="5.5", lines=lines))


def test_refunds_and_cancellations_are_read() -> None:
    """A refund by its own id; a cancelled order is marked."""
    refund = {"refund_id": "r1", "amount": "5.00", "at": NOON.isoformat()}
    facts = STANDARD.read(body(type="order.refunded", refunds=[refund]))
    assert [(each.refund_id, each.order_id, each.amount_minor) for each in facts.refunds] == [("r1", "1001", 500)]
    cancelled = STANDARD.read(body(type="order.cancelled")).order
    assert cancelled is not None
    assert cancelled.cancelled


def test_an_unknown_type_is_of_no_concern() -> None:
    """Other events of the store are kept and ignored."""
    assert STANDARD.read(body(type="customer.created")) == EventFacts("customer.created", None, ())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"order_id": None}, "`order_id`"),
        ({"order_id": "x" * 201}, "`order_id`"),
        ({"currency": "XXZ"}, "XXZ"),
        ({"currency": 3}, "`currency`|3"),
        ({"total": 21.5}, "`total`"),
        ({"total": "NaN"}, "`total`"),
        ({"total": "-1"}, "negative"),
        ({"placed_at": "yesterday"}, "`placed_at`"),
        ({"placed_at": "2026-03-02T12:00:00"}, "time zone"),
        ({"test": "yes"}, "`test`"),
        ({"lines": "none"}, "`lines`"),
        ({"lines": [{"quantity": 1, "unit_price": "1"}]}, "product_id, sku nor title"),
        ({"lines": [{"sku": "a", "quantity": -1, "unit_price": "1"}]}, "`quantity`"),
        ({"lines": [{"sku": "a", "quantity": True, "unit_price": "1"}]}, "`quantity`"),
        ({"visitor_token": "a\0b"}, "character"),
    ],
)
def test_what_cannot_be_read_is_said(changes: dict[str, Any], says: str) -> None:
    """The dead letter's reason names the field."""
    with pytest.raises(UnreadableError, match=says):
        STANDARD.read(body(**changes))


@pytest.mark.parametrize(
    "raw",
    [
        *[b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 5000],
        *[b'{"type": NaN}', b'{"type": "\\ud800"}', b'{"type": 1e999}'],
    ],
)
def test_no_body_is_more_than_unreadable(raw: bytes) -> None:
    """Not JSON, not UTF-8, too deep, not finite, a lone surrogate: unreadable, and nothing else."""
    for source in (STANDARD, SHOPIFY):
        with pytest.raises(UnreadableError):
            source.read(raw)


KEYS = ("id", "type", "data", "order_id", "currency", "line_items", "transactions", "refund_line_items")
LEAVES = st.none() | st.booleans() | st.floats() | st.text() | st.integers()


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner)


@given(st.recursive(LEAVES, _containers, max_leaves=12))
def test_any_json_is_read_or_unreadable(data: Any) -> None:
    """Whatever JSON a store signs, reading it gives facts or one kind of error."""
    raw = json.dumps(data).encode()
    for source in (STANDARD, SHOPIFY):
        try:
            found: object = source.read(raw)
        except UnreadableError as error:
            found = error
        assert isinstance(found, EventFacts | UnreadableError)


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
    assert (found.visitor_token, other.visitor_token, found.paid) == ("token", "hidden", True)


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
    """In the standard body as `click_token`, in Shopify's as the attribute `qf_click`."""
    standard = STANDARD.read(body(click_token="click")).order
    attributes = [{"name": "qf_click", "value": "click"}, {"name": "qf_visitor", "value": "visitor"}]
    shopify = SHOPIFY.read(json.dumps(shopify_order(note_attributes=attributes)).encode()).order
    assert standard is not None
    assert shopify is not None
    assert (standard.click_token, shopify.click_token, shopify.visitor_token) == ("click", "click", "visitor")


@pytest.mark.parametrize(("deep", "readable"), [(38, True), (45, False), (500, False)])
def test_depth_has_a_bound_below_the_parsers_own(deep: int, *, readable: bool) -> None:
    """What lies deep in a part that nobody reads is refused too: it would be stored and read again."""
    raw = json.dumps(event(lines=[])).encode()[:-1] + b', "more": ' + b"[" * deep + b"]" * deep + b"}"
    if readable:
        assert STANDARD.read(raw).order is not None
    else:
        with pytest.raises(UnreadableError, match="deep"):
            STANDARD.read(raw)

"""WooCommerce's web hooks: the signature and the first ping, orders and their money as a person reads them."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from quizfunnel.orders.event import EventFacts, LineItem, OrderFacts, UnreadableError
from quizfunnel.orders.sources.source import RefusalReason
from quizfunnel.orders.sources.woocommerce import WooCommerceSource
from tests.cast import NOON

SECRET = "a hook's own secret, 40 letters with (commas"
WOO = WooCommerceSource(SECRET)
CREATED, MODIFIED = datetime(2026, 3, 2, 9, 28, 2, tzinfo=UTC), datetime(2026, 3, 2, 9, 30, 8, tzinfo=UTC)
LINE = {"id": 315, "name": "Tea", "product_id": 93, "quantity": 2, "sku": "T-1", "price": 3.0, "meta_data": []}


def woo(**changes: Any) -> dict[str, Any]:
    """Return an order in the shape of the REST API, changed."""
    data = {
        "id": 727,
        "number": "727",
        "status": "processing",
        "currency": "EUR",
        "date_created": "2026-03-02T10:28:02",
        "date_created_gmt": "2026-03-02T09:28:02",
        "date_modified_gmt": "2026-03-02T09:30:08",
        "date_paid_gmt": None,
        "total": "29.35",
        "meta_data": [],
        "line_items": [LINE],
        "refunds": [],
    }
    return data | changes


def read(**changes: Any) -> EventFacts:
    """Return the facts of that order."""
    return WOO.read(json.dumps(woo(**changes)).encode())


def order(**changes: Any) -> OrderFacts:
    """Return the order of that body."""
    found = read(**changes).order
    assert found is not None
    return found


def test_the_signature_is_of_the_body_alone() -> None:
    """Base64 of an HMAC-SHA256, as the platform's own code makes it; a secret may hold a comma."""
    mac = hmac.digest(SECRET.encode(), b"{}", hashlib.sha256)
    headers = {"x-wc-webhook-signature": base64.b64encode(mac).decode()}
    assert WOO.refusal(b"{}", headers, now=NOON) is None
    assert WOO.refusal(b"{} ", headers, now=NOON) is RefusalReason.SIGNATURE
    assert WOO.refusal(b"{}", {}, now=NOON) is RefusalReason.UNSIGNED


@pytest.mark.parametrize(
    ("body", "greets"),
    [
        (b"webhook_id=7", True),
        (b"webhook_id=7\n", True),
        (b"webhook_id=", False),
        (b"webhook_id=7&order=1", False),
        (b"{}", False),
    ],
)
def test_the_first_ping_is_a_form_and_says_nothing_else(body: bytes, *, greets: bool) -> None:
    """It comes unsigned before anything else, and a hook that is refused it is switched off."""
    assert WOO.is_greeting(body) is greets


def test_an_order_is_read() -> None:
    """Moments in UTC though they name no zone, prices as numbers, the variation's own SKU."""
    found = order()
    assert (found.order_id, found.number, found.total_minor, found.currency) == ("727", "727", 2935, "EUR")
    assert (found.placed_at, found.updated_at) == (CREATED, MODIFIED)
    assert found.lines == (LineItem("93", "T-1", "Tea", Decimal(2), 300),)
    assert (found.paid, found.cancelled) == (True, False)


@pytest.mark.parametrize(
    ("status", "paid", "cancelled"),
    [
        ("processing", True, False),
        ("completed", True, False),
        ("refunded", True, False),
        ("pending", False, False),
        ("on-hold", False, False),
        ("failed", False, False),
        ("cancelled", False, True),
        ("trash", False, True),
        ("shipped-by-a-plugin", False, False),
    ],
)
def test_a_status_is_money_or_not(status: str, *, paid: bool, cancelled: bool) -> None:
    """Paid once the money is there; a plugin's own status says nothing, and the moment of payment does."""
    found = order(status=status)
    assert (found.paid, found.cancelled) == (paid, cancelled)
    assert order(status=status, date_paid_gmt="2026-03-02T09:29:00").paid


@pytest.mark.parametrize(
    ("currency", "total", "minor"),
    [
        ("EUR", "29", 2900),
        ("EUR", "29.3500", 2935),
        ("EUR", "29.354", 2935),
        ("EUR", "29.355", 2936),
        ("JPY", "500", 500),
        ("JPY", "500.00", 500),
        ("KWD", "1.2345", 1235),
        ("EUR", 29.35, 2935),
    ],
)
def test_a_shop_shows_as_many_decimals_as_it_likes(currency: str, total: object, minor: int) -> None:
    """The amount is what its currency makes of it, rounded as customers pay it."""
    assert order(currency=currency, total=total, line_items=[]).total_minor == minor


def test_refunds_are_negative_lines_and_dated_by_their_event() -> None:
    """Each by its own id; what cannot be read of one is remarked, and the order counts."""
    facts = read(refunds=[{"id": 1, "reason": "late", "total": "-10.00"}, {"id": 2, "total": "5.00"}, {"id": 3}, 4])
    assert [(each.refund_id, each.order_id, each.amount_minor, each.at) for each in facts.refunds] == [
        ("1", "727", 1000, MODIFIED),
        ("2", "727", 500, MODIFIED),
    ]
    assert len(facts.remarks) == 2


def test_tokens_travel_as_meta_data() -> None:
    """Of the order, else of a line; other plugins' values there may be anything."""
    metas = [{"id": 1, "key": "_other", "value": {"a": []}}, {"id": 2, "key": "_qf_visitor", "value": "first"}]
    line = LINE | {"meta_data": [{"key": "qf_visitor", "value": "second"}, {"key": "qf_click", "value": "click"}]}
    found = order(meta_data=metas, line_items=[line])
    assert (found.visitor_tokens, found.click_tokens) == (("first", "second"), ("click",))


@pytest.mark.parametrize(
    "body",
    [{"id": 1, "name": "Tea", "price": "3"}, woo(status="checkout-draft"), woo(status="auto-draft")],
)
def test_what_nobody_ordered_is_no_order(body: dict[str, Any]) -> None:
    """A product, a checkout under way."""
    assert WOO.read(json.dumps(body).encode()) == EventFacts("other", None, ())


def test_a_number_alone_is_of_something_deleted() -> None:
    """The documented body of order.deleted; with anything beside the number it is of something else."""
    assert WOO.read(b'{"id": 727}') == EventFacts("deleted", None, (), deleted="727")
    assert WOO.read(b'{"id": 727, "name": "x"}') == EventFacts("other", None, ())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"total": "x"}, "`total` is no amount"),
        ({"total": None}, "`total` is no amount"),
        ({"total": "1e99"}, "`total` is no amount"),
        ({"currency": "XXZ"}, "`currency`"),
        ({"date_created_gmt": "yesterday"}, "`date_created_gmt` is no moment"),
        ({"date_modified_gmt": None}, "`date_modified_gmt` is no moment"),
    ],
)
def test_what_cannot_be_read_is_said(changes: dict[str, Any], says: str) -> None:
    """The dead letter's reason names the field as the platform calls it."""
    with pytest.raises(UnreadableError, match=says):
        read(**changes)


def test_an_odd_line_loses_no_order() -> None:
    """Quantities of a weight, a price by division, no price at all, a line that is none."""
    lines = [LINE | {"quantity": 0.25, "price": 14.309999999999999}, LINE | {"price": "", "quantity": -1}, 7]
    facts = read(line_items=lines)
    assert facts.order is not None
    assert facts.order.total_minor == 2935
    assert facts.order.lines[0][3:5] == (Decimal("0.25"), 1431)
    assert len(facts.remarks) == 4

"""Standard Webhooks: signatures on bytes before anything is read, and what a body says."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from quizfunnel.orders.event import EventFacts, LineItem, UnreadableError
from quizfunnel.orders.sources.source import RefusalReason
from quizfunnel.orders.sources.standard import StandardSource, sign
from tests.cast import NOON, STANDARD_SECRET
from tests.orders.bodies import body, event
from tests.orders.signing import signed

STANDARD = StandardSource(STANDARD_SECRET)


def test_the_standards_published_vector() -> None:
    """The signature of the specification's own test."""
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    at = datetime.fromtimestamp(1614265330, UTC)
    assert STANDARD.refusal(b'{"test": 2432232314}', headers, now=at) is None
    assert STANDARD.refusal(b'{"test": 2432232314}', headers, now=at + timedelta(seconds=300)) is None
    assert STANDARD.refusal(b'{"test": 2432232314}', headers, now=at + timedelta(seconds=301))
    assert STANDARD.refusal(b'{"test": 2432232314}', headers, now=at - timedelta(seconds=301))
    several = headers | {"webhook-signature": f"v1,AAAA {headers['webhook-signature']} v2,x"}
    assert STANDARD.refusal(b'{"test": 2432232314}', several, now=at) is None


@given(st.binary(max_size=60), st.binary(min_size=1, max_size=4))
def test_a_signature_holds_for_its_bytes_alone(sent: bytes, more: bytes) -> None:
    """One more byte and it is another body; bytes that are no JSON can be signed as well."""
    headers = signed(sent, at=NOON)
    assert STANDARD.refusal(sent, headers, now=NOON) is None
    assert STANDARD.refusal(sent + more, headers, now=NOON)


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.sampled_from([STANDARD_SECRET, "whsec_" + "AAAA" * 8]))
def test_signatures_are_those_of_the_standards_own_library(text: str, secret: str) -> None:
    """A signature of the standard's library is taken, and ours is the same."""
    theirs = Webhook(secret).sign("msg_1", NOON, text)
    headers = sign(secret, delivery="msg_1", at=NOON, body=text.encode())
    assert headers["webhook-signature"] == theirs
    assert StandardSource(secret).refusal(text.encode(), headers, now=NOON) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,\ud800"},
        {"webhook-signature": ""},
        {"webhook-timestamp": "1e9"},
        {"webhook-timestamp": "NaN"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": ""},
        {"webhook-id": "\u00e9"},
        {"webhook-id": ""},
    ],
)
def test_headers_that_no_store_sends_are_no_signature(changed: dict[str, str]) -> None:
    """They are refused and raise nothing."""
    assert STANDARD.refusal(b"{}", signed(b"{}", at=NOON) | changed, now=NOON)


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("whsec_not base64!", "is no base64; copy it whole"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "is no base64; copy it whole"),
        ("whsec_c2hvcnQ=", "is too short: 16 bytes or more"),
        ("", "is too short"),
    ],
)
def test_a_secret_that_no_store_has_is_refused(secret: str, says: str) -> None:
    """One that was cut off or is none, so that no delivery is refused because of it later."""
    with pytest.raises(ValueError, match=says):
        StandardSource(secret)


def test_a_standard_order_is_read() -> None:
    """Ids, moments in UTC, money in minor units, lines."""
    facts = STANDARD.read(body(visitor_token="t", placed_at="2026-03-02T13:00:00+01:00"))
    order = facts.order
    assert order is not None
    assert (order.order_id, order.placed_at, order.total_minor, order.paid) == ("1001", NOON, 2150, True)
    assert order.visitor_tokens == ("t",)
    assert order.lines == (LineItem("dark-bean", "", "", Decimal(1), 2150),)


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
        ({"order_id": "a\0b"}, "character"),
        ({"type": "order.\ud800"}, "character"),
    ],
)
def test_what_cannot_be_read_is_said(changes: dict[str, Any], says: str) -> None:
    """The dead letter's reason names the field."""
    with pytest.raises(UnreadableError, match=says):
        STANDARD.read(body(**changes))


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"lines": "none"}, "`lines` is no list"),
        ({"lines": ["none"]}, "line 1 is no object"),
        ({"lines": [{"quantity": 1, "unit_price": "1"}]}, "product_id, sku nor title"),
        ({"lines": [{"sku": "a", "quantity": -1, "unit_price": "1"}]}, "`quantity` is no number of zero or more"),
        ({"lines": [{"sku": "a", "quantity": True, "unit_price": "1"}]}, "`quantity` is no number of zero or more"),
        ({"lines": [{"sku": "a", "quantity": 1, "unit_price": "14.309999999999999"}]}, "rounded from 14.3099999"),
        ({"lines": [{"sku": "a", "quantity": 1, "unit_price": "1e99"}]}, "`unit_price` is no amount"),
        ({"lines": [{"sku": "a"}] * 9}, "and 13 more"),
    ],
)
def test_an_odd_line_loses_no_order(changes: dict[str, Any], remark: str) -> None:
    """The order counts by its total; what of its lines could not be read is said."""
    facts = STANDARD.read(body(**changes))
    assert facts.order is not None
    assert facts.order.total_minor == 2150
    assert remark in "; ".join(facts.remarks)


@pytest.mark.parametrize(
    ("quantity", "price", "line"),
    [
        (0.5, "18.00", (Decimal("0.5"), 1800)),
        ("1.25", "-2.00", (Decimal("1.25"), -200)),
        (3, 14.31, (Decimal(3), 1431)),
        (0, "0", (Decimal(0), 0)),
    ],
)
def test_lines_are_sold_by_weight_and_given_as_discounts(quantity: Any, price: Any, line: tuple[Decimal, int]) -> None:
    """Half a kilogram is a quantity, less than nothing is a price, and numbers are as good as text."""
    facts = STANDARD.read(body(lines=[{"sku": "a", "quantity": quantity, "unit_price": price}]))
    assert facts.order is not None
    assert [each[3:5] for each in facts.order.lines] == [line]
    assert facts.remarks == ()


def test_a_title_may_hold_anything() -> None:
    """A character that no database stores stands replaced in what is told, and loses no order."""
    order = STANDARD.read(body(lines=[{"title": "a\0b\ud800c", "quantity": 1, "unit_price": "1"}])).order
    assert order is not None
    assert order.lines[0].title == "a\ufffdb\ufffdc"


def test_a_secret_changes_while_both_hold() -> None:
    """`new,old`: what either signed is taken, and what neither did is not."""
    other = "whsec_" + "AAAA" * 8
    both = StandardSource(f"{other}, {STANDARD_SECRET}")
    assert both.refusal(b"{}", signed(b"{}", at=NOON), now=NOON) is None
    assert both.refusal(b"{}", sign(other, delivery="m", at=NOON, body=b"{}"), now=NOON) is None
    third = sign("whsec_" + "BBBB" * 8, delivery="m", at=NOON, body=b"{}")
    assert both.refusal(b"{}", third, now=NOON) is RefusalReason.SIGNATURE


def test_the_click_travels_beside_the_visitor() -> None:
    """As `click_token`, beside `visitor_token`."""
    order = STANDARD.read(body(click_token="click", visitor_token="visitor")).order
    assert order is not None
    assert (order.click_tokens, order.visitor_tokens) == (("click",), ("visitor",))


@pytest.mark.parametrize(("deep", "readable"), [(38, True), (45, False), (500, False)])
def test_depth_has_a_bound_below_the_parsers_own(deep: int, *, readable: bool) -> None:
    """A value deep in a part that nobody reads is refused too: it would be stored and read again."""
    raw = json.dumps(event(lines=[])).encode()[:-1] + b', "more": ' + b"[" * deep + b"]" * deep + b"}"
    if readable:
        assert STANDARD.read(raw).order is not None
    else:
        with pytest.raises(UnreadableError, match="deep"):
            STANDARD.read(raw)

"""Bodies after the platforms' own documentation, each with the money that a person reads from it, and why."""

from typing import Any, NamedTuple

from quizfunnel.orders.event import sum_id

Raw = dict[str, Any]


class Money(NamedTuple):
    """Money of an order as a person reads it, in minor units."""

    order_id: str
    currency: str
    total: int
    paid: bool = True
    cancelled: bool = False
    test: bool = False


class Documented(NamedTuple):
    """A body with what stands in the ledger after it: an order or none, and refunds as (id, order, amount)."""

    source: str
    name: str
    body: Raw
    order: Money | None
    refunds: tuple[tuple[str, str, int], ...]
    why: str


_SHOPIFY: Raw = {
    "id": 820982911946154508,
    "admin_graphql_api_id": "gid://shopify/Order/820982911946154508",
    "created_at": "2021-12-31T19:00:00-05:00",
    "updated_at": "2021-12-31T19:00:00-05:00",
    "cancelled_at": None,
    "currency": "USD",
    "current_total_price": "398.00",
    "financial_status": "paid",
    "name": "#9999",
    "note_attributes": [],
    "presentment_currency": "USD",
    "test": False,
    "total_outstanding": "0.00",
    "total_price": "398.00",
    "total_price_set": {
        "shop_money": {"amount": "398.00", "currency_code": "USD"},
        "presentment_money": {"amount": "398.00", "currency_code": "USD"},
    },
    "line_items": [
        {"id": 487817672276298554, "product_id": 788032119674292922, "title": "Aviator sunglasses", "quantity": 1,
         "price": "89.99", "sku": "SKU2006-001", "gift_card": False, "properties": []},
        {"id": 976318377106520349, "product_id": 788032119674292922, "title": "Mid-century lounger", "quantity": 1,
         "price": "159.99", "sku": "SKU2006-020", "gift_card": False, "properties": []},
    ],
    "refunds": [],
}  # fmt: skip
_SHOPIFY_REFUND: Raw = {
    "id": 890088186047892319,
    "order_id": 820982911946154508,
    "created_at": "2021-12-31T19:00:00-05:00",
    "processed_at": "2021-12-31T19:00:00-05:00",
    "refund_line_items": [{"line_item_id": 487817672276298554, "quantity": 1, "subtotal": 89.99, "total_tax": 0.0}],
    "transactions": [{"id": 1, "kind": "refund", "status": "success", "amount": "89.99", "currency": "USD"}],
}
_EDITED: Raw = {"current_total_price": "308.01", "total_outstanding": "-89.99"}
_WOO: Raw = {
    "id": 727,
    "parent_id": 0,
    "number": "727",
    "status": "processing",
    "currency": "USD",
    "date_created": "2017-03-22T16:28:02",
    "date_created_gmt": "2017-03-22T19:28:02",
    "date_modified": "2017-03-22T16:28:08",
    "date_modified_gmt": "2017-03-22T19:28:08",
    "date_paid_gmt": "2017-03-22T19:28:08",
    "discount_total": "0.00",
    "shipping_total": "10.00",
    "total": "29.35",
    "total_tax": "1.35",
    "prices_include_tax": False,
    "meta_data": [{"id": 13106, "key": "_download_permissions_granted", "value": "yes"}],
    "line_items": [
        {"id": 315, "name": "Woo Single #1", "product_id": 93, "quantity": 2, "total": "6.00", "sku": "", "price": 3},
        {
            "id": 316,
            "name": "Ship Your Idea",
            "product_id": 22,
            "quantity": 1,
            "total": "12.00",
            "sku": "B",
            "price": 12,
        },
    ],
    "refunds": [],
}
_SESSION: Raw = {
    "id": "cs_test_a11YYufWQzNY63zpQ6QSNRQhkUpVph4WRmzW0zWJO2znZKdVujZ0N0S22u",
    "object": "checkout.session",
    "amount_subtotal": 2198,
    "amount_total": 2198,
    "client_reference_id": None,
    "created": 1679600215,
    "currency": "usd",
    "invoice": None,
    "livemode": True,
    "metadata": {},
    "mode": "payment",
    "payment_intent": "pi_1",
    "payment_status": "paid",
    "status": "complete",
    "subscription": None,
}
_REFUND: Raw = {
    "id": "re_1Nispe2eZvKYlo2Cd31jOCgZ",
    "object": "refund",
    "amount": 1000,
    "charge": "ch_1",
    "created": 1692942318,
    "currency": "usd",
    "payment_intent": "pi_1",
    "status": "succeeded",
}


def _event(kind: str, about: Raw) -> Raw:
    return {
        "id": "evt_1",
        "object": "event",
        "created": 1692942400,
        "livemode": True,
        "type": kind,
        "data": {"object": about},
    }


def _standard(kind: str, **changes: Any) -> Raw:
    data = {
        "order_id": "1001", "placed_at": "2026-03-02T12:00:00Z", "updated_at": "2026-03-02T12:00:00Z",
        "currency": "GBP", "total": "11.50", "test": False, "visitor_token": None, "click_token": None,
        "lines": [{"product_id": "a", "sku": "", "title": "", "quantity": 1, "unit_price": "11.50"}], "refunds": [],
    }  # fmt: skip
    return {"type": kind, "timestamp": "2026-03-02T12:00:00Z", "data": data | changes}


_OF = str(_SHOPIFY["id"])
_IN_EURO = {
    "currency": "EUR",
    "total_price_set": {
        "shop_money": {"amount": "398.00", "currency_code": "EUR"},
        "presentment_money": {"amount": "440.00", "currency_code": "USD"},
    },
}
_COMPLETED, _CHARGE = "checkout.session.completed", {"id": "ch_1", "payment_intent": "pi_1", "currency": "usd"}

DOCUMENTED: tuple[Documented, ...] = (
    Documented("shopify", "orders/paid", _SHOPIFY, Money(_OF, "USD", 39800), (), "what the customer paid, tax and all"),
    Documented(
        "shopify", "orders/create", _SHOPIFY | {"financial_status": "pending"},
        Money(_OF, "USD", 39800, paid=False), (), "ordered, and no money has come yet",
    ),
    Documented(
        "shopify", "orders/create, the documented sample",
        _SHOPIFY | {"financial_status": "voided", "cancelled_at": "2021-12-31T19:00:00-05:00", "test": True},
        Money(_OF, "USD", 39800, paid=False, cancelled=True, test=True), (), "a test, called off, its payment voided",
    ),
    Documented(
        "shopify", "orders/updated, edited", _SHOPIFY | _EDITED,
        Money(_OF, "USD", 30801), (), "a line was removed by an edit: its money is owed to the customer",
    ),
    Documented(
        "shopify", "orders/updated, refunded",
        _SHOPIFY | _EDITED | {"financial_status": "partially_refunded", "refunds": [_SHOPIFY_REFUND]},
        Money(_OF, "USD", 39800), ((str(_SHOPIFY_REFUND["id"]), _OF, 8999),), "398.00 less the 89.99 given back",
    ),
    Documented(
        "shopify", "refunds/create", _SHOPIFY_REFUND,
        None, ((str(_SHOPIFY_REFUND["id"]), _OF, 8999),), "what really went back, by its transaction",
    ),
    Documented(
        "shopify", "refunds/create, restocked only", _SHOPIFY_REFUND | {"transactions": []},
        None, (), "goods came back and no money went",
    ),
    Documented(
        "shopify", "orders/paid, seen in dollars", _SHOPIFY | _IN_EURO,
        Money(_OF, "EUR", 39800), (), "the shop's money counts; what the customer saw is kept beside it",
    ),
    Documented("shopify", "orders/delete", {"id": _SHOPIFY["id"]}, None, (), "the number of what was deleted alone"),
    Documented(
        "shopify", "orders/edited",
        {"order_edit": {"id": 78912328793, "order_id": _SHOPIFY["id"], "line_items": {"additions": [{"delta": 2}]}}},
        None, (), "the edit alone; the order as it is then comes as orders/updated",
    ),
    Documented(
        "shopify", "draft_orders/create", _SHOPIFY | {"invoice_url": "https://x.example/1", "status": "open"},
        None, (), "a draft is no order until it is completed",
    ),
    Documented("woocommerce", "order.created", _WOO, Money("727", "USD", 2935), (), "total is what the customer pays"),
    Documented(
        "woocommerce", "order.created, on hold", _WOO | {"status": "on-hold", "date_paid_gmt": None},
        Money("727", "USD", 2935, paid=False), (), "a transfer that has not come",
    ),
    Documented(
        "woocommerce", "order.updated, refunded in part",
        _WOO | {"refunds": [{"id": 726, "reason": "", "total": "-10.00"}]},
        Money("727", "USD", 2935), (("726", "727", 1000),), "refunds are negative, and total stays as it was",
    ),
    Documented(
        "woocommerce", "order.updated, cancelled", _WOO | {"status": "cancelled"},
        Money("727", "USD", 2935, cancelled=True), (), "called off after it was paid",
    ),
    Documented("woocommerce", "order.deleted", {"id": 727}, None, (), "the number of what was deleted alone"),
    Documented("stripe", _COMPLETED, _event(_COMPLETED, _SESSION), Money("pi_1", "USD", 2198), (), "in cents"),
    Documented(
        "stripe", "checkout.session.completed, in yen", _event(_COMPLETED, _SESSION | {"currency": "jpy"}),
        Money("pi_1", "JPY", 2198), (), "yen have no smaller unit",
    ),
    Documented(
        "stripe", "checkout.session.completed, by debit", _event(_COMPLETED, _SESSION | {"payment_status": "unpaid"}),
        Money("pi_1", "USD", 2198, paid=False), (), "the money comes days later, by an event of its own",
    ),
    Documented("stripe", "payment_intent.succeeded", _event("payment_intent.succeeded", {"id": "pi_1"}), None, (),
               "the session tells of the same payment"),
    Documented(
        "stripe", "charge.refunded", _event("charge.refunded", _CHARGE | {"amount_refunded": 1500}),
        None, ((sum_id("pi_1"), "pi_1", 1500),), "what was given back so far, in sum",
    ),
    Documented("stripe", "refund.created", _event("refund.created", _REFUND), None,
               ((str(_REFUND["id"]), "pi_1", 1000),), "one refund"),
    Documented(
        "stripe", "refund.failed", _event("refund.failed", _REFUND | {"status": "failed"}), None,
        ((str(_REFUND["id"]), "pi_1", 1000), (f"{_REFUND['id']} failed", "pi_1", -1000)),
        "given back, and come home again",
    ),
    Documented("standard", "order.paid", _standard("order.paid"), Money("1001", "GBP", 1150), (), "as it says"),
    Documented(
        "standard", "order.updated", _standard("order.updated"),
        Money("1001", "GBP", 1150, paid=False), (), "an update says nothing of money",
    ),
    Documented(
        "standard", "order.cancelled", _standard("order.cancelled"),
        Money("1001", "GBP", 1150, paid=False, cancelled=True), (), "called off",
    ),
    Documented(
        "standard", "order.refunded",
        _standard("order.refunded", refunds=[{"refund_id": "r1", "amount": "1.50", "at": "2026-03-03T12:00:00Z"}]),
        Money("1001", "GBP", 1150), (("r1", "1001", 150),), "paid before, and 1.50 given back",
    ),
)  # fmt: skip

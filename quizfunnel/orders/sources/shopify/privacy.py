"""Shopify's privacy topics: customers/data_request, customers/redact and shop/redact, told by their shape; pure.

Source: Shopify's documentation of mandatory compliance web hooks. The topic stands in a header that is not signed.
"""

from collections.abc import Mapping
from typing import Any

from quizfunnel.orders.event import EventFacts, PrivacyRequest
from quizfunnel.orders.sources import json_body

_OF_A_SHOP = {"shop_id", "shop_domain"}


def is_privacy(data: Mapping[str, Any]) -> bool:
    """Tell whether a body is a request about personal data: of a customer, or of a shop and nothing else."""
    of_a_customer = isinstance(data.get("customer"), dict) and bool({"orders_requested", "orders_to_redact"} & {*data})
    return "shop_domain" in data and (of_a_customer or {*data} <= _OF_A_SHOP)


def read(data: Mapping[str, Any]) -> EventFacts:
    """Return what is asked for, of which orders, and what the customer is called in other bodies."""
    if "customer" not in data:
        return EventFacts("shop/redact", None, (), privacy=PrivacyRequest("redact_shop", ()))
    asks = "orders_requested" in data
    listed = data.get("orders_requested" if asks else "orders_to_redact")
    orders = tuple(str(id) for id in (listed if isinstance(listed, list) else ()) if isinstance(id, str | int))
    customer = data["customer"]
    names = tuple(filter(None, (json_body.text(customer, name, most=500) for name in ("email", "phone"))))
    topic = "customers/data_request" if asks else "customers/redact"
    request = PrivacyRequest("disclose" if asks else "redact", orders, json_body.text(customer, "id"), names)
    return EventFacts(topic, None, (), privacy=request)

"""Exchange of refunds into their orders' currencies, by the two totals that the order itself has.

A customer who paid in francs is given francs back, and the shop counts in euros. No rate of a bank is asked: the total
of the order in both currencies is the rate at which it was sold. Where an order has no second total, the refund stays
unconverted, and is counted as such.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Connection, func, select, update

from quizfunnel.orders.tables import Order, Refund
from quizfunnel.store.types import columns

BY_TOTALS = "totals"
_order, _refund = columns(Order), columns(Refund)


def hold(connection: Connection, source: str, order_ids: Iterable[str]) -> None:
    """Let the events of an order take turns on PostgreSQL, so that a refund and its order see each other.

    SQLite's writers take turns anyway. The keys are taken in their order, so that two events never wait for each other.
    """
    if connection.dialect.name == "postgresql":
        for order_id in sorted(order_ids):
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{source} {order_id}", 0))))


def convert(connection: Connection, source: str, order_ids: Iterable[str]) -> None:
    """Write what the refunds of these orders are in their orders' currencies, as the ledger knows both now."""
    for order_id in order_ids:
        mine = (_order.source == source, _order.order_id == order_id)
        totals = (_order.currency, _order.total_minor, _order.presentment_currency, _order.presentment_total_minor)
        order = connection.execute(select(*totals).where(*mine)).first()
        if order is not None:
            _convert(connection, source, order_id, order)


def _convert(connection: Connection, source: str, order_id: str, order: Any) -> None:
    its = (_refund.source == source, _refund.order_id == order_id)
    kept = (_refund.refund_id, _refund.amount_minor, _refund.currency, _refund.converted_minor)
    for refund in connection.execute(select(*kept).where(*its)).all():
        converted = _converted(refund, order)
        if converted != refund.converted_minor:
            values = {"converted_minor": converted, "converted_by": "" if converted is None else BY_TOTALS}
            connection.execute(update(Refund).where(*its, _refund.refund_id == refund.refund_id).values(values))


def _converted(refund: Any, order: Any) -> int | None:
    """Return a refund in minor units of its order's currency, None where it is in it or no rate is known."""
    if refund.currency == order.currency or refund.currency != order.presentment_currency:
        return None
    if not order.presentment_total_minor:
        return None
    amount = Decimal(refund.amount_minor) * order.total_minor / order.presentment_total_minor
    return int(amount.to_integral_value(ROUND_HALF_UP))

"""States of orders and of the inbox, counted for whoever watches over the machines; simulated ones are left out."""

from collections.abc import Iterator

from sqlalchemy import Connection, Select, case, func, select

from quizfunnel.orders import marks
from quizfunnel.orders.tables import Order, OrderEvent
from quizfunnel.store.types import columns
from quizfunnel.telemetry.store_figure import StoreFigure

_event, _order = columns(OrderEvent), columns(Order)
_state = case(
    (_order.test.is_(True), "test"),
    (_order.cancelled.is_(True), "cancelled"),
    (_order.paid.is_(True), "paid"),
    else_="unpaid",
)


def figures(connection: Connection) -> Iterator[StoreFigure]:
    """Yield how many orders, and how many deliveries of the inbox, are in which state, by source."""
    orders = (
        select(_order.source, _state, func.count()).where(_order.simulated.is_(False)).group_by(_order.source, _state)
    )
    yield StoreFigure("orders", "Orders in the ledger.", ("source", "state"), _counted(connection, orders))
    deliveries = (
        select(_event.source, _event.state, func.count())
        .where(_event.simulated.is_(False), marks.IS_DELIVERY)
        .group_by(_event.source, _event.state)
    )
    says = "Deliveries in the inbox: new and waiting ones are the queue, dead ones could not be read."
    yield StoreFigure("deliveries", says, ("source", "state"), _counted(connection, deliveries))


def _counted(connection: Connection, statement: Select[str, str, int]) -> dict[tuple[str, ...], float]:
    return {(source, state): count for source, state, count in connection.execute(statement)}

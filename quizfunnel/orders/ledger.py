"""Orders as their newest event tells them: any order and any repetition of events gives the same rows."""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from quizfunnel.kit.signing import Signer
from quizfunnel.orders import match
from quizfunnel.orders.facts import EventFacts, OrderFacts, RefundFacts
from quizfunnel.orders.match import FindProduct
from quizfunnel.orders.tables import Order, OrderLine, Refund
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Visitor

_order, _line, _visitor = columns(Order), columns(OrderLine), columns(Visitor)


class Clerk(NamedTuple):
    """What the ledger needs to attribute an order: the keys of our tokens and the catalogue."""

    signer: Signer
    find_product: FindProduct


class Origin(NamedTuple):
    """Where facts come from: the source, the digest of the event, and whether it is simulated."""

    source: str
    event: str
    simulated: bool = False


def apply(connection: Connection, clerk: Clerk, facts: EventFacts, origin: Origin) -> bool:
    """Write what an event says; tell whether anything of it was new.

    An order is replaced by a newer event of it only; where two are of the same moment the one with
    the greater `event` digest wins, so that their order of arrival does not matter.
    """
    new = False
    for refund in facts.refunds:
        new = _write_refund(connection, refund, source=origin.source) or new
    if facts.order is not None:
        new = _write_order(connection, clerk, facts.order, origin) or new
    return new


def _write_order(connection: Connection, clerk: Clerk, order: OrderFacts, origin: Origin) -> bool:
    source, event, simulated = origin
    mine = (_order.source == source, _order.order_id == order.order_id)
    known = connection.execute(
        select(
            _order.updated_at,
            _order.event,
            _order.visitor_id,
            _order.click_id,
            _order.placed_at,
            _order.simulated,
        )
        .where(*mine)
        .with_for_update()
    ).first()
    found = match.attribute(clerk.signer, order)
    if known is not None and (known.updated_at, known.event) >= (order.updated_at, event):
        return _complete(connection, order, found, known=known, source=source)
    visitor = _either(found.visitor_id, known.visitor_id if known else None)
    row: dict[str, Any] = {
        "visitor_id": visitor,
        "click_id": _either(found.click_id, known.click_id if known else None),
        "placed_at": min(order.placed_at, known.placed_at) if known else order.placed_at,
        "updated_at": order.updated_at,
        "event": event,
        "currency": order.currency,
        "total_minor": order.total_minor,
        "paid": order.paid,
        "cancelled": order.cancelled,
        "test": order.test,
        "simulated": simulated or bool(known and known.simulated) or _is_simulated(connection, visitor),
    }
    if known is None:
        connection.execute(insert(Order).values(source=source, order_id=order.order_id, **row))
    else:
        connection.execute(update(Order).where(*mine).values(**row))
    _write_lines(connection, clerk, order, source=source)
    return True


def _complete(connection: Connection, order: OrderFacts, found: match.Attribution, *, known: Any, source: str) -> bool:
    """Take from an older event only what a newer one left out: who it was, and when the order was placed."""
    more = {
        "visitor_id": _either(known.visitor_id, found.visitor_id),
        "click_id": _either(known.click_id, found.click_id),
        "placed_at": min(known.placed_at, order.placed_at),
    }
    if more == {name: getattr(known, name) for name in more}:
        return False
    if more["visitor_id"] != known.visitor_id:
        more["simulated"] = known.simulated or _is_simulated(connection, more["visitor_id"])
    mine = (_order.source == source, _order.order_id == order.order_id)
    connection.execute(update(Order).where(*mine).values(**more))
    return True


def _either(first: str | None, second: str | None) -> str | None:
    """Return the one that is known; of two the lesser, so that the order of arrival does not matter."""
    return min(filter(None, (first, second)), default=None)


def _write_lines(connection: Connection, clerk: Clerk, order: OrderFacts, *, source: str) -> None:
    connection.execute(delete(OrderLine).where(_line.source == source, _line.order_id == order.order_id))
    rows = []
    for position, line in enumerate(order.lines, start=1):
        product, by = match.product_of(line, clerk.find_product)
        rows.append(
            {
                "source": source,
                "order_id": order.order_id,
                "position": position,
                **line._asdict(),
                "product": product,
                "matched_by": by,
            }
        )
    if rows:
        connection.execute(insert(OrderLine), rows)


def _write_refund(connection: Connection, refund: RefundFacts, *, source: str) -> bool:
    done = connection.execute(_once(connection.dialect.name), {"source": source, **refund._asdict()})
    return done.first() is not None


def _is_simulated(connection: Connection, visitor: str | None) -> bool:
    if visitor is None:
        return False
    return bool(connection.execute(select(_visitor.simulated).where(_visitor.id == visitor)).scalar())


@lru_cache(maxsize=2)
def _once(dialect: str) -> ReturningInsert[tuple[str]]:
    kind = postgresql if dialect == "postgresql" else sqlite
    return kind.insert(Refund).on_conflict_do_nothing().returning(columns(Refund).refund_id)  # type: ignore[no-any-return]

"""Ledger of orders, each as of its newest event: any order and any repetition of events gives the same rows."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, tuple_, update
from sqlalchemy.sql.dml import ReturningInsert

from quizfunnel.kit.money import exponent
from quizfunnel.kit.signing import Signer
from quizfunnel.orders import attribution, exchange, marks
from quizfunnel.orders.attribution import FindProduct, Permission
from quizfunnel.orders.event import EventFacts, OrderFacts, PaymentOf, RefundFacts, sum_id
from quizfunnel.orders.tables import MICRO, Order, OrderLine, Refund
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import Excluded, insert_once, upsert
from quizfunnel.visit.tables import Visitor

_order, _line, _refund, _visitor = columns(Order), columns(OrderLine), columns(Refund), columns(Visitor)


class AttributionKeys(NamedTuple):
    """Keys to attribution: the signer of our tokens, the catalogue's look-up of products, and who may be linked."""

    signer: Signer
    find_product: FindProduct
    permission: Permission | None = None


class Origin(NamedTuple):
    """Origin of facts: the source, the digest of the event, and whether it is simulated."""

    source: str
    event: str
    simulated: bool = False


def apply(connection: Connection, keys: AttributionKeys, facts: EventFacts, origin: Origin) -> bool:
    """Write the facts of an event; tell whether anything of them was new.

    An order's amounts and lines are those of its newest event; where two are of the same moment the
    one with the greater `event` digest wins, so that their order of arrival does not matter. That an
    order was paid or called off lasts, whichever event said it: stores tell of a new order and of its
    payment within the same second. What holds for good (`quizfunnel.orders.marks`) is kept before.
    """
    new = False
    concerned = _concerned(connection, facts, origin)
    exchange.hold(connection, origin.source, concerned)
    for refund in facts.refunds:
        new = _write_refund(connection, refund, source=origin.source) or new
    if facts.order is not None:
        new = _write_order(connection, keys, facts.order, origin) or new
    if facts.deleted:
        new = _call_off(connection, facts.deleted, origin) or new
    for pair in list(_payments(connection, facts, origin)):
        concerned.add(pair.order_id)
        new = _move_refunds(connection, pair, origin) or new
    if new:
        exchange.convert(connection, origin.source, concerned)
    return new


def _concerned(connection: Connection, facts: EventFacts, origin: Origin) -> set[str]:
    """Return the ids of the orders that an event names, and where events take turns by them what they go by too."""
    ids = {refund.order_id for refund in facts.refunds} | ({facts.order.order_id} if facts.order else set())
    ids |= {facts.deleted} if facts.deleted else set()
    if connection.dialect.name == "postgresql":  # SQLite's writers take turns anyway
        ids |= {id for pair in _payments(connection, facts, origin) for id in pair}
    return ids


def _payments(connection: Connection, facts: EventFacts, origin: Origin) -> Iterator[PaymentOf]:
    """Yield the payments that an event is about whose orders go by another id, as far as that is known."""
    if facts.payment:
        yield facts.payment
    for payment in {refund.order_id for refund in facts.refunds}:
        if order_id := marks.order_of(connection, origin.source, payment):
            yield PaymentOf(payment, order_id)
    if facts.order:
        for payment in marks.payments_of(connection, origin.source, facts.order.order_id):
            yield PaymentOf(payment, facts.order.order_id)


def _move_refunds(connection: Connection, pair: PaymentOf, origin: Origin) -> bool:
    """Let refunds that name a payment be those of the order that it paid; tell whether there were any.

    An order that goes by its payment keeps them: then the invoice is but another paper about it.
    """
    known = select(_order.order_id).where(_order.source == origin.source, _order.order_id.in_(pair))
    if connection.execute(known).scalars().all() != [pair.order_id]:
        return False
    mine = _refund.source == origin.source, _refund.order_id == pair.payment
    names = (_refund.refund_id, _refund.amount_minor, _refund.currency, _refund.at)
    refunds = connection.execute(select(*names).where(*mine)).all()
    connection.execute(delete(Refund).where(*mine))
    for id, *facts in refunds:
        its_id = sum_id(pair.order_id) if id == sum_id(pair.payment) else id
        _write_refund(connection, RefundFacts(its_id, pair.order_id, *facts), source=origin.source)
    return bool(refunds)


def _call_off(connection: Connection, order_id: str, origin: Origin) -> bool:
    """Let an order that the store deleted count no more; tell whether it did."""
    counts = _order.source == origin.source, _order.order_id == order_id, ~_order.cancelled
    return connection.execute(update(Order).where(*counts).values(cancelled=True)).rowcount > 0


def _write_order(connection: Connection, keys: AttributionKeys, order: OrderFacts, origin: Origin) -> bool:
    mine = (_order.source == origin.source, _order.order_id == order.order_id)
    known = connection.execute(select(*_order).where(*mine).with_for_update()).first()
    shared, newest = _shared(connection, keys, order, origin), _newest(order, origin)
    if known is None:
        key = {"source": origin.source, "order_id": order.order_id}
        if connection.execute(_insert_order(connection.dialect.name), key | shared | newest).first() is None:
            # another worker has just written the order's first event: this one is its second
            return _write_order(connection, keys, order, origin)
        _write_lines(connection, keys, order, source=origin.source)
        return True
    is_newer = (order.updated_at, origin.event) > (known.updated_at, known.event)
    values = _lasting(shared, known) | (newest if is_newer else {})
    if all(getattr(known, name) == value for name, value in values.items()):
        return False
    connection.execute(update(Order).where(*mine).values(**values))
    if is_newer:
        _write_lines(connection, keys, order, source=origin.source)
    return True


def _shared(connection: Connection, keys: AttributionKeys, order: OrderFacts, origin: Origin) -> dict[str, Any]:
    """Return the columns that all events of an order decide together, as this event alone has them."""
    proven = attribution.attribute(keys.signer, order)
    if keys.permission is not None:
        proven = keys.permission.permitted(connection, proven, placed_at=order.placed_at)
    return {
        "visitor_id": proven.visitor_id,
        "conflict": False,
        "click_id": proven.click_id,
        "placed_at": order.placed_at,
        "paid": order.paid,
        "cancelled": order.cancelled or marks.is_deleted(connection, origin.source, order.order_id),
        "simulated": origin.simulated or _is_simulated(connection, proven.visitor_id),
    }


def _newest(order: OrderFacts, origin: Origin) -> dict[str, Any]:
    """Return the columns that an order's newest event decides alone."""
    return {
        "updated_at": order.updated_at,
        "event": origin.event,
        "currency": order.currency,
        "minor_digits": exponent(order.currency),
        "total_minor": order.total_minor,
        "test": order.test,
        "order_number": order.number,
        "presentment_currency": order.presentment.currency if order.presentment else None,
        "presentment_total_minor": order.presentment.total_minor if order.presentment else None,
        "paid_minor": order.paid_minor,
        "outstanding_minor": order.outstanding_minor,
    }


def _lasting(shared: Mapping[str, Any], known: Any) -> dict[str, Any]:
    """Return the columns that all events decide together, whichever of them is the newest."""
    return {
        "visitor_id": _either(shared["visitor_id"], known.visitor_id),
        "conflict": known.conflict or _differ(shared["visitor_id"], known.visitor_id),
        "click_id": _either(shared["click_id"], known.click_id),
        "placed_at": min(shared["placed_at"], known.placed_at),
        "paid": shared["paid"] or known.paid,
        "cancelled": shared["cancelled"] or known.cancelled,
        "simulated": shared["simulated"] or known.simulated,
    }


def _either(first: str | None, second: str | None) -> str | None:
    """Return the one that is known; of two the lesser, so that the order of arrival does not matter."""
    return min(filter(None, (first, second)), default=None)


def _differ(one: str | None, two: str | None) -> bool:
    """Tell whether both are known, and not the same."""
    return None not in (one, two) and one != two


def _write_lines(connection: Connection, keys: AttributionKeys, order: OrderFacts, *, source: str) -> None:
    connection.execute(delete(OrderLine).where(_line.source == source, _line.order_id == order.order_id))
    rows = []
    for position, line in enumerate(order.lines, start=1):
        match = attribution.product_of(line, keys.find_product, currency=order.currency)
        key = {"source": source, "order_id": order.order_id, "position": position}
        columns_of_line = line._asdict()
        quantity = columns_of_line.pop("quantity")
        columns_of_line.pop("variant_id")
        # how much was sold is not known, and so neither is what it cost
        known = {"quantity_micro": 0, "cost_minor": None} if quantity is None else {}
        micro = {"quantity_micro": int((quantity or 0) * MICRO)}
        rows.append(key | columns_of_line | micro | match._asdict() | known)
    if rows:
        connection.execute(insert(OrderLine), rows)


def _write_refund(connection: Connection, refund: RefundFacts, *, source: str) -> bool:
    statement = _upsert_refund(connection.dialect.name)
    row = {"source": source, **refund._asdict(), "converted_minor": None, "converted_by": ""}
    return connection.execute(statement, row).first() is not None


def _is_simulated(connection: Connection, visitor: str | None) -> bool:
    if visitor is None:
        return False
    return bool(connection.execute(select(_visitor.simulated).where(_visitor.id == visitor)).scalar())


@lru_cache(maxsize=2)
def _insert_order(dialect: str) -> ReturningInsert[tuple[str]]:
    return insert_once(dialect, Order).returning(_order.order_id)


@lru_cache(maxsize=2)
def _upsert_refund(dialect: str) -> ReturningInsert[tuple[str]]:
    """Return the statement that writes a refund or raises it.

    Its transactions succeed one by one, so that the greater one is newer; it was given back when it was first told of.
    """
    # what it was converted to was by the totals of an order that it may not be of any more
    names = ("amount_minor", "at", "currency", "order_id", "converted_minor", "converted_by")
    ties = ("currency", "order_id")

    def is_greater(new: Excluded) -> ColumnElement[bool]:
        more, as_much = new["amount_minor"] > _refund.amount_minor, new["amount_minor"] == _refund.amount_minor
        earlier, as_early = new["at"] < _refund.at, new["at"] == _refund.at
        tie = tuple_(*(new[name] for name in ties)) > tuple_(*(_refund[name] for name in ties))
        return or_(more, and_(as_much, or_(earlier, and_(as_early, tie))))

    raised = upsert(dialect, Refund, key=("source", "refund_id"), replaced=names, where=is_greater)
    return raised.returning(_refund.refund_id)

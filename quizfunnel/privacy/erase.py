"""Erasure from the database: every row of a person, each table's by the way that leads to it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, delete, or_, select, tuple_, update

from quizfunnel.contact.tables import Lead, LeadConsent, LeadValue
from quizfunnel.journey.tables import Answer, Attempt, QuestionView
from quizfunnel.offer.tables import Click, Offer, OfferItem, OfferView
from quizfunnel.orders import marks
from quizfunnel.orders.tables import Order, OrderLine, Refund
from quizfunnel.outbox.tables import Outbox
from quizfunnel.privacy.subjects import OrderKey, Subjects, in_chunks
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, PageView, RevokedToken, Visitor, VisitorEvent
from quizfunnel.visit.withdrawal import token_digest

Counts = Counter[str]
"""Rows by table that were deleted, or cut off from a person."""

_offer, _order = columns(Offer), columns(Order)


def erase(connection: Connection, subjects: Subjects) -> Counts:
    """Delete or cut off every row of the subjects, within the caller's transaction; the inbox has bodies of its own."""
    counts: Counts = Counter()
    counts += unlink(connection, subjects.linked)
    for some in in_chunks(subjects.attempts):
        counts += attempts(connection, some)
    for some in in_chunks(subjects.leads):
        counts += _leads(connection, some)
    for some in in_chunks(subjects.visitors):
        counts += visitors(connection, some)
    counts += orders(connection, subjects.orders)
    return counts


def attempts(connection: Connection, ids: list[str]) -> Counts:
    """Delete attempts with their answers, views, offers and clicks; orders that name a click are cut off before."""
    counts: Counts = Counter()
    lock(connection, Attempt, ids)
    of_attempts = list(connection.execute(select(_offer.id).where(_offer.attempt_id.in_(ids))).scalars())
    for some in in_chunks(of_attempts):
        lock(connection, Offer, some)
        for below in (Click, OfferView, OfferItem):
            _delete(connection, counts, below, columns(below).offer_id.in_(some))
    for table in (Offer, Answer, QuestionView):
        _delete(connection, counts, table, columns(table).attempt_id.in_(ids))
    _cut_leads(connection, ids)
    _delete(connection, counts, Outbox, columns(Outbox).subject_id.in_(ids))
    _delete(connection, counts, Attempt, columns(Attempt).id.in_(ids))
    return counts


def visitors(connection: Connection, ids: list[str]) -> Counts:
    """Delete visitors whose attempts are gone, with page views, events and arms."""
    counts: Counts = Counter()
    lock(connection, Visitor, ids)
    for table in (PageView, VisitorEvent, Assignment):
        _delete(connection, counts, table, columns(table).visitor_id.in_(ids))
    _delete(connection, counts, Outbox, columns(Outbox).subject_id.in_(ids))
    _delete(connection, counts, RevokedToken, columns(RevokedToken).digest.in_(map(token_digest, ids)))
    _delete(connection, counts, Visitor, columns(Visitor).id.in_(ids))
    return counts


def unlink(connection: Connection, keys: Iterable[OrderKey]) -> Counts:
    """Cut orders off from the visitor and the click that they name; what was sold stays in the ledger."""
    counts: Counts = Counter()
    for some in _keys(keys):
        mine = tuple_(_order.source, _order.order_id).in_(some)
        named = or_(_order.visitor_id.is_not(None), _order.click_id.is_not(None))
        done = connection.execute(update(Order).where(mine, named).values(visitor_id=None, click_id=None))
        counts[Order.__tablename__] += done.rowcount
    return counts


def orders(connection: Connection, keys: Iterable[OrderKey]) -> Counts:
    """Delete orders with their lines and refunds."""
    counts: Counts = Counter()
    for some in _keys(keys):
        marks.forget(connection, some)
        for table in (OrderLine, Refund, Order):
            mine = columns(table)
            _delete(connection, counts, table, tuple_(mine.source, mine.order_id).in_(some))
        _delete(connection, counts, Outbox, columns(Outbox).subject_id.in_([id for _, id in some]))
    return counts


def lock(connection: Connection, table: Any, ids: Iterable[str]) -> None:
    """Hold rows that others refer to: on PostgreSQL a view that is being written is waited for, and none begins."""
    if connection.dialect.name == "postgresql":
        id = columns(table).id
        for some in in_chunks(ids):
            connection.execute(select(id).where(id.in_(some)).order_by(id).with_for_update()).all()


def _leads(connection: Connection, ids: list[str]) -> Counts:
    counts: Counts = Counter()
    for table in (LeadValue, LeadConsent):
        _delete(connection, counts, table, columns(table).lead_id.in_(ids))
    _delete(connection, counts, Outbox, columns(Outbox).subject_id.in_(ids))
    _delete(connection, counts, Lead, columns(Lead).id.in_(ids))
    return counts


def _cut_leads(connection: Connection, ids: list[str]) -> None:
    """Let leads that stay name no attempt that goes."""
    lead = columns(Lead)
    connection.execute(update(Lead).where(lead.attempt_id.in_(ids)).values(attempt_id=None))


def _delete(connection: Connection, counts: Counts, table: Any, condition: Any) -> None:
    if done := connection.execute(delete(table).where(condition)).rowcount:
        counts[table.__tablename__] += done


def _keys(keys: Iterable[OrderKey]) -> Iterator[list[OrderKey]]:
    listed = sorted(keys)
    for start in range(0, len(listed), 100):
        yield listed[start : start + 100]

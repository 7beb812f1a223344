"""Forgetting: one person is put on the list of erasures, then erased from the database and from the inbox's bodies."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select

from quizfunnel.orders import marks
from quizfunnel.orders.tables import Order
from quizfunnel.privacy import bodies, disclosed_files, erase, erasure_list, subjects
from quizfunnel.privacy.bodies import Concern
from quizfunnel.privacy.erasure_list import Erased, Redaction
from quizfunnel.privacy.subjects import OrderKey, Subjects
from quizfunnel.store.leftovers import empty_wal
from quizfunnel.store.transaction import reading, write
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once
from quizfunnel.visit.erasure import ErasedKind, ErasureKey
from quizfunnel.visit.tables import Erasure, Visitor
from quizfunnel.web.staff import audit
from quizfunnel.web.staff.audit import Actor

ACTION = "privacy.forget"
SHORT = 16  # digits of a digest by which the audit's lines name somebody: enough to find them on the list

_order = columns(Order)


class Keeper(NamedTuple):
    """Keeper of what is forgotten: the database, the key and the list of erasures beside it, the disclosures' folder.

    Without `scrub` SQLite's log of changes is left to the next night, since shoppers may be writing.
    """

    engine: Engine
    key: ErasureKey
    disclosures: Path | None = None
    scrub: bool = True


class Forgotten(NamedTuple):
    """Outcome of forgetting: rows by table that went or were cut off, bodies emptied, and whether remains are left.

    `scrubbed` is false where somebody who was reading kept SQLite's log of changes from being emptied.
    """

    rows: Mapping[str, int]
    bodies: int
    scrubbed: bool


def forget_visitor(keeper: Keeper, visitor: str, *, now: datetime, by: str) -> Forgotten:
    """Forget a visitor with everything that is theirs; their orders stay in the ledger and are nobody's."""
    return forget(keeper, Subjects(visitors=frozenset({visitor})), now=now, by=by)


def forget_order(keeper: Keeper, order: OrderKey, *, now: datetime, by: str) -> Forgotten:
    """Forget an order, and the visitor that it is attributed to: by it the shop knows who the visitor is."""
    with reading(keeper.engine) as connection:
        whose = subjects.visitors_of(connection, (order,))
    return forget(keeper, Subjects(visitors=whose, orders=frozenset({order})), now=now, by=by)


def forget_attempt(keeper: Keeper, attempt: str, *, now: datetime, by: str) -> Forgotten:
    """Forget one attempt; a visitor that it belongs to stays."""
    return forget(keeper, Subjects(attempts=frozenset({attempt})), now=now, by=by)


def forget(
    keeper: Keeper, wanted: Subjects, *, now: datetime, by: str, redaction: Redaction | None = None
) -> Forgotten:
    """Forget subjects: first on the list outside the database, so that a fault in between undoes nothing.

    A `redaction` is listed with them; its bodies are the caller's to empty.

    Raises:
        KeyMissing: where the list has lost its key.
        OSError: where the list cannot be written; nothing is erased then.
    """
    with reading(keeper.engine) as connection:
        whole = subjects.expanded(connection, wanted)
        named = marks.known_by(connection, wanted.orders)  # a refund that is yet to come may name the payment alone
    listed = _listed(keeper.key.made(), wanted._replace(leads=whole.leads, orders=named), now)
    listed += redaction.listed(keeper.key, now) if redaction else ()
    erasure_list.append(keeper.key, listed)
    return carry_out(keeper, whole, listed, now=now, by=by)


def carry_out(keeper: Keeper, whole: Subjects, listed: tuple[Erased, ...], *, now: datetime, by: str) -> Forgotten:
    """Erase expanded subjects that are on the list already."""
    with reading(keeper.engine) as connection:
        named = marks.known_by(connection, whole.orders | whole.linked)
    rows = write(keeper.engine, lambda connection: _erase(connection, whole, listed, now=now, by=by), durable=True)
    concern = Concern(whole.visitors, named)
    emptied = bodies.empty_those(keeper.engine, concern.holds, now=now, needles=concern.needles) if concern else 0
    if keeper.disclosures is not None:
        disclosed_files.remove(keeper.disclosures, whole, concern.holds)
    return Forgotten(dict(rows), emptied, keeper.scrub and empty_wal(keeper.engine))


def orders_named(connection: Connection, id: str, source: str | None = None) -> list[OrderKey]:
    """Return the orders of the ledger with an id, or with the number that the shop's people know it by.

    A number is written with or without the "#" before it; an order that is named so exactly comes before others.
    """
    bare = id.strip().lstrip("#")
    for names in ((id,), (bare, f"#{bare}")):
        named = _order.order_id.in_(names) | _order.order_number.in_(names)
        statement = select(_order.source, _order.order_id).where(named, *((_order.source == source,) if source else ()))
        rows = connection.execute(statement.order_by(_order.source, _order.order_id)).all()
        if rows or not bare:
            break
    return [(row[0], row[1]) for row in rows]


def _erase(
    connection: Connection, whole: Subjects, listed: tuple[Erased, ...], *, now: datetime, by: str
) -> Counter[str]:
    rows = [{"digest": each.digest, "kind": each.kind, "at": each.at} for each in listed]
    if rows:
        connection.execute(insert_once(connection.dialect.name, Erasure), rows)
    erase.lock(connection, Visitor, whole.visitors)
    # Read again within the lock: what came since it was looked for goes too.
    counts = erase.erase(connection, subjects.expanded(connection, whole, by_click=False))
    for each in listed:
        audit.record(connection, Actor(None, now), ACTION, each.digest[:SHORT], {"by": by, "kind": each.kind})
    return counts


def _listed(key: ErasureKey, wanted: Subjects, at: datetime) -> tuple[Erased, ...]:
    ids: list[tuple[ErasedKind, tuple[str, ...]]] = [
        *(("visitor", (id,)) for id in sorted(wanted.visitors)),
        *(("attempt", (id,)) for id in sorted(wanted.attempts)),
        *(("lead", (id,)) for id in sorted(wanted.leads)),
        *(("order", order) for order in sorted(wanted.orders)),
    ]
    return tuple(Erased(kind, key.digest(kind, *id) or "", at) for kind, id in ids)

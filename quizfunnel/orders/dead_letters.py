"""Dead letters: deliveries that were kept and could not be read, wholly or in part, and those that were refused."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from quizfunnel.orders.tables import DeliveryRefusal, OrderEvent
from quizfunnel.store.types import columns

_event, _refused = columns(OrderEvent), columns(DeliveryRefusal)

DEAD, WAITING, NEW = "dead", "waiting", "new"


class Letter(NamedTuple):
    """One delivery of the inbox with what is wrong with it."""

    id: str
    source: str
    received_at: datetime
    state: str
    reason: str
    is_kept: bool


class RefusedDay(NamedTuple):
    """Deliveries of a source that were refused on a day (UTC), for one reason."""

    source: str
    day: date
    reason: str
    deliveries: int


def letters(connection: Connection, *, in_part: bool = False, most: int = 1000) -> list[Letter]:
    """Return the deliveries that are in no ledger, the latest first; with `in_part` those of which a part is.

    What can be done for one hangs on whether its body is still kept.
    """
    is_read = _event.state.not_in((DEAD, WAITING, NEW))
    where = (is_read, _event.error != "") if in_part else (_event.state.in_((DEAD, WAITING, NEW)),)
    kept = _event.purged_at.is_(None)
    named = (_event.id, _event.source, _event.received_at, _event.state, _event.error, kept)
    statement = select(*named).where(*where).order_by(_event.received_at.desc(), _event.id).limit(most)
    return [Letter._make((*row[:5], bool(row[5]))) for row in connection.execute(statement)]


def refusals(connection: Connection, since: date, sources: Iterable[str] | None = None) -> list[RefusedDay]:
    """Return what was refused since a day, the latest first."""
    where = [_refused.day >= since]
    if sources is not None:
        where.append(_refused.source.in_(list(sources)))
    statement = select(_refused.source, _refused.day, _refused.reason, _refused.count).where(*where)
    statement = statement.order_by(_refused.day.desc(), _refused.source, _refused.reason)
    return [RefusedDay._make(row) for row in connection.execute(statement)]


def refused_since(connection: Connection, since: date) -> int:
    """Return how many deliveries were refused since a day."""
    total = select(func.coalesce(func.sum(_refused.count), 0)).where(_refused.day >= since)
    return int(connection.execute(total).scalar_one())

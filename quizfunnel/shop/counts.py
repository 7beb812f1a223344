"""Daily and minute counters of the shop's pages: views of which nothing else is kept, and new visitors by network."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple, get_args

from sqlalchemy import Connection, func, select

from quizfunnel.store.types import columns
from quizfunnel.store.upsert import add_up
from quizfunnel.visit.tables import DayCount, RateCount

ViewKind = Literal["view", "view_no_consent", "view_consented_later", "view_no_storage", "view_limited", "view_bot"]
"""Outcome of a view of a page that invites: recorded, or why nobody could enter by it."""

NEWCOMER, EVENT = "shop_newcomer", "shop_event"  # kinds of what is counted by the minute
MOST_EVENTS = 60  # of one visitor in a minute

_KINDS = [f"shop_{kind}" for kind in get_args(ViewKind)]
_day, _rate = columns(DayCount), columns(RateCount)


class Busiest(NamedTuple):
    """New visitors since a moment: of all networks, of the busiest one, and beyond the limit of one."""

    all: int
    of_one: int
    refused: int


def count_view(connection: Connection, kind: ViewKind, quiz: str, *, at: datetime) -> None:
    """Count a view of a page that invites to a quiz."""
    row = {"kind": f"shop_{kind}", "key": quiz, "day": at.astimezone(UTC).date(), "count": 1}
    connection.execute(add_up(connection.dialect.name, DayCount, key=("kind", "key", "day"), added=("count",)), row)


def within(connection: Connection, kind: str, digest: str, *, most: int, at: datetime) -> bool:
    """Count one more of a kind in this minute, and tell whether that is no more than `most`, over all workers."""
    window = at.astimezone(UTC).replace(second=0, microsecond=0)
    row = {"kind": kind, "digest": digest, "window": window, "count": 1}
    key = ("kind", "digest", "window")
    statement = add_up(connection.dialect.name, RateCount, key=key, added=("count",)).returning(_rate.count)
    return int(connection.execute(statement, row).scalar_one()) <= most


def newcomers(connection: Connection, *, since: datetime, most: int) -> Busiest:
    """Return how many new visitors came since a moment, and how unevenly."""
    over = func.sum(_rate.count - most).filter(_rate.count > most)
    counted = select(func.sum(_rate.count).label("total"), over.label("refused")).group_by(_rate.digest)
    networks = counted.where(_rate.kind == NEWCOMER, _rate.window >= since).subquery().c
    busiest = select(func.sum(networks.total), func.max(networks.total), func.sum(networks.refused))
    return Busiest(*(int(count or 0) for count in connection.execute(busiest).one()))


def views(connection: Connection, quizzes: Sequence[str], *, since: datetime, until: datetime) -> dict[str, int]:
    """Return the views of pages that invite to these quizzes, without any to all, on the days between, by outcome."""
    days = _day.day >= since.astimezone(UTC).date(), _day.day <= until.astimezone(UTC).date()
    of_quizzes = (_day.key.in_(quizzes),) if quizzes else ()
    statement = select(_day.kind, func.sum(_day.count)).where(_day.kind.in_(_KINDS), *of_quizzes, *days)
    rows = connection.execute(statement.group_by(_day.kind))
    return {str(kind).removeprefix("shop_"): int(count) for kind, count in rows}

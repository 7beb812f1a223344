"""Daily and minute counters of the shop's pages: views by outcome and by place, and new visitors by network."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

from sqlalchemy import Connection, func, select
from sqlalchemy.sql.dml import ReturningInsert

from quizfunnel.shop.origin_slips import RefusedOrigin
from quizfunnel.shop.places import Placing
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import add_up
from quizfunnel.visit.day_counts import count_one
from quizfunnel.visit.tables import DayCount, RateCount

ViewKind = Literal["view", "view_no_consent", "view_consented_later", "view_no_storage", "view_limited", "view_bot"]
"""Outcome of a view of a page that invites: recorded, or why nobody could enter by it."""

NEWCOMER, EVENT = "shop_newcomer", "shop_event"  # kinds of what is counted by the minute
PLACE, NO_PLACE = "shop_place_found", "shop_place_missing"  # kinds of the daily counter whose key is a pattern
REFUSED = "shop_refused"  # whose key is an origin
_WEEKS = timedelta(days=28)
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
    count_one(connection, f"shop_{kind}", quiz, day=at.astimezone(UTC).date())


def count_place(connection: Connection, pattern: str, *, has_place: bool, at: datetime) -> None:
    """Count a view of a page that invites by a pattern, by whether it had a place for the invitation."""
    count_one(connection, PLACE if has_place else NO_PLACE, pattern, day=at.astimezone(UTC).date())


def count_refused(connection: Connection, origin: str, *, at: datetime) -> None:
    """Count a view of the shop's own page whose origin is not listed."""
    count_one(connection, REFUSED, origin[:200], day=at.astimezone(UTC).date())


def refused(connection: Connection, *, now: datetime) -> dict[str, RefusedOrigin]:
    """Return the origins of the shop's own pages that were refused in the last weeks."""
    recent = _day.kind == REFUSED, _day.day >= (now - _WEEKS).astimezone(UTC).date()
    rows = connection.execute(
        select(_day.key, func.sum(_day.count), func.max(_day.day)).where(*recent).group_by(_day.key)
    )
    return {key: RefusedOrigin(int(number), last) for key, number, last in rows}


def within(connection: Connection, kind: str, digest: str, *, most: int, at: datetime) -> bool:
    """Count one more of a kind in this minute, and tell whether that is no more than `most`, over all workers."""
    window = at.astimezone(UTC).replace(second=0, microsecond=0)
    row = {"kind": kind, "digest": digest, "window": window, "count": 1}
    return int(connection.execute(_one_more(connection.dialect.name), row).scalar_one()) <= most


@lru_cache(maxsize=2)  # shoppers wait for it, and to make it anew costs ten times what it does
def _one_more(dialect: str) -> ReturningInsert[int]:
    return add_up(dialect, RateCount, key=("kind", "digest", "window"), added=("count",)).returning(_rate.count)


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


def placings(connection: Connection, *, now: datetime) -> dict[str, Placing]:
    """Return the views by whether they had a place, by pattern; of those without one only the last weeks."""
    sums = select(_day.key, func.sum(_day.count), func.max(_day.day)).where(_day.kind == PLACE).group_by(_day.key)
    found = {key: Placing(int(number), 0, last) for key, number, last in connection.execute(sums)}
    recent = _day.kind == NO_PLACE, _day.day >= (now - _WEEKS).astimezone(UTC).date()
    missing: dict[str, int] = defaultdict(int)
    for key, day, number in connection.execute(select(_day.key, _day.day, _day.count).where(*recent)):
        last = found[key].last_found if key in found else None
        missing[key] += int(number) if last is None or day > last else 0
    return {key: found.get(key, Placing())._replace(missing=missing[key]) for key in sorted({*found, *missing})}

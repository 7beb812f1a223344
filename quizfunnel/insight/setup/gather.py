"""Gathering of what has been seen of a shop: the SQL behind the page of its setup."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, select

from quizfunnel.experiment.design import Design
from quizfunnel.insight.setup.facts import VIEWS, FirstDrawn, SeenOrder, SetupFacts
from quizfunnel.orders.tables import Order
from quizfunnel.shop.counts import placings, refused
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, DayCount, Visitor

_visitor, _count, _order, _assignment = columns(Visitor), columns(DayCount), columns(Order), columns(Assignment)


def gather(connection: Connection, designs: Iterable[Design], *, now: datetime) -> SetupFacts:
    """Return what has been seen so far."""
    views, last_view = _views(connection)
    return SetupFacts(
        _landed(connection),
        views,
        last_view,
        last_order=_last_order(connection),
        with_token=_last_order(connection, _order.visitor_id.is_not(None)),
        places=placings(connection, now=now),
        refused=refused(connection, now=now),
        drawn=tuple(FirstDrawn(each, _first_of_arms(connection, each)) for each in designs),
    )


def _views(connection: Connection) -> tuple[dict[str, int], date | None]:
    named = _count.kind.startswith(VIEWS, autoescape=True)
    sums = select(_count.kind, func.sum(_count.count), func.max(_count.day)).where(named).group_by(_count.kind)
    rows = connection.execute(sums).all()
    return {kind: int(number) for kind, number, _ in rows}, max((day for *_, day in rows), default=None)


def _landed(connection: Connection) -> tuple[datetime, str] | None:
    """Return the latest visitor who came in by a page of the shop, and by which; a quiz's own pages are none."""
    page = _visitor.landing_page
    of_shop = page != "", page.not_like("/q/%"), page.not_like("/c/%"), ~_visitor.simulated
    latest = select(_visitor.first_seen, page).where(*of_shop).order_by(_visitor.first_seen.desc()).limit(1)
    row = connection.execute(latest).first()
    return (row[0], row[1]) if row else None


def _last_order(connection: Connection, *conditions: ColumnElement[bool]) -> SeenOrder | None:
    named = _order.source, _order.order_number, _order.order_id, _order.placed_at, _order.test
    real = select(*named).where(~_order.simulated, *conditions).order_by(_order.placed_at.desc()).limit(1)
    row = connection.execute(real).first()
    return SeenOrder(row[0], row[1] or row[2], row[3], bool(row[4])) if row else None


def _first_of_arms(connection: Connection, design: Design) -> dict[str, datetime | None]:
    return {arm: _first_of(connection, design, arm) for arm in design.arms}


def _first_of(connection: Connection, design: Design, arm: str) -> datetime | None:
    mine = (
        _assignment.quiz == design.quiz,
        _assignment.experiment == design.experiment,
        _assignment.arm == arm,
        _visitor.kind == "shopper",
        ~_visitor.simulated,
    )
    first = (
        select(_assignment.t0)
        .join_from(Assignment, Visitor, _visitor.id == _assignment.visitor_id)
        .where(*mine)
        .order_by(_assignment.t0)
        .limit(1)
    )
    return connection.execute(first).scalar()

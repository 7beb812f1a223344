"""Counts of deliveries and orders by source: the SQL behind a connection check."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Connection, case, func, select

from quizfunnel.experiment.design import STORE
from quizfunnel.orders import hook_counts, marks
from quizfunnel.orders.check.figures import ArmOrders, Deliveries, Figures, Period, RefusedCount, Tokens
from quizfunnel.orders.dead_letters import refusals
from quizfunnel.orders.tables import Order, OrderEvent
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment

_event, _order, _assignment = columns(OrderEvent), columns(Order), columns(Assignment)


def count(connection: Connection, period: Period) -> dict[str, Figures]:
    """Return the figures of every source of which anything is known, by name; nothing simulated is among them."""
    deliveries, tokens = _deliveries(connection, period), _tokens(connection, period)
    proven, greeted = list(hook_counts.counted(connection, hook_counts.PROVEN)), _greeted(connection)
    arms, refused = _arms(connection, period), _refused(connection, period)
    names = {*deliveries, *tokens, *greeted, *refused, *(each.source for each in proven)}
    return {
        name: Figures(
            deliveries.get(name, Deliveries()),
            _by_fingerprint((each for each in proven if each.source == name), period),
            proven_on=max((each.day for each in proven if each.source == name), default=None),
            greeted=greeted.get(name),
            tokens=tokens.get(name, Tokens()),
            arms=tuple(arms.get(name, ())),
            refused=tuple(refused.get(name, ())),
        )
        for name in sorted(names)
    }


def _refused(connection: Connection, period: Period) -> dict[str, list[RefusedCount]]:
    refused: dict[str, list[RefusedCount]] = defaultdict(list)
    for each in refusals(connection, period.first_day):
        refused[each.source].append(RefusedCount(each.day, each.reason, each.deliveries))
    return refused


def _deliveries(connection: Connection, period: Period) -> dict[str, Deliveries]:
    """Count what was kept; what a file brought is no delivery."""
    recent = _event.received_at >= period.since
    unread = recent & (_event.state == "dead")
    counted = (_number(recent), func.max(_event.received_at), _number(unread))
    by_hook = ~_event.simulated, _event.delivery.not_like("file %"), marks.IS_DELIVERY
    rows = connection.execute(select(_event.source, *counted).where(*by_hook).group_by(_event.source))
    return {source: Deliveries(int(since), last, int(unreadable)) for source, since, last, unreadable in rows}


def _tokens(connection: Connection, period: Period) -> dict[str, Tokens]:
    counted = (func.count(), _number(_order.test), _number(_order.visitor_id.is_not(None)))
    of_period = ~_order.simulated, _order.placed_at >= period.since
    rows = connection.execute(select(_order.source, *counted).where(*of_period).group_by(_order.source))
    return {source: Tokens(int(orders), int(tests), int(tokens)) for source, orders, tests, tokens in rows}


def _greeted(connection: Connection) -> dict[str, date]:
    latest_first = hook_counts.counted(connection, hook_counts.GREETED)
    return {each.source: each.day for each in reversed(list(latest_first))}


def _by_fingerprint(proven: Iterable[hook_counts.HookCount], period: Period) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for each in proven:
        if each.day >= period.first_day:
            counts[each.fingerprint] += each.deliveries
    return dict(counts)


def _arms(connection: Connection, period: Period) -> dict[str, list[ArmOrders]]:
    """Return the orders by source and arm; an arm of the store stands once, and not again under a quiz's name."""
    named = (_order.source, _assignment.quiz, _assignment.experiment, _assignment.arm)
    statement = (
        select(*named, func.count(), func.max(_assignment.holdout_share))
        .join_from(Order, Assignment, _assignment.visitor_id == _order.visitor_id)
        .where(~_order.simulated, ~_order.test, ~_order.cancelled, _order.placed_at >= period.since)
        .group_by(*named)
        .order_by(*named)
    )
    rows = connection.execute(statement).all()
    of_store = {row[2] for row in rows if row[1] == STORE}
    arms: dict[str, list[ArmOrders]] = defaultdict(list)
    for source, quiz, experiment, arm, orders, share in rows:
        if quiz == STORE or experiment not in of_store:
            named_quiz = "" if quiz == STORE else quiz
            arms[source].append(ArmOrders(named_quiz, experiment, arm, orders=int(orders), holdout_share=float(share)))
    return arms


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Count the rows that a condition holds for."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

"""Rows of the measures, in SQL: for each order that counts its visitor, its moment, the measure and the amount."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)

from quizfunnel.log.clock import millis
from quizfunnel.log.conditions import of_shoppers
from quizfunnel.log.measures import FURTHER, REVENUE, Measure
from quizfunnel.log.orders import given_back, net_orders
from quizfunnel.log.profit import line_costs, profit
from quizfunnel.log.scope import Scope
from quizfunnel.orders.tables import Order
from quizfunnel.store.types import columns

_o = columns(Order)


class OrderColumns(NamedTuple):
    """Columns of paid orders that measures read, whatever holds the orders: the database, or an export."""

    visitor: Any  # null is nobody
    at: Any
    currency: Any
    is_purchase: Any
    is_returned: Any  # cancelled or given back, wholly or in part
    net: Any  # of refunds, in minor units
    profit: Any  # null where a cost is not known, and of what is no purchase


def order_columns(scope: Scope) -> OrderColumns:
    """Return the paid orders of a store's database, with what was given back of them and what their products cost."""
    back, same = given_back()
    cost = line_costs().subquery("line_cost").c
    refunded = func.coalesce(back.c.amount, 0)
    net, is_line = _o.total_minor - refunded, and_(cost.source == _o.source, cost.order_id == _o.order_id)
    is_purchase = and_(~_o.cancelled, net > 0)
    selected = (
        case((_o.conflict, null()), else_=_o.visitor_id).label("visitor"),
        millis(_o.placed_at).label("at"),
        _o.currency.label("currency"),
        is_purchase.label("is_purchase"),
        (_o.cancelled | (refunded > 0)).label("is_returned"),
        cast(net, BigInteger).label("net"),
        # only of purchases: an order of nothing would divide by its total
        case((is_purchase, profit(net, _o.total_minor, cost.cost))).label("profit"),
    )
    paid = (_o.simulated == scope.simulated, _o.paid, ~_o.test, of_shoppers(_o.visitor_id))
    orders = select(*selected).outerjoin(back, same).outerjoin(cost.cost.table, is_line).where(*paid)
    c = orders.cte("paid_order").c
    return OrderColumns(c.visitor, c.at, c.currency, c.is_purchase, c.is_returned, c.net, c.profit)


def purchase_rows(scope: Scope) -> CompoundSelect[Any]:
    """Return the rows of revenue from a store's database alone: its purchases, without looking for their costs."""
    c = net_orders(scope).subquery("net_order").c
    order = OrderColumns(c.visitor_id, c.at, c.currency, true(), false(), c.net, null())
    return measure_rows(order, [REVENUE])


def measure_rows(order: OrderColumns, measures: Iterable[Measure] = FURTHER) -> CompoundSelect[Any]:
    """Return the rows of these measures: visitor (null is nobody), at, currency (the measure's name), net."""
    return union_all(*(_rows(order, measure) for measure in measures))


def owned(rows: CompoundSelect[Any]) -> Select[Any]:
    """Return those rows that are somebody's."""
    c = rows.subquery("measured").c
    return select(*c).where(c.visitor.is_not(None))


def least_orders(currency: Any) -> Any:
    """Return with how many orders within the window a visitor counts, by the measure that stands for a currency."""
    several = [(currency == each.name, each.least) for each in FURTHER if each.least > 1]
    return case(*several, else_=1) if several else literal(1)


def _rows(order: OrderColumns, measure: Measure) -> Select[Any]:
    rows = select(
        order.visitor.label("visitor"),
        order.at.label("at"),
        _named(order, measure).label("currency"),
        cast(measure.expression(order), BigInteger).label("net"),
    ).where(measure.counts(order))
    if measure.least == 1:
        return rows
    # who has fewer orders in all has fewer within any window: of most logs that leaves out nearly everybody
    c = rows.subquery().c
    often = select(c.visitor).group_by(c.visitor).having(func.count() >= measure.least)
    return select(*c).where(c.visitor.in_(often))


def _named(order: OrderColumns, measure: Measure) -> Any:
    """Return what the rollup calls the measure of an order."""
    if measure.unit != "money":
        return literal(measure.name, String)
    currency = cast(order.currency, String)
    return currency if measure.bare else currency.concat(literal(measure.of(""), String))

"""What orders leave the store beside revenue: their profit, and which of them were taken back; in SQL.

The profit of an order is what is left of its total, less that part of its products' costs. An order has one where
the cost of every line is known.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Double,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from quizfunnel.log.clock import millis
from quizfunnel.log.conditions import of_shoppers
from quizfunnel.log.measures import PROFIT, RETURNED
from quizfunnel.log.orders import given_back, net_orders
from quizfunnel.log.scope import Scope
from quizfunnel.orders.tables import MICRO, Order, OrderLine
from quizfunnel.store.types import columns

_o, _l = columns(Order), columns(OrderLine)


class whole(GenericFunction[int]):  # noqa: N801 - it reads as a function in a statement
    """A number of zero or more without what stands behind its point; casts of engines round each in its own way."""

    type = BigInteger()
    inherit_cache = True


@compiles(whole)
def _whole(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST(FLOOR({compiler.process(element.clauses, **more)}) AS BIGINT)"


@compiles(whole, "sqlite")
def _whole_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **more)} AS INTEGER)"


def profit(net: Any, total: Any, cost: Any) -> Any:
    """Return what is left of an order once its products are paid for, in the proportion of what is left of its total.

    Halves of a minor unit cost one. Doubles, since the products of two amounts outgrow 64 bits; every engine
    computes the same ones.
    """
    part = cast(cost, Double) * cast(net, Double) / cast(total, Double)
    return net - case((net == total, cost), else_=whole(part + literal(0.5, Double)))


def measure_of_profit(currency: Any) -> Any:
    """Return the name of the measure, as `measures.profit_of` does."""
    return cast(currency, String).concat(literal(PROFIT, String))


def line_costs() -> Select[Any]:
    """Return what the products of each order cost, in its currency; of orders where that is known of every line.

    Of a quantity that is not whole the rest costs its part, halves of a minor unit rounded up.
    """
    part = cast(_l.cost_minor, Double) * cast(_l.quantity_micro % MICRO, Double) / literal(MICRO, Double)
    each = _l.cost_minor * (_l.quantity_micro // MICRO) + whole(part + literal(0.5, Double))
    cost = cast(func.sum(each), BigInteger).label("cost")
    found = select(_l.source, _l.order_id, cost).group_by(_l.source, _l.order_id)
    return found.having(func.count(_l.cost_minor) == func.count())


def profits(asked: Scope) -> Select[Any]:
    """Return the profit of every purchase whose costs are known: visitor (null is nobody), at, measure, amount."""
    net, cost = net_orders(asked).subquery("sold"), line_costs().subquery("line_cost")
    found = select(
        net.c.visitor_id.label("visitor"),
        net.c.at.label("at"),
        measure_of_profit(net.c.currency).label("measure"),
        profit(net.c.net, net.c.total, cost.c.cost).label("amount"),
    )
    return found.select_from(net.join(cost, (cost.c.source == net.c.source) & (cost.c.order_id == net.c.order_id)))


def returned(asked: Scope) -> Select[Any]:
    """Return every order that was paid, and then called off or given back wholly or in part; columns as of profits."""
    back, same = given_back()
    found = select(
        case((_o.conflict, null()), else_=_o.visitor_id).label("visitor"),
        millis(_o.placed_at).label("at"),
        literal(RETURNED, String).label("measure"),
        literal(1, BigInteger).label("amount"),
    )
    mine = (_o.simulated == asked.simulated, _o.paid, ~_o.test, of_shoppers(_o.visitor_id))
    return found.outerjoin(back, same).where(*mine, _o.cancelled | (func.coalesce(back.c.amount, 0) > 0))


def measures(asked: Scope) -> CompoundSelect[Any]:
    """Return what visitors' orders come to beside revenue."""
    every = [each.subquery() for each in (profits(asked), returned(asked))]
    return union_all(*(select(each).where(each.c.visitor.is_not(None)) for each in every))

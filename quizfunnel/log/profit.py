"""Profit of orders, in SQL: what is left of an order's total, less that part of its products' costs.

An order has a profit where the cost of every line is known.
"""

from typing import Any

from sqlalchemy import BigInteger, Double, Select, case, cast, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from quizfunnel.orders.tables import MICRO, OrderLine
from quizfunnel.store.types import columns

_l = columns(OrderLine)


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


def line_costs() -> Select[Any]:
    """Return what the products of each order cost, in its currency; of orders where that is known of every line.

    Of a quantity that is not whole the rest costs its part, halves of a minor unit rounded up.
    """
    part = cast(_l.cost_minor, Double) * cast(_l.quantity_micro % MICRO, Double) / literal(MICRO, Double)
    # whole pieces in whole numbers, so that only what is left of a piece goes through a double
    each = _l.cost_minor * (_l.quantity_micro // MICRO) + whole(part + literal(0.5, Double))
    cost = cast(func.sum(each), BigInteger).label("cost")
    costs = select(_l.source, _l.order_id, cost).group_by(_l.source, _l.order_id)
    # count(column) leaves nulls out: equal numbers mean that the cost of every line is known
    return costs.having(func.count(_l.cost_minor) == func.count())

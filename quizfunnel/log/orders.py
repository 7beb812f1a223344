"""Orders of the log: net of refunds, by click, and how many found their visitors and products."""

from typing import Any

from sqlalchemy import BigInteger, Connection, Select, case, cast, func, literal, null, select

from quizfunnel.journey.tables import Attempt
from quizfunnel.log.clock import millis
from quizfunnel.log.conditions import in_experiment, of_shoppers
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.log.rows import Purchase, StoreOrders
from quizfunnel.log.scope import Scope
from quizfunnel.offer.tables import Click, Offer
from quizfunnel.orders.event import SUM_OF
from quizfunnel.orders.tables import Order, OrderEvent, OrderLine, Refund
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, Visitor

_a, _c, _e, _f, _l, _o, _r, _t, _v = (
    columns(Assignment),
    columns(Click),
    columns(OrderEvent),
    columns(Offer),
    columns(OrderLine),
    columns(Order),
    columns(Refund),
    columns(Attempt),
    columns(Visitor),
)


def purchases(connection: Connection, scope: Scope) -> list[Purchase]:
    """Return the store's purchases."""
    net = net_orders(scope).subquery()
    statement = select(net.c.source, net.c.order_id, net.c.visitor_id, net.c.at)
    return [Purchase._make(row) for row in connection.execute(statement).all()]


def given_back() -> tuple[Any, Any]:
    """Return what was given back of each order in its currency, and what joins an order to it.

    What was given back in another one counts as it was converted, by the order's own two totals. What could not be
    is `unconverted`, which the strip of data quality names.
    """
    its = _o.source.table.alias("its_order")
    own = _r.currency == its.c.currency
    amount = case((own, _r.amount_minor), else_=func.coalesce(_r.converted_minor, 0))
    # a file tells the sum of an order's refunds: it counts where it is more than those that are known one by one; what
    # failed afterwards is taken from either
    is_sum, failed = _r.refund_id == literal(SUM_OF) + _r.order_id, _r.amount_minor < 0
    one_by_one, reported = func.sum(case((is_sum | failed, 0), else_=amount)), func.sum(case((is_sum, amount), else_=0))
    taken_back = func.sum(case((failed, amount), else_=0))
    whole = (case((one_by_one >= reported, one_by_one), else_=reported) + taken_back).label("amount")
    unconverted = func.sum(case((~own & _r.converted_minor.is_(None), 1), else_=0)).label("unconverted")
    key = (_r.source, _r.order_id)
    its_refund = (its.c.source == _r.source) & (its.c.order_id == _r.order_id)
    back = select(*key, whole, unconverted).join_from(Refund, its, its_refund).group_by(*key).subquery("given_back")
    return back, (back.c.source == _o.source) & (back.c.order_id == _o.order_id)


def net_orders(scope: Scope) -> Select[Any]:
    """Return what counts as a purchase: paid, not cancelled, no test, something left after refunds in its currency.

    An order that named two visitors is nobody's: it counts, and belongs to no one.
    """
    back, same = given_back()
    net = _o.total_minor - func.coalesce(back.c.amount, 0)
    return (
        select(
            _o.source,
            _o.order_id,
            case((_o.conflict, null()), else_=_o.visitor_id).label("visitor_id"),
            millis(_o.placed_at).label("at"),
            _o.currency,
            cast(net, BigInteger).label("net"),
            _o.total_minor.label("total"),
        )
        .outerjoin(back, same)
        .where(
            _o.simulated == scope.simulated,
            _o.paid,
            ~_o.cancelled,
            ~_o.test,
            of_shoppers(_o.visitor_id),
            net > 0,
        )
    )


def by_click(connection: Connection, scope: Scope) -> list[tuple[str, float, int, int]]:
    """Return purchases without a visitor's token that their click gives to a visitor, within that one's window.

    By arm, share and days of the window that were set: how many.
    """
    net = net_orders(scope).subquery()
    since = net.c.at - millis(_a.t0)
    statement = (
        select(_a.arm, _a.holdout_share, _a.window_days, func.count())
        .select_from(net)
        .join(Order, (_o.source == net.c.source) & (_o.order_id == net.c.order_id))
        .join(Click, _c.id == _o.click_id)
        .join(Offer, _f.id == _c.offer_id)
        .join(Attempt, _t.id == _f.attempt_id)
        .join(Assignment, _a.visitor_id == _t.visitor_id)
        .join(Visitor, _v.id == _a.visitor_id)
        # a token beats a click: who has both is matched already, and by the visitor that the cart named
        .where(_o.visitor_id.is_(None), *in_experiment(scope), _v.kind == "shopper", _v.simulated == scope.simulated)
        .where(since >= 0, since < _a.window_days * literal(DAY_MS, BigInteger))
        .group_by(_a.arm, _a.holdout_share, _a.window_days)
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(statement)]


def counted_orders(connection: Connection, scope: Scope) -> tuple[int, int]:
    """Return how many orders of the store are purchases, and how many of them are nobody's."""
    net = net_orders(scope).subquery()
    total, owned = connection.execute(select(func.count(), func.count(net.c.visitor_id)).select_from(net)).one()
    return total, total - owned


def store_orders(connection: Connection, scope: Scope) -> StoreOrders:
    """Return how well the store's orders found their visitors and their products."""
    lines = (
        select(func.count(), func.count(_l.product))
        .select_from(OrderLine)
        .join(Order, (_o.source == _l.source) & (_o.order_id == _l.order_id))
        .where(_o.simulated == scope.simulated, _o.paid, ~_o.cancelled, ~_o.test)
    )
    all_lines, matched = connection.execute(lines).one()
    events = select(func.count()).select_from(OrderEvent).where(_e.simulated == scope.simulated)
    # what was applied, or came too late to change anything, and lacks a line or a refund all the same
    read_in_part = events.where(_e.state.in_(("applied", "stale")), _e.error != "")
    return StoreOrders(
        *counted_orders(connection, scope),
        all_lines,
        all_lines - matched,
        connection.execute(events.where(_e.state == "dead")).scalar_one(),
        waiting=connection.execute(events.where(_e.state == "waiting")).scalar_one(),
        read_in_part=connection.execute(read_in_part).scalar_one(),
        unconverted=_unconverted(connection, scope),
    )


def _unconverted(connection: Connection, scope: Scope) -> int:
    """Return how many refunds of the store's orders are in a currency that nothing told the rate of."""
    back, same = given_back()
    mine = (_o.simulated == scope.simulated, _o.paid, ~_o.test)
    total = select(func.coalesce(func.sum(back.c.unconverted), 0)).select_from(Order).join(back, same).where(*mine)
    return int(connection.execute(total).scalar_one())

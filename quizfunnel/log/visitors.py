"""Visitors of the log: direct ones, those left out, those who crossed over, and how many there are."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, and_, case, func, select

from quizfunnel.experiment.design import STORE
from quizfunnel.journey.tables import Attempt
from quizfunnel.log.conditions import _at_quiz, attempts, in_experiment
from quizfunnel.log.orders import net_orders
from quizfunnel.log.rows import Direct, Size
from quizfunnel.log.scope import Scope
from quizfunnel.orders.tables import Order
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, PageView, Visitor

_a, _o, _pv, _t, _v = columns(Assignment), columns(Order), columns(PageView), columns(Attempt), columns(Visitor)


def direct(connection: Connection, scope: Scope) -> Direct:
    """Return who came to the quiz without a start of the clock: opened its first page, or began it."""
    known = select(_v.id).where(_v.kind == "shopper", _v.simulated == scope.simulated)
    if scope.experiment is not None:
        # who was drawn by the store, for its holdout or between quizzes, saw a page that invites
        drawn = select(_a.visitor_id).where((_a.quiz == STORE) | and_(*in_experiment(scope)))
        known = known.where(_v.id.in_(drawn))
    views = select(_pv.visitor_id).join(Visitor, _v.id == _pv.visitor_id)
    views = views.where(_pv.path == f"/q/{scope.quiz}", _v.kind == "shopper", _v.simulated == scope.simulated)
    mine = (*attempts(scope), _t.visitor_id.is_not(None))
    began = select(_t.visitor_id, func.count(_t.finished_at)).where(*mine, _t.visitor_id.not_in(known))
    started = {row[0]: row[1] for row in connection.execute(began.group_by(_t.visitor_id))}
    seen = set(connection.execute(views.where(_pv.visitor_id.not_in(known)).distinct()).scalars()) | set(started)
    net = net_orders(scope).subquery()
    owners = select(net.c.visitor_id).where(net.c.visitor_id.is_not(None), net.c.visitor_id.not_in(known)).distinct()
    buyers = set(connection.execute(owners).scalars())
    return Direct(len(seen), len(started), sum(map(bool, started.values())), len(seen & buyers))


def left_out(connection: Connection, scope: Scope) -> dict[str, int]:
    """Return how many visitors are no shoppers, and so in no figure, by kind; and how many orders name two visitors."""
    # of the whole store: a crawler may have met no quiz; attempts that are nobody's are of this one
    statement = select(_v.kind, func.count()).where(_v.kind != "shopper", _v.simulated == scope.simulated)
    kinds = Counter({row[0]: row[1] for row in connection.execute(statement.group_by(_v.kind))})
    unknown = select(_t.kind, func.count()).where(
        *_at_quiz(scope), _t.simulated == scope.simulated, _t.kind != "shopper", _t.visitor_id.is_(None)
    )
    kinds.update({row[0]: row[1] for row in connection.execute(unknown.group_by(_t.kind))})
    two = select(func.count()).select_from(Order).where(_o.simulated == scope.simulated, _o.conflict)
    kinds["conflict"] = connection.execute(two).scalar_one()
    # the plus drops kinds of which there is none
    return dict(+kinds)


def size(connection: Connection, *, simulated: bool) -> Size:
    """Return how much log there is of simulated or of real visitors."""
    visitors = select(func.count()).select_from(Visitor).where(_v.simulated == simulated, _v.kind == "shopper")
    orders = select(func.count()).select_from(Order).where(_o.simulated == simulated, ~_o.test)
    return Size(connection.execute(visitors).scalar_one(), connection.execute(orders).scalar_one())


def crossed(connection: Connection, scope: Scope, quizzes: Sequence[str]) -> int:
    """Return how many visitors of a comparison started the quiz of the other arm."""
    first, second = quizzes
    other = case((_a.arm == "first", second), else_=first)
    statement = (
        select(func.count(_a.visitor_id.distinct()))
        .select_from(Assignment)
        .join(Attempt, (_t.visitor_id == _a.visitor_id) & (_t.quiz == other))
        .join(Visitor, _v.id == _a.visitor_id)
        .where(*in_experiment(scope), _v.kind == "shopper", _v.simulated == scope.simulated, _t.started_at >= _a.t0)
    )
    return connection.execute(statement).scalar_one()

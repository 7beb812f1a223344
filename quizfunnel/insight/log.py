"""Reading the log of one quiz: plain rows, moments in milliseconds since 1970; what they mean is decided elsewhere."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Select, and_, case, cast, func, literal, null, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from quizfunnel.insight.cohort import EVERYONE, Entrant, Purchase
from quizfunnel.insight.definitions import DAY_MS, STAYED_MS, WINDOW_DAYS
from quizfunnel.insight.figures import Direct, Size, StoreOrders
from quizfunnel.insight.funnel import Run, Stages, Step
from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.offer.tables import Click, Offer, OfferView
from quizfunnel.orders.tables import Order, OrderEvent, OrderLine, Refund
from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.visit.designs import STORE
from quizfunnel.visit.tables import Assignment, PageView, Visitor


class millis(GenericFunction[int]):  # noqa: N801 - it reads as a function in a statement
    """A stored moment as integer milliseconds since 1970, so that no row needs a datetime object."""

    type = BigInteger()
    inherit_cache = True


@compiles(millis, "sqlite")
def _millis_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    inner = compiler.process(element.clauses, **more)
    return f"CAST(ROUND((julianday({inner}) - 2440587.5) * 86400000.0) AS INTEGER)"


@compiles(millis, "postgresql")
def _millis_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    inner = compiler.process(element.clauses, **more)
    return f"CAST(ROUND(EXTRACT(EPOCH FROM {inner}) * 1000) AS BIGINT)"


class Asked(NamedTuple):
    """Whose log is read: of one quiz or, as STORE, of all, its experiment if it has one, simulated or real visitors."""

    quiz: str
    experiment: str | None
    simulated: bool


_v, _a, _pv = Visitor.__table__.c, Assignment.__table__.c, PageView.__table__.c  # type: ignore[attr-defined]
_t, _an, _o = Attempt.__table__.c, Answer.__table__.c, Order.__table__.c  # type: ignore[attr-defined]
_r, _l, _e = Refund.__table__.c, OrderLine.__table__.c, OrderEvent.__table__.c  # type: ignore[attr-defined]
_f, _fv, _c = Offer.__table__.c, OfferView.__table__.c, Click.__table__.c  # type: ignore[attr-defined]


_STEP = (
    _an.attempt_id,
    _an.question,
    millis(_an.answered_at),
    _an.wall_ms,
    _an.active_ms,
    _an.source,
    _an.next_question,
)


def entrants(connection: Connection, asked: Asked) -> list[Entrant]:
    """Return every visitor with a start of the clock: by assignment, or by first sight where there is no experiment."""
    if asked.experiment is None:
        rows = select(_v.id, literal(EVERYONE), millis(_v.first_seen), literal(0.0), literal(WINDOW_DAYS)).where(
            _v.kind == "shopper", _v.simulated == asked.simulated
        )
    else:
        rows = (
            select(_a.visitor_id, _a.arm, millis(_a.t0), _a.holdout_share, _a.window_days)
            .join(Visitor, _v.id == _a.visitor_id)
            .where(*in_experiment(asked), _v.kind == "shopper", _v.simulated == asked.simulated)
        )
    return [Entrant._make(row) for row in connection.execute(rows).all()]


def stayed(connection: Connection, asked: Asked) -> frozenset[str]:
    """Return the visitors with a page view 30 seconds or more after the start of the clock, within the window."""
    if asked.experiment is None:
        since = millis(_pv.at) - millis(_v.first_seen)
        statement = select(_pv.visitor_id).distinct().join(Visitor, _v.id == _pv.visitor_id)
        statement = statement.where(since >= STAYED_MS, since < WINDOW_DAYS * DAY_MS)
    else:
        since = millis(_pv.at) - millis(_a.t0)
        statement = (
            select(_pv.visitor_id)
            .distinct()
            .join(Assignment, _a.visitor_id == _pv.visitor_id)
            .join(Visitor, _v.id == _pv.visitor_id)
            .where(*in_experiment(asked), since >= STAYED_MS, since < _a.window_days * literal(DAY_MS, BigInteger))
        )
    rows = connection.execute(statement.where(_v.kind == "shopper", _v.simulated == asked.simulated))
    return frozenset(rows.scalars())


def purchases(connection: Connection, asked: Asked) -> list[Purchase]:
    """Return the store's purchases."""
    net = net_orders(asked).subquery()
    statement = select(net.c.source, net.c.order_id, net.c.visitor_id, net.c.at)
    return [Purchase._make(row) for row in connection.execute(statement).all()]


def given_back() -> tuple[Any, Any]:
    """Return what was given back of each order, by currency, and what joins an order to that in its own."""
    amount = func.sum(_r.amount_minor).label("amount")
    key = (_r.source, _r.order_id, _r.currency)
    back = select(*key, amount).group_by(*key).subquery("given_back")
    same = (back.c.source == _o.source) & (back.c.order_id == _o.order_id) & (back.c.currency == _o.currency)
    return back, same


def net_orders(asked: Asked) -> Select[Any]:
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
            _o.simulated == asked.simulated,
            _o.paid,
            ~_o.cancelled,
            ~_o.test,
            of_shoppers(_o.visitor_id),
            net > 0,
        )
    )


def by_click(connection: Connection, asked: Asked) -> list[tuple[str, float, int, int]]:
    """Return purchases without a visitor's token that their click gives to a visitor, within that one's window.

    By arm, share and days of the window that were set: how many.
    """
    net = net_orders(asked).subquery()
    since = net.c.at - millis(_a.t0)
    found = (
        select(_a.arm, _a.holdout_share, _a.window_days, func.count())
        .select_from(net)
        .join(Order, (_o.source == net.c.source) & (_o.order_id == net.c.order_id))
        .join(Click, _c.id == _o.click_id)
        .join(Offer, _f.id == _c.offer_id)
        .join(Attempt, _t.id == _f.attempt_id)
        .join(Assignment, _a.visitor_id == _t.visitor_id)
        .join(Visitor, _v.id == _a.visitor_id)
        .where(_o.visitor_id.is_(None), *in_experiment(asked), _v.kind == "shopper", _v.simulated == asked.simulated)
        .where(since >= 0, since < _a.window_days * literal(DAY_MS, BigInteger))
        .group_by(_a.arm, _a.holdout_share, _a.window_days)
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(found)]


def direct(connection: Connection, asked: Asked) -> Direct:
    """Return who came to the quiz without a start of the clock: opened its first page, or began it."""
    known = select(_v.id).where(_v.kind == "shopper", _v.simulated == asked.simulated)
    if asked.experiment is not None:
        # who was drawn by the store, for its holdout or between quizzes, saw a page that invites
        drawn = select(_a.visitor_id).where((_a.quiz == STORE) | and_(*in_experiment(asked)))
        known = known.where(_v.id.in_(drawn))
    views = select(_pv.visitor_id).join(Visitor, _v.id == _pv.visitor_id)
    views = views.where(_pv.path == f"/q/{asked.quiz}", _v.kind == "shopper", _v.simulated == asked.simulated)
    mine = (*attempts(asked), _t.visitor_id.is_not(None))
    began = select(_t.visitor_id, func.count(_t.finished_at)).where(*mine, _t.visitor_id.not_in(known))
    started = {row[0]: row[1] for row in connection.execute(began.group_by(_t.visitor_id))}
    seen = set(connection.execute(views.where(_pv.visitor_id.not_in(known)).distinct()).scalars()) | set(started)
    net = net_orders(asked).subquery()
    owners = select(net.c.visitor_id).where(net.c.visitor_id.is_not(None), net.c.visitor_id.not_in(known)).distinct()
    buyers = set(connection.execute(owners).scalars())
    return Direct(len(seen), len(started), sum(map(bool, started.values())), len(seen & buyers))


def unknown(connection: Connection, asked: Asked) -> tuple[int, int]:
    """Return how many attempts are by people who may not be remembered, and how many of these were finished."""
    found = select(func.count(), func.count(_t.finished_at)).where(*attempts(asked), _t.visitor_id.is_(None))
    started, finished = connection.execute(found).one()
    return started, finished


def runs(connection: Connection, asked: Asked, *where: Any) -> list[Run]:
    """Return the shoppers' attempts at the quiz."""
    statement = select(_t.id, _t.visitor_id, millis(_t.started_at), millis(_t.finished_at), _t.first_question)
    return [Run._make(row) for row in connection.execute(statement.where(*attempts(asked), *where)).all()]


def steps(connection: Connection, asked: Asked, *where: Any) -> list[Step]:
    """Return every answer, in all its revisions, of the shoppers' attempts at the quiz."""
    statement = select(*_STEP).join(Attempt, _t.id == _an.attempt_id).where(*attempts(asked), *where)
    return [Step._make(row) for row in connection.execute(statement).all()]


def stages(connection: Connection, asked: Asked, *where: Any) -> Stages:
    """Return which attempts saw their offer and which went on to a product."""
    offers = select(_f.attempt_id).distinct().join(Attempt, _t.id == _f.attempt_id).where(*attempts(asked), *where)
    opened = connection.execute(offers.join(OfferView, _fv.offer_id == _f.id)).scalars()
    clicked = connection.execute(offers.join(Click, _c.offer_id == _f.id)).scalars()
    return Stages(frozenset(opened), frozenset(clicked))


def left_out(connection: Connection, asked: Asked) -> dict[str, int]:
    """Return how many visitors are no shoppers, and so in no figure, by kind; and how many orders name two visitors."""
    statement = select(_v.kind, func.count()).where(_v.kind != "shopper", _v.simulated == asked.simulated)
    found = Counter({row[0]: row[1] for row in connection.execute(statement.group_by(_v.kind))})
    unknown = select(_t.kind, func.count()).where(
        *_at_quiz(asked), _t.simulated == asked.simulated, _t.kind != "shopper", _t.visitor_id.is_(None)
    )
    found.update({row[0]: row[1] for row in connection.execute(unknown.group_by(_t.kind))})
    two = select(func.count()).select_from(Order).where(_o.simulated == asked.simulated, _o.conflict)
    found["conflict"] = connection.execute(two).scalar_one()
    return dict(+found)


def begun(connection: Connection, asked: Asked) -> list[tuple[int, int]]:
    """Return how many attempts the shoppers began on each day, in days since 1970."""
    day = (millis(_t.started_at) - millis(_t.started_at) % DAY_MS).label("day")
    rows = connection.execute(select(day, func.count()).where(*attempts(asked)).group_by("day").order_by("day"))
    return [(int(start) // DAY_MS, count) for start, count in rows]


def counted_orders(connection: Connection, asked: Asked) -> tuple[int, int]:
    """Return how many orders of the store are purchases, and how many of them are nobody's."""
    net = net_orders(asked).subquery()
    total, owned = connection.execute(select(func.count(), func.count(net.c.visitor_id)).select_from(net)).one()
    return total, total - owned


def store_orders(connection: Connection, asked: Asked) -> StoreOrders:
    """Return how well the store's orders found their visitors and their products."""
    lines = (
        select(func.count(), func.count(_l.product))
        .select_from(OrderLine)
        .join(Order, (_o.source == _l.source) & (_o.order_id == _l.order_id))
        .where(_o.simulated == asked.simulated, _o.paid, ~_o.cancelled, ~_o.test)
    )
    all_lines, matched = connection.execute(lines).one()
    dead = select(func.count()).select_from(OrderEvent).where(_e.state == "dead", _e.simulated == asked.simulated)
    return StoreOrders(
        *counted_orders(connection, asked),
        all_lines,
        all_lines - matched,
        connection.execute(dead).scalar_one(),
    )


def size(connection: Connection, *, simulated: bool) -> Size:
    """Return how much log there is of simulated or of real visitors."""
    visitors = select(func.count()).select_from(Visitor).where(_v.simulated == simulated, _v.kind == "shopper")
    orders = select(func.count()).select_from(Order).where(_o.simulated == simulated, ~_o.test)
    return Size(connection.execute(visitors).scalar_one(), connection.execute(orders).scalar_one())


def in_experiment(asked: Asked) -> tuple[Any, ...]:
    """Hold for the assignments of the quiz's experiment."""
    return _a.quiz == asked.quiz, _a.experiment == asked.experiment


def attempts(asked: Asked) -> tuple[Any, ...]:
    """Hold for the attempts of shoppers at the quiz."""
    return *_at_quiz(asked), _t.simulated == asked.simulated, _t.kind == "shopper", of_shoppers(_t.visitor_id)


def crossed(connection: Connection, asked: Asked, quizzes: Sequence[str]) -> int:
    """Return how many visitors of a comparison started the quiz of the other arm."""
    first, second = quizzes
    other = case((_a.arm == "first", second), else_=first)
    found = (
        select(func.count(_a.visitor_id.distinct()))
        .select_from(Assignment)
        .join(Attempt, (_t.visitor_id == _a.visitor_id) & (_t.quiz == other))
        .join(Visitor, _v.id == _a.visitor_id)
        .where(*in_experiment(asked), _v.kind == "shopper", _v.simulated == asked.simulated, _t.started_at >= _a.t0)
    )
    return connection.execute(found).scalar_one()


def _at_quiz(asked: Asked) -> tuple[Any, ...]:
    return () if asked.quiz == STORE else (_t.quiz == asked.quiz,)


def of_shoppers(visitor: Any) -> Any:
    """Hold for nobody's rows and for shoppers': a visitor may be flagged after an attempt or an order."""
    return visitor.is_(None) | visitor.not_in(select(_v.id).where(_v.kind != "shopper"))


def published(connection: Connection, quiz: str) -> list[tuple[str, datetime]]:
    """Return the versions of a quiz by id, with when each was first served."""
    version = QuizVersion.__table__.c  # type: ignore[attr-defined]
    rows = connection.execute(select(version.id, version.published_at).where(version.quiz == quiz))
    return [(id, at) for id, at in rows]

"""The statements of an export: each gives a dataset's columns in its order, moments in milliseconds."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Select, String, and_, case, cast, func, literal, select, union_all

from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.log.clock import millis
from quizfunnel.log.conditions import of_shoppers
from quizfunnel.log.definitions import STAYED_MS, WINDOW_DAYS
from quizfunnel.log.orders import given_back
from quizfunnel.log.profit import line_costs
from quizfunnel.log.states import EVERYONE
from quizfunnel.offer.tables import Click, Offer, OfferItem, OfferView
from quizfunnel.orders.tables import Order
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, PageView, Visitor

_v, _a, _pv, _t, _an = (columns(table) for table in (Visitor, Assignment, PageView, Attempt, Answer))
_f, _i, _fv, _c, _o = (columns(table) for table in (Offer, OfferItem, OfferView, Click, Order))

Extract = Callable[..., Select[Any]]


def visits(*, simulated: bool, since: Any, until: Any) -> Select[Any]:
    """Return visits: for each visitor one at the first page view, and one for each assignment."""
    shoppers = (_v.kind == "shopper", _v.simulated == simulated)
    first = _visit(_v.first_seen, literal("", String), literal("", String), literal(EVERYONE, String))
    first = first.add_columns(literal(0.0).label("share"), literal(WINDOW_DAYS).label("days"), *_who())
    first = first.select_from(Visitor).where(*shoppers, _v.first_seen >= since, _v.first_seen < until)
    drawn = _visit(_a.t0, _a.quiz, _a.experiment, _a.arm)
    drawn = drawn.add_columns(_a.holdout_share.label("share"), _a.window_days.label("days"), *_who())
    drawn = drawn.select_from(Assignment).join(Visitor, _v.id == _a.visitor_id)
    every = union_all(first, drawn.where(*shoppers, _a.t0 >= since, _a.t0 < until)).subquery()
    c = every.c
    names = (c.filed, c.visitor, c.quiz, c.experiment, c.arm, c.t0, c.share, c.days, c.first_seen, c.next_view)
    statement = select(*names, c.device, c.channel, c.landing_page, literal(simulated).label("simulated"))
    # a total order, here and below: the same log gives the same files, byte by byte
    return statement.order_by(c.filed, c.visitor, c.quiz, c.experiment)


def _visit(t0: Any, quiz: Any, experiment: Any, arm: Any) -> Select[Any]:
    later = select(func.min(millis(_pv.at))).where(_pv.visitor_id == _v.id, millis(_pv.at) - millis(t0) >= STAYED_MS)
    return select(
        millis(t0).label("filed"),
        _v.id.label("visitor"),
        quiz.label("quiz"),
        experiment.label("experiment"),
        arm.label("arm"),
        millis(t0).label("t0"),
        later.correlate(Visitor, Assignment).scalar_subquery().label("next_view"),
    )


def _who() -> tuple[Any, ...]:
    return millis(_v.first_seen).label("first_seen"), _v.device, _v.channel, _v.landing_page


def attempts(*, simulated: bool, since: Any, until: Any) -> Select[Any]:
    """Return attempts."""
    names = (
        _t.id,
        _t.visitor_id,
        _t.quiz,
        _t.version,
        _t.first_question,
        millis(_t.started_at),
        millis(_t.finished_at),
    )
    return _begun(select(millis(_t.started_at), *names, _t.simulated), simulated, since, until).order_by(
        _t.started_at, _t.id
    )


def answers(*, simulated: bool, since: Any, until: Any) -> Select[Any]:
    """Return answers; `version` stands where it is to be said whether they are withheld, and how choices stood."""
    names = (_an.attempt_id, _t.quiz, _an.question, _an.revision, _an.value, _t.version, _t.version.label("order"))
    times = (millis(_an.answered_at), _an.wall_ms, _an.active_ms, _an.active10_ms, _an.source, _an.next_question)
    statement = select(millis(_t.started_at), *names, *times, _t.simulated).select_from(Attempt)
    statement = _begun(statement.join(Answer, _an.attempt_id == _t.id), simulated, since, until)
    return statement.order_by(_t.started_at, _t.id, _an.answered_at, _an.question, _an.revision)


def offers(*, simulated: bool, since: Any, until: Any) -> Select[Any]:
    """Return the products of offers, with when they were first seen and clicked."""
    seen = select(func.min(millis(_fv.at))).where(_fv.offer_id == _f.id, _fv.up_to >= _i.rank)
    clicked = select(func.min(millis(_c.at))).where(_c.offer_id == _f.id, _c.product == _i.product)
    names = (_f.id, _f.attempt_id, _t.quiz, _f.revision, millis(_f.chosen_at), _f.model, _i.product)
    more = (
        _i.section,
        _i.rank,
        _i.score,
        _i.propensity,
        _i.price_minor,
        _i.currency,
        seen.scalar_subquery(),
        clicked.scalar_subquery(),
    )
    statement = select(millis(_t.started_at), *names, *more, _t.simulated).select_from(Attempt)
    statement = statement.join(Offer, _f.attempt_id == _t.id).join(OfferItem, _i.offer_id == _f.id)
    return _begun(statement, simulated, since, until).order_by(_t.started_at, _f.id, _i.section, _i.rank)


def orders(*, simulated: bool, since: Any, until: Any) -> Select[Any]:
    """Return orders; who they belong to is empty where their events named two visitors."""
    back, same = given_back()
    costs = line_costs().subquery("cost")
    mine = and_(costs.c.source == _o.source, costs.c.order_id == _o.order_id)
    refunded = cast(func.coalesce(back.c.amount, 0), BigInteger)  # PostgreSQL adds whole numbers up as decimals
    counts = and_(_o.paid, ~_o.cancelled, ~_o.test, _o.total_minor > refunded)
    whose = case((_o.conflict, None), else_=_o.visitor_id)
    names = (_o.order_id, _o.source, whose, millis(_o.placed_at), _o.currency, _o.total_minor, refunded, costs.c.cost)
    flags = (_o.paid, _o.cancelled, _o.test, _o.conflict, counts, _o.simulated)
    statement = (
        select(millis(_o.placed_at), *names, *flags).select_from(Order).outerjoin(back, same).outerjoin(costs, mine)
    )
    statement = statement.where(_o.simulated == simulated, of_shoppers(_o.visitor_id))
    return statement.where(_o.placed_at >= since, _o.placed_at < until).order_by(_o.placed_at, _o.source, _o.order_id)


def _begun(statement: Select[Any], simulated: bool, since: Any, until: Any) -> Select[Any]:  # noqa: FBT001 - private
    shoppers = (_t.simulated == simulated, _t.kind == "shopper", of_shoppers(_t.visitor_id))
    return statement.where(*shoppers, _t.started_at >= since, _t.started_at < until)


EXTRACTS: dict[str, tuple[Extract, Any]] = {
    "visits": (visits, (_v.first_seen, _a.t0)),
    "attempts": (attempts, (_t.started_at,)),
    "answers": (answers, (_t.started_at,)),
    "offers": (offers, (_t.started_at,)),
    "orders": (orders, (_o.placed_at,)),
}
"""Each dataset's statement, and the moments by which its rows are filed."""

"""Attribution of purchases to offers: last touch, the last offer that the visitor saw before it within the window."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, func, select

from quizfunnel.journey.tables import Attempt
from quizfunnel.log import conditions, orders
from quizfunnel.log.clock import millis
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.log.scope import Scope
from quizfunnel.offer.sections import logged_sections
from quizfunnel.offer.tables import Offer, OfferItem, OfferView
from quizfunnel.orders.tables import Order, OrderLine
from quizfunnel.recommend.offpolicy.position_bias import SlotLog, position_weights
from quizfunnel.store.types import columns

_t, _f, _i, _fv = columns(Attempt), columns(Offer), columns(OfferItem), columns(OfferView)
_o, _l = columns(Order), columns(OrderLine)

CHUNK = 500
PSEUDO = 20.0  # purchases in each of two places that say "no difference": few stores have enough to tell


class Seen(NamedTuple):
    """An offer as a purchase found it: the last that the visitor saw, and up to which rank."""

    offer: str
    up_to: int


class ItemSeen(NamedTuple):
    """One product of an offer as it was drawn, in a section where the offer has any."""

    section: str
    rank: int
    product: str
    score: float
    propensity: float


class Credited(NamedTuple):
    """An offer, or one section of it, from which something was bought, with the ranks of it that were seen.

    `eligible` is how many products its first slot was drawn from. Two neighbours of the first `comparable` ranks could
    have stood the other way round: nothing was drawn elsewhere in between that they could have been.
    """

    offer: str
    answers: str
    version: str
    first_seen: int
    section: str
    eligible: int
    policy: str
    items: tuple[ItemSeen, ...]
    bought: frozenset[str]
    comparable: int


class _Logged(NamedTuple):
    """An offer as it lies in the log."""

    offer: str
    answers: str
    version: str
    first_seen: int
    eligible: str
    policy: str
    sections: str
    items: tuple[ItemSeen, ...] = ()


def last_seen(connection: Connection, scope: Scope, *, window_days: int) -> dict[tuple[str, str], Seen]:
    """Return the offer that each purchase is credited to, by source and order id."""
    purchases = {
        (each.source, each.order_id) for each in orders.purchases(connection, scope) if each.visitor is not None
    }
    credit: dict[tuple[str, str], Seen] = {}
    for source, order, offer, up_to in connection.execute(_views_before(scope, window_days)):
        # `orders.purchases` alone decides which orders count; the statement only finds what their visitors saw.
        if (source, order) not in purchases:
            continue
        last = credit.setdefault((source, order), Seen(offer, up_to))
        # An earlier view of the same offer may have shown more of it.
        if last.offer == offer and up_to > last.up_to:
            credit[source, order] = Seen(offer, up_to)
    return credit


def _views_before(scope: Scope, window_days: int) -> Any:
    """Return a selection of every view of an offer that an order of its visitor followed within the window."""
    return (
        select(_o.source, _o.order_id, _fv.offer_id, _fv.up_to)
        .join(Attempt, _t.visitor_id == _o.visitor_id)
        .join(Offer, _f.attempt_id == _t.id)
        .join(OfferView, _fv.offer_id == _f.id)
        .where(
            *conditions.attempts(scope),
            _o.simulated == scope.simulated,
            _fv.at <= _o.placed_at,
            millis(_o.placed_at) - millis(_fv.at) < window_days * DAY_MS,
        )
        # The newest view comes first: the first row of an order is of the offer that it is credited to.
        .order_by(_o.source, _o.order_id, _fv.at.desc(), _f.revision.desc())
    )


def credited_offers(
    connection: Connection, scope: Scope, seen: dict[tuple[str, str], Seen], *, until: int, chunk: int = CHUNK
) -> tuple[list[Credited], int]:
    """Return the offers first seen before `until` that something was bought from, and how much was bought elsewhere."""
    lines = (
        select(_l.source, _l.order_id, _l.product)
        .join(Order, (_o.source == _l.source) & (_o.order_id == _l.order_id))
        .where(_o.simulated == scope.simulated, _l.product.is_not(None))
        .distinct()
    )
    wanted: dict[str, set[str]] = defaultdict(set)
    # up to which rank anybody who bought had seen it: a product below was bought, but not for having been shown
    limit: dict[str, int] = {}
    for source, order, product in connection.execute(lines):
        if credit := seen.get((source, order)):
            wanted[credit.offer].add(product)
            limit[credit.offer] = max(limit.get(credit.offer, 0), credit.up_to)
    credited: list[Credited] = []
    elsewhere = 0
    for offer in _offers(connection, sorted(wanted), chunk):
        items = tuple(item for item in offer.items if item.rank <= limit[offer.offer])
        bought = wanted[offer.offer] & {item.product for item in items}
        elsewhere += len(wanted[offer.offer]) - len(bought)
        if offer.first_seen <= until and bought:
            credited += _by_section(offer._replace(items=items), bought)
    return credited, elsewhere


def positions(credited: Sequence[Credited]) -> tuple[float, ...]:
    """Return the position weights, attention to each rank relative to the first, by the randomised log.

    Ranks are those within a section: how much more one section is bought from than another is no matter of attention.
    """
    slots = max((item.rank for offer in credited for item in offer.items), default=1)
    shape = (len(credited), slots)
    scores, chances, bought = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape)
    policies = [json.loads(offer.policy) for offer in credited]
    for row, offer in enumerate(credited):
        for _, rank, product, score, chance in offer.items:
            if rank <= offer.comparable:
                scores[row, rank - 1], chances[row, rank - 1] = score, chance
                bought[row, rank - 1] = product in offer.bought
    eligible = np.array([offer.eligible for offer in credited], dtype=np.float64)
    heat, epsilon = (np.array([float(each[name]) for each in policies]) for name in ("temperature", "epsilon"))
    # what looks like attention in a few purchases is mostly chance: hence the pseudo-purchases
    estimate = position_weights(SlotLog(scores, chances, eligible, bought, heat, epsilon), pseudo=PSEUDO)
    return tuple(map(float, estimate.weights))


def _by_section(offer: _Logged, bought: set[str]) -> Iterator[Credited]:
    """Yield those sections of an offer from which something was bought; an offer without sections as a whole."""
    sections = logged_sections(offer.sections)
    whole = Credited(
        offer=offer.offer,
        answers=offer.answers,
        version=offer.version,
        first_seen=offer.first_seen,
        section="",
        eligible=len(json.loads(offer.eligible)),
        policy=offer.policy,
        items=offer.items,
        bought=frozenset(bought),
        comparable=max(item.rank for item in offer.items),
    )
    if not sections:
        yield whole
        return
    page, before = max(each.show for each in sections), set[str]()
    for each in sections:
        mine = tuple(item for item in offer.items if item.section == each.section)
        if any(item.product in bought for item in mine):
            could = set(each.eligible)
            # What another section draws between two pages depends on which product stood on the first of them.
            elsewhere = {id for other in sections if other is not each for id in other.eligible}
            yield whole._replace(
                section=each.section,
                eligible=len(could - before),
                policy=each.policy.as_json(),
                items=mine,
                bought=frozenset(item.product for item in mine) & bought,
                comparable=each.show if could & elsewhere else max(item.rank for item in mine),
            )
        before |= {item.product for item in mine if item.rank <= page}


def _offers(connection: Connection, ids: list[str], chunk: int) -> Iterator[_Logged]:
    first = func.min(millis(_fv.at))
    for some in in_chunks(ids, chunk):
        heads = (
            select(_f.id, _f.answers, _t.version, first, _f.eligible, _f.policy, _f.sections)
            .join(Attempt, _t.id == _f.attempt_id)
            .join(OfferView, _fv.offer_id == _f.id)
            .where(_f.id.in_(some))
            .group_by(_f.id, _f.answers, _t.version, _f.eligible, _f.policy, _f.sections)
        )
        items: dict[str, list[ItemSeen]] = defaultdict(list)
        rows = select(_i.offer_id, _i.section, _i.rank, _i.product, _i.score, _i.propensity)
        for offer, *item in connection.execute(rows.where(_i.offer_id.in_(some)).order_by(_i.offer_id, _i.rank)):
            items[offer].append(ItemSeen(*item))
        for head in connection.execute(heads):
            yield _Logged(*head)._replace(items=tuple(items[head[0]]))


def in_chunks(ids: list[str], size: int) -> Iterator[list[str]]:
    """Yield ids a few hundred at a time: a database takes only so many parameters in one statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]

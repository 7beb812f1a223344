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


class Credited(NamedTuple):
    """An offer from which something was bought, with the ranks of it that were."""

    offer: str
    answers: str
    version: str
    first_seen: int
    eligible: int
    policy: str
    items: tuple[tuple[int, str, float, float], ...]  # rank, product, score, propensity
    bought: frozenset[str] = frozenset()


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
    limit: dict[str, int] = {}
    for source, order, product in connection.execute(lines):
        if credit := seen.get((source, order)):
            wanted[credit.offer].add(product)
            limit[credit.offer] = max(limit.get(credit.offer, 0), credit.up_to)
    credited, elsewhere = [], 0
    for offer in _offers(connection, sorted(wanted), chunk):
        items = tuple(item for item in offer.items if item[0] <= limit[offer.offer])
        bought = wanted[offer.offer] & {product for _, product, _, _ in items}
        elsewhere += len(wanted[offer.offer]) - len(bought)
        if offer.first_seen <= until and bought:
            credited.append(offer._replace(items=items, bought=frozenset(bought)))
    return credited, elsewhere


def positions(credited: Sequence[Credited]) -> tuple[float, ...]:
    """Return the position weights, attention to each place of an offer relative to the first, by the randomised log."""
    slots = max((len(offer.items) for offer in credited), default=1)
    shape = (len(credited), slots)
    scores, chances, bought = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape)
    policies = [json.loads(offer.policy) for offer in credited]
    for row, offer in enumerate(credited):
        for rank, product, score, chance in offer.items:
            scores[row, rank - 1], chances[row, rank - 1] = score, chance
            bought[row, rank - 1] = product in offer.bought
    eligible = np.array([offer.eligible for offer in credited], dtype=np.float64)
    heat, epsilon = (np.array([float(each[name]) for each in policies]) for name in ("temperature", "epsilon"))
    estimate = position_weights(SlotLog(scores, chances, eligible, bought, heat, epsilon), pseudo=PSEUDO)
    return tuple(map(float, estimate.weights))


def _offers(connection: Connection, ids: list[str], chunk: int) -> Iterator[Credited]:
    first = func.min(millis(_fv.at))
    for some in in_chunks(ids, chunk):
        heads = (
            select(_f.id, _f.answers, _t.version, first, _f.eligible, _f.policy)
            .join(Attempt, _t.id == _f.attempt_id)
            .join(OfferView, _fv.offer_id == _f.id)
            .where(_f.id.in_(some))
            .group_by(_f.id, _f.answers, _t.version, _f.eligible, _f.policy)
        )
        items: dict[str, list[tuple[int, str, float, float]]] = defaultdict(list)
        rows = select(_i.offer_id, _i.rank, _i.product, _i.score, _i.propensity).where(_i.offer_id.in_(some))
        for offer, *item in connection.execute(rows.order_by(_i.offer_id, _i.rank)):
            items[offer].append((item[0], item[1], item[2], item[3]))
        for offer, answers, version, at, eligible, policy in connection.execute(heads):
            yield Credited(
                offer=offer,
                answers=answers,
                version=version,
                first_seen=at,
                eligible=len(json.loads(eligible)),
                policy=policy,
                items=tuple(items[offer]),
            )


def in_chunks(ids: list[str], size: int) -> Iterator[list[str]]:
    """Yield ids a few hundred at a time: a database takes only so many parameters in one statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]

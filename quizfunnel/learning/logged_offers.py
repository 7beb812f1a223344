"""Logged offers: those that were seen, one by one, with their propensities and the purchases from them, for replay."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from quizfunnel.journey.tables import Attempt
from quizfunnel.learning.attribution import (
    credited_offers,
    in_chunks,
    last_seen,
)
from quizfunnel.learning.offer_log import LIMITS, LogQuery, ReadLimits, answers_of, moment, seen_offers
from quizfunnel.offer.tables import Offer, OfferItem
from quizfunnel.recommend.offpolicy.replay import Logged
from quizfunnel.recommend.training.grouped_log import (
    Pattern,
)
from quizfunnel.store.types import columns

_t, _f, _i = columns(Attempt), columns(Offer), columns(OfferItem)

_CHOSEN = (_f.model, _f.rival, _f.model_share, _f.policy)


def logged_offers(
    connection: Connection, query: LogQuery, *, rivals: Sequence[str] = (), limits: ReadLimits = LIMITS
) -> list[Logged]:
    """Return the newest offers of a part of the log, oldest first, one by one.

    With `rivals`, two models' names, the oldest of those that were chosen while just these two were compared.
    """
    seen = seen_offers(query.scope)
    statement = (
        select(_f.id, _t.id, _t.version, _f.answers, *_CHOSEN, _f.eligible, seen.c.up_to)
        .join(seen, seen.c.offer_id == _f.id)
        .join(Attempt, _t.id == _f.attempt_id)
        .where(seen.c.first >= moment(query.since), seen.c.first < moment(query.until + 1))
    )
    if rivals:
        # The oldest: what came after the planned number of shoppers has no part in a challenge.
        statement = statement.where(_f.model.in_(rivals), _f.rival.in_(rivals)).order_by(seen.c.first, _f.id)
        heads = _heads(connection.execute(statement.limit(limits.compared)))
    else:
        newest = statement.order_by(seen.c.first.desc(), _f.id).limit(limits.replayed)
        heads = _heads(connection.execute(newest))[::-1]
    last = last_seen(connection, query.scope, window_days=query.window_days)
    credited, _ = credited_offers(connection, query.scope, last, until=query.until, chunk=limits.chunk)
    bought = {offer.offer: offer.bought for offer in credited}
    items = _items_up_to(connection, {id: up_to for id, up_to, _ in heads}, chunk=limits.chunk)
    return [
        head._replace(
            order=tuple(product for product, _ in items[id]),
            propensities=tuple(propensity for _, propensity in items[id]),
            bought=bought.get(id, frozenset()),
        )
        for id, _, head in heads
    ]


def _heads(rows: Iterable[Any]) -> list[tuple[str, int, Logged]]:
    """Return (offer, up to which rank it was seen, what was logged) of offers; equal texts are read once."""
    patterns: dict[tuple[str, str], Pattern] = {}
    sets: dict[str, tuple[str, ...]] = {}
    heads = []
    for id, attempt, version, answers, model, rival, share, policy, eligible, up_to in rows:
        pattern = patterns.get((version, answers))
        if pattern is None:
            pattern = patterns[version, answers] = Pattern(version, answers_of(answers))
        if eligible not in sets:
            sets[eligible] = tuple(json.loads(eligible))
        head = Logged(
            attempt=attempt,
            pattern=pattern,
            model=model,
            rival=rival,
            share=share,
            policy=policy,
            eligible=sets[eligible],
        )
        heads.append((id, up_to, head))
    return heads


def _items_up_to(connection: Connection, up_to: dict[str, int], *, chunk: int) -> dict[str, list[tuple[str, float]]]:
    """Return (product, propensity) of the ranks that were seen, by offer."""
    items: dict[str, list[tuple[str, float]]] = {offer: [] for offer in up_to}
    for some in in_chunks(sorted(up_to), chunk):
        rows = select(_i.offer_id, _i.rank, _i.product, _i.propensity).where(_i.offer_id.in_(some))
        for offer, rank, product, propensity in connection.execute(rows.order_by(_i.offer_id, _i.rank)):
            if rank <= up_to[offer]:
                items[offer].append((product, propensity))
    return items

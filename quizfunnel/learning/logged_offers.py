"""Logged offers: those that were seen, one by one, with their propensities and the purchases from them, for replay."""

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from quizfunnel.journey.tables import Attempt
from quizfunnel.learning.attribution import (
    credited_offers,
    in_chunks,
    last_seen,
)
from quizfunnel.learning.offer_log import LIMITS, LogQuery, ReadLimits, answers_of, moment, seen_offers
from quizfunnel.offer.sections import LoggedSection, logged_sections
from quizfunnel.offer.tables import Offer, OfferItem
from quizfunnel.recommend.offpolicy.replay import Logged
from quizfunnel.recommend.offpolicy.section_draws import Draw
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
        select(_f.id, _t.id, _t.version, _f.answers, *_CHOSEN, _f.eligible, _f.sections, seen.c.up_to)
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
        # the newest are wanted, and read oldest first
        heads = _heads(connection.execute(newest))[::-1]
    last = last_seen(connection, query.scope, window_days=query.window_days)
    credited, _ = credited_offers(connection, query.scope, last, until=query.until, chunk=limits.chunk)
    bought: dict[str, frozenset[str]] = {}
    for offer in credited:
        bought[offer.offer] = bought.get(offer.offer, frozenset()) | offer.bought
    items = _items_up_to(connection, {head.offer: head.up_to for head in heads}, chunk=limits.chunk)
    return [_drawn(head, items[head.offer])._replace(bought=bought.get(head.offer, frozenset())) for head in heads]


class _Head(NamedTuple):
    """An offer without its items: up to which rank it was seen, what was logged of it, and its sections."""

    offer: str
    up_to: int
    logged: Logged
    sections: tuple[LoggedSection, ...]


class _Item(NamedTuple):
    section: str
    rank: int
    product: str
    propensity: float


def _drawn(head: _Head, items: Sequence[_Item]) -> Logged:
    """Return an offer with its items in the order in which they were drawn, and with their draws."""
    place = {each.section: number for number, each in enumerate(head.sections)}
    page = max((each.show for each in head.sections), default=0)

    def draw(item: _Item) -> tuple[int, int]:
        return ((item.rank - 1) // page, place[item.section]) if page else (0, 0)

    ordered = sorted(items, key=lambda item: (draw(item), item.rank))
    draws = [
        Draw(head.sections[number].policy.as_json(), head.sections[number].eligible, len(list(each)), not later)
        for (later, number), each in groupby(ordered, key=draw)
        if page
    ]
    return head.logged._replace(
        order=tuple(item.product for item in ordered),
        propensities=tuple(item.propensity for item in ordered),
        draws=tuple(draws),
    )


def _heads(rows: Iterable[Any]) -> list[_Head]:
    """Return offers without their items; equal texts are read once."""
    patterns: dict[tuple[str, str], Pattern] = {}
    sets: dict[str, tuple[str, ...]] = {}
    parts: dict[str, tuple[LoggedSection, ...]] = {}
    heads = []
    for id, attempt, version, answers, model, rival, share, policy, eligible, sections, up_to in rows:
        pattern = patterns.get((version, answers))
        if pattern is None:
            pattern = patterns[version, answers] = Pattern(version, answers_of(answers))
        if eligible not in sets:
            sets[eligible] = tuple(json.loads(eligible))
        if sections not in parts:
            parts[sections] = logged_sections(sections)
        head = Logged(
            attempt=attempt,
            pattern=pattern,
            model=model,
            rival=rival,
            share=share,
            policy=policy,
            eligible=sets[eligible],
        )
        heads.append(_Head(id, up_to, head, parts[sections]))
    return heads


def _items_up_to(connection: Connection, up_to: dict[str, int], *, chunk: int) -> dict[str, list[_Item]]:
    """Return the items of the ranks that were seen, by offer."""
    items: dict[str, list[_Item]] = {offer: [] for offer in up_to}
    for some in in_chunks(sorted(up_to), chunk):
        rows = select(_i.offer_id, _i.section, _i.rank, _i.product, _i.propensity).where(_i.offer_id.in_(some))
        for offer, *item in connection.execute(rows.order_by(_i.offer_id, _i.rank)):
            seen = _Item(*item)
            if seen.rank <= up_to[offer]:
                items[offer].append(seen)
    return items

"""Offer log: the offers that were seen and the purchases from them, grouped into counts for training.

Which offer a purchase counts for is decided in `attribution`. Only offers whose window has closed count. The
heavy part is one statement that groups in the database.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, Float, case, func, literal, select

from quizfunnel.journey.tables import Attempt
from quizfunnel.learning.attribution import (
    CHUNK,
    Credited,
    credited_offers,
    last_seen,
    positions,
)
from quizfunnel.log import conditions, orders
from quizfunnel.log.clock import millis
from quizfunnel.log.definitions import WINDOW_DAYS
from quizfunnel.log.scope import Scope
from quizfunnel.offer.tables import Offer, OfferItem, OfferView
from quizfunnel.orders.tables import Order, OrderLine
from quizfunnel.quiz.kinds.answer import as_answer
from quizfunnel.quiz.spec import Quiz
from quizfunnel.recommend.learners.code_book import Floats, Ints
from quizfunnel.recommend.training.grouped_log import (
    SLICES,
    Counts,
    LogSummary,
    Pattern,
)
from quizfunnel.store.types import UtcDateTime, columns

_t, _f, _i, _fv = columns(Attempt), columns(Offer), columns(OfferItem), columns(OfferView)
_o, _l = columns(Order), columns(OrderLine)


Progress = Callable[[str], None]
_Bought = dict[tuple[str, str, str, str, int], tuple[int, float]]


class LogQuery(NamedTuple):
    """Part of a log: its scope, a window of days for purchases, and the moments (ms) its offers were first seen in.

    Only offers seen up to `until` have windows that are closed.
    """

    scope: Scope
    window_days: int
    until: int
    since: int = 0


class ReadLimits(NamedTuple):
    """Limits of what is read at once: offers replayed, offers of a challenge, ids of one statement."""

    replayed: int = 5_000
    compared: int = 100_000
    chunk: int = CHUNK


LIMITS = ReadLimits()


def window_days(quiz: Quiz) -> int:
    """Return within how many days of seeing an offer a purchase counts for it: the experiment's window."""
    return quiz.experiment.window_days if quiz.experiment else WINDOW_DAYS


class ShownCounts(NamedTuple):
    """Counts of how often each product was shown to each set of answers in each part of the time, as columns [M].

    `patterns` are numbered (answers, version), `products` and `sections` numbered ids; `offers` [SLICES + 1] is how
    many were seen in each part.
    """

    patterns: dict[tuple[str, str], int]
    products: dict[str, int]
    sections: dict[str, int]
    pattern: Ints
    product: Ints
    section: Ints
    part: Ints
    trials: Floats
    offers: Ints


def counts(connection: Connection, query: LogQuery, *, progress: Progress, limits: ReadLimits = LIMITS) -> Counts:
    """Return the grouped log of one quiz, of real or of simulated shoppers."""
    scope, until = query.scope, query.until
    progress("Reading purchases")
    seen = last_seen(connection, scope, window_days=query.window_days)
    credited, elsewhere = credited_offers(connection, scope, seen, until=until, chunk=limits.chunk)
    weights = positions(credited)
    bounds = _bounds(connection, scope, credited, until=until)
    progress("Reading what was shown")
    shown = _shown(connection, scope, weights=weights, bounds=bounds)
    placed = orders.store_orders(connection, scope)
    facts = LogSummary(
        offers=int(shown.offers[:SLICES].sum()),
        waiting=int(shown.offers[SLICES]),
        lines=placed.lines,
        lines_without_product=placed.lines_unmatched,
        elsewhere=elsewhere,
        positions=weights,
        simulated=scope.simulated,
        window_days=query.window_days,
    )
    return _grouped(shown, _bought(credited, bounds, weights), bounds, facts)


def _bounds(connection: Connection, scope: Scope, credited: Sequence[Credited], *, until: int) -> tuple[int, ...]:
    """Return limits of parts of the time with as many purchases each: [from, to) of the first view, in ms."""
    times = sorted(offer.first_seen for offer in credited)
    # parts of as many purchases, and not of as many days: each has to teach or to judge
    inner = [times[len(times) * n // SLICES] for n in range(1, SLICES)] if times else [until] * (SLICES - 1)
    start = connection.execute(select(millis(func.min(_t.started_at))).where(*conditions.attempts(scope))).scalar()
    return (min(start if start is not None else until, inner[0]), *inner, until + 1)


def seen_offers(scope: Scope) -> Any:
    """Return a selection of every offer that was seen: its id, when first, and up to which rank."""
    return (
        select(
            _fv.offer_id.label("offer_id"),
            func.min(_fv.at).label("first"),
            func.max(_fv.up_to).label("up_to"),
        )
        .join(Offer, _f.id == _fv.offer_id)
        .join(Attempt, _t.id == _f.attempt_id)
        .where(*conditions.attempts(scope))
        .group_by(_fv.offer_id)
        .subquery()
    )


def _shown(connection: Connection, scope: Scope, *, weights: tuple[float, ...], bounds: tuple[int, ...]) -> ShownCounts:
    """Return how often each product was shown to each set of answers, grouped by the database.

    The part after the last is that of offers whose window is still open.
    """
    seen = seen_offers(scope)
    part = case(*((seen.c.first < moment(bound), n) for n, bound in enumerate(bounds[1:])), else_=SLICES)
    # the weights are in the statement, which sums up trials; a rank beyond them is looked at like the last
    looked = case(*((_i.rank == n, literal(weight, Float)) for n, weight in enumerate(weights, 1)), else_=weights[-1])
    # An offer without sections is counted by its first product; one with sections has several first ones.
    first = func.sum(case(((_i.rank == 1) & (_i.section == ""), 1), else_=0))
    statement = (
        select(_f.answers, _t.version, _i.product, _i.section, part, func.sum(looked), first)
        .join(seen, seen.c.offer_id == _f.id)
        .join(Attempt, _t.id == _f.attempt_id)
        .join(OfferItem, (_i.offer_id == _f.id) & (_i.rank <= seen.c.up_to))
        .group_by(_f.answers, _t.version, _i.product, _i.section, part)
    )
    rows = connection.execute(statement).cursor.fetchall()  # plain tuples: there can be a million
    answers, versions, products, sections, parts, trials, offers = zip(*rows, strict=True) if rows else ((),) * 7
    patterns, pattern = _numbered(zip(answers, versions, strict=True))
    ids, product = _numbered(products)
    names, section = _numbered(sections)
    in_part = np.array(parts, np.int64)
    counted = np.bincount(in_part, weights=offers, minlength=SLICES + 1).astype(np.int64)
    if any(names):
        with_sections = select(part, func.count()).join(Offer, _f.id == seen.c.offer_id).where(_f.sections != "")
        for number, count in connection.execute(with_sections.group_by(part)):
            counted[number] += count
    return ShownCounts(
        patterns=patterns,
        products=ids,
        sections=names,
        pattern=pattern,
        product=product,
        section=section,
        part=in_part,
        trials=np.array(trials, np.float64),
        offers=counted,
    )


def _numbered(values: Iterable[Any]) -> tuple[dict[Any, int], Any]:
    """Return the distinct values with their numbers, and every value as its number."""
    # A missing value is numbered by how many there are: a million rows without a branch in Python.
    numbers: defaultdict[Any, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    places = np.fromiter(map(numbers.__getitem__, values), dtype=np.int64)
    return dict(numbers), places


def moment(ms: int) -> Any:
    """Return the moment from which on moments are rounded to `ms` and more, as `millis` rounds them."""
    return literal(datetime.fromtimestamp(ms / 1000, UTC) - timedelta(microseconds=500), UtcDateTime)


def answers_of(text: str) -> dict[str, Any]:
    """Return a stored set of answers, several choices as a tuple."""
    return {name: as_answer(value) for name, value in json.loads(text).items()}


def _bought(credited: Sequence[Credited], bounds: tuple[int, ...], weights: tuple[float, ...]) -> _Bought:
    """Return (purchases, trials that are missing) by answers, version, product, section and part.

    What was bought was looked at, whatever its place: that trial is a whole one, and no cell has fewer
    trials than purchases (the expectation step for a rare purchase).
    """
    cells: _Bought = defaultdict(lambda: (0, 0.0))
    for offer in credited:
        part = bisect_right(bounds[1:-1], offer.first_seen)
        for section, rank, product, *_ in offer.items:
            if product in offer.bought:
                key = offer.answers, offer.version, product, section, part
                count, missing = cells[key]
                cells[key] = count + 1, missing + 1 - weights[rank - 1]
    return cells


def _grouped(shown: ShownCounts, bought: _Bought, bounds: tuple[int, ...], facts: LogSummary) -> Counts:
    """Return what was shown with what was bought of it, of the patterns whose offers have closed windows."""
    trials, purchases = _joined(shown, bought)
    read = tuple(Pattern(version, answers_of(text)) for text, version in shown.patterns)
    every = Counts(
        patterns=read,
        products=tuple(shown.products),
        sections=tuple(shown.sections),
        pattern=shown.pattern,
        product=shown.product,
        section=shown.section,
        part=shown.part,
        trials=trials,
        bought=purchases,
        bounds=bounds,
        facts=facts,
    )
    counted = every.of(shown.part < SLICES)
    return counted.of_patterns(np.bincount(counted.pattern, minlength=len(read)) > 0)


def _joined(shown: ShownCounts, bought: _Bought) -> tuple[Floats, Floats]:
    """Return the trials, with those that were missing, and the purchases of every row of what was shown, [M]."""

    def cell(pattern: Any, product: Any, section: Any, part: Any) -> Any:
        shelf = (pattern * max(1, len(shown.products)) + product) * max(1, len(shown.sections)) + section
        return shelf * (SLICES + 1) + part

    trials, purchases = shown.trials.copy(), np.zeros(len(shown.part))
    cells = cell(shown.pattern, shown.product, shown.section, shown.part)
    order = np.argsort(cells)
    ordered = cells[order]
    for (answers, version, product, section, part), (count, missing) in bought.items():
        wanted = cell(shown.patterns[answers, version], shown.products[product], shown.sections[section], part)
        # Always found: nothing is credited that was not shown.
        row = order[np.searchsorted(ordered, wanted)]
        purchases[row] += count
        trials[row] += missing
    return trials, purchases

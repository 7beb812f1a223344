"""Fingerprint of each day's sources (change detection): it differs once anything that the day's cells count does.

The log has no record of its own changes: orders come late and are refunded, visitors are found to be
crawlers, a history is filled in. So the sources themselves are summed up by day of t0: how many rows, the
sums of their moments and amounts, and sums of products that tell whose row each is.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, CompoundSelect, Select, String, case, cast, func, literal, select, union_all

from quizfunnel.insight.cells.statement import Keep, Sources, day_of
from quizfunnel.log.measures import FURTHER
from quizfunnel.log.states import INVITED

ENTRANT = "entrant"
VERSION = f"4 {' '.join(each.name for each in FURTHER)}"  # of what cells mean: another one makes every day again

_MOST = 6
_MILLION = 1_000_000
_LARGE, _SMALL = 1_000_000_007, 100_003  # remainders by them, and products of such, add up within 64 bits


class DayFingerprint(NamedTuple):
    """One day's mark, its visitors, and the least and most days of a window that was declared on it."""

    text: str
    visitors: int
    shortest: int
    longest: int


def statement(sources: Sources, *, keep: Keep) -> CompoundSelect[Any]:
    """Return the statement whose rows are a day, what was summed up, and how it came out."""
    entrant = keep(sources.entrant, "entrant")
    purchase = union_all(sources.purchase, select(*sources.measure.subquery().c)).subquery()
    run, step = sources.run.subquery(), sources.step.subquery()
    e, p, r, s = entrant.c, purchase.c, run.c, step.c
    bought = entrant.join(purchase, p.visitor == e.visitor)
    began = entrant.join(run, r.visitor == e.visitor)
    answered = began.join(step, s.attempt == r.id)
    client, cut = case((s.source == "client", 1), else_=0), case((s.source == "clamped", 1), else_=0)
    # as a whole number: sums of doubles depend on their order, which no engine promises
    share = cast(func.round(e.share * _MILLION), BigInteger)
    who = (_of(e.t0), case((e.arm == INVITED, 1), else_=0), share, _of(e.first_seen), _of(e.next_view))
    parts = (
        _part(entrant, e, ENTRANT, (*who, _with(e.next_view, e.t0))),
        _part(bought, e, p.currency, (_of(p.at), p.net, _with(p.at, e.t0), _with(p.net, e.t0), _with(p.at, p.net))),
        _part(began, e, "run", (_of(r.started), _of(r.finished), _with(r.started, e.t0), _with(r.finished, e.t0))),
        _part(answered, e, "step", (_of(s.at), s.active, _with(s.at, e.t0), _with(s.at, s.active), client, cut)),
    )
    return union_all(*parts)


def read(
    rows: Iterable[tuple[Any, ...]], *, caps: Mapping[str, int], version: str = VERSION
) -> dict[int, DayFingerprint]:
    """Return the fingerprints by day, from the rows of `statement`."""
    days: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        days.setdefault(row[0], []).append(row[1:])
    return {day: _fingerprint(sums, caps, version) for day, sums in days.items()}


def _fingerprint(sums: list[tuple[Any, ...]], caps: Mapping[str, int], version: str) -> DayFingerprint:
    lines = [tuple(value if isinstance(value, str) else int(value or 0) for value in line) for line in sums]
    # sorted, since rows come in any order; the caps too, since another cap changes every day's sums
    text = repr((version, sorted(caps.items()), sorted(lines)))
    _, visitors, *_, shortest, longest = next(line for line in lines if line[0] == ENTRANT)
    return DayFingerprint(
        blake2b(text.encode(), digest_size=32).hexdigest(), int(visitors), int(shortest), int(longest)
    )


def _part(rows: Any, entrant: Any, what: Any, values: Sequence[Any]) -> Select[Any]:
    """Return the sums of up to six values by day of t0."""
    named = literal(what, String) if isinstance(what, str) else what
    padded = [*values, *[literal(0, BigInteger)] * (_MOST - len(values))]
    # every part has all six columns: a union takes rows of one shape alone
    columns = [cast(value, BigInteger).label(f"v{number}") for number, value in enumerate(padded)]
    each = select(day_of(entrant.t0).label("day"), named.label("what"), entrant.declared, *columns).select_from(rows)
    inner = each.subquery()
    sums = [cast(func.sum(inner.c[f"v{number}"]), BigInteger).label(f"v{number}") for number in range(_MOST)]
    ends = func.min(inner.c.declared).label("shortest"), func.max(inner.c.declared).label("longest")
    grouped = select(inner.c.day, inner.c.what, func.count().label("rows"), *sums, *ends)
    return grouped.group_by(inner.c.day, inner.c.what)


def _of(column: Any) -> Any:
    return column % literal(_LARGE, BigInteger)


def _with(one: Any, two: Any) -> Any:
    return (one % literal(_SMALL, BigInteger)) * (two % literal(_SMALL, BigInteger))

"""Selections by visitor, in SQL: what each bought, how far each came, and when; what `statement` adds up to cells.

Each function returns a selection with a row for each visitor, attempt, or group of visitors that did nothing else
than look. `orders_0` is a column of the declared window, `orders_30` that of the window of 30 days.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Integer,
    Select,
    SmallInteger,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    select,
    union,
)

from quizfunnel.log.definitions import BANDS, DAY_MS, EXPLORED, STAYED_MS

DECLARED = 0  # the number of the experiment's own window, of whatever days
HOURS = 6  # of the day, a bucket
ANY_HOUR = -1
RETURNING_MS = 30 * 60_000  # whoever was seen longer than this before t0 had come before
RANK = 16  # of a state among the numbers of `path`: more than there are bands
TIMED = 2  # what stands below it within a rank is no time

_HOUR_MS = 3_600_000


class Sources(NamedTuple):
    """Selections of what a log holds; moments and times are integers, in milliseconds.

    entrant: visitor, arm, t0, share, declared (days), device, channel, landing, first_seen, next_view (the first
    page view 30 seconds or more after t0), one row a visitor. purchase: visitor, at, currency, net. measure: the same
    of what is no purchase of its own, as `measures.py` names it. run: id, visitor, started, finished. step: attempt,
    at, active, source.
    """

    entrant: Select[Any]
    purchase: Select[Any]
    measure: Select[Any] | CompoundSelect[Any]
    run: Select[Any]
    step: Select[Any]


Keep = Callable[[Any, str], Any]
"""Materialises a selection under a name: as a CTE, or as a temporary table."""


@dataclass(frozen=True, slots=True)
class CellQuery:
    """Parameters of the query: the moment, the caps by currency, and the further windows.

    Without `fine` cells are by device and channel alone, without columns of landing page, hour and earlier visits.
    """

    now: int
    caps: Mapping[str, int] = field(default_factory=dict)
    explored: Sequence[int] = EXPLORED
    fine: bool = True

    @property
    def windows(self) -> tuple[int, ...]:
        """Return the windows by number: the declared one, then the others by their days."""
        return DECLARED, *self.explored


def day_of(t0: Any) -> Any:
    """Return the day of a moment, in days since 1970."""
    day = literal(DAY_MS, BigInteger)
    # the remainder goes first: engines round, cut or keep the fraction of a division, and here there is none
    return cast((t0 - t0 % day) / day, Integer)


def closes(entrant: Any, window: int) -> Any:
    """Return the end of a visitor's window, which is itself outside."""
    days = entrant.c.declared if window == DECLARED else literal(window)
    return entrant.c.t0 + cast(days, BigInteger) * literal(DAY_MS, BigInteger)


def _within(entrant: Any, purchase: Any, window: int) -> Any:
    return and_(purchase.c.at >= entrant.c.t0, purchase.c.at < closes(entrant, window))


def bought(entrant: Any, purchase: Any, windows: Sequence[int]) -> Select[Any]:
    """Return a row for each visitor with purchases: the first since t0, how many in each window, and before."""
    after, before = purchase.c.at >= entrant.c.t0, purchase.c.at < entrant.c.t0
    columns = [
        func.min(case((after, purchase.c.at))).label("first"),
        whole_sum(case((before, 1), else_=0)).label("before"),
    ]
    for window in windows:
        inside = _within(entrant, purchase, window)
        columns.append(whole_sum(case((inside, 1), else_=0)).label(f"orders_{window}"))
        columns.append(func.max(case((inside, purchase.c.at))).label(f"latest_{window}"))
    joined = entrant.join(purchase, purchase.c.visitor == entrant.c.visitor)
    return select(entrant.c.visitor, *columns).select_from(joined).group_by(entrant.c.visitor)


def begun(entrant: Any, bought: Any, sources: Sources, windows: Sequence[int]) -> Select[Any]:
    """Return each visitor's attempts, with the moment before which they count for each window."""
    run = sources.run.subquery("run")
    joined = run.join(entrant, entrant.c.visitor == run.c.visitor).outerjoin(
        bought, bought.c.visitor == entrant.c.visitor
    )
    ends = [_end(entrant, bought, window).label(f"end_{window}") for window in windows]
    return select(run.c.id, run.c.visitor, run.c.started, run.c.finished, *ends).select_from(joined)


def invested(begun: Any, sources: Sources, windows: Sequence[int]) -> Select[Any]:
    """Return each attempt's active time that the browser measured before the end, and whether a claim was cut."""
    step = sources.step.subquery("step")
    timed = and_(step.c.source == "client", step.c.active.is_not(None))
    columns = []
    for window in windows:
        before = step.c.at < begun.c[f"end_{window}"]
        columns.append(whole_sum(case((and_(timed, before), step.c.active))).label(f"active_{window}"))
        # one cut claim is enough: how long the attempt took is then unknown, and not the sum of the rest
        columns.append(func.max(case((and_(step.c.source == "clamped", before), 1), else_=0)).label(f"cut_{window}"))
    joined = begun.join(step, step.c.attempt == begun.c.id)
    return select(begun.c.id, *columns).select_from(joined).group_by(begun.c.id)


def path(begun: Any, invested: Any, windows: Sequence[int]) -> Select[Any]:
    """Return the furthest that each visitor came, of equally far attempts the longest, as one number a window.

    It is the state's rank, and within it the number of the time's band, where 0 is a cut claim and 1 no measure.
    """
    codes = []
    for window in windows:
        end, active = begun.c[f"end_{window}"], invested.c[f"active_{window}"]
        bands = [(active < band.high, TIMED + n) for n, band in enumerate(BANDS) if band.high is not None]
        cut, unmeasured = (invested.c[f"cut_{window}"] == 1, 0), (active.is_(None), 1)
        time = case(cut, unmeasured, *bands, else_=TIMED + len(BANDS) - 1)
        code = case((begun.c.finished < end, 2 * RANK), else_=RANK) + time
        # rank and band in one number, so that one max over the attempts gives both of the same attempt
        codes.append(cast(func.max(case((begun.c.started < end, code))), SmallInteger).label(f"code_{window}"))
    joined = begun.outerjoin(invested, invested.c.id == begun.c.id)
    return select(begun.c.visitor, *codes).select_from(joined).group_by(begun.c.visitor)


def _end(entrant: Any, bought: Any, window: int) -> Any:
    """Return the moment of the first order in the window, else the window's end."""
    last = closes(entrant, window)
    return case((bought.c.first < last, bought.c.first), else_=last)


def did(money: Any, path: Any) -> CompoundSelect[Any]:
    """Return the visitors with orders or an attempt, a few of all: who is sought among them is found quickly."""
    # a union without ALL, since a visitor with both must not be joined twice
    return union(select(money.c.visitor), select(path.c.visitor))


def plain(entrant: Any, did: Any, question: CellQuery) -> Select[Any]:
    """Return visitors with neither an order nor an attempt, most of all, added up at once for every window."""
    # as NOT EXISTS, which every engine plans as an anti-join; NOT IN has to mind nulls
    nothing = ~exists().where(did.c.visitor == entrant.c.visitor)
    stays = [case((_looked(entrant, window), 1), else_=0).label(f"stayed_{window}") for window in question.windows]
    known = _known(entrant, question)
    rows = select(*known, entrant.c.t0, *stays).select_from(entrant).where(nothing).subquery("plain_row")
    key = [rows.c[column.name] for column in known]
    sums = [whole_sum(rows.c[column.name]).label(column.name) for column in stays]
    ends = func.min(rows.c.t0).label("first_t0"), func.max(rows.c.t0).label("last_t0")
    return select(*key, func.count().label("visitors"), *ends, *sums).group_by(*key)


def active(entrant: Any, did: Any, bought: Any, path: Any, question: CellQuery) -> Select[Any]:
    """Return a row for each of the other visitors, with everything that its cells need."""
    some = entrant.join(did, did.c.visitor == entrant.c.visitor)
    joined = some.outerjoin(bought, bought.c.visitor == entrant.c.visitor).outerjoin(
        path, path.c.visitor == entrant.c.visitor
    )
    t0, first, columns = entrant.c.t0, bought.c.first, []
    for window in question.windows:
        buyer, soon = first < closes(entrant, window), case((first - t0 >= STAYED_MS, 1), else_=0)
        columns += [
            path.c[f"code_{window}"],
            _small(case((buyer, soon), (_looked(entrant, window), 1), else_=0)).label(f"stayed_{window}"),
            cast(func.coalesce(bought.c[f"orders_{window}"], 0), Integer).label(f"orders_{window}"),
            bought.c[f"latest_{window}"],
        ]
    before = _small(case((bought.c.before > 0, 1), else_=0)).label("before")
    return select(*_known(entrant, question), entrant.c.visitor, t0, before, *columns).select_from(joined)


def _looked(entrant: Any, window: int) -> Any:
    """Hold for who looked at a page 30 seconds or more after t0, within the window."""
    return and_(entrant.c.next_view.is_not(None), entrant.c.next_view < closes(entrant, window))


def _known(entrant: Any, question: CellQuery) -> list[Any]:
    """Return what is known of a visitor at t0, and of which windows are closed by now."""
    t0, day, bucket = entrant.c.t0, literal(DAY_MS, BigInteger), literal(HOURS * _HOUR_MS, BigInteger)
    hour = cast((t0 % day - t0 % bucket) / literal(_HOUR_MS, BigInteger), Integer)
    came_before = case((entrant.c.first_seen < t0 - literal(RETURNING_MS, BigInteger), 1), else_=0)
    now = bindparam("now", question.now, type_=BigInteger())  # named: a prepared statement is run at any moment
    return [
        day_of(t0).label("day"),
        *(entrant.c[name] for name in ("arm", "share", "declared", "device", "channel")),
        (entrant.c.landing if question.fine else literal("", String)).label("landing"),
        (hour if question.fine else literal(ANY_HOUR, Integer)).label("hour"),
        _small(came_before if question.fine else literal(0, Integer)).label("came_before"),
        *(_small(case((closes(entrant, p) <= now, 1), else_=0)).label(f"mature_{p}") for p in question.windows),
    ]


def money(entrant: Any, purchase: Any, question: CellQuery) -> Select[Any]:
    """Return a row for each visitor and currency or other measure: its sum in each window, capped and not, and before.

    `purchase` has the rows of both.
    """
    net, columns = purchase.c.net, []
    # an order is cut, and not a visitor: what a visitor spends has no cap that earlier orders could tell
    over = [(and_(purchase.c.currency == of, net > cap), literal(cap, BigInteger)) for of, cap in question.caps.items()]
    cut = case(*over, else_=net) if over else net
    columns.append(whole_sum(case((purchase.c.at < entrant.c.t0, net), else_=0)).label("prior"))
    for window in question.windows:
        inside = _within(entrant, purchase, window)
        columns.append(whole_sum(case((inside, 1), else_=0)).label(f"orders_{window}"))
        columns.append(whole_sum(case((inside, net), else_=0)).label(f"revenue_{window}"))
        columns.append(whole_sum(case((inside, cut), else_=0)).label(f"capped_{window}"))
    joined = entrant.join(purchase, purchase.c.visitor == entrant.c.visitor)
    each = select(entrant.c.visitor, purchase.c.currency, *columns).select_from(joined)
    return each.group_by(entrant.c.visitor, purchase.c.currency)


def _small(column: Any) -> Any:
    """Return what is 0 or 1 in two bytes: an engine may hold millions of them."""
    return cast(column, SmallInteger)


def whole_sum(column: Any) -> Any:
    """Return a sum that stays a whole number of 64 bits, whatever an engine makes of sums."""
    return cast(func.sum(column), BigInteger)

"""The one statement that turns a log into cells: written once, compiled for every engine that holds a log.

It takes four sources (who entered, what was bought, what was begun, what was answered), with moments in
milliseconds since 1970, and gives a row for each day of t0, arm, state, band of invested time, covariates,
window and currency. A row without a currency counts visitors; a row with one sums money of that currency,
since amounts of two currencies have no sum. `cohort.py` says the same visitor by visitor, and is its oracle.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    CompoundSelect,
    Double,
    Integer,
    Select,
    SmallInteger,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)

from quizfunnel.insight.cohort import COLD, FINISHED, STARTED
from quizfunnel.insight.definitions import BANDS, DAY_MS, STAYED_MS

DECLARED = 0  # the place of the experiment's own window among the windows
EXPLORED = (1, 30)  # days of the windows beside it
CLAMPED, UNMEASURED = -2, -1  # bands of who has no invested time: a claim was cut, or no browser measured it
HOURS = 6  # of the day, a bucket
ANY_HOUR = -1
RETURNING_MS = 30 * 60_000  # whoever was seen longer than this before t0 had come before

_RANK = 16  # more than there are bands
_HOUR_MS = 3_600_000
_TIMED = 2  # what stands below it within a rank is no time

KEY = (
    "fine", "day", "arm", "share", "declared", "days", "mature", "state", "band",
    "device", "channel", "landing", "hour", "came_before", "currency",
)  # fmt: skip
SUMS = (
    "visitors", "buyers", "orders", "stayed", "stayed_buyers",
    "revenue", "revenue_squared", "revenue_prior", "capped", "capped_squared", "capped_prior",
    "prior", "prior_squared", "prior_buyers",
)  # fmt: skip
MOMENTS = ("first_t0", "last_t0", "first_buyer_t0", "latest_order")


EARLIEST = ("first_t0", "first_buyer_t0")
FINE = ("landing", "hour", "came_before")
DOUBLES = ("_squared", "_prior")


class Sources(NamedTuple):
    """Selections of what a log holds; moments and times are integers, in milliseconds.

    entrant: visitor, arm, t0, share, declared (days), device, channel, landing, first_seen, next_view (the first
    page view 30 seconds or more after t0), one row a visitor. purchase: visitor, at, currency, net. run: id,
    visitor, started, finished. step: attempt, at, active, source.
    """

    entrant: Select[Any]
    purchase: Select[Any]
    run: Select[Any]
    step: Select[Any]


Keep = Callable[[Any, str], Any]
"""Gives a selection a name by which others read it, as `Select.cte` does."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the sources: at which moment, with which caps by currency, over which further windows.

    Without `fine` no cell tells the landing page, the hour and whether they came before.
    """

    now: int
    caps: Mapping[str, int] = field(default_factory=dict)
    explored: Sequence[int] = EXPLORED
    fine: bool = True

    @property
    def places(self) -> tuple[int, ...]:
        """Return the windows by their place: the declared one, then the others by their days."""
        return DECLARED, *self.explored


def statement(sources: Sources, question: Question, *, keep: Keep = Select.cte) -> CompoundSelect[Any]:
    """Return the statement whose rows are KEY, SUMS and MOMENTS.

    Every window's cells are given by device and channel; the declared one's also by landing page, hour and
    whether they came before, marked as `fine`: the two add up to the same.
    """
    places = question.places
    entrant = keep(sources.entrant, "entrant")
    purchase = keep(sources.purchase, "purchase")
    bought = keep(_bought(entrant, purchase, places), "bought")
    begun = keep(_begun(entrant, bought, sources, places), "begun")
    invested = keep(_invested(begun, sources, places), "invested")
    path = keep(_path(begun, invested, places), "path")
    groups = (
        keep(_plain(entrant, bought, path, question), "plain"),
        keep(_active(entrant, bought, path, question), "active"),
    )
    money = keep(_money(entrant, purchase, question), "money")
    parts = [
        union_all(_counted(groups, place), _earned(groups[1], money, place)).cte(f"window_{place}") for place in places
    ]
    return union_all(*([_fine(parts[DECLARED])] if question.fine else []), *map(_coarse, parts))


def day_of(t0: Any) -> Any:
    """Return the day of a moment, in days since 1970."""
    day = literal(DAY_MS, BigInteger)
    return cast((t0 - t0 % day) / day, Integer)


def _fine(part: CTE) -> Select[Any]:
    return select(literal(1, Integer).label("fine"), *part.c)


def _coarse(part: CTE) -> Select[Any]:
    """Return a window's cells by device and channel alone."""
    key = [part.c[name] for name in KEY if name in part.c and name not in FINE]
    blank: dict[str, Any] = {
        "landing": literal("", String),
        "hour": literal(ANY_HOUR, Integer),
        "came_before": literal(0, Integer),
    }
    shown = [blank[name].label(name) if name in FINE else part.c[name] for name in KEY if name in part.c]
    sums = [_sum(part.c[name]).label(name) for name in SUMS if not name.endswith(DOUBLES)]
    named = {column.name: column for column in sums}
    named |= {name: func.sum(part.c[name]).label(name) for name in SUMS if name.endswith(DOUBLES)}
    named |= {name: (func.min if name in EARLIEST else func.max)(part.c[name]).label(name) for name in MOMENTS}
    rows = select(literal(0, Integer).label("fine"), *shown, *(named[name] for name in (*SUMS, *MOMENTS)))
    return rows.group_by(*key)


def _closes(entrant: Any, place: int) -> Any:
    """Return the end of a visitor's window, which is itself outside."""
    days = entrant.c.declared if place == DECLARED else literal(place)
    return entrant.c.t0 + cast(days, BigInteger) * literal(DAY_MS, BigInteger)


def _within(entrant: Any, purchase: Any, place: int) -> Any:
    return and_(purchase.c.at >= entrant.c.t0, purchase.c.at < _closes(entrant, place))


def _bought(entrant: Any, purchase: Any, places: Sequence[int]) -> Select[Any]:
    """Return a row for each visitor with purchases: the first since t0, how many in each window, and before."""
    after, before = purchase.c.at >= entrant.c.t0, purchase.c.at < entrant.c.t0
    columns = [func.min(case((after, purchase.c.at))).label("first"), _sum(case((before, 1), else_=0)).label("before")]
    for place in places:
        inside = _within(entrant, purchase, place)
        columns.append(_sum(case((inside, 1), else_=0)).label(f"orders_{place}"))
        columns.append(func.max(case((inside, purchase.c.at))).label(f"latest_{place}"))
    joined = entrant.join(purchase, purchase.c.visitor == entrant.c.visitor)
    return select(entrant.c.visitor, *columns).select_from(joined).group_by(entrant.c.visitor)


def _begun(entrant: Any, bought: Any, sources: Sources, places: Sequence[int]) -> Select[Any]:
    """Return each visitor's attempts, with the moment before which they count for each window."""
    run = sources.run.subquery("run")
    joined = run.join(entrant, entrant.c.visitor == run.c.visitor).outerjoin(
        bought, bought.c.visitor == entrant.c.visitor
    )
    ends = [_end(entrant, bought, place).label(f"end_{place}") for place in places]
    return select(run.c.id, run.c.visitor, run.c.started, run.c.finished, *ends).select_from(joined)


def _invested(begun: Any, sources: Sources, places: Sequence[int]) -> Select[Any]:
    """Return each attempt's active time that the browser measured before the end, and whether a claim was cut."""
    step = sources.step.subquery("step")
    timed = and_(step.c.source == "client", step.c.active.is_not(None))
    columns = []
    for place in places:
        before = step.c.at < begun.c[f"end_{place}"]
        columns.append(_sum(case((and_(timed, before), step.c.active))).label(f"active_{place}"))
        columns.append(func.max(case((and_(step.c.source == "clamped", before), 1), else_=0)).label(f"cut_{place}"))
    joined = begun.join(step, step.c.attempt == begun.c.id)
    return select(begun.c.id, *columns).select_from(joined).group_by(begun.c.id)


def _path(begun: Any, invested: Any, places: Sequence[int]) -> Select[Any]:
    """Return the furthest that each visitor came, of equally far attempts the longest, as one number a window.

    It is the state's rank, and within it the place of the time's band, where 0 is a cut claim and 1 no measure.
    """
    codes = []
    for place in places:
        end, active = begun.c[f"end_{place}"], invested.c[f"active_{place}"]
        bands = [(active < band.high, _TIMED + n) for n, band in enumerate(BANDS) if band.high is not None]
        cut, unmeasured = (invested.c[f"cut_{place}"] == 1, 0), (active.is_(None), 1)
        time = case(cut, unmeasured, *bands, else_=_TIMED + len(BANDS) - 1)
        code = case((begun.c.finished < end, 2 * _RANK), else_=_RANK) + time
        codes.append(cast(func.max(case((begun.c.started < end, code))), SmallInteger).label(f"code_{place}"))
    joined = begun.outerjoin(invested, invested.c.id == begun.c.id)
    return select(begun.c.visitor, *codes).select_from(joined).group_by(begun.c.visitor)


def _end(entrant: Any, bought: Any, place: int) -> Any:
    """Return the moment of the first order in the window, else the window's end."""
    closes = _closes(entrant, place)
    return case((bought.c.first < closes, bought.c.first), else_=closes)


def _plain(entrant: Any, bought: Any, path: Any, question: Question) -> Select[Any]:
    """Return visitors who neither bought nor began the quiz, most of all, added up at once for every window."""
    nobody = [~exists().where(other.c.visitor == entrant.c.visitor) for other in (bought, path)]
    stays = [case((_looked(entrant, place), 1), else_=0).label(f"stayed_{place}") for place in question.places]
    known = _known(entrant, question)
    rows = select(*known, entrant.c.t0, *stays).select_from(entrant).where(*nobody).subquery("plain_row")
    key = [rows.c[column.name] for column in known]
    sums = [_sum(rows.c[column.name]).label(column.name) for column in stays]
    ends = func.min(rows.c.t0).label("first_t0"), func.max(rows.c.t0).label("last_t0")
    return select(*key, func.count().label("visitors"), *ends, *sums).group_by(*key)


def _active(entrant: Any, bought: Any, path: Any, question: Question) -> Select[Any]:
    """Return a row for each of the other visitors, with everything that its cells need."""
    joined = entrant.outerjoin(bought, bought.c.visitor == entrant.c.visitor).outerjoin(
        path, path.c.visitor == entrant.c.visitor
    )
    t0, first, columns = entrant.c.t0, bought.c.first, []
    for place in question.places:
        buyer, soon = first < _closes(entrant, place), case((first - t0 >= STAYED_MS, 1), else_=0)
        columns += [
            path.c[f"code_{place}"],
            _small(case((buyer, soon), (_looked(entrant, place), 1), else_=0)).label(f"stayed_{place}"),
            cast(func.coalesce(bought.c[f"orders_{place}"], 0), Integer).label(f"orders_{place}"),
            bought.c[f"latest_{place}"],
        ]
    before = _small(case((bought.c.before > 0, 1), else_=0)).label("before")
    found = select(*_known(entrant, question), entrant.c.visitor, t0, before, *columns).select_from(joined)
    return found.where(bought.c.visitor.is_not(None) | path.c.visitor.is_not(None))


def _looked(entrant: Any, place: int) -> Any:
    """Hold for who looked at a page 30 seconds or more after t0, within the window."""
    return and_(entrant.c.next_view.is_not(None), entrant.c.next_view < _closes(entrant, place))


def _known(entrant: Any, question: Question) -> list[Any]:
    """Return what is known of a visitor at t0, and of which windows are closed by now."""
    t0, day, bucket = entrant.c.t0, literal(DAY_MS, BigInteger), literal(HOURS * _HOUR_MS, BigInteger)
    hour = cast((t0 % day - t0 % bucket) / literal(_HOUR_MS, BigInteger), Integer)
    came_before = case((entrant.c.first_seen < t0 - literal(RETURNING_MS, BigInteger), 1), else_=0)
    now = literal(question.now, BigInteger)
    return [
        day_of(t0).label("day"),
        *(entrant.c[name] for name in ("arm", "share", "declared", "device", "channel")),
        (entrant.c.landing if question.fine else literal("", String)).label("landing"),
        (hour if question.fine else literal(ANY_HOUR, Integer)).label("hour"),
        _small(came_before if question.fine else literal(0, Integer)).label("came_before"),
        *(_small(case((_closes(entrant, p) <= now, 1), else_=0)).label(f"mature_{p}") for p in question.places),
    ]


def _money(entrant: Any, purchase: Any, question: Question) -> Select[Any]:
    """Return a row for each visitor and currency: revenue in each window, capped and not, and before t0."""
    net, columns = purchase.c.net, []
    over = [(and_(purchase.c.currency == of, net > cap), literal(cap, BigInteger)) for of, cap in question.caps.items()]
    cut = case(*over, else_=net) if over else net
    columns.append(_sum(case((purchase.c.at < entrant.c.t0, net), else_=0)).label("prior"))
    for place in question.places:
        inside = _within(entrant, purchase, place)
        columns.append(_sum(case((inside, 1), else_=0)).label(f"orders_{place}"))
        columns.append(_sum(case((inside, net), else_=0)).label(f"revenue_{place}"))
        columns.append(_sum(case((inside, cut), else_=0)).label(f"capped_{place}"))
    joined = entrant.join(purchase, purchase.c.visitor == entrant.c.visitor)
    each = select(entrant.c.visitor, purchase.c.currency, *columns).select_from(joined)
    return each.group_by(entrant.c.visitor, purchase.c.currency)


def _key(group: Any, place: int, code: Any, currency: Any) -> list[Any]:
    """Return the columns of KEY over one window, but for the first."""
    declared = place == DECLARED
    return [
        *(group.c[name] for name in ("day", "arm", "share", "declared")),
        (group.c.declared if declared else literal(place, Integer)).label("days"),
        group.c[f"mature_{place}"].label("mature"),
        _state(code).label("state"),
        _band(code).label("band"),
        *(group.c[name] for name in ("device", "channel")),
        (group.c.landing if declared else literal("", String)).label("landing"),
        (group.c.hour if declared else literal(ANY_HOUR, Integer)).label("hour"),
        (group.c.came_before if declared else literal(0, Integer)).label("came_before"),
        currency.label("currency"),
    ]


def _state(code: Any) -> Any:
    return case((code.is_(None), COLD), (code < 2 * _RANK, STARTED), else_=FINISHED)


def _band(code: Any) -> Any:
    """Return the place of the invested time in BANDS."""
    time = code - case((code < 2 * _RANK, _RANK), else_=2 * _RANK)
    return case((code.is_(None), UNMEASURED), (time == 0, CLAMPED), (time == 1, UNMEASURED), else_=time - _TIMED)


def _counted(groups: tuple[Any, Any], place: int) -> Select[Any]:
    """Return the visitors of one window, counted."""
    plain, active = groups
    zero, none, no_currency = literal(0, Integer), cast(null(), BigInteger), literal("", String)
    quiet = select(
        *_key(plain, place, none, no_currency),
        plain.c.visitors.label("visitors"),
        plain.c.first_t0,
        plain.c.last_t0,
        plain.c[f"stayed_{place}"].label("stayed"),
        *(zero.label(name) for name in ("buyer", "orders", "before")),
        none.label("latest"),
    ).where(*_not_twice(plain, place))
    busy = select(
        *_key(active, place, active.c[f"code_{place}"], no_currency),
        literal(1, BigInteger).label("visitors"),
        active.c.t0.label("first_t0"),
        active.c.t0.label("last_t0"),
        active.c[f"stayed_{place}"].label("stayed"),
        case((active.c[f"orders_{place}"] > 0, 1), else_=0).label("buyer"),
        active.c[f"orders_{place}"].label("orders"),
        active.c.before,
        active.c[f"latest_{place}"].label("latest"),
    ).where(*_not_twice(active, place))
    rows = union_all(quiet, busy).subquery("visitor_row")
    nothing = literal(0, BigInteger)
    columns = [
        _sum(rows.c.visitors).label("visitors"),
        _sum(rows.c.buyer).label("buyers"),
        _sum(rows.c.orders).label("orders"),
        _sum(rows.c.stayed).label("stayed"),
        _sum(rows.c.stayed * rows.c.buyer).label("stayed_buyers"),
        *((cast(nothing, Double) if name.endswith(DOUBLES) else nothing).label(name) for name in SUMS[5:-1]),
        _sum(rows.c.before).label("prior_buyers"),
        func.min(rows.c.first_t0).label("first_t0"),
        func.max(rows.c.last_t0).label("last_t0"),
        func.min(case((rows.c.buyer == 1, rows.c.first_t0))).label("first_buyer_t0"),
        func.max(rows.c.latest).label("latest_order"),
    ]
    return _by_key(rows, columns)


def _earned(active: Any, money: Any, place: int) -> Select[Any]:
    """Return the money of one window, by currency; its buyers and orders are those in that currency."""
    orders, prior = money.c[f"orders_{place}"], money.c.prior
    rows = (
        select(
            *_key(active, place, active.c[f"code_{place}"], money.c.currency),
            orders.label("orders"),
            money.c[f"revenue_{place}"].label("revenue"),
            money.c[f"capped_{place}"].label("capped"),
            prior,
        )
        .select_from(active.join(money, money.c.visitor == active.c.visitor))
        .where((orders > 0) | (prior > 0), *_not_twice(active, place))
        .subquery("money_row")
    )
    zero, never = literal(0, BigInteger), cast(null(), BigInteger)
    columns = [
        zero.label("visitors"),
        _sum(case((rows.c.orders > 0, 1), else_=0)).label("buyers"),
        _sum(rows.c.orders).label("orders"),
        zero.label("stayed"),
        zero.label("stayed_buyers"),
        _sum(rows.c.revenue).label("revenue"),
        _product(rows.c.revenue, rows.c.revenue).label("revenue_squared"),
        _product(rows.c.revenue, rows.c.prior).label("revenue_prior"),
        _sum(rows.c.capped).label("capped"),
        _product(rows.c.capped, rows.c.capped).label("capped_squared"),
        _product(rows.c.capped, rows.c.prior).label("capped_prior"),
        _sum(rows.c.prior).label("prior"),
        _product(rows.c.prior, rows.c.prior).label("prior_squared"),
        _sum(case((rows.c.prior > 0, 1), else_=0)).label("prior_buyers"),
        *(never.label(name) for name in MOMENTS),
    ]
    return _by_key(rows, columns)


def _not_twice(group: Any, place: int) -> list[Any]:
    """Hold for whom this window is another one than the declared."""
    return [] if place == DECLARED else [group.c.declared != place]


def _by_key(rows: Subquery, columns: list[Any]) -> Select[Any]:
    key = [rows.c[name] for name in KEY[1:]]
    return select(*key, *columns).group_by(*key)


def _small(column: Any) -> Any:
    """Return what is 0 or 1 in two bytes: an engine may hold millions of them."""
    return cast(column, SmallInteger)


def _sum(column: Any) -> Any:
    return cast(func.sum(column), BigInteger)


def _product(one: Any, two: Any) -> Any:
    """Return a sum of products as a double: exact up to 2**53, and never too large for it."""
    return func.sum(cast(one, Double) * cast(two, Double))

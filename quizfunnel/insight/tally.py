"""The one statement that turns a log into cells: written once, compiled for every engine that holds a log.

It takes four sources (who entered, what was bought, what was begun, what was answered), with moments in
milliseconds since 1970, and gives a row for each day of t0, arm, state, band of invested time, covariates,
window and currency. A row without a currency counts visitors; a row with one sums money of that currency,
since amounts of two currencies have no sum. `cohort.py` says the same visitor by visitor, and is its oracle.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    CompoundSelect,
    Double,
    Integer,
    Select,
    String,
    Subquery,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from quizfunnel.insight import tracing
from quizfunnel.insight.cohort import COLD, FINISHED, STARTED
from quizfunnel.insight.tracing import (
    ANY_HOUR,
    DECLARED,
    EXPLORED,
    RANK,
    TIMED,
    Keep,
    Question,
    Sources,
    day_of,
    whole_sum,
)

__all__ = [
    "ANY_HOUR",
    "DECLARED",
    "EXPLORED",
    "KEY",
    "MOMENTS",
    "SUMS",
    "Keep",
    "Question",
    "Sources",
    "day_of",
    "statement",
]

CLAMPED, UNMEASURED = -2, -1  # bands of who has no invested time: a claim was cut, or no browser measured it


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


def statement(sources: Sources, question: Question, *, keep: Keep = Select.cte) -> CompoundSelect[Any]:
    """Return the statement whose rows are KEY, SUMS and MOMENTS.

    Every window's cells are given by device and channel; the declared one's also by landing page, hour and
    whether they came before, marked as `fine`: the two add up to the same.
    """
    places = question.places
    entrant = keep(sources.entrant, "entrant")
    purchase = keep(sources.purchase, "purchase")
    bought = keep(tracing.bought(entrant, purchase, places), "bought")
    begun = keep(tracing.begun(entrant, bought, sources, places), "begun")
    invested = keep(tracing.invested(begun, sources, places), "invested")
    path = keep(tracing.path(begun, invested, places), "path")
    groups = (
        keep(tracing.plain(entrant, bought, path, question), "plain"),
        keep(tracing.active(entrant, bought, path, question), "active"),
    )
    money = keep(tracing.money(entrant, purchase, question), "money")
    parts = [
        union_all(_counted(groups, place), _earned(groups[1], money, place)).cte(f"window_{place}") for place in places
    ]
    return union_all(*([_fine(parts[DECLARED])] if question.fine else []), *map(_coarse, parts))


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
    sums = [whole_sum(part.c[name]).label(name) for name in SUMS if not name.endswith(DOUBLES)]
    named = {column.name: column for column in sums}
    named |= {name: func.sum(part.c[name]).label(name) for name in SUMS if name.endswith(DOUBLES)}
    named |= {name: (func.min if name in EARLIEST else func.max)(part.c[name]).label(name) for name in MOMENTS}
    rows = select(literal(0, Integer).label("fine"), *shown, *(named[name] for name in (*SUMS, *MOMENTS)))
    return rows.group_by(*key)


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
    return case((code.is_(None), COLD), (code < 2 * RANK, STARTED), else_=FINISHED)


def _band(code: Any) -> Any:
    """Return the place of the invested time in BANDS."""
    time = code - case((code < 2 * RANK, RANK), else_=2 * RANK)
    return case((code.is_(None), UNMEASURED), (time == 0, CLAMPED), (time == 1, UNMEASURED), else_=time - TIMED)


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
        whole_sum(rows.c.visitors).label("visitors"),
        whole_sum(rows.c.buyer).label("buyers"),
        whole_sum(rows.c.orders).label("orders"),
        whole_sum(rows.c.stayed).label("stayed"),
        whole_sum(rows.c.stayed * rows.c.buyer).label("stayed_buyers"),
        *((cast(nothing, Double) if name.endswith(DOUBLES) else nothing).label(name) for name in SUMS[5:-1]),
        whole_sum(rows.c.before).label("prior_buyers"),
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
        whole_sum(case((rows.c.orders > 0, 1), else_=0)).label("buyers"),
        whole_sum(rows.c.orders).label("orders"),
        zero.label("stayed"),
        zero.label("stayed_buyers"),
        whole_sum(rows.c.revenue).label("revenue"),
        _product(rows.c.revenue, rows.c.revenue).label("revenue_squared"),
        _product(rows.c.revenue, rows.c.prior).label("revenue_prior"),
        whole_sum(rows.c.capped).label("capped"),
        _product(rows.c.capped, rows.c.capped).label("capped_squared"),
        _product(rows.c.capped, rows.c.prior).label("capped_prior"),
        whole_sum(rows.c.prior).label("prior"),
        _product(rows.c.prior, rows.c.prior).label("prior_squared"),
        whole_sum(case((rows.c.prior > 0, 1), else_=0)).label("prior_buyers"),
        *(never.label(name) for name in MOMENTS),
    ]
    return _by_key(rows, columns)


def _not_twice(group: Any, place: int) -> list[Any]:
    """Hold for whom this window is another one than the declared."""
    return [] if place == DECLARED else [group.c.declared != place]


def _by_key(rows: Subquery, columns: list[Any]) -> Select[Any]:
    key = [rows.c[name] for name in KEY[1:]]
    return select(*key, *columns).group_by(*key)


def _product(one: Any, two: Any) -> Any:
    """Return a sum of products as a double: exact up to 2**53, and never too large for it."""
    return func.sum(cast(one, Double) * cast(two, Double))

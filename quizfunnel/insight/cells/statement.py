"""Cell statement: the SQL that turns a log into cells, written once and compiled for every engine that holds a log.

It takes four sources (who entered, what was bought, what was begun, what was answered), with moments in
milliseconds since 1970, and gives a row for each day of t0, arm, state, band of invested time, covariates,
window and currency. A row without a currency counts visitors; a row with one sums money of that currency,
since amounts of two currencies have no sum. An oracle of the tests says the same visitor by visitor.

The same visitors are given in up to three grains, each of which adds up to all of them, so that who asks little
reads few rows: COARSE without covariates, KINDS by device and channel, FINE by all of them.
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

from quizfunnel.insight.cells import visitors
from quizfunnel.insight.cells.visitors import (
    ANY_HOUR,
    DECLARED,
    RANK,
    TIMED,
    CellQuery,
    Keep,
    Sources,
    day_of,
    whole_sum,
)
from quizfunnel.log.definitions import EXPLORED
from quizfunnel.log.measure_rows import least_orders
from quizfunnel.log.states import COLD, FINISHED, STARTED

__all__ = [
    "ANY_HOUR",
    "COARSE",
    "DECLARED",
    "EXPLORED",
    "FINE",
    "KEY",
    "KINDS",
    "MOMENTS",
    "SUMS",
    "CellQuery",
    "Keep",
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


COARSE, KINDS, FINE = 0, 1, 2  # the grains, by how many covariates they keep; the column `fine` has them

EARLIEST = ("first_t0", "first_buyer_t0")
DOUBLES = ("_squared", "_prior")
_BLANK: dict[str, str | int] = {"device": "", "channel": "", "landing": "", "hour": ANY_HOUR, "came_before": 0}
_COVARIATES = {COARSE: (), KINDS: ("device", "channel"), FINE: tuple(_BLANK)}


def statement(sources: Sources, question: CellQuery, *, keep: Keep = Select.cte) -> CompoundSelect[Any]:
    """Return the statement whose rows are KEY, SUMS and MOMENTS.

    Every window's cells are given as COARSE and as KINDS, the declared one's as FINE too; KINDS alone where the
    question is not `fine`.
    """
    windows = question.windows
    entrant = keep(sources.entrant, "entrant")
    purchase = keep(sources.purchase, "purchase")
    bought = keep(visitors.bought(entrant, purchase, windows), "bought")
    begun = keep(visitors.begun(entrant, bought, sources, windows), "begun")
    invested = keep(visitors.invested(begun, sources, windows), "invested")
    path = keep(visitors.path(begun, invested, windows), "path")
    measure = sources.measure.subquery("measure_row")
    earned = keep(union_all(select(*purchase.c), select(*measure.c)), "earned")
    money = keep(visitors.money(entrant, earned, question), "money")
    did = keep(visitors.did(money, path), "did")
    groups = (
        keep(visitors.plain(entrant, did, question), "plain"),
        keep(visitors.active(entrant, did, bought, path, question), "active"),
    )
    parts = [
        union_all(_counted(groups, window), _earned(groups[1], money, window)).cte(f"window_{window}")
        for window in windows
    ]
    kinds = [_grain(part, KINDS) for part in parts]
    if not question.fine:
        return union_all(*kinds)
    # the coarse cells are added up from the ones by device and channel: few rows instead of all visitors again
    named = [each.cte(f"kinds_{window}") for each, window in zip(kinds, windows, strict=True)]
    finest = select(literal(FINE, Integer).label("fine"), *parts[DECLARED].c)
    return union_all(finest, *(select(*each.c) for each in named), *(_grain(each, COARSE) for each in named))


def _grain(cells: CTE, grain: int) -> Select[Any]:
    """Return cells added up over what a grain does not tell."""
    lost = {name: literal(blank).label(name) for name, blank in _BLANK.items() if name not in _COVARIATES[grain]}
    key = [cells.c[name] for name in KEY[1:] if name not in lost]
    shown = [lost[name] if name in lost else cells.c[name] for name in KEY[1:]]
    coarser = select(literal(grain, Integer).label("fine"), *shown, *(_sum(cells, name) for name in SUMS))
    ends = [(func.min if name in EARLIEST else func.max)(cells.c[name]).label(name) for name in MOMENTS]
    return coarser.add_columns(*ends).group_by(*key)


def _sum(cells: CTE, name: str) -> Any:
    column = cells.c[name]
    return (func.sum(column) if name.endswith(DOUBLES) else whole_sum(column)).label(name)


def _key(group: Any, window: int, code: Any, currency: Any) -> list[Any]:
    """Return the columns of KEY over one window, but for the first."""
    declared = window == DECLARED
    return [
        *(group.c[name] for name in ("day", "arm", "share", "declared")),
        (group.c.declared if declared else literal(window, Integer)).label("days"),
        group.c[f"mature_{window}"].label("mature"),
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
    """Return the number of the invested time's band in BANDS."""
    time = code - case((code < 2 * RANK, RANK), else_=2 * RANK)
    return case((code.is_(None), UNMEASURED), (time == 0, CLAMPED), (time == 1, UNMEASURED), else_=time - TIMED)


def _counted(groups: tuple[Any, Any], window: int) -> Select[Any]:
    """Return the visitors of one window, counted."""
    plain, active = groups
    rows = union_all(_quiet(plain, window), _busy(active, window)).subquery("visitor_row")
    nothing = literal(0, BigInteger)
    columns = [
        whole_sum(rows.c.visitors).label("visitors"),
        whole_sum(rows.c.buyer).label("buyers"),
        whole_sum(rows.c.orders).label("orders"),
        whole_sum(rows.c.stayed).label("stayed"),
        whole_sum(rows.c.stayed * rows.c.buyer).label("stayed_buyers"),
        # a union's first part gives its columns their types: a plain 0 would cut the doubles of the money's rows
        *((cast(nothing, Double) if name.endswith(DOUBLES) else nothing).label(name) for name in SUMS[5:-1]),
        whole_sum(rows.c.before).label("prior_buyers"),
        func.min(rows.c.first_t0).label("first_t0"),
        func.max(rows.c.last_t0).label("last_t0"),
        func.min(case((rows.c.buyer == 1, rows.c.first_t0))).label("first_buyer_t0"),
        func.max(rows.c.latest).label("latest_order"),
    ]
    return _by_key(rows, columns)


def _quiet(plain: Any, window: int) -> Select[Any]:
    """Return those who only looked: rows of several visitors, none of whom bought."""
    zero, none = literal(0, Integer), cast(null(), BigInteger)
    return select(
        *_key(plain, window, none, literal("", String)),
        plain.c.visitors.label("visitors"),
        plain.c.first_t0,
        plain.c.last_t0,
        plain.c[f"stayed_{window}"].label("stayed"),
        *(zero.label(name) for name in ("buyer", "orders", "before")),
        none.label("latest"),
    ).where(*_not_twice(plain, window))


def _busy(active: Any, window: int) -> Select[Any]:
    """Return the others, a row each."""
    selected = (
        *_key(active, window, active.c[f"code_{window}"], literal("", String)),
        literal(1, BigInteger).label("visitors"),
        active.c.t0.label("first_t0"),
        active.c.t0.label("last_t0"),
        active.c[f"stayed_{window}"].label("stayed"),
        case((active.c[f"orders_{window}"] > 0, 1), else_=0).label("buyer"),
        active.c[f"orders_{window}"].label("orders"),
        active.c.before,
        active.c[f"latest_{window}"].label("latest"),
    )
    return select(*selected).where(*_not_twice(active, window))


def _earned(active: Any, money: Any, window: int) -> Select[Any]:
    """Return the money of one window, by currency; its buyers and orders are those in that currency."""
    rows = _spent(active, money, window).subquery("money_row")
    zero, never = literal(0, BigInteger), cast(null(), BigInteger)
    columns = [
        zero.label("visitors"),
        whole_sum(case((rows.c.orders >= least_orders(rows.c.currency), 1), else_=0)).label("buyers"),
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
        # buyers before t0 in this currency; whether anybody bought at all is in the visitors' rows
        whole_sum(case((rows.c.prior != 0, 1), else_=0)).label("prior_buyers"),
        *(never.label(name) for name in MOMENTS),
    ]
    return _by_key(rows, columns)


def _spent(active: Any, money: Any, window: int) -> Select[Any]:
    """Return what each visitor spent in one window and before t0, where it was anything, a row for each currency."""
    orders, prior = money.c[f"orders_{window}"], money.c.prior
    spent = select(
        *_key(active, window, active.c[f"code_{window}"], money.c.currency),
        orders.label("orders"),
        money.c[f"revenue_{window}"].label("revenue"),
        money.c[f"capped_{window}"].label("capped"),
        prior,
    ).select_from(active.join(money, money.c.visitor == active.c.visitor))
    # who neither bought in the window nor before it would add rows of zeros, one for every later order
    return spent.where((orders > 0) | (prior != 0), *_not_twice(active, window))


def _not_twice(group: Any, window: int) -> list[Any]:
    """Hold for whom this window is another one than the declared."""
    # who declared 30 days has these cells as those of the declared window already
    return [] if window == DECLARED else [group.c.declared != window]


def _by_key(rows: Subquery, columns: list[Any]) -> Select[Any]:
    key = [rows.c[name] for name in KEY[1:]]
    return select(*key, *columns).group_by(*key)


def _product(one: Any, two: Any) -> Any:
    """Return a sum of products as a double: exact up to 2**53, and never too large for it."""
    return func.sum(cast(one, Double) * cast(two, Double))

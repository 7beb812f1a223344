"""Laws of the one statement: its cells add up to what the oracle says visitor by visitor, on logs of every oddity."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from quizfunnel.insight.cells.statement import (
    ANY_HOUR,
    CLAMPED,
    COARSE,
    DECLARED,
    EARLIEST,
    FINE,
    KEY,
    KINDS,
    MOMENTS,
    SUMS,
    UNMEASURED,
    CellQuery,
)
from quizfunnel.insight.rollup import database_statements
from quizfunnel.log import attempts, orders
from quizfunnel.log.definitions import BANDS, DAY_MS, EXPLORED
from quizfunnel.log.scope import Scope
from quizfunnel.log.states import COLD
from quizfunnel.orders.tables import Order, OrderLine, Refund
from quizfunnel.store.transaction import reading, writing
from quizfunnel.visit.tables import PageView, Visitor
from tests.cast import NOON
from tests.insight import oracle
from tests.insight.oddities import varied
from tests.insight.oracle import Entrant, Moment
from tests.insight.shop import QUIZ, Books
from tests.stats.visitors import visitor_sums

pytestmark = pytest.mark.thorough


NOW = int(NOON.timestamp() * 1000)
CAPS = {"GBP": 4000, "GBP profit": 1500}
LEAST = {"repeated": 2}  # orders that make a visitor one of the measure's buyers
BUYERS, ORDERS, PRIOR = SUMS.index("buyers"), SUMS.index("orders"), SUMS.index("prior")
GRAINS = (COARSE, KINDS, FINE)

Cells = dict[tuple[Any, ...], tuple[Any, ...]]


def rolled(connection: Connection, asked: Scope, now: int = NOW) -> Cells:
    """Return the statement's cells by key."""
    rows = database_statements.cells(connection, asked, CellQuery(now, CAPS))
    found = {tuple(row[: len(KEY)]): tuple(row[len(KEY) :]) for row in rows}
    assert len(found) == len(rows)
    return found


def expected(connection: Connection, books: Books, asked: Scope, now: int = NOW) -> Cells:
    """Return the cells as the oracle makes them: each visitor followed through each window, then added up."""
    entrants = oracle.entrants(connection, asked)
    purchases = orders.purchases(connection, asked)
    runs, steps = attempts.runs(connection, asked), attempts.steps(connection, asked)
    gathered = oracle.gather(purchases, runs, steps, frozenset())
    people = {row["id"]: row for row in books.rows[Visitor]}
    spent, also = spending(connection, asked), measured(books, asked)
    views = viewing(books)
    found: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0] * len(SUMS) + [None] * len(MOMENTS))
    for entrant in entrants:
        for place in (DECLARED, *EXPLORED):
            days = place or entrant.window_days
            if place == entrant.window_days:
                continue
            looked = any(30_000 <= at - entrant.t0 < days * DAY_MS for at in views[entrant.visitor])
            stayed = frozenset([entrant.visitor] if looked else [])
            (moment,) = oracle.follow([entrant._replace(window_days=days)], gathered._replace(stayed=stayed), now=now)
            mine = spent.get(entrant.visitor, [])
            for fine in GRAINS[: 2 if place else 3]:
                key = key_of(entrant, moment, people[entrant.visitor], gathered, fine=fine)
                add(found[(*key, "")], counted(moment, mine))
                every = mine + also.get(entrant.visitor, [])
                for measure in {measure for _, measure, _ in every}:
                    sums = earned(moment, [(at, net) for at, name, net in every if name == measure], CAPS.get(measure))
                    sums[BUYERS] = int(sums[ORDERS] >= LEAST.get(measure, 1))
                    if sums[ORDERS] or sums[PRIOR]:
                        add(found[(*key, measure)], [*sums, None, None, None, None])
    return {key: tuple(sums) for key, sums in found.items()}


def key_of(
    entrant: Entrant, moment: Moment, person: dict[str, Any], gathered: oracle.Log, *, fine: int
) -> tuple[Any, ...]:
    """Return the key of a visitor's cell, without the currency."""
    hour = moment.t0 % DAY_MS // 3_600_000 // 6 * 6
    returning = millis(person["first_seen"]) < moment.t0 - 30 * 60_000
    covariates = (person["landing_page"], hour, int(returning)) if fine == FINE else ("", ANY_HOUR, 0)
    kind = ("", "") if fine == COARSE else (person["device"], person["channel"])
    days = (moment.closes - moment.t0) // DAY_MS
    return (
        fine, moment.t0 // DAY_MS, moment.arm, entrant.holdout_share, entrant.window_days, days,
        int(moment.mature), moment.path.state, band_of(moment, gathered),
        *kind, *covariates,
    )  # fmt: skip


def band_of(moment: Moment, gathered: oracle.Log) -> int:
    """Return the band of the invested time; who has none was cut, or not measured."""
    if moment.path.state == COLD:
        return UNMEASURED
    if moment.path.active is not None:
        active = moment.path.active
        return next(
            n for n, band in enumerate(BANDS) if active >= band.low and (band.high is None or active < band.high)
        )
    end = moment.closes if moment.bought is None else moment.bought
    ranked = []
    for run in gathered.runs[moment.visitor]:
        path = oracle.path_before([run], gathered.steps, end)
        cut = any(step.source == "clamped" and step.at < end for step in gathered.steps.get(run.id, ()))
        if run.started < end and (path.state, path.active) == (moment.path.state, None):
            ranked.append(CLAMPED if cut else UNMEASURED)
    return max(ranked)


def counted(moment: Moment, mine: list[tuple[int, str, int]]) -> list[Any]:
    """Return one visitor's counts and moments."""
    inside = [at for at, _, _ in mine if moment.t0 <= at < moment.closes]
    buyer, before = moment.bought is not None, any(at < moment.t0 for at, _, _ in mine)
    return [
        1, int(buyer), len(inside), int(moment.stayed), int(moment.stayed and buyer), *[0] * 8, int(before),
        moment.t0, moment.t0, moment.t0 if buyer else None, max(inside, default=None),
    ]  # fmt: skip


def earned(moment: Moment, mine: list[tuple[int, int]], cap: int | None) -> list[int]:
    """Return one visitor's money of one currency, by the pure definition of a visitor's sums."""
    inside = [net for at, net in mine if moment.t0 <= at < moment.closes]
    sums = visitor_sums(inside, prior=[net for at, net in mine if at < moment.t0], cap=cap)
    return [0, sums.buyers, sums.orders, 0, 0, *(getattr(sums, name) for name in SUMS[5:])]


def add(sums: list[Any], one: Iterable[Any]) -> None:
    """Add one visitor to a cell."""
    lowest = {"first_t0", "first_buyer_t0"}
    for place, (name, value) in enumerate(zip((*SUMS, *MOMENTS), one, strict=True)):
        if name in SUMS:
            sums[place] += value
        elif value is not None:
            old = sums[place]
            sums[place] = value if old is None else (min if name in lowest else max)(old, value)


def spending(connection: Connection, asked: Scope) -> dict[str, list[tuple[int, str, int]]]:
    """Return every visitor's purchases as (moment, currency, net)."""
    found: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for _, _, visitor, at, currency, net, _ in connection.execute(orders.net_orders(asked)):
        if visitor is not None:
            found[visitor].append((at, currency, net))
    return found


def measured(books: Books, asked: Scope) -> dict[str, list[tuple[int, str, int]]]:
    """Return what else every visitor's orders came to, from the rows as they were written."""
    found: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    shoppers = {row["id"] for row in books.rows[Visitor] if row["kind"] == "shopper"}
    for order in books.rows[Order]:
        whose, at, total = order["visitor_id"], millis(order["placed_at"]), order["total_minor"]
        kept = order["paid"] and not order["test"] and not order["conflict"] and order["simulated"] == asked.simulated
        if not kept or whose not in shoppers:
            continue
        same = [row for row in books.rows[Refund] if row["order_id"] == order["order_id"]]
        back = sum(row["amount_minor"] for row in same if row["currency"] == order["currency"])
        if order["cancelled"] or back:
            found[whose].append((at, "returned", 1))
        if order["cancelled"] or back >= total:
            continue
        found[whose].append((at, "repeated", 1))
        lines = [row for row in books.rows[OrderLine] if row["order_id"] == order["order_id"]]
        if any(row["cost_minor"] is None for row in lines):
            continue
        each = (Fraction(row["quantity_micro"], 1_000_000) * row["cost_minor"] for row in lines)
        cost = sum(floor(part + Fraction(1, 2)) for part in each)
        earned = total - back - int(cost * Fraction(total - back, total) + Fraction(1, 2))
        found[whose].append((at, f"{order['currency']} profit", earned))
    once = {
        whose for whose, rows in found.items() if sum(name == "repeated" for _, name, _ in rows) < LEAST["repeated"]
    }
    return {whose: [row for row in rows if whose not in once or row[1] != "repeated"] for whose, rows in found.items()}


def viewing(books: Books) -> dict[str, list[int]]:
    """Return the moments at which each visitor viewed a page."""
    found: dict[str, list[int]] = defaultdict(list)
    for row in books.rows[PageView]:
        found[row["visitor_id"]].append(millis(row["at"]))
    return found


def millis(moment: datetime) -> int:
    """Return a moment in milliseconds since 1970."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("experiment", ["spring", None])
def test_cells_are_what_the_oracle_says(engine: Engine, seed: int, experiment: str | None) -> None:
    """Every cell has the oracle's counts, sums and moments, to the unit, for real visitors and simulated ones."""
    books = varied(seed)
    with writing(engine) as connection:
        books.write(connection)
    with reading(engine) as connection:
        for simulated in (False, True):
            asked = Scope(QUIZ, experiment, simulated)
            found, wanted = rolled(connection, asked), expected(connection, books, asked)
            assert found == wanted
            assert sum(sums[0] for key, sums in found.items() if key[-1] == "") > 0


def test_every_grain_adds_up_to_the_same(engine: Engine) -> None:
    """Each window's visitors, money and moments are the same in every grain; who asks for no fine cells gets kinds."""
    books, asked = varied(7), Scope(QUIZ, "spring", simulated=False)
    with writing(engine) as connection:
        books.write(connection)
    with reading(engine) as connection:
        kinds = database_statements.cells(connection, asked, CellQuery(NOW, CAPS, fine=False))
        every = database_statements.cells(connection, asked, CellQuery(NOW, CAPS))
    assert sorted(kinds, key=str) == sorted((row for row in every if row[0] == KINDS), key=str)
    assert len({row[0] for row in every}) == 3
    for days in {row[5] for row in every}:
        declared = [row for row in every if row[5] == days == row[4]]
        assert len({tuple(totals(declared, grain)) for grain in GRAINS}) == 1
        others = [row for row in every if row[5] == days != row[4]]
        assert len({tuple(totals(others, grain)) for grain in (COARSE, KINDS)}) == 1


def totals(rows: list[tuple[Any, ...]], grain: int) -> list[Any]:
    """Return a grain's sums, and the ends of its moments."""
    found = [dict(zip((*KEY, *SUMS, *MOMENTS), row, strict=True)) for row in rows if row[0] == grain]
    sums: list[Any] = [sum(row[name] for row in found) for name in SUMS]
    for name in MOMENTS:
        end = min if name in EARLIEST else max
        sums.append(end((row[name] for row in found if row[name] is not None), default=None))
    return sums

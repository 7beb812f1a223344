"""Laws of the report: its counts are those of the raw tables, told again here in plain Python."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from quizfunnel.insight.output.csv_report import as_csv
from quizfunnel.insight.output.json_report import as_json
from quizfunnel.insight.output.text_report import as_text
from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.orders.tables import Order, Refund
from quizfunnel.visit.tables import Assignment, Visitor
from tests.cast import NOON
from tests.insight.oddities import muddle
from tests.insight.reports import again, told
from tests.insight.shop import QUIZ, Books, shoppers

pytestmark = pytest.mark.thorough


WEEK = timedelta(days=7)


def recount(books: Books, *, simulated: bool, now: datetime) -> dict[str, Any]:
    """Count the same again, visitor by visitor, from rows alone."""
    people = {row["id"]: row for row in books.rows[Visitor]}
    rows = [
        row
        for row in books.rows[Assignment]
        if people[row["visitor_id"]]["kind"] == "shopper" and people[row["visitor_id"]]["simulated"] == simulated
    ]
    newest = max(rows, key=lambda row: (row["t0"], row["visitor_id"]))
    found: dict[str, Any] = {"arms": Counter(), "bought": Counter(), "states": Counter(), "waiting": 0, "orders": 0}
    for row in rows:
        if row["holdout_share"] != newest["holdout_share"]:
            continue
        visitor, t0 = row["visitor_id"], row["t0"]
        placed = sorted(o["placed_at"] for o in books.rows[Order] if o["visitor_id"] == visitor and counts(books, o))
        inside = [at for at in placed if t0 <= at < t0 + WEEK]
        if t0 + WEEK > now:
            found["waiting"] += 1
            found["orders"] += len(inside)
            continue
        found["arms"][row["arm"]] += 1
        found["bought"][row["arm"]] += bool(inside)
        if row["arm"] == "invited":
            found["states"][(*far(books, visitor, min(inside, default=t0 + WEEK)), bool(inside))] += 1
    return found


def counts(books: Books, order: dict[str, Any]) -> bool:
    """Tell whether an order is a purchase."""
    back = sum(refund["amount_minor"] for refund in books.rows[Refund] if refund["order_id"] == order["order_id"])
    return bool(order["paid"] and not order["cancelled"] and not order["test"] and order["total_minor"] > back)


def far(books: Books, visitor: str, end: datetime) -> tuple[str, bool]:
    """Return how far a visitor came before `end`, and whether it was for three minutes or more."""
    best: tuple[int, int] = (0, -1)
    for attempt in books.rows[Attempt]:
        if attempt["visitor_id"] != visitor or attempt["started_at"] >= end:
            continue
        given = [a for a in books.rows[Answer] if a["attempt_id"] == attempt["id"] and a["answered_at"] < end]
        own = [a["active_ms"] for a in given if a["source"] == "client"]
        clamped = any(answer["source"] == "clamped" for answer in given)
        active = -1 if clamped or not own else sum(own)
        done = attempt["finished_at"] is not None and attempt["finished_at"] < end
        best = max(best, (2 if done else 1, active))
    return ("cold", "started", "finished")[best[0]], best[0] == 2 and best[1] >= 180_000


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.once) for seed in (2, 3))])
@pytest.mark.parametrize("simulated", [False, True])
def test_the_counts_are_those_of_the_raw_tables(engine: Engine, seed: int, simulated: bool) -> None:  # noqa: FBT001
    """Arms, buyers, states and who waits equal an independent recount, with every oddity thrown in."""
    books = muddle(seed)
    report = told(engine, books, simulated=simulated)
    expected = recount(books, simulated=simulated, now=NOON)
    assert report.arms is not None
    arms = {"invited": report.arms.invited, "holdout": report.arms.holdout}
    assert {arm: rate.visitors for arm, rate in arms.items()} == {arm: expected["arms"][arm] for arm in arms}
    assert {arm: rate.buyers for arm, rate in arms.items()} == {arm: expected["bought"][arm] for arm in arms}
    assert (report.waiting.visitors, report.waiting.purchases) == (expected["waiting"], expected["orders"])
    states = expected["states"]

    def pair(*wanted: str, long: tuple[bool, ...] = (False, True)) -> tuple[int, int]:
        fitting = {key: n for key, n in states.items() if key[0] in wanted and key[1] in long}
        return sum(n for key, n in fitting.items() if key[2]), sum(fitting.values())

    assert report.takers.cold[0].pair == pair("cold")
    rows = [each.row.pair for each in report.takers.states]
    assert rows == [pair("started", "finished"), pair("started"), pair("finished"), pair("finished", long=(True,))]
    measured = sum(each.row.visitors for each in report.takers.bands) + report.takers.unmeasured.visitors
    assert measured == rows[0][1]


def test_a_purchase_made_just_now_is_seen_as_waiting(engine: Engine) -> None:
    """It is shown at once, with the day on which it will count, and is in no rate yet."""
    books = Books()
    visitor = books.visitor(NOON - timedelta(hours=1))
    books.order(visitor, NOON - timedelta(seconds=5))
    books.visitor(NOON - timedelta(days=3))
    waiting = told(engine, books).waiting
    assert (waiting.visitors, waiting.purchases) == (2, 1)
    assert waiting.counts_on == NOON - timedelta(hours=1) + WEEK
    assert waiting.latest == NOON - timedelta(seconds=5)
    later = again(engine, now=NOON + WEEK)
    assert later.arms is not None
    assert later.arms.invited.pair == (1, 2)
    assert later.waiting.visitors == 0


def test_the_window_holds_its_start_and_not_its_end(engine: Engine) -> None:
    """A purchase at t0 counts, one at t0 + 7 days does not, and neither does one before t0."""
    books = Books()
    t0 = NOON - timedelta(days=10)
    for shift in (timedelta(0), WEEK - timedelta(milliseconds=1), WEEK, timedelta(milliseconds=-1)):
        books.order(books.visitor(t0), t0 + shift)
    report = told(engine, books)
    assert report.arms is not None
    assert report.arms.invited.pair == (2, 4)


def test_simulated_and_real_visitors_never_meet(engine: Engine) -> None:
    """Each sort has its own figures, and each page knows how much there is of the other."""
    books = Books()
    books.order(books.visitor(NOON - timedelta(days=9)), NOON - timedelta(days=8))
    for _ in range(3):
        books.visitor(NOON - timedelta(days=9), simulated=True)
    real, simulated = told(engine, books), again(engine, simulated=True)
    assert real.arms is not None
    assert simulated.arms is not None
    assert (real.arms.invited.pair, simulated.arms.invited.pair) == ((1, 1), (0, 3))
    assert (real.provenance.other.visitors, real.provenance.other.orders) == (3, 0)
    assert (simulated.provenance.other.visitors, simulated.provenance.other.orders) == (1, 1)


def test_health_counts_what_is_left_out_and_what_is_lost(engine: Engine) -> None:
    """Crawlers, orders of nobody, lines without a product, attempts without a visitor, holdout visitors in the quiz."""
    books = Books()
    at = NOON - timedelta(days=9)
    books.visitor(at, arm=None, kind="bot")
    held = books.visitor(at, arm="holdout")
    books.attempt(held, at + timedelta(minutes=1), [])
    books.attempt(None, at, [], finished=at + timedelta(minutes=2))
    direct = books.visitor(at, arm=None)
    books.view(direct, at, f"/q/{QUIZ}")
    books.order(None, at)
    books.order(direct, at, product="dark-bean")
    report = told(engine, books)
    assert report.health.left_out == (("bot", 1),)
    assert (report.health.contaminated, report.health.holdout) == (1, 1)
    assert (report.health.unknown_started, report.health.unknown_finished) == (1, 1)
    store = report.health.store
    assert (store.orders, store.unattributed, store.lines, store.lines_unmatched) == (2, 1, 2, 1)
    assert (report.behaviour.direct.visitors, report.behaviour.direct.started, report.behaviour.direct.buyers) == (
        1,
        0,
        1,
    )


def test_orders_that_lost_their_token_in_one_arm_hold_the_verdict_back(engine: Engine) -> None:
    """Where clicks give away that the invited arm's orders come without a token, no verdict is given."""
    books = Books()
    at = NOON - timedelta(days=9)
    for number in range(40):
        visitor = books.visitor(at, share=0.5)
        done = at + timedelta(minutes=3)
        click = books.offer(books.attempt(visitor, at, [], finished=done), done, clicked=True)
        books.order(visitor if number < 20 else None, done + timedelta(hours=1), click=click)
        books.order(books.visitor(at, arm="holdout", share=0.5), done)
    report = told(engine, books)
    assert [(arm.arm, arm.matched, arm.by_click_only) for arm in report.health.arms] == [
        ("invited", 20, 20),
        ("holdout", 40, 0),
    ]
    assert report.verdict.kind == "withheld"


def test_tokens_that_travel_through_the_quiz_alone_hold_the_verdict_back(engine: Engine) -> None:
    """Where every matched buyer took the quiz, the quiz would always win: no verdict."""
    books = Books()
    at = NOON - timedelta(days=9)
    for _ in range(30):
        visitor = books.visitor(at, share=0.5)
        books.attempt(visitor, at, [], finished=at + timedelta(minutes=3))
        books.order(visitor, at + timedelta(hours=1))
        books.visitor(at, arm="holdout", share=0.5)
    report = told(engine, books)
    assert report.verdict.kind == "withheld"
    assert "through the quiz alone" in report.verdict.advice[0]


def test_arms_of_the_wrong_size_hold_the_verdict_back(engine: Engine) -> None:
    """Where half of the holdout was never recorded, the draw is broken and nothing is concluded from it."""
    books = Books()
    for number in range(400):
        visitor = books.visitor(NOON - timedelta(days=9), arm="holdout" if number < 10 else "invited")
        if number % 3:
            books.order(visitor, NOON - timedelta(days=8))
    report = told(engine, books)
    assert report.health.share_e > 1000
    assert report.verdict.kind == "withheld"


def test_a_share_of_none_is_no_holdout(engine: Engine) -> None:
    """Where everybody was invited the sentence is that of no holdout."""
    books = Books()
    for _ in range(40):
        books.order(books.visitor(NOON - timedelta(days=9), share=0.0), NOON - timedelta(days=8))
    assert told(engine, books).verdict.kind == "none"


@pytest.mark.parametrize(("gain", "kind"), [(4.0, "yes"), (0.0, "less"), (1.0, "unclear")])
def test_the_verdict_follows_the_arms(engine: Engine, gain: float, kind: str) -> None:
    """A quiz that makes takers buy far more, never or the same is told as such."""
    books = Books(3)
    shoppers(books, 2500, start=NOON - timedelta(days=40), days=33, gain=gain, share=0.5, base=0.2)
    assert told(engine, books).verdict.kind == kind


def test_without_an_experiment_everybody_is_one_group(engine: Engine) -> None:
    """Visitors count from their first page view; no arm is compared and the sentence is the fixed one."""
    books = Books()
    shoppers(books, 60, start=NOON - timedelta(days=20), days=10)
    report = told(engine, books, experiment=None)
    assert report.arms is None
    assert report.verdict.sentence == "No holdout is running, so the cause is unknown. Start one."
    assert report.takers.cold[0].visitors + report.takers.states[0].row.visitors == 60


def test_an_empty_shop_has_a_report(engine: Engine) -> None:
    """Before the first visitor every part says that there is nothing yet."""
    for report in (again(engine), again(engine, experiment=None)):
        assert report.mature == 0
        assert as_text(report)
        assert json.dumps(as_json(report), allow_nan=False)


def test_outputs_say_the_same(engine: Engine) -> None:
    """JSON carries the sentence as `verdict` and no infinity; text and CSV carry it too; formulas are text."""
    books = Books(1)
    shoppers(books, 80, start=NOON - timedelta(days=20), days=10)
    report = told(engine, books)
    whole = as_json(report)
    json.dumps(whole, allow_nan=False)
    assert whole["verdict"] == report.verdict.sentence
    assert whole["arms"]["invited"]["visitors"] == report.arms.invited.visitors if report.arms else False
    assert report.verdict.sentence in as_text(report)
    cells = [cell.strip('"') for line in as_csv(report).splitlines() for cell in line.split(",")]
    assert "'+10%" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    assert report.verdict.sentence in as_csv(report)

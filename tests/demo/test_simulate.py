"""The simulated history: one seed, one history; apart from real visitors; counted as it stands in the tables."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from quizfunnel.demo import simulate
from quizfunnel.insight.output import json_report
from quizfunnel.insight.report import quiz
from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.signing import Signer
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.schema import metadata
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON
from tests.demo.stages import stage

pytestmark = pytest.mark.thorough


SLUG = "coffee"
WINDOW = timedelta(days=7)


@pytest.fixture
def shelf(clock: SetClock) -> Shelf:
    """Give the shipped quizzes."""
    return Shelf(shipped_folder() / "quizzes", None, clock)


def rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    """Run plain SQL that both databases understand."""
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def recount(engine: Engine) -> dict[str, tuple[int, int]]:
    """Count visitors and buyers of each arm anew, from the raw tables and in plain Python."""
    moments = _moments(engine)
    arms = {
        visitor: (arm, moments["assignment"][visitor])
        for visitor, arm in rows(
            engine,
            "SELECT a.visitor_id, a.arm FROM assignment a JOIN visitor v ON v.id = a.visitor_id "
            "WHERE a.quiz = 'coffee' AND v.kind = 'shopper' AND v.simulated",
        )
    }
    refunded = dict(rows(engine, "SELECT order_id, SUM(amount_minor) FROM refund GROUP BY order_id"))
    buyers = set()
    for visitor, order, total in rows(
        engine,
        "SELECT visitor_id, order_id, total_minor FROM shop_order "
        "WHERE visitor_id IS NOT NULL AND paid AND NOT cancelled AND NOT test",
    ):
        t0 = arms.get(visitor, ("", NOON))[1]
        at = moments["order"][order]
        if visitor in arms and t0 <= at < t0 + WINDOW and total > refunded.get(order, 0):
            buyers.add(visitor)
    mature = {visitor: arm for visitor, (arm, t0) in arms.items() if t0 + WINDOW <= NOON}
    return {
        arm: (
            sum(each == arm for each in mature.values()),
            sum(mature.get(buyer) == arm for buyer in buyers),
        )
        for arm in ("invited", "holdout")
    }


def _moments(engine: Engine) -> dict[str, dict[str, Any]]:
    """Read moments through the column type, which knows how each database keeps them."""
    from sqlalchemy import select

    from quizfunnel.orders.tables import Order
    from quizfunnel.store.types import columns
    from quizfunnel.visit.tables import Assignment

    assignment, order = columns(Assignment), columns(Order)
    with reading(engine) as connection:
        t0 = connection.execute(select(assignment.visitor_id, assignment.t0).where(assignment.quiz == SLUG)).all()
        placed = connection.execute(select(order.order_id, order.placed_at)).all()
    return {"assignment": {row[0]: row[1] for row in t0}, "order": {row[0]: row[1] for row in placed}}


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.once), pytest.param(3, marks=pytest.mark.once)])
def test_the_reports_counts_equal_a_recount_of_the_raw_tables(
    engine: Engine, shelf: Shelf, signer: Signer, seed: int
) -> None:
    """With no effect behind it, three times over: visitors and buyers of both arms, waiting ones left out."""
    made = simulate.fill(engine, stage(shelf, signer, seed=seed), visitors=1500, now=NOON)
    assert made.visitors == made.added == 1500
    live = shelf.live(SLUG)
    assert live is not None
    with reading(engine) as connection:
        found = quiz.build(connection, live, simulated=True, now=NOON)
        real = quiz.build(connection, live, simulated=False, now=NOON)
    data = json_report.as_json(found)
    counted = {arm: (data["arms"][arm]["visitors"], data["arms"][arm]["buyers"]) for arm in ("invited", "holdout")}
    assert counted == recount(engine)
    assert sum(visitors for visitors, _ in counted.values()) > 400
    assert json_report.as_json(real)["arms"]["invited"]["visitors"] == 0


def test_everything_made_is_marked_as_simulated(engine: Engine, shelf: Shelf, signer: Signer) -> None:
    """Visitors, attempts, deliveries and attributed orders; nothing of it is in the future."""
    simulate.fill(engine, stage(shelf, signer, seed=4), visitors=400, now=NOON)
    for table in ("visitor", "attempt", "order_event", "shop_order"):
        made = rows(engine, f"SELECT COUNT(*), SUM(CASE WHEN simulated THEN 1 ELSE 0 END) FROM {table}")  # noqa: S608
        assert made[0][0] == made[0][1] > 0
    assert rows(engine, "SELECT COUNT(*) FROM order_event WHERE state = 'dead'") == [(0,)]


def test_the_same_seed_makes_the_same_history_and_a_second_call_goes_on(
    engine: Engine, shelf: Shelf, signer: Signer
) -> None:
    """Filling to 200 and then to 300 is filling to 300; filling again adds nothing."""
    simulate.fill(engine, stage(shelf, signer, seed=5), visitors=200, now=NOON)
    more = simulate.fill(engine, stage(shelf, signer, seed=5), visitors=300, now=NOON)
    again = simulate.fill(engine, stage(shelf, signer, seed=5), visitors=300, now=NOON)
    assert (more.added, again.added, again.visitors) == (100, 0, 300)
    arms = rows(engine, "SELECT visitor_id, quiz, arm FROM assignment ORDER BY visitor_id, quiz")
    answers = rows(engine, "SELECT COUNT(*) FROM answer")
    assert len(arms) > 200
    assert answers[0][0] > 200


HISTORY = (
    "SELECT id, first_seen, kind, device, channel, landing_page FROM visitor",
    "SELECT visitor_id, at, path FROM page_view",
    "SELECT visitor_id, quiz, arm, t0 FROM assignment",
    "SELECT id, visitor_id, started_at, finished_at FROM attempt",
    "SELECT attempt_id, question, revision, value, answered_at, wall_ms, active_ms, active10_ms, source FROM answer",
    "SELECT attempt_id, revision, seed, model, policy, eligible, chosen_at, rejected_at FROM offer",
    "SELECT o.attempt_id, o.revision, i.rank, i.product FROM offer o JOIN offer_item i ON i.offer_id = o.id",
    "SELECT o.attempt_id, c.product, c.at FROM click c JOIN offer o ON o.id = c.offer_id",
    "SELECT order_id, visitor_id, placed_at, updated_at, total_minor, paid, cancelled FROM shop_order",
    "SELECT order_id, position, product, unit_price_minor FROM order_line",
    "SELECT refund_id, order_id, amount_minor, at FROM refund",
)


def history(engine: Engine) -> list[list[tuple[Any, ...]]]:
    """Return all that happened, without the ids that are drawn for each row anew."""
    return [sorted(rows(engine, query), key=repr) for query in HISTORY]


@pytest.mark.once
def test_one_seed_gives_one_history_row_by_row_in_one_go_or_in_two(
    engine: Engine, shelf: Shelf, signer: Signer
) -> None:
    """Emptied and filled again, and stopped in the middle, it is the same to the last click; another seed's is not."""
    simulate.fill(engine, stage(shelf, signer, seed=6, truth="helps"), visitors=600, now=NOON)
    first = history(engine)
    assert all(first)
    _empty(engine)
    simulate.fill(engine, stage(shelf, signer, seed=6, truth="helps"), visitors=230, now=NOON)
    simulate.fill(engine, stage(shelf, signer, seed=6, truth="helps"), visitors=600, now=NOON)
    assert history(engine) == first
    _empty(engine)
    simulate.fill(engine, stage(shelf, signer, seed=7, truth="helps"), visitors=600, now=NOON)
    assert history(engine) != first


def _empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.mark.once
def test_the_history_has_what_real_ones_have(engine: Engine, shelf: Shelf, signer: Signer) -> None:
    """Bots, bouncers, no scripts, drop-offs, changed answers, refusals, refunds, orders of nobody and late ones."""
    simulate.fill(engine, stage(shelf, signer, seed=8), visitors=3000, now=NOON)
    for query in (
        "SELECT COUNT(*) FROM visitor WHERE kind = 'bot'",
        "SELECT COUNT(*) FROM (SELECT visitor_id FROM page_view GROUP BY visitor_id HAVING COUNT(*) = 1) once",
        "SELECT COUNT(*) FROM answer WHERE source = 'server'",
        "SELECT COUNT(*) FROM answer WHERE revision > 1",
        "SELECT COUNT(*) FROM attempt WHERE finished_at IS NULL",
        "SELECT COUNT(*) FROM offer WHERE rejected_at IS NOT NULL",
        "SELECT COUNT(*) FROM refund",
        "SELECT COUNT(*) FROM shop_order WHERE visitor_id IS NULL",
    ):
        assert rows(engine, query)[0][0] > 0, query
    moments = _moments(engine)
    buyers = dict(rows(engine, "SELECT order_id, visitor_id FROM shop_order WHERE visitor_id IS NOT NULL"))
    waits = [moments["order"][id] - moments["assignment"].get(buyer, NOON) for id, buyer in buyers.items()]
    assert any(wait > WINDOW for wait in waits)
    assert max(moments["order"].values()) < NOON
    finished, begun = rows(engine, "SELECT COUNT(finished_at), COUNT(*) FROM attempt")[0]
    assert 0.7 < finished / begun < 0.95
    bought = rows(
        engine,
        "SELECT c.product, l.product FROM shop_order o JOIN click c ON c.id = o.click_id "
        "JOIN order_line l ON l.order_id = o.order_id AND l.position = 1",
    )
    assert sum(clicked == product for clicked, product in bought) > len(bought) / 2 > 5


def test_nothing_in_the_simulation_knows_a_verdict() -> None:
    """Its sources import nothing of the analyst's and speak of no verdict."""
    folder = Path(simulate.__file__).parent
    for path in folder.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "quizfunnel.insight" not in source
        assert "verdict" not in source.replace("Nothing here knows a verdict.", "")

"""Laws of retention: each kind goes when its span is over, in bounded batches, and nothing younger with it."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, select, update

from quizfunnel.kit.ids import new_id
from quizfunnel.schema import metadata
from quizfunnel.settings.retention import Retention, cutoff
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns, month_of
from quizfunnel.upkeep import retention
from quizfunnel.upkeep.retention import ROOTS, ROWS, Purge
from quizfunnel.visit.tables import PageView, Visitor
from tests.cast import NOON
from tests.privacy.people import ANNA, BEN, VERSION, plant, store_rows

OLD = NOON - timedelta(days=800)  # more than 25 months
T = metadata.tables


def counts(engine: Engine) -> dict[str, int]:
    """Return how many rows each table has, where it has any."""
    with reading(engine) as connection:
        found = {name: len(connection.execute(select(table)).all()) for name, table in T.items()}
    return {name: count for name, count in found.items() if count}


def purge(engine: Engine, now: datetime = NOON, **spans: str) -> dict[str, int]:
    """Run retention at a moment."""
    done = retention.purge(Purge(engine, Retention(**spans), now, pause=lambda _: None))
    assert done.kept_back == ()
    return done.gone


@pytest.fixture
def people(engine: Engine) -> Engine:
    """Give a database with Anna, of long ago, and Ben, of today, in every table."""
    with writing(engine) as connection:
        store_rows(connection)
        plant(connection, ANNA, at=OLD)
        plant(connection, BEN, at=NOON)
        connection.execute(T["outbox"].update().values(state="sent"))
        for person, gone in ((ANNA, NOON), (BEN, NOON + timedelta(days=1))):
            connection.execute(update(T["lead"]).where(T["lead"].c.id == person.id("1")).values(purge_at=gone))
    return engine


def test_whatever_is_too_old_goes_and_nothing_younger(people: Engine) -> None:
    """Of Anna nothing is left, by the defaults; Ben keeps a row in every table."""
    purge(people, NOON + timedelta(seconds=1))
    with reading(people) as connection:
        for name, table in T.items():
            left = [row for row in connection.execute(select(table)) if ANNA.mark in str(tuple(row))]
            assert left == [], name
    assert {name: count for name, count in counts(people).items() if count != 1} == {}
    assert len(counts(people)) >= 20


def test_a_second_run_finds_nothing(people: Engine) -> None:
    """What is due goes at once, and is not counted again."""
    assert purge(people, NOON + timedelta(seconds=1))
    assert purge(people, NOON + timedelta(seconds=1)) == {}


@pytest.mark.parametrize(("days", "unfinished"), [(29, True), (31, True), (179, True), (181, False)], ids=str)
def test_each_kind_has_a_span_of_its_own(people: Engine, days: int, unfinished: bool) -> None:  # noqa: FBT001 - a table
    """A body goes after 30 days, and its event stays; an unfinished run after 180 days; a finished one stays."""
    with writing(people) as connection:
        connection.execute(insert(T["attempt"]), _unfinished("9" * 32))
    purge(people, NOON + timedelta(days=days))
    with reading(people) as connection:
        rows = connection.execute(select(T["order_event"].c.body).where(T["order_event"].c.id == BEN.id("f"))).scalars()
        assert [bool(body) for body in rows] == [days < 30]
        attempts = set(connection.execute(select(T["attempt"].c.id)).scalars())
    assert attempts == {BEN.id("b"), *(["9" * 32] if unfinished else [])}


def _unfinished(id: str) -> dict[str, Any]:
    row = {"id": id, "quiz": "coffee", "version": VERSION, "visitor_id": None, "first_question": "brew"}
    more = {"started_at": NOON, "finished_at": None, "kind": "shopper", "simulated": False, "language": ""}
    return row | more | {"entry": "page", "token_kind": ""}


def test_a_body_that_was_never_read_says_why_it_went(people: Engine) -> None:
    """It is a dead letter that nobody can read again: its event says that its body was deleted unread."""
    of_ben = T["order_event"].c.id == BEN.id("f")
    with writing(people) as connection:
        connection.execute(update(T["order_event"]).where(of_ben).values(state="new"))
    purge(people, NOON + timedelta(days=31))
    with reading(people) as connection:
        row = connection.execute(select(T["order_event"].c.state, T["order_event"].c.error).where(of_ben)).one()
    assert tuple(row) == ("dead", "its body was deleted unread after 30 days")


def test_a_refund_without_its_order_goes_too(people: Engine) -> None:
    """One that came first, and whose order never did."""
    row = {"source": "shopify", "refund_id": "r9", "order_id": "never came", "amount_minor": 1, "currency": "GBP"}
    with writing(people) as connection:
        connection.execute(insert(T["refund"]), row | {"at": OLD, "converted_by": ""})
    purge(people, NOON + timedelta(seconds=1))
    with reading(people) as connection:
        assert connection.execute(select(T["refund"].c.order_id)).scalars().all() == [BEN.order[1]]


def test_what_is_kept_forever_is_kept(people: Engine) -> None:
    """A kind whose span is `forever` is not looked at."""
    forever = dict.fromkeys(Retention.model_fields, "forever")
    before = counts(people)
    del before["lead"], before["lead_value"], before["lead_consent"]  # these say themselves when they go
    purge(people, NOON + timedelta(days=5000), **forever)
    after = counts(people)
    assert {name: after.get(name) for name in before if name != "outbox"} == {
        name: count for name, count in before.items() if name != "outbox"
    }


def test_a_visitor_who_still_comes_stays(people: Engine) -> None:
    """First seen long ago and here last week: its arm and what is younger stay, its old views go."""
    with writing(people) as connection:
        row = {"id": new_id(), "month": month_of(NOON), "visitor_id": ANNA.visitor, "at": NOON, "path": "/"}
        connection.execute(insert(PageView), row)
    purge(people)
    with reading(people) as connection:
        of_anna = select(columns(PageView).at).where(columns(PageView).visitor_id == ANNA.visitor)
        assert connection.execute(of_anna).scalars().all() == [NOON]
        assert ANNA.visitor in connection.execute(select(columns(Visitor).id)).scalars().all()


def test_no_transaction_takes_more_than_a_batch(engine: Engine) -> None:
    """However much is due, each transaction ends after so many rows, and others get a turn in between."""
    views = [
        {"id": new_id(), "month": month_of(OLD), "visitor_id": "a" * 32, "at": OLD, "path": "/"} for _ in range(1200)
    ]
    with writing(engine) as connection:
        store_rows(connection)
        row = {"id": "a" * 32, "first_seen": OLD, "kind": "shopper", "kind_reason": "", "device": "", "channel": ""}
        connection.execute(insert(Visitor), row | {"landing_page": "", "simulated": False})
        connection.execute(insert(PageView), views)
        connection.execute(insert(T["attempt"]), [_unfinished(new_id()) for _ in range(120)])
    deleted: list[int] = []
    turns: list[float] = []

    def watch(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("DELETE"):
            deleted.append(cursor.rowcount)

    event.listen(engine, "after_cursor_execute", watch)
    run = Purge(engine, Retention(), NOON + timedelta(days=181), pause=turns.append)
    assert retention.purge(run).gone == {"unfinished": 120, "views": 1200, "visitors": 1}
    event.remove(engine, "after_cursor_execute", watch)
    assert max(deleted) <= ROWS
    assert len([count for count in deleted if count == ROOTS]) == 120 // ROOTS
    assert len(turns) == ceil(120 / ROOTS) + ceil(1200 / ROWS) + 1


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("30 days", datetime(2026, 2, 28, 12, tzinfo=NOON.tzinfo)),
        ("1 month", datetime(2026, 2, 28, 12, tzinfo=NOON.tzinfo)),
        ("25 months", datetime(2024, 2, 29, 12, tzinfo=NOON.tzinfo)),
        ("3 months", datetime(2025, 12, 30, 12, tzinfo=NOON.tzinfo)),
        ("forever", None),
    ],
)
def test_months_are_those_of_the_calendar(span: str, expected: datetime | None) -> None:
    """So many months before the 30th of March, the last day of a month that is shorter."""
    assert cutoff(span, NOON.replace(day=30)) == expected

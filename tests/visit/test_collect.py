"""A visitor is kept once, every view is kept, and the arm is set at t0 and never again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from quizfunnel.kit.signing import Signer
from quizfunnel.store.transaction import reading, write, writing
from quizfunnel.store.types import columns
from quizfunnel.visit import collect
from quizfunnel.visit.arms import Arm, Invitation
from quizfunnel.visit.collect import Viewing
from quizfunnel.visit.identity import Guest
from quizfunnel.visit.tables import Assignment, PageView, Visitor
from tests.cast import NOON

ANNA = Guest("a" * 32, False, "shopper", "", True, "phone", "search")
CRAWLER = Guest("c" * 32, False, "bot", "crawler list", True, "desktop", "direct")
STRANGER = Guest(None, False, "shopper", "", False, "phone", "direct")
SPRING = Invitation("coffee", "spring", 0.2, 7)

HELD_OUT, INVITED = bytes(32), b"\xff" * 32


def digest(value: bytes) -> Callable[[str], bytes]:
    """Return a draw that always gives `value`."""
    return lambda _text: value


def rows(engine: Engine, table: type) -> list[Any]:
    """Return every row of a table."""
    with reading(engine) as connection:
        return list(connection.execute(select(*columns(table))).all())


def view(engine: Engine, guest: Guest, *, hours: int = 0, drawn: bytes = HELD_OUT, invites: bool = True) -> Arm | None:
    """Record one view of a shop page."""
    viewing = Viewing(guest, "/shop/p/dark-bean", NOON + timedelta(hours=hours))
    with writing(engine) as connection:
        return collect.page_view(connection, viewing, draw=digest(drawn), invitation=SPRING if invites else None)


def test_it_works(engine: Engine, signer: Signer) -> None:
    """One view of a page that invites: a visitor, a view, an arm with all that the figures need."""
    with writing(engine) as connection:
        arm = collect.page_view(
            connection,
            Viewing(ANNA, "/shop/p/dark-bean", NOON),
            draw=lambda text: signer.digest("arm", text),
            invitation=SPRING,
        )
    assert [tuple(row) for row in rows(engine, Visitor)] == [
        (ANNA.visitor_id, NOON, "shopper", "", "phone", "search", "/shop/p/dark-bean", False)
    ]
    assert [(row.visitor_id, row.at, row.path) for row in rows(engine, PageView)] == [
        (ANNA.visitor_id, NOON, "/shop/p/dark-bean")
    ]
    assert [tuple(row) for row in rows(engine, Assignment)] == [
        (ANNA.visitor_id, "coffee", "spring", arm, NOON, 0.2, 7)
    ]


def test_an_arm_is_set_at_the_first_view_and_stays(engine: Engine) -> None:
    """Neither another draw nor another share moves a visitor; t0 is the first view."""
    assert view(engine, ANNA, drawn=HELD_OUT) == "holdout"
    assert view(engine, ANNA._replace(known=True), hours=30, drawn=INVITED) == "holdout"
    assert [(row.arm, row.t0) for row in rows(engine, Assignment)] == [("holdout", NOON)]
    assert len(rows(engine, PageView)) == 2
    assert len(rows(engine, Visitor)) == 1


def test_t0_is_where_the_page_invites(engine: Engine) -> None:
    """A page that invites to nothing gives no arm; the later one that does is t0."""
    assert view(engine, ANNA, invites=False) is None
    assert rows(engine, Assignment) == []
    assert view(engine, ANNA._replace(known=True), hours=2, drawn=INVITED) == "invited"
    assert rows(engine, Assignment)[0].t0 == NOON + timedelta(hours=2)


def test_another_experiment_draws_anew(engine: Engine) -> None:
    """Each experiment has an arm of its own."""
    view(engine, ANNA, drawn=HELD_OUT)
    autumn = SPRING._replace(experiment="autumn")
    with writing(engine) as connection:
        viewing = Viewing(ANNA._replace(known=True), "/shop", NOON)
        assert collect.page_view(connection, viewing, draw=digest(INVITED), invitation=autumn) == "invited"
    assert {(row.experiment, row.arm) for row in rows(engine, Assignment)} == {
        ("spring", "holdout"),
        ("autumn", "invited"),
    }


def test_nobody_is_recorded_without_consent(engine: Engine) -> None:
    """No id, no row, no arm."""
    assert view(engine, STRANGER) is None
    assert (rows(engine, Visitor), rows(engine, PageView), rows(engine, Assignment)) == ([], [], [])


def test_a_crawler_is_counted_and_in_no_arm(engine: Engine) -> None:
    """Flagged with its reason before any outcome."""
    assert view(engine, CRAWLER) is None
    assert [(row.kind, row.kind_reason) for row in rows(engine, Visitor)] == [("bot", "crawler list")]
    assert rows(engine, Assignment) == []


def test_a_page_fetched_ahead_is_no_view(engine: Engine) -> None:
    """A known shopper's browser that prefetches sees nothing yet: no view, no t0, but the arm it has."""
    ahead = ANNA._replace(known=True, kind="bot", kind_reason="prefetch")
    view(engine, ANNA, invites=False)
    assert view(engine, ahead) is None
    assert rows(engine, Assignment) == []
    view(engine, ANNA._replace(known=True), drawn=INVITED)
    assert view(engine, ahead) == "invited"
    assert len(rows(engine, PageView)) == 2
    assert rows(engine, Visitor)[0].kind == "shopper"


def test_a_visitor_whose_row_is_gone_is_kept_again(engine: Engine) -> None:
    """A cookie outlives a database that was restored from an older copy."""
    assert view(engine, ANNA._replace(known=True), drawn=INVITED) == "invited"
    assert len(rows(engine, Visitor)) == 1


def test_who_is_flagged_later_says_why(engine: Engine) -> None:
    """Staff and tests can be marked; the rows stay."""
    view(engine, ANNA)
    with writing(engine) as connection:
        collect.mark(connection, "a" * 32, kind="staff", reason="signed in")
    assert [(row.kind, row.kind_reason) for row in rows(engine, Visitor)] == [("staff", "signed in")]


def test_simulated_visitors_are_marked(engine: Engine) -> None:
    """Simulated and real never mix."""
    with writing(engine) as connection:
        collect.page_view(connection, Viewing(ANNA, "/shop", NOON, simulated=True), draw=digest(INVITED))
    assert rows(engine, Visitor)[0].simulated


def test_long_paths_are_kept_short(engine: Engine) -> None:
    """Nobody fills the database with an address."""
    with writing(engine) as connection:
        collect.page_view(connection, Viewing(ANNA, "/" + "x" * 5000, NOON), draw=digest(INVITED))
    assert len(rows(engine, PageView)[0].path) == 200


@pytest.mark.parametrize("known", [False, True])
def test_two_requests_at_once_give_one_visitor_and_one_arm(engine: Engine, known: bool) -> None:  # noqa: FBT001 - a table
    """Eight tabs open at the same moment with contrary draws: all of them get the same arm."""
    together = Barrier(8, timeout=10)

    def verb(connection: Connection, drawn: bytes) -> Arm | None:
        viewing = Viewing(ANNA._replace(known=known), "/shop", NOON)
        return collect.page_view(connection, viewing, draw=digest(drawn), invitation=SPRING)

    def tab(number: int) -> Arm | None:
        together.wait()
        return write(engine, lambda connection: verb(connection, INVITED if number % 2 else HELD_OUT))

    with ThreadPoolExecutor(8) as tabs:
        arms = set(tabs.map(tab, range(8)))
    assert len(arms) == 1
    assert [row.arm for row in rows(engine, Assignment)] == list(arms)
    assert len(rows(engine, Visitor)) == 1
    assert len(rows(engine, PageView)) == 8

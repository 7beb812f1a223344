"""Laws of page views: a visitor is kept once, every view is kept, and the arm is set at t0 and never again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from quizfunnel.experiment.arms import Allocation, Arm
from quizfunnel.experiment.design import (
    STORE,
    Design,
    Enrolment,
    fingerprint,
)
from quizfunnel.experiment.tables import FrozenExperiment
from quizfunnel.kit.signing import Signer
from quizfunnel.store.transaction import reading, write, writing
from quizfunnel.store.types import columns
from quizfunnel.telemetry import counters
from quizfunnel.visit import collect
from quizfunnel.visit.collect import Randomiser, ViewContext
from quizfunnel.visit.identity import Guest
from quizfunnel.visit.tables import Assignment, PageView, Visitor
from tests.cast import NOON
from tests.servers import LIMIT

ANNA = Guest("a" * 32, False, "shopper", "", True, "phone", "search")
CRAWLER = Guest("c" * 32, False, "bot", "crawler list", True, "desktop", "direct")
STRANGER = Guest(None, False, "shopper", "", False, "phone", "direct")
SPRING = Design("coffee", "spring", 0.2, 7, 0.5, 0.02, 1234)
SHARED = Design(STORE, "everywhere", 0.1, 14, 0.5, 0.02, 1234)
SHORTER = Design(STORE, "shorter", 0.5, 7, 0.5, 0.02, 1234, ("coffee", "short"))
COFFEE, TEA = Enrolment("coffee", SPRING), Enrolment("tea")

HELD_OUT, INVITED = bytes(32), b"\xff" * 32


def always(value: bytes) -> Randomiser:
    """Return a draw that always gives `value`."""
    return Randomiser(lambda _text: value)


def rows(engine: Engine, table: type) -> list[Any]:
    """Return every row of a table."""
    with reading(engine) as connection:
        return list(connection.execute(select(*columns(table))).all())


def view(engine: Engine, guest: Guest, *, hours: int = 0, drawn: bytes = HELD_OUT, invites: bool = True) -> Arm | None:
    """Record one view of a shop page."""
    page = ViewContext(guest, "/shop/p/dark-bean", NOON + timedelta(hours=hours))
    with writing(engine) as connection:
        found = collect.page_view(connection, page, draw=always(drawn), enrolment=COFFEE if invites else None)
    return found and found.arm


def test_it_works(engine: Engine, signer: Signer) -> None:
    """One view of a page that invites: a visitor, a view, an arm with all that the figures need."""
    with writing(engine) as connection:
        found = collect.page_view(
            connection,
            ViewContext(ANNA, "/shop/p/dark-bean", NOON),
            draw=Randomiser(lambda text: signer.digest("arm", text)),
            enrolment=COFFEE,
        )
    assert found is not None
    assert [tuple(row) for row in rows(engine, Visitor)] == [
        (ANNA.visitor_id, NOON, "shopper", "", "phone", "search", "/shop/p/dark-bean", False)
    ]
    assert [(row.visitor_id, row.at, row.path) for row in rows(engine, PageView)] == [
        (ANNA.visitor_id, NOON, "/shop/p/dark-bean")
    ]
    assert [tuple(row) for row in rows(engine, Assignment)] == [
        (ANNA.visitor_id, "coffee", "spring", found.arm, NOON, 0.2, 7)
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
        page = ViewContext(ANNA._replace(known=True), "/shop", NOON)
        again = collect.page_view(connection, page, draw=always(INVITED), enrolment=Enrolment("coffee", autumn))
        assert again == Allocation("invited", "coffee")
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
        collect.page_view(connection, ViewContext(ANNA, "/shop", NOON, simulated=True))
    assert rows(engine, Visitor)[0].simulated


def test_long_paths_are_kept_short(engine: Engine) -> None:
    """Nobody fills the database with an address."""
    with writing(engine) as connection:
        collect.page_view(connection, ViewContext(ANNA, "/" + "x" * 5000, NOON))
    assert len(rows(engine, PageView)[0].path) == 200


@pytest.mark.parametrize("known", [False, True])
def test_two_requests_at_once_give_one_visitor_and_one_arm(engine: Engine, known: bool) -> None:  # noqa: FBT001 - a table
    """Eight tabs open at the same moment with contrary draws: all of them get the same arm."""
    together = Barrier(8, timeout=LIMIT)

    def verb(connection: Connection, drawn: bytes) -> Allocation | None:
        page = ViewContext(ANNA._replace(known=known), "/shop", NOON)
        return collect.page_view(connection, page, draw=always(drawn), enrolment=COFFEE)

    def tab(number: int) -> Allocation | None:
        together.wait()
        return write(engine, lambda connection: verb(connection, INVITED if number % 2 else HELD_OUT))

    with ThreadPoolExecutor(8) as tabs:
        found = {each and each.arm for each in tabs.map(tab, range(8))}
    assert len(found) == 1
    assert [row.arm for row in rows(engine, Assignment)] == list(found)
    assert len(rows(engine, FrozenExperiment)) == 1
    assert len(rows(engine, Visitor)) == 1
    assert len(rows(engine, PageView)) == 8


def enter(engine: Engine, enrolment: Enrolment, *, draws: dict[str, bytes] | None = None, hours: int = 0) -> Any:
    """View a page as Anna, whose arm is drawn by the experiment's name."""
    drawn = draws or {}

    def draw(text: str) -> bytes:
        return drawn[text.split("\0")[1]]

    with writing(engine) as connection:
        page = ViewContext(ANNA._replace(known=hours > 0), "/shop", NOON + timedelta(hours=hours))
        return collect.page_view(connection, page, draw=Randomiser(draw), enrolment=enrolment)


def assigned(engine: Engine) -> set[tuple[Any, ...]]:
    """Return the arms that were given."""
    return {(row.quiz, row.experiment, row.arm, row.holdout_share) for row in rows(engine, Assignment)}


def test_a_design_is_frozen_by_its_first_visitor(engine: Engine) -> None:
    """Later settings under the same name draw nobody: arms keep the share and window of the first."""
    view(engine, ANNA, drawn=INVITED)
    later = Enrolment("coffee", SPRING._replace(holdout_share=0.9, window_days=30))
    other = ViewContext(ANNA._replace(visitor_id="b" * 32), "/shop", NOON + timedelta(days=1))
    with writing(engine) as connection:
        half = always(b"\x80" + bytes(31))  # held out of a share of 0.9, and not of 0.2
        assert collect.page_view(connection, other, draw=half, enrolment=later) == Allocation("invited", "coffee")
    assert {(row.arm, row.holdout_share, row.window_days) for row in rows(engine, Assignment)} == {("invited", 0.2, 7)}
    (kept,) = rows(engine, FrozenExperiment)
    assert (kept.quiz, kept.name, kept.simulated, kept.started_at) == ("coffee", "spring", False, NOON)
    assert kept.fingerprint == fingerprint(kept.design)
    assert Design.read(kept.design) == SPRING


def test_simulated_visitors_freeze_a_design_of_their_own(engine: Engine) -> None:
    """An experiment of simulated visitors says nothing of when the real one began."""
    with writing(engine) as connection:
        collect.page_view(
            connection, ViewContext(ANNA, "/", NOON, simulated=True), draw=always(INVITED), enrolment=COFFEE
        )
    view(engine, ANNA._replace(visitor_id="b" * 32), hours=5)
    starts = {row.simulated: row.started_at for row in rows(engine, FrozenExperiment)}
    assert starts == {True: NOON, False: NOON + timedelta(hours=5)}


def test_the_stores_holdout_is_drawn_once_for_all_quizzes(engine: Engine) -> None:
    """The arm is the same on the pages of every quiz, and counts for the quiz by whose page one came in alone."""
    coffee, tea = Enrolment("coffee", SHARED), Enrolment("tea", SHARED)
    assert enter(engine, coffee, draws={"everywhere": INVITED}) == Allocation("invited", "coffee")
    assert enter(engine, tea, draws={"everywhere": HELD_OUT}, hours=1) == Allocation("invited", "tea")
    assert assigned(engine) == {("*", "everywhere", "invited", 0.1), ("coffee", "everywhere", "invited", 0.1)}


def test_who_is_held_out_of_the_store_is_invited_nowhere(engine: Engine) -> None:
    """Nor is it drawn among quizzes."""
    for hours, quiz in enumerate(("tea", "coffee")):
        found = enter(engine, Enrolment(quiz, SHARED, SHORTER), draws={"everywhere": HELD_OUT}, hours=hours)
        assert found == Allocation("holdout", None)
    assert assigned(engine) == {("*", "everywhere", "holdout", 0.1), ("tea", "everywhere", "holdout", 0.1)}


@pytest.mark.parametrize(("drawn", "arm", "quiz"), [(HELD_OUT, "first", "coffee"), (INVITED, "second", "short")])
def test_two_quizzes_against_each_other(engine: Engine, drawn: bytes, arm: str, quiz: str) -> None:
    """A page of either invites to the quiz that was drawn, for good."""
    for hours, page in enumerate(("coffee", "short", "coffee")):
        found = enter(engine, Enrolment(page, comparison=SHORTER), draws={"shorter": drawn}, hours=hours)
        assert found == Allocation("invited", quiz)
    assert assigned(engine) == {("*", "shorter", arm, 0.5)}


def test_the_invited_alone_are_drawn_among_quizzes(engine: Engine) -> None:
    """First the quiz's own holdout, then the comparison."""
    both = Enrolment("coffee", SPRING, SHORTER)
    assert enter(engine, both, draws={"spring": INVITED, "shorter": INVITED}) == Allocation("invited", "short")
    assert assigned(engine) == {("coffee", "spring", "invited", 0.2), ("*", "shorter", "second", 0.5)}


def test_who_took_a_quiz_before_enters_nothing(engine: Engine) -> None:
    """Without t0 first there is no arm; a page then shows its own quiz where only a comparison was missed."""
    late = Randomiser(lambda _text: INVITED, lambda _design: True)
    with writing(engine) as connection:
        assert collect.page_view(connection, ViewContext(ANNA, "/", NOON), draw=late, enrolment=COFFEE) is None
        among = Enrolment("coffee", comparison=SHORTER)
        found = collect.page_view(connection, ViewContext(ANNA, "/", NOON), draw=late, enrolment=among)
    assert found == Allocation("invited", "coffee")
    assert assigned(engine) == set()


def test_a_page_fetched_ahead_shows_what_was_drawn(engine: Engine) -> None:
    """Looked up, never drawn: before t0 nothing is shown."""
    ahead = ViewContext(ANNA._replace(known=True, kind="bot", kind_reason="prefetch"), "/shop", NOON)
    both = Enrolment("coffee", SPRING, SHORTER)
    with writing(engine) as connection:
        assert collect.page_view(connection, ahead, draw=always(INVITED), enrolment=both) is None
    enter(engine, both, draws={"spring": INVITED, "shorter": INVITED})
    with writing(engine) as connection:
        found = collect.page_view(connection, ahead, draw=always(HELD_OUT), enrolment=both)
    assert found == Allocation("invited", "short")


def test_a_draw_is_counted_once_it_is_kept(engine: Engine) -> None:
    """By quiz, experiment and arm; a later view draws nothing, and a simulated visitor counts nowhere."""

    def counted() -> float:
        return counters.sums().get(("drawn", "coffee", "spring", "holdout"), [0])[0]

    before = counted()
    view(engine, ANNA)
    view(engine, ANNA, hours=1)
    simulated = ViewContext(ANNA._replace(visitor_id="b" * 32), "/shop/p/dark-bean", NOON, simulated=True)
    with writing(engine) as connection:
        collect.page_view(connection, simulated, draw=always(HELD_OUT), enrolment=COFFEE)
    assert counted() == before + 1

"""Recording: one row an answer, however often it is sent; time adds up; the offer is chosen once at the end."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from quizfunnel.journey import attempt, record
from quizfunnel.journey.attempt import AnswerGiven, Finished, Starter
from quizfunnel.journey.attention import UNKNOWN, Timing
from quizfunnel.journey.tables import Answer, Attempt, QuestionView
from quizfunnel.kit.ids import new_id
from quizfunnel.offer.tables import Offer
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from tests.cast import NOON, coffee_catalog, coffee_quiz

LIVE = LiveQuiz("coffee", "f" * 64, coffee_quiz(), coffee_catalog())
COMPLETE: dict[str, AnswerValue] = {"brew": "moka", "moment": "morning", "avoid": (), "budget": 30.0, "strength": None}


class Room:
    """Stands for the offer's room: remembers what it was called with."""

    def __init__(self) -> None:
        """Start with no call."""
        self.calls: list[Finished] = []

    def __call__(self, _connection: Connection, given: Finished) -> None:
        """Remember one call."""
        self.calls.append(given)


def timing(ms: int, nonce: str, seq: int = 1) -> Timing:
    """Return a client's timing of `ms`, all of it active."""
    return Timing(nonce, NOON, ms, ms, ms, "client", seq)


def begin(connection: Connection) -> str:
    """Start an attempt at noon."""
    return record.start(connection, LIVE, Starter(), at=NOON)


def give(
    connection: Connection,
    attempt: str,
    question: str,
    value: AnswerValue,
    *,
    time: Timing = UNKNOWN,
    at: datetime = NOON,
    finished: Room | None = None,
) -> attempt.Recorded:
    """Record one answer as a view does."""
    row = record.load(connection, attempt)
    assert row is not None
    given = AnswerGiven(question, value, time, at)
    outcome = record.record_answer(connection, given, attempt=row, live=LIVE, on_finish=finished or Room())
    assert outcome is not None
    return outcome


def count(connection: Connection) -> int:
    """Count the answer rows."""
    return connection.execute(select(func.count()).select_from(Answer)).scalar_one()


def test_an_answer_to_what_was_deleted_meanwhile_is_none(engine: Engine) -> None:
    """Its shopper deleted the attempt in another tab, between this form's reading and its writing."""
    with writing(engine) as connection:
        attempt = begin(connection)
        row = record.load(connection, attempt)
        assert row is not None
        connection.execute(delete(Attempt))
        given = AnswerGiven("brew", "filter", UNKNOWN, NOON)
        assert record.record_answer(connection, given, attempt=row, live=LIVE, on_finish=Room()) is None
        assert count(connection) == 0


def test_an_answer_leads_to_the_next_question(engine: Engine) -> None:
    """The row holds the answer, its time and what was shown next."""
    with writing(engine) as connection:
        attempt = begin(connection)
        outcome = give(connection, attempt, "brew", "filter", time=timing(4_000, "a"))
    assert (outcome.next_question, outcome.finished, outcome.repeated) == ("grinder", False, False)
    with reading(engine) as connection:
        row = connection.execute(select(*columns(Answer))).one()
    assert (row.value, row.wall_ms, row.active_ms, row.source) == ('"filter"', 4_000, 4_000, "client")
    assert (row.shown_at, row.answered_at, row.next_question) == (NOON, NOON, "grinder")


def test_the_same_answer_twice_is_one_row(engine: Engine) -> None:
    """A double submit and a second tab add no row and lead to the same next question."""
    with writing(engine) as connection:
        attempt = begin(connection)
        first = give(connection, attempt, "brew", "filter", time=timing(4_000, "a"))
        again = give(connection, attempt, "brew", "filter", time=timing(4_000, "a"))
        tab = give(connection, attempt, "brew", "filter", time=timing(1_000, "b"))
        assert first.next_question == again.next_question == tab.next_question
        assert count(connection) == 1
        assert connection.execute(select(columns(Answer).active_ms)).scalar_one() == 5_000


def test_a_changed_answer_is_a_revision_that_adds_its_time(engine: Engine) -> None:
    """Both revisions stay; the second has only its own view's time; the latest counts."""
    with writing(engine) as connection:
        attempt = begin(connection)
        give(connection, attempt, "brew", "filter", time=timing(4_000, "a"))
        give(connection, attempt, "brew", "moka", time=timing(1_000, "b"))
        rows = connection.execute(
            select(columns(Answer).revision, columns(Answer).active_ms).order_by(columns(Answer).revision)
        ).all()
        assert [tuple(row) for row in rows] == [(1, 4_000), (2, 1_000)]
        assert record.answers(connection, attempt) == {"brew": "moka"}


def test_a_view_left_without_an_answer_counts_towards_the_later_one(engine: Engine) -> None:
    """Beacons of an earlier view add up, the newest of each view alone."""
    with writing(engine) as connection:
        attempt = begin(connection)
        for ms, seq in ((1_000, 1), (3_000, 3), (2_000, 2)):
            record.record_heartbeat(connection, timing(ms, "a", seq), attempt=attempt, question="brew", at=NOON)
        give(connection, attempt, "brew", "moka", time=timing(500, "b"))
        assert connection.execute(select(columns(Answer).active_ms)).scalar_one() == 3_500
        assert connection.execute(select(func.count()).select_from(QuestionView)).scalar_one() == 2


def test_an_answer_without_timing_is_kept(engine: Engine) -> None:
    """No token, no timing: the answer counts all the same."""
    with writing(engine) as connection:
        attempt = begin(connection)
        give(connection, attempt, "brew", "moka")
        row = connection.execute(select(columns(Answer).source, columns(Answer).wall_ms)).one()
        assert tuple(row) == ("none", None)


def test_the_last_answer_finishes_and_chooses_once(engine: Engine) -> None:
    """The offer's room is called in the finishing transaction with the answers that count."""
    finished = Room()
    with writing(engine) as connection:
        attempt = begin(connection)
        give(connection, attempt, "brew", "filter")
        give(connection, attempt, "grinder", "yes")
        for question, value in COMPLETE.items():
            outcome = give(connection, attempt, question, value, at=NOON + timedelta(minutes=2), finished=finished)
        assert outcome.finished
        assert len(finished.calls) == 1
        assert finished.calls[0].answers == COMPLETE
        assert finished.calls[0].finished_at == NOON + timedelta(minutes=2)
        row = record.load(connection, attempt)
        assert row is not None
        assert row.finished
        assert record.answers(connection, attempt)["grinder"] == "yes"


def test_finished_at_is_never_moved(engine: Engine) -> None:
    """An answer changed after the offer chooses again and leaves the attempt's end where it was."""
    finished = Room()
    with writing(engine) as connection:
        attempt = begin(connection)
        for question, value in COMPLETE.items():
            give(connection, attempt, question, value)
        give(connection, attempt, "moment", "evening", at=NOON + timedelta(hours=1), finished=finished)
        assert finished.calls[0].finished_at == NOON
        assert finished.calls[0].answers["moment"] == "evening"


def test_a_clock_set_back_cannot_end_an_attempt_before_it_began(engine: Engine) -> None:
    """An hour back on the wall clock: the attempt ends when it began, and is kept."""
    with writing(engine) as connection:
        attempt = begin(connection)
        for question, value in COMPLETE.items():
            give(connection, attempt, question, value, at=NOON - timedelta(hours=1))
        assert connection.execute(select(columns(Attempt).finished_at)).scalar_one() == NOON


def test_an_offer_needs_a_finished_attempt(engine: Engine) -> None:
    """The database itself refuses an offer for an attempt that is not finished."""
    with writing(engine) as connection:
        attempt = begin(connection)
    offer = {
        "id": new_id(), "attempt_id": attempt, "finished_at": NOON, "answers_hash": "h", "revision": 1,
        "chosen_at": NOON, "show": 3, "answers": "{}", "model": "rules", "policy": "{}", "seed": "s", "eligible": "[]",
        "rejected_at": None, "rejected_why": "",
    }  # fmt: skip
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(Offer).values(**offer))


def test_active_time_above_wall_time_is_refused(engine: Engine) -> None:
    """The database itself refuses a row that says somebody was active for longer than time passed."""
    with writing(engine) as connection:
        attempt = begin(connection)
    wrong = Timing("n", NOON, 1_000, 2_000, 0, "client", 1)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        record.record_heartbeat(connection, wrong, attempt=attempt, question="brew", at=NOON)


def test_an_answer_that_came_too_late_for_its_branch_is_not_recorded(engine: Engine) -> None:
    """Another tab has left the branch meanwhile: no row, and the shopper is sent on."""
    with writing(engine) as connection:
        attempt = begin(connection)
        give(connection, attempt, "brew", "moka")
        row = record.load(connection, attempt)
        assert row is not None
        late = AnswerGiven("grinder", "yes", UNKNOWN, NOON)
        assert record.record_answer(connection, late, attempt=row, live=LIVE, on_finish=Room()) is None
        assert count(connection) == 1

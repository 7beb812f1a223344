"""Laws of staff sessions: ended for everybody at once, over by age and by disuse, and each person's own."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading, write
from quizfunnel.store.types import columns
from quizfunnel.web.staff import links, people, sessions
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.people import StaffMember
from quizfunnel.web.staff.sessions import IDLE, LASTS
from quizfunnel.web.tables import StaffSession
from tests.cast import NOON

BY = Actor(None, NOON)
SECOND = timedelta(seconds=1)


@pytest.fixture
def ana(engine: Engine) -> StaffMember:
    """Give somebody of the staff."""
    return write(engine, lambda c: people.add(c, "ana", "analyst", by=BY))


def test_a_session_is_over_by_age_and_by_disuse(engine: Engine, ana: StaffMember) -> None:
    """Two hours without use end it; use keeps it for twelve hours and no longer."""
    key = write(engine, lambda c: sessions.begin(c, ana.id, at=NOON))
    with reading(engine) as connection:
        begun = sessions.find(connection, key, at=NOON + IDLE - SECOND)
        assert begun
        assert sessions.find(connection, key, at=NOON + IDLE) is None
    for hours in range(1, 12):
        write(engine, lambda c, hours=hours: sessions.seen(c, begun, at=NOON + timedelta(hours=hours)))  # type: ignore[misc]
    with reading(engine) as connection:
        assert sessions.find(connection, key, at=NOON + LASTS - SECOND)
        assert sessions.find(connection, key, at=NOON + LASTS) is None


def test_an_ended_session_is_ended_for_every_process(engine: Engine, database_url: str, ana: StaffMember) -> None:
    """What one connection ends another does not find; nobody ends somebody else's."""
    key = write(engine, lambda c: sessions.begin(c, ana.id, at=NOON))
    bo = write(engine, lambda c: people.add(c, "bo", "analyst", by=BY))
    other = open_engine(database_url, pooled=False)
    with reading(other) as connection:
        session = sessions.find(connection, key, at=NOON)
    assert session
    assert not write(engine, lambda c: sessions.end(c, bo.id, session.digest, at=NOON))
    assert write(engine, lambda c: sessions.end(c, ana.id, session.digest, at=NOON))
    assert not write(engine, lambda c: sessions.end(c, ana.id, session.digest, at=NOON))
    with reading(other) as connection:
        assert sessions.find(connection, key, at=NOON) is None
    other.dispose()


def test_a_person_sees_and_ends_their_own(engine: Engine, ana: StaffMember) -> None:
    """The one used last comes first; all but one end at once; a link is no session."""
    first, second = (write(engine, lambda c: sessions.begin(c, ana.id, at=NOON)) for _ in range(2))
    link = write(engine, lambda c: links.issue(c, ana, by=BY))
    with reading(engine) as connection:
        here = sessions.find(connection, first, at=NOON)
        assert here
        assert sessions.find(connection, link, at=NOON) is None
    write(engine, lambda c: sessions.seen(c, here, at=NOON + SECOND))
    with reading(engine) as connection:
        mine = sessions.of_person(connection, ana.id, at=NOON + SECOND)
    assert mine[0].digest == here.digest
    assert len(mine) == 2
    assert write(engine, lambda c: sessions.end_others(c, ana.id, here.digest, at=NOON)) == 1
    with reading(engine) as connection:
        assert sessions.find(connection, first, at=NOON)
        assert sessions.find(connection, second, at=NOON) is None
        assert links.look(connection, link, at=NOON).state is links.LinkState.GOOD


def test_no_key_is_kept(engine: Engine, ana: StaffMember) -> None:
    """Who reads the database finds digests alone, of sessions and of links."""
    keys = [
        write(engine, lambda c: sessions.begin(c, ana.id, at=NOON)),
        write(engine, lambda c: links.issue(c, ana, by=BY)),
    ]
    with reading(engine) as connection:
        kept = "".join(connection.scalars(select(columns(StaffSession).digest)))
    assert not any(key in kept for key in keys)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_no_text_is_a_session(engine: Engine, text: str) -> None:
    """Whatever a cookie or an address brings is looked up as a digest, and breaks nothing."""
    with reading(engine) as connection:
        assert sessions.find(connection, text, at=NOON) is None
        assert links.look(connection, text, at=NOON).state is links.LinkState.UNKNOWN

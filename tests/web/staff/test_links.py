"""Laws of one-time links: good once, for a while, for one person; and the first one, while nobody can sign in."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from quizfunnel.store.transaction import reading, write
from quizfunnel.web.staff import links, people
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.links import LASTS, LinkState
from quizfunnel.web.staff.people import StaffMember
from tests.cast import NOON

BY = Actor(None, NOON)


@pytest.fixture
def ana(engine: Engine) -> StaffMember:
    """Give somebody of the staff."""
    return write(engine, lambda c: people.add(c, "ana", "analyst", by=BY))


def state(engine: Engine, key: str, *, later: timedelta = timedelta()) -> LinkState:
    """Return what looking at a link says."""
    with reading(engine) as connection:
        return links.look(connection, key, at=NOON + later).state


def test_a_link_is_used_once(engine: Engine, ana: StaffMember) -> None:
    """Looking at it uses nothing; using it does, for good."""
    key = write(engine, lambda c: links.issue(c, ana, by=BY))
    assert state(engine, key) is LinkState.GOOD
    assert state(engine, key) is LinkState.GOOD
    assert write(engine, lambda c: links.use(c, key, at=NOON))
    assert not write(engine, lambda c: links.use(c, key, at=NOON))
    assert state(engine, key) is LinkState.USED


def test_a_link_is_over_after_three_days(engine: Engine, ana: StaffMember) -> None:
    """It is neither looked at nor used then."""
    key = write(engine, lambda c: links.issue(c, ana, by=BY))
    assert state(engine, key, later=LASTS - timedelta(seconds=1)) is LinkState.GOOD
    assert state(engine, key, later=LASTS) is LinkState.OVER
    assert not write(engine, lambda c: links.use(c, key, at=NOON + LASTS))


def test_a_newer_link_takes_the_place_of_an_earlier_one(engine: Engine, ana: StaffMember) -> None:
    """One person has one link at most; nobody else's is touched."""
    bo = write(engine, lambda c: people.add(c, "bo", "admin", by=BY))
    first, others, second = (write(engine, lambda c, p=p: links.issue(c, p, by=BY)) for p in (ana, bo, ana))  # type: ignore[misc]
    assert [state(engine, key) for key in (first, others, second)] == [LinkState.USED, LinkState.GOOD, LinkState.GOOD]
    with reading(engine) as connection:
        assert links.waiting(connection, at=NOON) == {ana.id: NOON + LASTS, bo.id: NOON + LASTS}
    write(engine, lambda c: people.remove(c, "ana", by=BY))
    assert state(engine, second) is LinkState.USED


def test_the_first_link_is_for_an_admin(engine: Engine) -> None:
    """Made while nobody can sign in: an account where there is none, and again once its link is over unused."""
    made = write(engine, lambda c: links.first(c, by=BY))
    assert made
    assert (made[0].name, made[0].role, state(engine, made[1])) == ("admin", "admin", LinkState.GOOD)
    assert write(engine, lambda c: links.first(c, by=BY)) is None
    again = write(engine, lambda c: links.first(c, by=Actor(None, NOON + LASTS)))
    assert again
    assert again[0].id == made[0].id


def test_there_is_no_first_link_once_somebody_can_sign_in(engine: Engine, ana: StaffMember) -> None:
    """A password of anybody is enough, a link that waits is too."""
    write(engine, lambda c: people.set_password(c, ana, "a hash", by=BY))
    assert write(engine, lambda c: links.first(c, by=BY)) is None

"""Laws of the staff: one account a name, somebody who manages the others stays, and removed is removed at once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, Engine

from quizfunnel.store.transaction import reading, write
from quizfunnel.web.staff import audit, links, people, sessions
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.names import StaffError
from quizfunnel.web.staff.people import StaffMember
from tests.cast import NOON

BY = Actor(None, NOON)


def add(engine: Engine, name: str, role: str = "analyst", *, password_hash: str = "") -> StaffMember:
    """Add somebody, with a password where a hash is given."""

    def verb(connection: Connection) -> StaffMember:
        person = people.add(connection, name, role, by=BY)
        if password_hash:
            people.set_password(connection, person, password_hash, by=BY)
        return people.named(connection, name)

    return write(engine, verb)


def test_it_works(engine: Engine) -> None:
    """Somebody is added, found in any spelling, given another role, and all of it stands in the record."""
    add(engine, "boss", "admin")
    assert add(engine, "Ana").role == "analyst"
    write(engine, lambda c: people.change_role(c, "ANA ", "merchandiser", by=BY))
    with reading(engine) as connection:
        assert [(person.name, person.role) for person in people.everybody(connection)] == [
            ("ana", "merchandiser"),
            ("boss", "admin"),
        ]
        done = {(entry.action, entry.subject): entry.detail for entry in audit.recent(connection)}
    assert done[("staff.role", "ana")] == {"from": "analyst", "to": "merchandiser"}
    assert done[("staff.add", "boss")] == {"role": "admin"}


def test_a_name_is_one_person(engine: Engine) -> None:
    """Who is there is not added again; who was removed comes back without the old password, role or session."""
    add(engine, "boss", "admin")
    before = add(engine, "ana", "merchandiser", password_hash="a hash")
    with pytest.raises(StaffError, match="ana is there already"):
        add(engine, "Ana")
    key = write(engine, lambda c: sessions.begin(c, before.id, at=NOON))
    write(engine, lambda c: people.remove(c, "ana", by=BY))
    with reading(engine) as connection:
        assert people.by_name(connection, "ana") is None
        assert people.by_id(connection, before.id) is None
    back = add(engine, "ana")
    assert (back.id, back.role, back.password_hash) == (before.id, "analyst", "")
    with reading(engine) as connection:
        assert sessions.find(connection, key, at=NOON) is None


def test_the_last_admin_stays(engine: Engine) -> None:
    """Neither removed nor demoted while there is no other; then either may go."""
    add(engine, "boss", "admin")
    add(engine, "ana")
    for verb in (people.remove, lambda c, name, by: people.change_role(c, name, "analyst", by=by)):
        with pytest.raises(StaffError, match=r"boss is the last admin\. Make somebody else an admin first"):
            write(engine, lambda c, verb=verb: verb(c, "boss", by=BY))  # type: ignore[misc]
    write(engine, lambda c: people.change_role(c, "ana", "admin", by=BY))
    write(engine, lambda c: people.change_role(c, "boss", "analyst", by=BY))
    with pytest.raises(StaffError, match="ana is the last admin"):
        write(engine, lambda c: people.remove(c, "ana", by=BY))


def test_the_last_admin_who_can_sign_in_stays(engine: Engine) -> None:
    """An admin who never set a password is none who could manage anything."""
    add(engine, "boss", "admin", password_hash="a hash")
    add(engine, "admin", "admin")
    with pytest.raises(StaffError, match="the others have not set a password yet"):
        write(engine, lambda c: people.remove(c, "boss", by=BY))
    write(engine, lambda c: people.remove(c, "admin", by=BY))


def test_of_two_admins_who_demote_each_other_at_once_one_stays(engine: Engine) -> None:
    """The second one finds that there is no other admin any more."""
    names, barrier, refused = ("ana", "boss"), Barrier(2), []
    for name in names:
        add(engine, name, "admin")

    def demote(name: str) -> None:
        barrier.wait()
        try:
            write(engine, lambda c: people.change_role(c, name, "analyst", by=BY))
        except StaffError:
            refused.append(name)

    threads = [Thread(target=demote, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as connection:
        admins = [person.name for person in people.everybody(connection) if person.role == "admin"]
    assert admins == refused
    assert len(admins) == 1


def test_what_is_not_there_is_said(engine: Engine) -> None:
    """A name of nobody, and a role that there is none of."""
    with pytest.raises(StaffError, match="There is nobody called zed"):
        write(engine, lambda c: people.remove(c, "zed", by=BY))
    with pytest.raises(StaffError, match="There is no role king; there is: admin, analyst, merchandiser"):
        add(engine, "ana", "king")


def test_another_password_ends_what_the_old_one_opened(engine: Engine) -> None:
    """Sessions and links of the person end, those of others do not."""
    ana, boss = add(engine, "ana"), add(engine, "boss", "admin")
    mine, other = (write(engine, lambda c, p=p: sessions.begin(c, p.id, at=NOON)) for p in (ana, boss))  # type: ignore[misc]
    link = write(engine, lambda c: links.issue(c, ana, by=BY))
    write(engine, lambda c: people.set_password(c, ana, "a hash", by=Actor(ana.id, NOON + timedelta(seconds=1))))
    with reading(engine) as connection:
        assert sessions.find(connection, mine, at=NOON) is None
        assert sessions.find(connection, other, at=NOON)
        assert links.look(connection, link, at=NOON).state is links.LinkState.USED
        latest = audit.recent(connection)[0]
    assert (latest.who, latest.action, latest.subject) == ("ana", "staff.password", "ana")

"""People of the staff: added, given a role, a password, and removed; somebody who can manage the others stays."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Select, select, update

from quizfunnel.kit.ids import new_id
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once
from quizfunnel.web.staff import audit, sessions
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.names import StaffError, new_name, spelled
from quizfunnel.web.staff.roles import ADMIN, ROLES
from quizfunnel.web.tables import Staff

_STAFF = columns(Staff)


class StaffMember(NamedTuple):
    """Somebody of the staff, and the hash of their password, "" before the first one."""

    id: str
    name: str
    role: str
    password_hash: str
    created_at: datetime


def add(connection: Connection, name: str, role: str, *, by: Actor) -> StaffMember:
    """Return a new account, still without a password; one that was removed comes back as a new one would."""
    name, role = new_name(name), _known(role)
    anew = {"role": role, "password_hash": "", "created_at": by.at, "disabled_at": None}
    back = update(Staff).where(_STAFF.name == name, _STAFF.disabled_at.is_not(None)).values(**anew)
    new = insert_once(connection.dialect.name, Staff).values(id=new_id(), name=name, **anew).returning(_STAFF.id)
    if not connection.execute(back).rowcount and connection.scalar(new) is None:
        raise StaffError(f"{name} is there already. To let them in again, give them a new link.")
    audit.record(connection, by, "staff.add", name, {"role": role})
    return named(connection, name)


def change_role(connection: Connection, name: str, role: str, *, by: Actor) -> StaffMember:
    """Give somebody another role."""
    person = named(connection, name)
    if _known(role) != ADMIN:
        _refuse_last_admin(connection, person)
    if role != person.role:
        connection.execute(update(Staff).where(_STAFF.id == person.id).values(role=role))
        audit.record(connection, by, "staff.role", person.name, {"from": person.role, "to": role})
    return person._replace(role=role)


def remove(connection: Connection, name: str, *, by: Actor) -> None:
    """Take somebody's access away at once: sessions, links and password; what they did stays on record."""
    person = named(connection, name)
    _refuse_last_admin(connection, person)
    connection.execute(update(Staff).where(_STAFF.id == person.id).values(disabled_at=by.at, password_hash=""))
    sessions.end_everything(connection, person.id, at=by.at)
    audit.record(connection, by, "staff.remove", person.name, {"role": person.role})


def set_password(connection: Connection, person: StaffMember, password_hash: str, *, by: Actor) -> None:
    """Give somebody another password; whoever was signed in by the old one, or has a link, is not any more."""
    connection.execute(update(Staff).where(_STAFF.id == person.id).values(password_hash=password_hash))
    sessions.end_everything(connection, person.id, at=by.at)
    audit.record(connection, by, "staff.password", person.name)


def sign_out(connection: Connection, person: StaffMember, *, by: Actor) -> int:
    """End every session of somebody; return how many there were."""
    ended = sessions.end_others(connection, person.id, "", at=by.at)
    if ended:
        audit.record(connection, by, "staff.sign-out", person.name, {"sessions": ended})
    return ended


def sign_everybody_out(connection: Connection, *, by: Actor) -> int:
    """End every session and link of everybody, as after a restore, which would bring ended ones back."""
    ended = sessions.end_of_everybody(connection, at=by.at)
    if ended:
        audit.record(connection, by, "staff.sign-out", "everybody", {"ended": ended})
    return ended


def keep_hash(connection: Connection, person: StaffMember, password_hash: str) -> None:
    """Keep the hash of the same password with today's parameters."""
    connection.execute(update(Staff).where(_STAFF.id == person.id).values(password_hash=password_hash))


def named(connection: Connection, name: str) -> StaffMember:
    """Return somebody of the staff, or raise StaffError where there is nobody of that name."""
    person = by_name(connection, spelled(name))
    if person is None:
        raise StaffError(f"There is nobody called {spelled(name)[:50]}. quizfunnel staff list names everybody.")
    return person


def by_name(connection: Connection, name: str) -> StaffMember | None:
    """Return somebody of the staff by the name as it is kept."""
    row = connection.execute(_present().where(_STAFF.name == name)).first()
    return StaffMember._make(row) if row else None


def by_id(connection: Connection, staff_id: str) -> StaffMember | None:
    """Return somebody of the staff by id."""
    row = connection.execute(_present().where(_STAFF.id == staff_id)).first()
    return StaffMember._make(row) if row else None


def everybody(connection: Connection) -> list[StaffMember]:
    """Return the whole staff, by name."""
    return [StaffMember._make(row) for row in connection.execute(_present().order_by(_STAFF.name))]


def _present() -> Select[tuple[str, str, str, str, datetime]]:
    fields = _STAFF.id, _STAFF.name, _STAFF.role, _STAFF.password_hash, _STAFF.created_at
    return select(*fields).where(_STAFF.disabled_at.is_(None))


def _known(role: str) -> str:
    if role not in ROLES:
        raise StaffError(f"There is no role {role[:50]}; there is: {', '.join(ROLES)}.")
    return role


def _refuse_last_admin(connection: Connection, person: StaffMember) -> None:
    """Raise StaffError where nobody else could manage the staff: no other admin, or none who has set a password.

    The admins' rows are locked, so that of two admins who demote each other at once one is refused.
    """
    if person.role != ADMIN:
        return
    admins = _present().where(_STAFF.role == ADMIN).order_by(_STAFF.id).with_for_update()
    rows = [StaffMember._make(row) for row in connection.execute(admins)]
    others = [admin for admin in rows if admin.id != person.id]
    if not others:
        raise StaffError(f"{person.name} is the last admin. Make somebody else an admin first.")
    if person.password_hash and not any(admin.password_hash for admin in others):
        raise StaffError(f"{person.name} is the last admin who can sign in: the others have not set a password yet.")

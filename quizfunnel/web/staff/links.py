"""One-time links: whoever holds one sets the password of the account that it was made for, once, for three days.

A link is a row among the sessions: it belongs to somebody, begins, is over, and is ended, which is its use.
"""

from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from quizfunnel.store.types import columns
from quizfunnel.web.staff import audit, people
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.keys import digest, new_key
from quizfunnel.web.staff.people import StaffMember
from quizfunnel.web.staff.roles import ADMIN
from quizfunnel.web.staff.sessions import LINK
from quizfunnel.web.tables import Staff, StaffSession

LASTS = timedelta(days=3)
_LONGEST_DIGEST = 64

_LINK, _STAFF = columns(StaffSession), columns(Staff)


class LinkState(Enum):
    """The state of a link."""

    GOOD = "good"
    USED = "used"  # or taken back, by a newer one or because its person was removed
    OVER = "over"
    UNKNOWN = "unknown"


class OneTimeLink(NamedTuple):
    """A link that somebody opened: its state, and the person whose password it sets, where it still does."""

    state: LinkState
    staff_id: str = ""
    name: str = ""


def issue(connection: Connection, person: StaffMember, *, by: Actor) -> str:
    """Return the key of a new link; an earlier one of the same person is no good any more."""
    earlier = _LINK.staff_id == person.id, _LINK.digest.like(f"{LINK}%"), _LINK.ended_at.is_(None)
    connection.execute(update(StaffSession).where(*earlier).values(ended_at=by.at))
    key = new_key()
    times = {"created_at": by.at, "seen_at": by.at, "expires_at": by.at + LASTS}
    connection.execute(insert(StaffSession).values(digest=_digest(key), staff_id=person.id, **times))
    audit.record(connection, by, "staff.link", person.name)
    return key


def address(base: str, key: str) -> str:
    """Return what to open in a browser to use a link, at a store that is served at `base`."""
    return f"{base.rstrip('/')}/staff/link/{key}"


def first(connection: Connection, *, by: Actor) -> tuple[StaffMember, str] | None:
    """Return an admin and the key of a link, while nobody can sign in and no link waits; None otherwise."""
    everybody = people.everybody(connection)
    if any(person.password_hash for person in everybody) or waiting(connection, at=by.at):
        return None
    admins = [person for person in everybody if person.role == ADMIN]
    person = admins[0] if admins else people.add(connection, ADMIN, ADMIN, by=by)
    return person, issue(connection, person, by=by)


def look(connection: Connection, key: str, *, at: datetime) -> OneTimeLink:
    """Return the state of a link without using it: programs that look at links before people do use none."""
    row = connection.execute(
        select(_LINK.ended_at, _LINK.expires_at, _LINK.staff_id, _STAFF.name, _STAFF.disabled_at)
        .join_from(StaffSession, Staff, _LINK.staff_id == _STAFF.id)
        .where(_LINK.digest == _digest(key))
    ).first()
    if row is None:
        return OneTimeLink(LinkState.UNKNOWN)
    if row.ended_at is not None or row.disabled_at is not None:
        return OneTimeLink(LinkState.USED)
    if row.expires_at <= at:
        return OneTimeLink(LinkState.OVER)
    return OneTimeLink(LinkState.GOOD, row.staff_id, row.name)


def use(connection: Connection, key: str, *, at: datetime) -> bool:
    """Use a link up; of two who try at once one does."""
    good = _LINK.digest == _digest(key), _LINK.ended_at.is_(None), _LINK.expires_at > at
    return connection.execute(update(StaffSession).where(*good).values(ended_at=at)).rowcount == 1


def waiting(connection: Connection, *, at: datetime) -> dict[str, datetime]:
    """Return until when a link waits to be used, by the person whom it is for."""
    good = _LINK.digest.like(f"{LINK}%"), _LINK.ended_at.is_(None), _LINK.expires_at > at
    rows = connection.execute(select(_LINK.staff_id, _LINK.expires_at).where(*good))
    return {row.staff_id: row.expires_at for row in rows}


def _digest(key: str) -> str:
    return f"{LINK}{digest(key)}"[:_LONGEST_DIGEST]

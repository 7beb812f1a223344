"""Staff sessions: a row each, so that signing out ends one in every worker, and everybody sees and ends their own."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select, update

from quizfunnel.store.types import columns
from quizfunnel.web.staff.keys import digest, new_key
from quizfunnel.web.tables import StaffSession

LASTS = timedelta(hours=12)
IDLE = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=1)  # more often is not written down
LINK = "link-"  # begins the digest of a one-time link, which is a row of the same table

_SESSION = columns(StaffSession)


class Session(NamedTuple):
    """One browser that is signed in."""

    digest: str
    staff_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def begin(connection: Connection, staff_id: str, *, at: datetime) -> str:
    """Return the key of a new session."""
    key = new_key()
    row = {"digest": digest(key), "staff_id": staff_id, "created_at": at, "seen_at": at, "expires_at": at + LASTS}
    connection.execute(insert(StaffSession).values(**row))
    return key


def find(connection: Connection, key: str, *, at: datetime) -> Session | None:
    """Return the session of a key, None for one that is over, was ended, or never was."""
    row = connection.execute(
        select(_SESSION.digest, _SESSION.staff_id, _SESSION.created_at, _SESSION.seen_at, _SESSION.expires_at).where(
            _SESSION.digest == digest(key), *_open(at)
        )
    ).first()
    return Session(*row) if row else None


def seen(connection: Connection, session: Session, *, at: datetime) -> None:
    """Write down that a session is in use."""
    mine = _SESSION.digest == session.digest, _SESSION.seen_at < at
    connection.execute(update(StaffSession).where(*mine).values(seen_at=at))


def of_person(connection: Connection, staff_id: str, *, at: datetime) -> list[Session]:
    """Return somebody's open sessions, the one used last first."""
    rows = connection.execute(
        select(_SESSION.digest, _SESSION.staff_id, _SESSION.created_at, _SESSION.seen_at, _SESSION.expires_at)
        .where(_SESSION.staff_id == staff_id, *_open(at))
        .order_by(_SESSION.seen_at.desc(), _SESSION.digest)
    )
    return [Session(*row) for row in rows]


def end(connection: Connection, staff_id: str, session: str, *, at: datetime) -> bool:
    """End one of somebody's sessions by its digest; tell whether there was one to end."""
    return _end(connection, _SESSION.staff_id == staff_id, _SESSION.digest == session, *_open(at), at=at) > 0


def end_others(connection: Connection, staff_id: str, kept: str, *, at: datetime) -> int:
    """End every session of somebody but the `kept` one; return how many."""
    return _end(connection, _SESSION.staff_id == staff_id, _SESSION.digest != kept, *_open(at), at=at)


def end_everything(connection: Connection, staff_id: str, *, at: datetime) -> None:
    """End every session and every link of somebody."""
    _end(connection, _SESSION.staff_id == staff_id, at=at)


def end_of_everybody(connection: Connection, *, at: datetime) -> int:
    """End every session and every link there is; return how many."""
    return _end(connection, at=at)


def _open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of sessions that are neither ended nor over, by age or by disuse."""
    in_use = _SESSION.expires_at > at, _SESSION.seen_at > at - IDLE
    return (_SESSION.ended_at.is_(None), *in_use, _SESSION.digest.not_like(f"{LINK}%"))


def _end(connection: Connection, *which: ColumnElement[bool], at: datetime) -> int:
    ended = connection.execute(update(StaffSession).where(_SESSION.ended_at.is_(None), *which).values(ended_at=at))
    return ended.rowcount

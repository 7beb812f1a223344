"""Audit: the record of who did what, and when, written in the transaction of the deed itself."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select

from quizfunnel.kit.ids import new_id
from quizfunnel.store.types import columns
from quizfunnel.web.tables import Audit, Staff

SHOWN = 200
WORDS = {
    "staff.add": "added",
    "staff.role": "changed the role of",
    "staff.remove": "removed",
    "staff.link": "made a link for",
    "staff.password": "set the password of",
    "staff.sign-in": "signed in as",
    "staff.sign-out": "signed out",
    "privacy.request": "did what was asked about personal data by",
    "privacy.disclose": "disclosed the record of",
    "privacy.forget": "erased",
}
"""Actions in words, each before what it was done to."""
_LONGEST_SUBJECT = 200


class Actor(NamedTuple):
    """Somebody who does something now: a person of the staff, or None for the command (and the demo's visitor)."""

    staff_id: str | None
    at: datetime


class AuditEntry(NamedTuple):
    """One line of the record; `who` is empty for the command."""

    at: datetime
    who: str
    action: str
    subject: str
    detail: Mapping[str, Any]


def record(
    connection: Connection, actor: Actor, action: str, subject: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Write down what `actor` does to `subject`."""
    connection.execute(
        insert(Audit).values(
            id=new_id(),
            at=actor.at,
            staff_id=actor.staff_id,
            action=action,
            subject=subject[:_LONGEST_SUBJECT],
            detail=json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else "",
        )
    )


def recent(connection: Connection, *, most: int = SHOWN) -> list[AuditEntry]:
    """Return the latest entries, the newest first."""
    done, person = columns(Audit), columns(Staff)
    rows = connection.execute(
        select(done.at, person.name, done.action, done.subject, done.detail)
        .outerjoin_from(Audit, Staff, done.staff_id == person.id)
        .order_by(done.at.desc(), done.id)
        .limit(most)
    )
    return [
        AuditEntry(at, name or "", action, subject, json.loads(detail or "{}"))
        for at, name, action, subject, detail in rows
    ]

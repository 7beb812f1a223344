"""Withdrawal of consent: a visitor's token that is taken back on the server, so that no later order is linked."""

import hashlib
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, select

from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once
from quizfunnel.visit.tables import RevokedToken

KIND = "visitor"
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # a basket may keep its token for years

_revoked = columns(RevokedToken)
_withdrawn_at = select(_revoked.revoked_at).where(_revoked.digest == bindparam("digest"), _revoked.kind == KIND)


def token_digest(visitor_id: str) -> str:
    """Return the digest by which a visitor's token is known as taken back; its 128 random bits cannot be guessed."""
    return hashlib.sha256(f"{KIND}\0{visitor_id}".encode()).hexdigest()


def withdraw(connection: Connection, visitor_id: str, *, at: datetime) -> None:
    """Take a visitor's token back from `at` on; the first withdrawal stands."""
    row = {"digest": token_digest(visitor_id), "kind": KIND, "revoked_at": at, "expires_at": NEVER}
    connection.execute(insert_once(connection.dialect.name, RevokedToken), row)


def withdrawn_at(connection: Connection, visitor_id: str) -> datetime | None:
    """Return since when no order of a visitor is linked any more, None where its consent stands."""
    return connection.execute(_withdrawn_at, {"digest": token_digest(visitor_id)}).scalar()

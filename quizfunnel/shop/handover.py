"""Handover: a token that takes a visitor along from the shop to the quiz on another site, once, within two minutes.

There no cookie of ours reaches the shop's pages. The key of a handover is given with a new visitor's first view and
is kept in the browser's storage alone: a cart's token is none, so that whoever reads a cart can take nobody's place. A
visitor is handed over once, to a browser that names nobody yet, and with nothing begun: it opens no attempt that there
is.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection

from quizfunnel.journey import record
from quizfunnel.kit.clock import to_millis
from quizfunnel.kit.ids import is_id
from quizfunnel.kit.signing import Signer
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once
from quizfunnel.visit import collect, identity, withdrawal
from quizfunnel.visit.tables import UsedToken

PARAMETER = "h"
KEY, TOKEN = "handover-key", "handover-token"
LIVES = timedelta(seconds=120)
KIND = "handover"


def key_of(signer: Signer, visitor: str) -> str:
    """Return the key by which the browser of a new visitor asks to be handed over."""
    return signer.sign_id(KEY, visitor)


def issue(signer: Signer, key: str, *, at: datetime) -> str | None:
    """Return the token for an address, None for a key that is none of ours."""
    visitor = signer.verify_id(KEY, key)
    return visitor and signer.sign(TOKEN, f"{visitor}.{to_millis(at + LIVES):x}")


def visitor_of(signer: Signer, token: str, *, at: datetime) -> str | None:
    """Return the visitor that a token hands over, None where it is over, or none of ours."""
    payload = signer.verify(TOKEN, token)
    if payload is None:
        return None
    visitor, _, until = payload.partition(".")
    return visitor if is_id(visitor) and to_millis(at) <= int(until, 16) else None


def redeem(connection: Connection, visitor: str, *, at: datetime) -> timedelta | None:
    """Take a visitor's one handover; return for how long the browser may be this visitor, None where it may not."""
    first = collect.first_seen(connection, visitor)
    left = identity.KEPT - (at - first) if first else timedelta()
    if left <= timedelta() or withdrawal.withdrawn_at(connection, visitor) is not None:
        return None
    if record.begun_by(connection, visitor, most=1):
        return None
    digest = hashlib.sha256(f"{KIND}\0{visitor}".encode()).hexdigest()
    row = {"digest": digest, "kind": KIND, "used_at": at, "expires_at": at + left}
    once = insert_once(connection.dialect.name, UsedToken).returning(columns(UsedToken).digest)
    return left if connection.execute(once, row).first() else None

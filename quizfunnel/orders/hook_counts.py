"""Hook counters: genuine deliveries of a day by the secret that proved them, and unsigned first pings.

A secret stands here by a keyed fingerprint, from which it can neither be read nor guessed.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from quizfunnel.kit.signing import Signer
from quizfunnel.store.types import columns
from quizfunnel.visit.day_counts import count_one
from quizfunnel.visit.tables import DayCount

PROVEN, GREETED = "hook proven", "hook greeted"
_PURPOSE = "hook-secret"
_LETTERS = 16
_count = columns(DayCount)


class HookCount(NamedTuple):
    """Deliveries of a source on a day (UTC): genuine ones by their secret's fingerprint, or greetings without one."""

    source: str
    fingerprint: str
    day: date
    deliveries: int


def fingerprint(signer: Signer, source: str, secret: str) -> str:
    """Return the name under which deliveries that a secret proved are counted."""
    return signer.digest(_PURPOSE, f"{source}\0{secret}").hex()[:_LETTERS]


def count_proven(connection: Connection, source: str, proof: str, *, day: date) -> None:
    """Count a genuine delivery, a repeated one too: it tells that the store signs with this secret now."""
    count_one(connection, PROVEN, f"{source} {proof}", day=day)


def count_greeting(connection: Connection, source: str, *, day: date) -> None:
    """Count a body that only tried the address."""
    count_one(connection, GREETED, source, day=day)


def counted(connection: Connection, kind: str) -> Iterator[HookCount]:
    """Return what was counted of a kind, the latest day first."""
    rows = connection.execute(
        select(_count.key, _count.day, _count.count).where(_count.kind == kind).order_by(_count.day.desc(), _count.key)
    )
    for key, day, number in rows:
        source, _, proof = key.partition(" ")
        yield HookCount(source, proof, day, number)

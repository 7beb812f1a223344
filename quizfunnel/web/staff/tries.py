"""Tries to sign in, counted in the database over all workers and restarts, by account and by network.

A try is written down as failed before its password is looked at, so that many at once are no more than as many one
after another.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from quizfunnel.kit.ids import new_id
from quizfunnel.store.types import columns
from quizfunnel.web.tables import SignInTry

WITHIN = timedelta(minutes=15)
OF_ACCOUNT, OF_NETWORK = 5, 20
_KEPT = timedelta(days=1)
_TURN = 7_146_113  # PostgreSQL's lock of this work; SQLite has one writer anyway

_TRY = columns(SignInTry)


class Source(NamedTuple):
    """Account and network of a try, as keyed digests: no row tells who mistyped."""

    account: str
    network: str


class Begun(NamedTuple):
    """A try that may be made, by its id, or the seconds to wait first."""

    id: str = ""
    wait_seconds: int = 0


def begin(connection: Connection, source: Source, *, at: datetime) -> Begun:
    """Count a try as failed until it succeeds, or say how long account or network have to wait."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
    wait = max(
        _wait(_failures_of_account(connection, source.account, since=at - WITHIN), OF_ACCOUNT, at),
        _wait(_failures_of_network(connection, source.network, since=at - WITHIN), OF_NETWORK, at),
    )
    if wait:
        return Begun(wait_seconds=wait)
    connection.execute(delete(SignInTry).where(_TRY.at < at - _KEPT))
    begun = Begun(new_id())
    connection.execute(insert(SignInTry).values(id=begun.id, at=at, succeeded=False, **source._asdict()))
    return begun


def succeed(connection: Connection, begun: Begun) -> None:
    """Count a try as a success: the account's earlier failures do not count any more, the network's do."""
    connection.execute(update(SignInTry).where(_TRY.id == begun.id).values(succeeded=True))


def _failures_of_account(connection: Connection, account: str, *, since: datetime) -> Sequence[datetime]:
    """Return the moments of an account's failures after its last success, the latest first.

    Who guesses cannot begin anew by signing in to an account of their own: it is another account.
    """
    success = select(func.max(_TRY.at)).where(_TRY.account == account, _TRY.succeeded).scalar_subquery()
    mine = _TRY.account == account, ~_TRY.succeeded, _TRY.at > since, _TRY.at > func.coalesce(success, since)
    return connection.scalars(select(_TRY.at).where(*mine).order_by(_TRY.at.desc()).limit(OF_ACCOUNT)).all()


def _failures_of_network(connection: Connection, network: str, *, since: datetime) -> Sequence[datetime]:
    mine = _TRY.network == network, ~_TRY.succeeded, _TRY.at > since
    return connection.scalars(select(_TRY.at).where(*mine).order_by(_TRY.at.desc()).limit(OF_NETWORK)).all()


def _wait(failures: Sequence[datetime], most: int, at: datetime) -> int:
    """Return the seconds until the oldest of `most` failures is old enough."""
    if len(failures) < most:
        return 0
    return max(1, -((at - failures[-1] - WITHIN) // timedelta(seconds=1)))

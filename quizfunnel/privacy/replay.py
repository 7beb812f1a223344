"""Replay of the list of erasures: a database that was put back from a backup forgets again whoever was forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine, select, tuple_

from quizfunnel.contact.tables import Lead
from quizfunnel.journey.tables import Attempt
from quizfunnel.orders.tables import Order
from quizfunnel.privacy import bodies, erasure_list, subjects
from quizfunnel.privacy.bodies import KeptBody
from quizfunnel.privacy.erasure_list import Erased, Redactions
from quizfunnel.privacy.forget import Forgotten, Keeper, carry_out
from quizfunnel.privacy.subjects import Subjects
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.erasure import ErasedKind, ErasureKey
from quizfunnel.visit.tables import Erasure, Visitor

_READ = 5_000  # rows that are read at once

_erasure = columns(Erasure)
_KEYS: dict[ErasedKind, tuple[Any, ...]] = {
    "visitor": (columns(Visitor).id,),
    "attempt": (columns(Attempt).id,),
    "lead": (columns(Lead).id,),
    "order": (columns(Order).source, columns(Order).order_id),
}


class ReplayedErasures(NamedTuple):
    """Outcome of a replay: erasures on the list, those the database did not know, and what went."""

    listed: int
    unknown: int
    forgotten: Forgotten

    def text(self) -> str:
        """Return the outcome in a line."""
        rows, emptied = sum(self.forgotten.rows.values()), self.forgotten.bodies
        return f"{self.listed:,} erasures listed, {self.unknown:,} new here: {rows:,} rows, {emptied:,} bodies"


def replay_erasures(engine: Engine, path: Path, *, now: datetime | None = None) -> ReplayedErasures:
    """Erase from a database everybody on the list in the folder `path`; again is no harm.

    Raises:
        KeyMissing: where there is a list without its key: nobody on it could be known.
        ErasureListError: where the list cannot be read.
    """
    keeper, now = Keeper(engine, ErasureKey(path)), now or datetime.now(UTC)
    listed = erasure_list.read(keeper.key)
    if not listed:
        return ReplayedErasures(0, 0, Forgotten({}, 0, True))
    wanted = _wanted(keeper, {(each.kind, each.digest) for each in listed})
    new = _unknown(engine, listed)
    redacted = _redact(keeper, listed, now)  # before the database says that it knows the list
    done = carry_out(keeper, wanted, new, now=now, by="replay")
    return ReplayedErasures(len(listed), len(new), done._replace(bodies=done.bodies + redacted))


def catch_up(engine: Engine, path: Path) -> ReplayedErasures | None:
    """Replay the list where the database does not know all of it, as one put back by hand; None where it does."""
    return replay_erasures(engine, path) if is_behind(engine, path) else None


def is_behind(engine: Engine, path: Path) -> bool:
    """Tell whether the list holds erasures that the database does not know: it was put back from a backup.

    Raises:
        KeyMissing: where the list has lost its key, though the database knows all of it: nobody is known again.
    """
    key = ErasureKey(path)
    key.is_made()
    return bool(_unknown(engine, erasure_list.read(key)))


def unlisted(engine: Engine, path: Path) -> int:
    """Return how many erasures the database knows and the list does not: a list of another machine, or a lost one."""
    listed = {(each.kind, each.digest) for each in erasure_list.read(ErasureKey(path))}
    with reading(engine) as connection:
        rows = connection.execute(select(_erasure.kind, _erasure.digest)).all()
    return sum((row[0], row[1]) not in listed for row in rows)


def newest(path: Path) -> datetime | None:
    """Return the moment of the latest erasure on the list, None where nobody was erased."""
    return max((each.at for each in erasure_list.read(ErasureKey(path))), default=None)


def _unknown(engine: Engine, listed: tuple[Erased, ...]) -> tuple[Erased, ...]:
    if not listed:
        return ()
    with reading(engine) as connection:
        known = {(row[0], row[1]) for row in connection.execute(select(_erasure.kind, _erasure.digest))}
    return tuple({(each.kind, each.digest): each for each in listed if (each.kind, each.digest) not in known}.values())


def _redact(keeper: Keeper, listed: tuple[Erased, ...], now: datetime) -> int:
    """Empty again the bodies that a platform had redacted; return how many."""
    redactions = Redactions(keeper.key.made(), listed)

    def concerns(body: KeptBody) -> bool:
        return body.received_at is not None and redactions.holds(body.source, body.received_at, body.customers)

    return bodies.empty_those(keeper.engine, concerns, now=now) if redactions else 0


def _wanted(keeper: Keeper, listed: set[tuple[str, str]]) -> Subjects:
    """Return whom the database, or a body in its inbox, still has of those on the list, with what is theirs."""
    key = keeper.key.made()

    def is_listed(kind: ErasedKind, *id: str) -> bool:
        return (kind, key.digest(kind, *id)) in listed

    erased: dict[ErasedKind, set[Any]] = {kind: set() for kind in _KEYS}
    for kind in {kind for kind in _KEYS if any(listed_kind == kind for listed_kind, _ in listed)}:
        erased[kind] = {id for id in _ids(keeper.engine, kind) if is_listed(kind, *id)}
    for body in bodies.kept(keeper.engine):
        erased["order"] |= {order for order in body.orders if is_listed("order", *order)}
        erased["visitor"] |= {(visitor,) for visitor in body.visitors if is_listed("visitor", visitor)}
    single = {kind: frozenset(id for (id,) in erased[kind]) for kind in _KEYS if kind != "order"}
    whole = Subjects(single["visitor"], single["attempt"], single["lead"], frozenset(erased["order"]))
    with reading(keeper.engine) as connection:
        return subjects.expanded(connection, whole)


def _ids(engine: Engine, kind: ErasedKind) -> Iterator[tuple[str, ...]]:
    """Yield the key of every row of a kind."""
    key = _KEYS[kind]
    last: tuple[str, ...] | None = None
    while True:
        later = () if last is None else (tuple_(*key) > tuple_(*last),)
        with reading(engine) as connection:
            rows = connection.execute(select(*key).where(*later).order_by(*key).limit(_READ)).all()
        if not rows:
            return
        yield from (tuple(row) for row in rows)
        last = tuple(rows[-1])

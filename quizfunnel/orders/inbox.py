"""Inbox: a signed body is kept before it is read, answered, and read after; nothing of it is lost."""

import hashlib
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, literal, select, update
from sqlalchemy.sql.dml import Insert, ReturningInsert

from quizfunnel.kit.ids import new_id
from quizfunnel.orders import hook_counts, ledger, marks
from quizfunnel.orders.attribution import kept_facts
from quizfunnel.orders.event import EventFacts, UnreadableError
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.source import BodyReader, OrderSource, RefusalReason
from quizfunnel.orders.tables import DeliveryRefusal, OrderEvent
from quizfunnel.store.transaction import DatabaseAway, reading, write
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import add_up, insert_once

log = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
LEAD = timedelta(minutes=15)  # by so much a store's clock may be ahead
ASKED = "asks about personal data; quizfunnel nightly does what it asks"
_event = columns(OrderEvent)


class Receipt(NamedTuple):
    """The answer to a sender: an HTTP status, a message, and the reason where the delivery is refused."""

    status: int
    message: str
    reason: RefusalReason | None = None


class Replayed(NamedTuple):
    """Counts of events that were read again: applied, without effect, still unreadable, of a moment to come.

    `passed_over` are of sources that have no secret here, and stay as they are.
    """

    applied: int
    unchanged: int
    dead: int
    waiting: int = 0
    passed_over: int = 0


class Delivery(NamedTuple):
    """One body as it came, from which source, with which headers, when."""

    source: OrderSource
    body: bytes
    headers: Mapping[str, str]
    now: datetime
    simulated: bool = False

    @property
    def lowered(self) -> dict[str, str]:
        """Return the headers by lower-case name."""
        return {name.lower(): value for name, value in self.headers.items()}


class Arrival(NamedTuple):
    """One body that is to be kept: of which source, under which id of its delivery, when it came."""

    source: str
    delivery: str
    body: bytes
    at: datetime


def receive(engine: Engine, sent: Delivery, *, keys: AttributionKeys) -> Receipt:
    """Keep a delivery and read it; DatabaseAway where it cannot be kept.

    The signature is checked on the bytes before anything else. A genuine body is answered 200 even
    when nothing in it can be read: it stands in the inbox as a dead letter.
    """
    refused = refuse(sent)
    if refused is not None:
        return refused
    event = write(engine, lambda connection: keep(connection, sent), durable=True)  # 200 says that it is kept
    if event is None:
        with suppress(DatabaseAway):
            write(engine, lambda connection: _count_proof(connection, sent, keys))
        return Receipt(200, "received before")

    def take(connection: Connection) -> str:
        state = read(connection, event, source=sent.source, keys=keys, now=sent.now)
        _count_proof(connection, sent, keys)  # last: other deliveries wait for its row
        return state

    try:
        state = write(engine, take)
    except DatabaseAway:
        log.warning("order event %s is kept and will be read by `quizfunnel orders replay`", event)
        return Receipt(200, "kept")
    except Exception as error:  # noqa: BLE001 - the body is safe, so that the store need not send it again
        log.error("order event %s is kept and could not be read: %s", event, type(error).__name__)  # noqa: TRY400 - a traceback holds the order
        return Receipt(200, "kept")
    return Receipt(200, "kept, but it could not be read" if state == "dead" else "received")


def refuse(sent: Delivery) -> Receipt | None:
    """Return the refusal of a delivery, None where it is genuine."""
    if len(sent.body) > MOST_BYTES:
        return Receipt(413, RefusalReason.TOO_LARGE.meaning, RefusalReason.TOO_LARGE)
    reason = sent.source.refusal(sent.body, sent.lowered, now=sent.now)
    return Receipt(401, reason.meaning, reason) if reason else None


def _count_proof(connection: Connection, sent: Delivery, keys: AttributionKeys) -> None:
    """Count by which secret a delivery was proven."""
    secret = sent.source.signer(sent.body, sent.lowered)
    if secret is not None and not sent.simulated:
        proof = hook_counts.fingerprint(keys.signer, sent.source.name, secret)
        hook_counts.count_proven(connection, sent.source.name, proof, day=sent.now.date())


def count_greeting(engine: Engine, sent: Delivery) -> None:
    """Count an unsigned first ping; a count that cannot be written is dropped."""
    with suppress(DatabaseAway):
        write(
            engine,
            lambda connection: hook_counts.count_greeting(connection, sent.source.name, day=sent.now.date()),
        )


def count_refusal(engine: Engine, source: str, reason: RefusalReason, *, now: datetime) -> None:
    """Count a delivery that was refused, for its day; nothing else of it is kept.

    A count that cannot be written is dropped: the refusal itself is answered and in the log.
    """
    values = {"source": source, "day": now.date(), "reason": reason.value, "count": 1}
    with suppress(DatabaseAway):
        write(engine, lambda connection: connection.execute(_count_one(connection.dialect.name), values))


def keep(connection: Connection, sent: Delivery) -> str | None:
    """Keep a genuine delivery; return its id in the inbox, None where it came before.

    A request about personal data may be word for word the one that was obeyed a year ago: it is another one.
    """
    arrival = Arrival(sent.source.name, sent.source.delivery(sent.body, sent.lowered), sent.body, sent.now)
    event = keep_trusted(connection, arrival, simulated=sent.simulated)
    if event is None and _is_request(sent) and _free_name(connection, arrival):
        event = keep_trusted(connection, arrival, simulated=sent.simulated)
    return event


def keep_trusted(connection: Connection, arrival: Arrival, *, simulated: bool = False) -> str | None:
    """Keep a body that needs no signature; return its id in the inbox, None where it came before."""
    event = new_id()
    done = connection.execute(
        _insert_event(connection.dialect.name),
        {
            "id": event,
            "source": arrival.source,
            "delivery": arrival.delivery,
            "topic": "",
            "received_at": arrival.at,
            "body": arrival.body,
            "state": "new",
            "error": "",
            "simulated": simulated,
        },
    )
    return event if done.first() is not None else None


def _is_request(sent: Delivery) -> bool:
    """Tell whether a body asks about personal data."""
    try:
        return sent.source.read(sent.body).privacy is not None
    except Exception:  # noqa: BLE001 - whatever cannot be read came before all the same, and is answered so
        return False


def _free_name(connection: Connection, arrival: Arrival) -> bool:
    """Take the delivery's id from the event that has it, unless that one still waits; tell whether it is free now."""
    gone = _event.source == arrival.source, _event.delivery == arrival.delivery, _event.purged_at.is_not(None)
    renamed = update(OrderEvent).where(*gone).values(delivery=literal("done ") + _event.id)
    return connection.execute(renamed).rowcount > 0


def read(connection: Connection, event: str, *, source: BodyReader, keys: AttributionKeys, now: datetime) -> str:
    """Read one kept event into the ledger and return its state from now; of one who was erased no body stays.

    One that speaks of a moment to come waits: an order that is changed tomorrow would be the newest for a day, and
    one of next year be counted in no window.
    """
    body, simulated = connection.execute(select(_event.body, _event.simulated).where(_event.id == event)).one()
    values: dict[str, Any] = {"topic": "", "error": ""}
    try:
        facts = source.read(bytes(body))
    except UnreadableError as problem:
        values |= {"state": "dead", "error": str(problem)[:500]}
    else:
        kept = kept_facts(connection, keys.signer, facts, source=source.name, permission=keys.permission)
        values |= {"topic": facts.topic[:64], "error": "; ".join(facts.remarks)[:500]}
        if not kept.body:
            values |= {"body": b"", "purged_at": now}
        latest = kept.facts.latest()
        if facts.privacy is not None:
            values |= {"state": "waiting", "error": ASKED}
        elif latest is not None and latest > now + LEAD:
            says = f"is of {latest:%Y-%m-%d %H:%M} UTC, which is to come; it is read then"
            values |= {"state": "waiting", "error": says}
        else:
            marks.keep(connection, source.name, kept.facts, now=now)
            origin = ledger.Origin(source.name, hashlib.sha256(bytes(body)).hexdigest(), simulated=bool(simulated))
            values["state"] = _apply(connection, keys, kept.facts, origin)
    connection.execute(update(OrderEvent).where(_event.id == event).values(**values))
    return str(values["state"])


def _apply(connection: Connection, keys: AttributionKeys, facts: EventFacts, origin: ledger.Origin) -> str:
    """Apply facts to the ledger and return the state that their event has then."""
    if facts.is_idle:
        return "ignored"
    return "applied" if ledger.apply(connection, keys, facts, origin) else "stale"


def replay(
    engine: Engine, sources: Mapping[str, BodyReader], keys: AttributionKeys, *, now: datetime, dead: bool = False
) -> Replayed:
    """Read the events that were kept and not read, those whose moment has come, and with `dead` unreadable ones again.

    The age of their signatures is not checked again. A body that is kept no longer cannot be read.
    """
    states = ("new", "waiting", "dead") if dead else ("new", "waiting")
    with reading(engine) as connection:
        waiting = connection.execute(
            select(_event.id, _event.source)
            .where(_event.state.in_(states), _event.purged_at.is_(None), _event.error != ASKED)
            .order_by(_event.received_at, _event.id)
        ).all()
    counts = {"applied": 0, "unchanged": 0, "dead": 0, "waiting": 0, "passed_over": 0}
    for event, name in waiting:
        if name not in sources:
            counts["passed_over"] += 1
        else:
            state = _read_again(engine, event, source=sources[name], keys=keys, now=now)
            counts[state if state in counts else "unchanged"] += 1
    return Replayed(**counts)


def _read_again(engine: Engine, event: str, *, source: BodyReader, keys: AttributionKeys, now: datetime) -> str:
    """Read one event in a transaction of its own; one that fails is set aside, so that the others go on."""
    try:
        return write(engine, lambda connection: read(connection, event, source=source, keys=keys, now=now))
    except DatabaseAway:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it concerns this event alone
        values = {"state": "dead", "error": f"could not be read: {type(error).__name__}"}
        write(
            engine, lambda connection: connection.execute(update(OrderEvent).where(_event.id == event).values(values))
        )
        return "dead"


@lru_cache(maxsize=2)
def _insert_event(dialect: str) -> ReturningInsert[tuple[str]]:
    return insert_once(dialect, OrderEvent).returning(_event.id)


@lru_cache(maxsize=2)
def _count_one(dialect: str) -> Insert:
    return add_up(dialect, DeliveryRefusal, key=("source", "day", "reason"), added=("count",))

"""Requests about personal data, as a platform hands them on: obeyed by night, each with a line in the audit trail."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from quizfunnel.orders.event import EventFacts, PrivacyRequest, UnreadableError
from quizfunnel.orders.tables import Order, OrderEvent
from quizfunnel.privacy import bodies, disclose, disclosed_files, forget, subjects
from quizfunnel.privacy.bodies import Concern
from quizfunnel.privacy.disclose import InWords
from quizfunnel.privacy.erasure_list import Redaction
from quizfunnel.privacy.forget import Keeper
from quizfunnel.privacy.subjects import OrderKey, Subjects
from quizfunnel.store.transaction import reading, write
from quizfunnel.store.types import columns
from quizfunnel.web.staff import audit
from quizfunnel.web.staff.audit import Actor

ACTION = "privacy.request"
_AT_ONCE = 100  # orders of a shop that are erased in one transaction
_SHORTEST = 6  # characters of an address or a number that is looked for in bodies

_event, _order = columns(OrderEvent), columns(Order)


class Office(NamedTuple):
    """Office that obeys requests: the keeper, the readers of bodies, disclosures' folder, answers in words, the moment.

    Readers are by source and need no secret: signatures were checked when the bodies came.
    """

    keeper: Keeper
    readers: Mapping[str, Callable[[bytes], EventFacts]]
    folder: Path
    in_words: InWords
    now: datetime


class Obeyed(NamedTuple):
    """One request that was obeyed: of which source and topic, and what was done, without a name."""

    source: str
    topic: str
    did: str

    def text(self) -> str:
        """Return it in a line."""
        return f"{self.source} {self.topic}: {self.did}"


class _Asked(NamedTuple):
    event: str
    source: str
    topic: str
    request: PrivacyRequest

    @property
    def orders(self) -> frozenset[OrderKey]:
        """Return the orders that it names."""
        return frozenset((self.source, id) for id in self.request.orders)


def obey(office: Office) -> list[Obeyed]:
    """Do what every waiting request asks for; its own body, which names the customer, is emptied then."""
    done = []
    for waiting in _waiting(office):
        did = _VERBS[waiting.request.asks](office, waiting)
        bodies.empty(office.keeper.engine, [waiting.event], now=office.now, unread="applied", why="")
        obeyed = Obeyed(waiting.source, waiting.topic, did)
        _leave_trail(office, waiting, obeyed)
        done.append(obeyed)
    return done


def _waiting(office: Office) -> Iterator[_Asked]:
    with reading(office.keeper.engine) as connection:
        rows = connection.execute(
            select(_event.id, _event.source, _event.body)
            .where(_event.state.in_(("new", "waiting")), _event.purged_at.is_(None))
            .order_by(_event.received_at, _event.id)
        ).all()
    for event, source, body in rows:
        if source not in office.readers:
            continue
        try:
            facts = office.readers[source](bytes(body))
        except UnreadableError:
            continue
        if facts.privacy is not None:
            yield _Asked(event, source, facts.topic, facts.privacy)


def _disclose(office: Office, waiting: _Asked) -> str:
    """Write down for the shop what is kept of a customer; the shop hands it on."""
    with reading(office.keeper.engine) as connection:
        whose = subjects.visitors_of(connection, waiting.orders)
    wanted = Subjects(visitors=whose, orders=waiting.orders)
    record = disclose.disclose(office.keeper.engine, wanted, in_words=office.in_words, now=office.now)
    path = disclosed_files.write(office.folder, f"{office.now:%Y-%m-%d}-{waiting.event}", record)
    return f"hand {path} on to the customer"


def _redact(office: Office, waiting: _Asked) -> str:
    """Forget a customer's orders, the visitors that they are attributed to, and bodies that name the customer."""
    with reading(office.keeper.engine) as connection:
        whose = subjects.visitors_of(connection, waiting.orders)
    texts = [name for name in waiting.request.names if len(name) >= _SHORTEST]
    called = (*filter(None, [waiting.request.customer]), *texts)
    done = forget.forget(
        office.keeper,
        Subjects(visitors=whose, orders=waiting.orders),
        now=office.now,
        by=f"{waiting.source} hook",
        redaction=Redaction(waiting.source, called) if called else None,
    )
    names = tuple(name.encode() for name in texts)
    customers = frozenset({(waiting.source, waiting.request.customer)} if waiting.request.customer else ())
    concern = Concern(customers=customers, texts=names)
    more = bodies.empty_those(
        office.keeper.engine, lambda body: body.id != waiting.event and concern.holds(body), now=office.now
    )
    disclosed_files.remove(office.folder, Subjects(), concern.holds)
    emptied = done.bodies + more
    return f"{len(waiting.orders):,} orders and {len(whose):,} visitors forgotten, {emptied:,} bodies emptied"


def _redact_shop(office: Office, waiting: _Asked) -> str:
    """Forget every order of the platform, and empty every body that it sent; visitors are the quiz's own."""
    # Bodies first: each erasure looks through those that are left.
    emptied = bodies.empty_those(
        office.keeper.engine, lambda body: body.source == waiting.source and body.id != waiting.event, now=office.now
    )
    by = f"{waiting.source} hook"
    forget.forget(office.keeper, Subjects(), now=office.now, by=by, redaction=Redaction(waiting.source))
    with reading(office.keeper.engine) as connection:
        known = connection.execute(select(_order.order_id).where(_order.source == waiting.source)).scalars().all()
    for some in subjects.in_chunks(known, _AT_ONCE):
        wanted = Subjects(orders=frozenset((waiting.source, id) for id in some))
        forget.forget(office.keeper, wanted, now=office.now, by=by)
    disclosed_files.remove(office.folder, Subjects(), lambda body: body.source == waiting.source)
    return f"{len(known):,} orders forgotten, {emptied:,} bodies emptied"


_VERBS = {"disclose": _disclose, "redact": _redact, "redact_shop": _redact_shop}


def _leave_trail(office: Office, waiting: _Asked, obeyed: Obeyed) -> None:
    detail = {"topic": waiting.topic, "did": obeyed.did}
    write(
        office.keeper.engine,
        lambda connection: audit.record(connection, Actor(None, office.now), ACTION, waiting.source, detail),
    )

"""Verbs of the shop's pages, one transaction each: a view with its arm, a view's end, an event, a withdrawal."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from sqlalchemy import Connection, select

from quizfunnel.journey import record
from quizfunnel.kit.ids import new_id
from quizfunnel.kit.money import exponent, to_minor
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.shop import counts, earlier
from quizfunnel.shop.counts import ViewKind
from quizfunnel.shop.invite import Host
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once
from quizfunnel.visit import collect, withdrawal
from quizfunnel.visit.identity import Guest
from quizfunnel.visit.tables import Visitor, VisitorEvent

SOURCE = "snippet"  # of its events
JUST = timedelta(days=1)  # for so long nobody who has finished a quiz is invited to it again


class PageOfShop(NamedTuple):
    """One view of a page of the shop, as its snippet tells of it.

    `begun` are attempts whose own cookies the browser brought, `clicked` a click that led it here, `network` the keyed
    digest of where it is.
    """

    guest: Guest
    path: str
    at: datetime
    network: str
    has_place: bool = True
    stores: bool = True
    again: bool = False
    begun: Collection[str] = ()
    clicked: str | None = None


class Shown(NamedTuple):
    """Outcome of a view: its visitor and id, None where nobody is recorded, and the quiz that it invites to."""

    visitor: str | None = None
    view: str | None = None
    quiz: LiveQuiz | None = None
    finished: str = ""  # the attempt whose products are still there


def view(connection: Connection, page: PageOfShop, host: Host, *, limit: int) -> Shown:
    """Record a view; at a page that invites, draw the visitor's arm or read it, and say what the page shows.

    Who may not be remembered, cannot keep anything or is one of too many from one network leaves a count and no row.
    """
    live = host.page_of(page.path) if page.has_place else None
    kind = _kind(connection, page, limit=limit)
    _count_place(connection, page, host)
    if live is not None:
        counts.count_view(connection, kind, live.slug, at=page.at)
        if page.again and kind != "view_no_consent":  # it was counted among those before
            counts.count_view(connection, "view_consented_later", live.slug, at=page.at)
    if kind != "view":
        return unrecorded(connection, page, host)
    visitor, id = page.guest.visitor_id or "", new_id()
    context = collect.ViewContext(page.guest, page.path, page.at, id=id)
    begun = [*page.begun, *earlier.attempt_of_click(connection, page.clicked)]
    draw, enrolment = host.draw(connection, visitor, begun), host.enrolment(live)
    invited = collect.page_view(connection, context, draw=draw, enrolment=enrolment)
    earlier.note(connection, visitor, begun, at=page.at)
    shown = live and host.shown(live, invited)
    return Shown(visitor, id, shown, _finished(connection, shown, page))


def unrecorded(connection: Connection, page: PageOfShop, host: Host) -> Shown:
    """Return what a page shows to somebody of whom nothing is kept: an invitation only where nobody is held out."""
    live = host.page_of(page.path) if page.has_place else None
    shown = live and host.shown(live, None)
    return Shown(quiz=shown, finished=_finished(connection, shown, page))


def event(connection: Connection, visitor: str, happened: "Happened", *, at: datetime, digest: str) -> bool:
    """Keep an event of a visitor, once; tell whether it may be kept: not of one unknown, or of too many a minute.

    They are counted under the visitor's keyed `digest`.
    """
    known = columns(Visitor).id == visitor
    if connection.execute(select(columns(Visitor).id).where(known)).first() is None:
        return False
    if withdrawal.withdrawn_at(connection, visitor) is not None:
        return False
    if not counts.within(connection, counts.EVENT, digest, most=counts.MOST_EVENTS, at=at):
        return False
    row = {
        "source": SOURCE,
        "event_id": f"{visitor}/{happened.id}",
        "name": happened.name,
        "visitor_id": visitor,
        "at": at,
        "value_minor": happened.value_minor,
        "currency": happened.currency,
    }
    connection.execute(insert_once(connection.dialect.name, VisitorEvent), row)
    return True


class Happened(NamedTuple):
    """One event as the shop's page told it; `value_minor` and `currency` stand together or not at all."""

    id: str
    name: str
    value_minor: int | None = None
    currency: str | None = None

    @classmethod
    def of(cls, id: str, name: str, value: Decimal | None, currency: str | None) -> "Happened":
        """Take a value in major units, as scripts add them up; ValueError for what is no money."""
        if value is None or currency is None:
            if value is not None:
                raise ValueError("a value needs its currency, like EUR")
            return cls(id, name)
        step = Decimal(1).scaleb(-exponent(currency))
        if not value.is_finite() or abs(value) >= 10**12:
            raise ValueError("is no possible amount of money")
        return cls(id, name, to_minor(value.quantize(step, ROUND_HALF_EVEN), currency), currency)


def _count_place(connection: Connection, page: PageOfShop, host: Host) -> None:
    """Count whether a page that invites has a place for it: a view once, however late its visitor agrees."""
    pattern = host.pattern(page.path)
    if pattern is not None and host.page_of(page.path) and page.guest.kind == "shopper" and not page.again:
        counts.count_place(connection, pattern, has_place=page.has_place, at=page.at)


def _kind(connection: Connection, page: PageOfShop, *, limit: int) -> ViewKind:
    """Return what comes of a view: recorded, or why it is not."""
    guest = page.guest
    if guest.kind != "shopper":
        return "view_bot"
    if guest.visitor_id is None:
        return "view_no_consent"
    if not guest.known and not page.stores:
        return "view_no_storage"
    if not guest.known and not counts.within(connection, counts.NEWCOMER, page.network, most=limit, at=page.at):
        return "view_limited"
    return "view"


def _finished(connection: Connection, live: LiveQuiz | None, page: PageOfShop) -> str:
    """Return the attempt that was just finished, whose products are still to be seen; "" where there is none."""
    latest = live and record.latest(connection, live.slug, page.guest.visitor_id, page.begun)
    return latest.id if latest and latest.finished_at and latest.finished_at + JUST > page.at else ""

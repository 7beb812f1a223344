"""Earlier takers: visitors who met a quiz before their t0, and so enter no experiment of it, ever."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from quizfunnel.journey import record
from quizfunnel.journey.tables import Attempt
from quizfunnel.offer.tables import Click, Offer
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once
from quizfunnel.visit.tables import VisitorEvent

SOURCE = "quizfunnel"
_NAME = "quiz_before"  # the underscore keeps it apart from the names that a shop may list

_attempt, _event = columns(Attempt), columns(VisitorEvent)


def has_taken(connection: Connection, visitor: str, quizzes: Collection[str], begun: Collection[str] = ()) -> bool:
    """Tell whether a visitor began one of some quizzes, or its browser did before anybody could say whose it is."""
    if record.latest_quiz(connection, quizzes, visitor, begun) is not None:
        return True
    noted = select(_event.name).where(_event.source == SOURCE, _event.event_id.in_(_ids(visitor, quizzes)))
    return connection.execute(noted).first() is not None


def note(connection: Connection, visitor: str, begun: Collection[str], at: datetime) -> None:
    """Remember of a visitor which quizzes its browser began without consent: those cookies go, this stays."""
    if not begun:
        return
    unclaimed = _attempt.id.in_(begun), _attempt.visitor_id.is_(None)
    quizzes = set(connection.execute(select(_attempt.quiz).where(*unclaimed)).scalars())
    for id in _ids(visitor, quizzes):
        row = {"source": SOURCE, "event_id": id, "name": _NAME, "visitor_id": visitor, "at": at}
        connection.execute(insert_once(connection.dialect.name, VisitorEvent), row)


def attempt_of_click(connection: Connection, click: str | None) -> list[str]:
    """Return the attempt whose offer a click was on, where nobody knows whose it is; its address may be handed on."""
    if click is None:
        return []
    at, on = columns(Click), columns(Offer)
    offered = select(on.attempt_id).join(Click, at.offer_id == on.id).where(at.id == click)
    unclaimed = select(_attempt.id).where(_attempt.id.in_(offered), _attempt.visitor_id.is_(None))
    return list(connection.execute(unclaimed).scalars())


def _ids(visitor: str, quizzes: Collection[str]) -> list[str]:
    return [f"{visitor}/{quiz}" for quiz in sorted(quizzes)]

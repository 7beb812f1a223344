"""Verbs that record visits: a visitor once, every page view, and the arm at t0."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from quizfunnel.kit.ids import new_id
from quizfunnel.store.prepared import Prepared
from quizfunnel.store.types import columns
from quizfunnel.visit import arms
from quizfunnel.visit.arms import Arm, Invitation
from quizfunnel.visit.identity import Guest
from quizfunnel.visit.tables import Assignment, PageView, Visitor

_LONGEST_PATH = 200

_visitor, _page_view, _assignment = columns(Visitor), columns(PageView), columns(Assignment)
_known = Prepared(select(_visitor.id).where(_visitor.id == bindparam("visitor")))
_insert_view = Prepared(insert(PageView).values({column.name: bindparam(column.name) for column in _page_view}))
_arm = Prepared(
    select(_assignment.arm).where(
        _assignment.visitor_id == bindparam("visitor"),
        _assignment.quiz == bindparam("quiz"),
        _assignment.experiment == bindparam("experiment"),
    )
)


def remember(
    connection: Connection, guest: Guest, *, at: datetime, landing_page: str = "", simulated: bool = False
) -> None:
    """Keep a visitor that may be remembered; once is enough."""
    if guest.visitor_id is None:
        return
    _once(connection.dialect.name, Visitor).run(
        connection,
        id=guest.visitor_id,
        first_seen=at,
        kind=guest.kind,
        kind_reason=guest.kind_reason,
        device=guest.device,
        channel=guest.channel,
        landing_page=landing_page[:_LONGEST_PATH],
        simulated=simulated,
    )


class Viewing(NamedTuple):
    """Who views which page, and when."""

    guest: Guest
    path: str
    at: datetime
    simulated: bool = False


def page_view(
    connection: Connection,
    viewing: Viewing,
    *,
    draw: Callable[[str], bytes],
    invitation: Invitation | None = None,
) -> Arm | None:
    """Record a page view; at a page that invites, return the visitor's arm, which is set at the first such view.

    Who may not be remembered, and who is flagged as no shopper, is in no arm. A shopper's browser that
    only fetches ahead has seen nothing: no view, and the arm it has already.
    """
    guest, path, at, simulated = viewing
    if guest.visitor_id is None:
        return None
    if guest.known and guest.kind != "shopper":
        return invitation and arm_of(
            connection, guest.visitor_id, quiz=invitation.quiz, experiment=invitation.experiment
        )
    if not guest.known or not _exists(connection, guest.visitor_id):
        remember(connection, guest, at=at, landing_page=path, simulated=simulated)
    _insert_view.run(
        connection,
        id=new_id(),
        visitor_id=guest.visitor_id,
        at=at,
        path=path[:_LONGEST_PATH],
        visible_ms=None,
    )
    if invitation is None or guest.kind != "shopper":
        return None
    return _assign(connection, guest.visitor_id, invitation, at=at, draw=draw)


def arm_of(connection: Connection, visitor_id: str, *, quiz: str, experiment: str) -> Arm | None:
    """Return the arm a visitor was given, None before t0."""
    found = _arm.run(connection, visitor=visitor_id, quiz=quiz, experiment=experiment).fetchone()
    return found and found[0]  # type: ignore[no-any-return]  # a CHECK holds the column to the two arms


def mark(connection: Connection, visitor_id: str, *, kind: str, reason: str) -> None:
    """Flag a visitor as something else than a shopper, which leaves it out of every figure."""
    connection.execute(update(Visitor).where(_visitor.id == visitor_id).values(kind=kind, kind_reason=reason))


def _assign(
    connection: Connection, visitor_id: str, invitation: Invitation, *, at: datetime, draw: Callable[[str], bytes]
) -> Arm | None:
    known = arm_of(connection, visitor_id, quiz=invitation.quiz, experiment=invitation.experiment)
    if known is not None:
        return known
    digest = draw(arms.draw_text(invitation, visitor_id))
    _once(connection.dialect.name, Assignment).run(
        connection,
        visitor_id=visitor_id,
        quiz=invitation.quiz,
        experiment=invitation.experiment,
        arm=arms.arm(digest, invitation.holdout_share),
        t0=at,
        holdout_share=invitation.holdout_share,
        window_days=invitation.window_days,
    )
    return arm_of(connection, visitor_id, quiz=invitation.quiz, experiment=invitation.experiment)


def _exists(connection: Connection, visitor_id: str) -> bool:
    return _known.run(connection, visitor=visitor_id).fetchone() is not None


@lru_cache(maxsize=8)
def _once(dialect: str, table: type[SQLModel]) -> Prepared:
    kind = postgresql if dialect == "postgresql" else sqlite
    values: dict[str, Any] = {column.name: bindparam(column.name) for column in columns(table)}
    return Prepared(kind.insert(table).values(values).on_conflict_do_nothing())

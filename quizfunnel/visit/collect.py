"""Verbs that record visits: a visitor once, every page view, and the arm at t0."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import SQLModel

from quizfunnel.experiment import arms
from quizfunnel.experiment.arms import Arm, Invited, quiz_of
from quizfunnel.experiment.design import STORE, Design, Enrolment
from quizfunnel.experiment.frozen import freeze
from quizfunnel.kit.ids import new_id
from quizfunnel.store.prepared import Prepared
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once
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


class ViewContext(NamedTuple):
    """Who views which page, and when."""

    guest: Guest
    path: str
    at: datetime
    simulated: bool = False


class Draw(NamedTuple):
    """How arms are drawn: the keyed digest of a text, and who took a quiz before the clock of a design could start."""

    draw: Callable[[str], bytes]
    came_before: Callable[[Design], bool] = lambda _design: False


def page_view(
    connection: Connection, viewing: ViewContext, *, lot: Draw | None = None, entering: Enrolment | None = None
) -> Invited | None:
    """Record a page view; at a page that invites, return the visitor's arm, which is set at the first such view.

    Who may not be remembered, and who is flagged as no shopper, is in no arm. A shopper's browser that
    only fetches ahead has seen nothing: no view, and the arm it has already.
    """
    guest, path, at, simulated = viewing
    if guest.visitor_id is None:
        return None
    if guest.known and guest.kind != "shopper":
        return entering and _stands(connection, viewing, entering)
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
    if entering is None or lot is None or guest.kind != "shopper":
        return None
    return _Entry(connection, guest.visitor_id, viewing, lot).into(entering)


def arm_of(connection: Connection, visitor_id: str, *, quiz: str, experiment: str) -> Arm | None:
    """Return the arm a visitor was given, None before t0."""
    found = _arm.run(connection, visitor=visitor_id, quiz=quiz, experiment=experiment).fetchone()
    return found and found[0]  # type: ignore[no-any-return]  # a CHECK holds the column to the arms


def mark(connection: Connection, visitor_id: str, *, kind: str, reason: str) -> None:
    """Flag a visitor as something else than a shopper, which leaves it out of every figure."""
    connection.execute(update(Visitor).where(_visitor.id == visitor_id).values(kind=kind, kind_reason=reason))


class _Entry(NamedTuple):
    """One visitor's way into what a page's view enters."""

    connection: Connection
    visitor: str
    viewing: ViewContext
    lot: Draw

    def into(self, entering: Enrolment) -> Invited | None:
        """Draw for the holdout, then among quizzes; None for who took the quiz before its clock could start."""
        arm = self._hold(entering.holdout, entering.quiz) if entering.holdout else "invited"
        if arm is None:
            return None
        if arm == "holdout":
            return Invited(arm, None)
        return Invited(arm, self._among(entering))

    def _hold(self, design: Design, quiz: str) -> Arm | None:
        arm, new = self._assign(design)
        if new and arm and design.quiz == STORE:
            # the store's arm counts for the quiz by whose page the visitor came in: none is in two quizzes' figures
            self._write(self._frozen(design)._replace(quiz=quiz), arm)
        return arm

    def _among(self, entering: Enrolment) -> str:
        if entering.comparison is None:
            return entering.quiz
        arm, _ = self._assign(entering.comparison)
        return quiz_of(arm, self._frozen(entering.comparison)) if arm else entering.quiz

    def _assign(self, design: Design) -> tuple[Arm | None, bool]:
        """Return the visitor's arm, and whether it was given just now."""
        known = self._known(design)
        if known is not None:
            return known, False
        if self.lot.came_before(design):
            return None, False
        design = self._frozen(design)
        drawn = arms.arm(self.lot.draw(arms.draw_text(design, self.visitor)), design)
        new = self._write(design, drawn)
        return self._known(design), new

    def _known(self, design: Design) -> Arm | None:
        return arm_of(self.connection, self.visitor, quiz=design.quiz, experiment=design.experiment)

    def _frozen(self, design: Design) -> Design:
        return freeze(self.connection, design, at=self.viewing.at, simulated=self.viewing.simulated)

    def _write(self, design: Design, arm: Arm) -> bool:
        done = _once(self.connection.dialect.name, Assignment).run(
            self.connection,
            visitor_id=self.visitor,
            quiz=design.quiz,
            experiment=design.experiment,
            arm=arm,
            t0=self.viewing.at,
            holdout_share=design.holdout_share,
            window_days=design.window_days,
        )
        return bool(done.rowcount)


def _stands(connection: Connection, viewing: ViewContext, entering: Enrolment) -> Invited | None:
    """Return where a visitor stands without drawing."""
    visitor, at, simulated = viewing.guest.visitor_id or "", viewing.at, viewing.simulated
    held, among = entering.holdout, entering.comparison
    arm = arm_of(connection, visitor, quiz=held.quiz, experiment=held.experiment) if held else "invited"
    if arm is None or arm == "holdout":
        return arm and Invited(arm, None)
    other = arm_of(connection, visitor, quiz=among.quiz, experiment=among.experiment) if among else None
    if held is None and among and other is None:
        return None
    if among is None or other is None:
        return Invited(arm, entering.quiz)
    return Invited(arm, quiz_of(other, freeze(connection, among, at=at, simulated=simulated)))


def _exists(connection: Connection, visitor_id: str) -> bool:
    return _known.run(connection, visitor=visitor_id).fetchone() is not None


@lru_cache(maxsize=8)
def _once(dialect: str, table: type[SQLModel]) -> Prepared:
    values: dict[str, Any] = {column.name: bindparam(column.name) for column in columns(table)}
    return Prepared(insert_once(dialect, table).values(values))

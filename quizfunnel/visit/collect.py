"""Page views: a visitor is recorded once, every view of a page, and at t0 the arm."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import SQLModel

from quizfunnel.experiment import arms
from quizfunnel.experiment.arms import Allocation, Arm, quiz_of
from quizfunnel.experiment.design import STORE, Design, Enrolment
from quizfunnel.experiment.frozen import freeze
from quizfunnel.kit.ids import new_id
from quizfunnel.store.prepared import Prepared
from quizfunnel.store.types import columns, month_of
from quizfunnel.store.upsert import insert_once
from quizfunnel.telemetry import counters
from quizfunnel.visit.identity import Guest
from quizfunnel.visit.tables import Assignment, PageView, Visitor

_LONGEST_PATH = 200
_LONGEST_VIEW = timedelta(days=2)  # what is told later of it is told of nothing

_visitor, _page_view, _assignment = columns(Visitor), columns(PageView), columns(Assignment)
_known = Prepared(select(_visitor.id).where(_visitor.id == bindparam("visitor")))
_first_seen = select(_visitor.first_seen).where(_visitor.id == bindparam("visitor"))
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
    """One view of a page: the guest who sees it, the path, and the moment; its row has the `id`, or a new one."""

    guest: Guest
    path: str
    at: datetime
    simulated: bool = False
    id: str = ""


class Randomiser(NamedTuple):
    """Random assignment: the keyed digest of a text, and whether a visitor took a quiz before a design's t0."""

    digest: Callable[[str], bytes]
    came_before: Callable[[Design], bool] = lambda _design: False


def page_view(
    connection: Connection, view: ViewContext, *, draw: Randomiser | None = None, enrolment: Enrolment | None = None
) -> Allocation | None:
    """Record a page view; at a page that invites, return the visitor's arm, which is set at the first such view.

    A visitor who may not be remembered, or is flagged as no shopper, is in no arm. A shopper's browser
    that only fetches ahead has seen nothing: no view, and the arm it has already.
    """
    guest, path, at, simulated, id = view
    if guest.visitor_id is None:
        return None
    if guest.known and guest.kind != "shopper":
        return enrolment and _arm_already_given(connection, view, enrolment)
    if not guest.known or not _exists(connection, guest.visitor_id):
        remember(connection, guest, at=at, landing_page=path, simulated=simulated)
    _insert_view.run(
        connection,
        id=id or new_id(),
        month=month_of(at),
        visitor_id=guest.visitor_id,
        at=at,
        path=path[:_LONGEST_PATH],
        visible_ms=None,
    )
    if enrolment is None or draw is None or guest.kind != "shopper":
        return None
    return _Assigner(connection, guest.visitor_id, view, draw).enrol(enrolment)


def end_view(connection: Connection, id: str, *, visible_ms: int, at: datetime) -> None:
    """Keep for how long a view was visible; told again, as of a page that was come back to, the longest counts."""
    months = {month_of(at), month_of(at - _LONGEST_VIEW)}
    longer = _page_view.visible_ms.is_(None) | (_page_view.visible_ms < visible_ms)
    where = _page_view.id == id, _page_view.month.in_(months), longer
    connection.execute(update(PageView).where(*where).values(visible_ms=visible_ms))


def first_seen(connection: Connection, visitor_id: str) -> datetime | None:
    """Return when a visitor came first, None where nobody is recorded by that id."""
    return connection.execute(_first_seen, {"visitor": visitor_id}).scalar()


def arm_of(connection: Connection, visitor_id: str, *, quiz: str, experiment: str) -> Arm | None:
    """Return the arm a visitor was given, None before t0."""
    row = _arm.run(connection, visitor=visitor_id, quiz=quiz, experiment=experiment).fetchone()
    return row and row[0]  # type: ignore[no-any-return]  # a CHECK holds the column to the arms


def mark(connection: Connection, visitor_id: str, *, kind: str, reason: str) -> None:
    """Flag a visitor as something else than a shopper, which leaves it out of every figure."""
    connection.execute(update(Visitor).where(_visitor.id == visitor_id).values(kind=kind, kind_reason=reason))


class _Assigner(NamedTuple):
    """Assignment of one visitor to the arms of the experiments that a page's view enrols in."""

    connection: Connection
    visitor: str
    view: ViewContext
    draw: Randomiser

    def enrol(self, enrolment: Enrolment) -> Allocation | None:
        """Draw for the holdout, then among quizzes; None for a visitor who took the quiz before its t0."""
        arm = self._holdout_arm(enrolment.holdout, enrolment.quiz) if enrolment.holdout else "invited"
        if arm is None:
            return None
        if arm == "holdout":
            return Allocation(arm, None)
        return Allocation(arm, self._quiz(enrolment))

    def _holdout_arm(self, design: Design, quiz: str) -> Arm | None:
        arm, new = self._assign(design)
        if new and arm and design.quiz == STORE:
            # the store's arm counts for the quiz by whose page the visitor came in: none is in two quizzes' figures
            self._write(self._frozen(design)._replace(quiz=quiz), arm)
        return arm

    def _quiz(self, enrolment: Enrolment) -> str:
        if enrolment.comparison is None:
            return enrolment.quiz
        arm, _ = self._assign(enrolment.comparison)
        return quiz_of(arm, self._frozen(enrolment.comparison)) if arm else enrolment.quiz

    def _assign(self, design: Design) -> tuple[Arm | None, bool]:
        """Return the visitor's arm, and whether it was given just now."""
        known = self._known(design)
        if known is not None:
            return known, False
        if self.draw.came_before(design):
            return None, False
        design = self._frozen(design)
        drawn = arms.arm(self.draw.digest(arms.draw_text(design, self.visitor)), design)
        new = self._write(design, drawn)
        return self._known(design), new  # read again: another process may have written first

    def _known(self, design: Design) -> Arm | None:
        return arm_of(self.connection, self.visitor, quiz=design.quiz, experiment=design.experiment)

    def _frozen(self, design: Design) -> Design:
        return freeze(self.connection, design, at=self.view.at, simulated=self.view.simulated)

    def _write(self, design: Design, arm: Arm) -> bool:
        done = _once(self.connection.dialect.name, Assignment).run(
            self.connection,
            visitor_id=self.visitor,
            quiz=design.quiz,
            experiment=design.experiment,
            arm=arm,
            t0=self.view.at,
            holdout_share=design.holdout_share,
            window_days=design.window_days,
        )
        new = bool(done.rowcount)
        if new and not self.view.simulated:
            counters.once_committed(counters.DRAWN, design.quiz, design.experiment, arm)
        return new


def _arm_already_given(connection: Connection, view: ViewContext, enrolment: Enrolment) -> Allocation | None:
    visitor, at, simulated = view.guest.visitor_id or "", view.at, view.simulated
    holdout, comparison = enrolment.holdout, enrolment.comparison
    arm = arm_of(connection, visitor, quiz=holdout.quiz, experiment=holdout.experiment) if holdout else "invited"
    if arm is None or arm == "holdout":
        return arm and Allocation(arm, None)
    other = arm_of(connection, visitor, quiz=comparison.quiz, experiment=comparison.experiment) if comparison else None
    if holdout is None and comparison and other is None:
        return None
    if comparison is None or other is None:
        return Allocation(arm, enrolment.quiz)
    return Allocation(arm, quiz_of(other, freeze(connection, comparison, at=at, simulated=simulated)))


def _exists(connection: Connection, visitor_id: str) -> bool:
    return _known.run(connection, visitor=visitor_id).fetchone() is not None


@lru_cache(maxsize=8)
def _once(dialect: str, table: type[SQLModel]) -> Prepared:
    values: dict[str, Any] = {column.name: bindparam(column.name) for column in columns(table)}
    return Prepared(insert_once(dialect, table).values(values))

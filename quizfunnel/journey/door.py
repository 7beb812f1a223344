"""Door: the one address of a comparison, at which a visitor is drawn (t0) and shown whichever quiz was drawn."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from quizfunnel.experiment import planning
from quizfunnel.experiment.arms import quiz_of
from quizfunnel.experiment.design import Design, Enrolment
from quizfunnel.experiment.frozen import frozen_store_designs
from quizfunnel.journey import record
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import is_slug
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import reading
from quizfunnel.visit import collect
from quizfunnel.visit.collect import Randomiser, ViewContext


class Door(NamedTuple):
    """A comparison as its address shows it: the design, and those of its quizzes that are live, the first one first.

    It `draws` while it is set and both are live. Else each visitor keeps the arm that they have, and nobody gets one.
    """

    design: Design
    live: tuple[LiveQuiz, ...]
    is_set: bool = True

    @property
    def draws(self) -> bool:
        """Tell whether a visitor who comes now may be given an arm."""
        return self.is_set and len(self.live) == len(self.design.quizzes)

    def shows(self, *wanted: str | None) -> LiveQuiz:
        """Return the first of the `wanted` quizzes that is live, else the first that is."""
        live = {each.slug: each for each in self.live}
        return next((live[slug] for slug in wanted if slug in live), self.live[0])


class EarlierTakers(NamedTuple):
    """Memory of who met a quiz before a t0: whether a visitor did, and a note of what its browser began nameless."""

    has_taken: Callable[[Connection, str, Collection[str]], bool]
    note: Callable[[Connection, str, Collection[str], datetime], None]


class History(NamedTuple):
    """History of a browser at a door before this view: the quiz of its arm, the one that it began last, if any."""

    arm: str | None
    began: str | None
    has_taken: bool

    @property
    def may_be_drawn(self) -> bool:
        """Tell whether nothing was settled: whoever took one of the quizzes would be drawn after the fact."""
        return self.arm is None and not self.has_taken


class DoorView(NamedTuple):
    """View of a door by a visitor: as it is recorded, the attempts that the browser opens, and what it did before."""

    view: ViewContext
    opened: Collection[str]
    before: History


def find_door(engine: Engine, name: str, settings: Settings, shelf: Shelf) -> Door | None:
    """Return the door of a comparison, None where none has that name or it was set to have no door.

    Links to one that ended live on in mails: it is shown as it was, by the design that was frozen.
    """
    comparison = settings.comparisons.get(name)
    if comparison is not None:
        return _door(planning.comparison_design(name, comparison), shelf) if comparison.door else None
    if not is_slug(name):
        return None
    with reading(engine) as connection:
        ended = frozen_store_designs(connection, simulated=False).get(name)
    return _door(ended, shelf)._replace(is_set=False) if ended and ended.quizzes else None


def history(
    connection: Connection, door: Door, visitor: str | None, opened: Collection[str], takers: EarlierTakers
) -> History:
    """Return a visitor's history with a comparison, by the arm and the attempts that their browser opens."""
    design = door.design
    arm = visitor and collect.arm_of(connection, visitor, quiz=design.quiz, experiment=design.experiment)
    began = record.latest_quiz(connection, design.quizzes, visitor, opened)
    taken = began is not None or (visitor is not None and takers.has_taken(connection, visitor, design.quizzes))
    return History(quiz_of(arm, design) if arm else None, began, taken)


def enter(
    connection: Connection, door: Door, coming: DoorView, *, digest: Callable[[str], bytes], takers: EarlierTakers
) -> LiveQuiz:
    """Record a view of the door and return the quiz that it shows: t0, where the visitor was in no arm before."""
    view, opened, before = coming
    # Who is in no arm is enrolled for the quiz that they would be shown anyway.
    enrolment = Enrolment(door.shows(before.began).slug, comparison=door.design) if door.draws else None
    draw = Randomiser(digest, lambda _design: before.has_taken)
    drawn = collect.page_view(connection, view, draw=draw, enrolment=enrolment)
    if view.guest.visitor_id is not None and view.guest.kind == "shopper":
        takers.note(connection, view.guest.visitor_id, opened, view.at)
    return door.shows(drawn.quiz if drawn else None, before.arm, before.began)


def _door(design: Design, shelf: Shelf) -> Door:
    return Door(design, tuple(live for quiz in design.quizzes if (live := shelf.live(quiz))))

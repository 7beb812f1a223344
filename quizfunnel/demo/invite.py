"""Whom the demo store invites to which quiz: what a view of its pages enters, and what the page then shows."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from sqlalchemy import Connection

from quizfunnel.demo import INVITATIONS
from quizfunnel.experiment import arms
from quizfunnel.experiment.arms import Invited
from quizfunnel.experiment.design import STORE, Design, Enrolment
from quizfunnel.journey import record
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import Settings
from quizfunnel.visit.collect import Draw

Plan = Callable[[str, Quiz, Settings], Enrolment]
"""Says what a view of a page that invites to a quiz enters, by what its file and the store's settings say."""


class Host(NamedTuple):
    """The store's quizzes, its settings, its plan and its keyed digest."""

    shelf: Shelf
    settings: Settings
    plan: Plan
    draw: Callable[[str], bytes]

    def page_of(self, path: str) -> LiveQuiz | None:
        """Return the quiz that a page of the shop invites to."""
        slug = arms.quiz_for(path, self.settings.invitations or INVITATIONS)
        return self.shelf.live(slug) if slug else None

    def entering(self, live: LiveQuiz | None) -> Enrolment | None:
        """Return what a view of a page that invites to a quiz enters; a comparison needs both of its quizzes."""
        if live is None:
            return None
        found = self.plan(live.slug, live.quiz, self.settings)
        among = found.comparison
        whole = among and all(map(self.shelf.live, among.quizzes))
        return found._replace(comparison=among if whole else None)

    def lot(self, connection: Connection, visitor: str | None) -> Draw:
        """Return how a visitor's arms are drawn: who came to a quiz without t0 enters no experiment of it."""

        def came_before(design: Design) -> bool:
            quizzes = _quizzes(design, self.shelf.slugs())
            return visitor is not None and any(record.latest(connection, visitor, quiz) for quiz in quizzes)

        return Draw(self.draw, came_before)

    def shown(self, live: LiveQuiz, invited: Invited | None) -> LiveQuiz | None:
        """Return the quiz that the page shows an invitation to, for a visitor's standing."""
        entered = self.entering(live)
        if entered is None or entered.holdout is entered.comparison is None:
            return live
        if invited is None:  # in no arm: only where nobody is held out does the page go on inviting to its own quiz
            return live if entered.holdout is None else None
        if invited.quiz is None:
            return None
        return self.shelf.live(invited.quiz) or live


def _quizzes(design: Design, all_of_them: Collection[str]) -> Collection[str]:
    """Return the quizzes whose takers a design must meet first."""
    if design.quizzes:
        return design.quizzes
    return all_of_them if design.quiz == STORE else (design.quiz,)

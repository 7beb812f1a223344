"""Invitations of the demo store: the experiments that a view of a page enrols in, and the quiz that it then shows."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from sqlalchemy import Connection

from quizfunnel.demo import INVITATIONS
from quizfunnel.experiment import arms
from quizfunnel.experiment.arms import Allocation
from quizfunnel.experiment.design import STORE, Design, Enrolment
from quizfunnel.journey import record
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import Settings
from quizfunnel.visit.collect import Randomiser

Plan = Callable[[str, Quiz, Settings], Enrolment]
"""Returns the experiments that a view of a quiz's page enrols in, by the quiz file and the store's settings."""


class Host(NamedTuple):
    """Inviting store: its quizzes, its settings, the plan of its experiments, and its keyed digest."""

    shelf: Shelf
    settings: Settings
    plan: Plan
    digest: Callable[[str], bytes]

    def page_of(self, path: str) -> LiveQuiz | None:
        """Return the quiz that a page of the shop invites to."""
        invitation = arms.invitation_for(path, self.settings.invitations or INVITATIONS)
        return self.shelf.live(invitation.quiz) if invitation else None

    def enrolment(self, live: LiveQuiz | None) -> Enrolment | None:
        """Return the experiments that a view of a quiz's page enrols in; a comparison needs both of its quizzes."""
        if live is None:
            return None
        planned = self.plan(live.slug, live.quiz, self.settings)
        comparison = planned.comparison
        whole = comparison and all(map(self.shelf.live, comparison.quizzes))
        return planned._replace(comparison=comparison if whole else None)

    def draw(self, connection: Connection, visitor: str | None) -> Randomiser:
        """Return the draw of a visitor's arms: a visitor who came to a quiz without t0 enters no experiment of it."""

        def came_before(design: Design) -> bool:
            quizzes = _quizzes(design, self.shelf.slugs())
            return visitor is not None and any(record.latest(connection, quiz, visitor) for quiz in quizzes)

        return Randomiser(self.digest, came_before)

    def shown(self, live: LiveQuiz, invited: Allocation | None) -> LiveQuiz | None:
        """Return the quiz that the page shows an invitation to, by the visitor's arm."""
        enrolment = self.enrolment(live)
        if enrolment is None or enrolment.holdout is enrolment.comparison is None:
            return live
        if invited is None:  # in no arm: only where nobody is held out does the page go on inviting to its own quiz
            return live if enrolment.holdout is None else None
        if invited.quiz is None:
            return None
        return self.shelf.live(invited.quiz) or live


def _quizzes(design: Design, every: Collection[str]) -> Collection[str]:
    """Return the quizzes whose takers a design must meet first."""
    if design.quizzes:
        return design.quizzes
    return every if design.quiz == STORE else (design.quiz,)

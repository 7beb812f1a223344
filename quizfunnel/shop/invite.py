"""Invitations of a shop: the experiments that a view of a page enrols in, and the quiz that it then shows."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from quizfunnel.experiment import arms
from quizfunnel.experiment.arms import Allocation
from quizfunnel.experiment.design import STORE, Design, Enrolment
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import InvitationSettings, Settings
from quizfunnel.shop import earlier
from quizfunnel.visit.collect import Randomiser

Plan = Callable[[str, Quiz, Settings], Enrolment]
"""Returns the experiments that a view of a quiz's page enrols in, by the quiz file and the store's settings."""


class Quizzes(Protocol):
    """The quizzes that a shop can invite to."""

    def live(self, slug: str) -> LiveQuiz | None:
        """Return the quiz that is served; None where there is none."""
        ...

    def slugs(self) -> tuple[str, ...]:
        """Return the slugs of the quizzes that can be taken."""
        ...


class StandingQuizzes:
    """Quizzes as a shelf served them at one moment: within a transaction nothing looks at the disk and publishes.

    That writes too, and would wait for the very transaction that it is in.
    """

    def __init__(self, shelf: Shelf) -> None:
        """Take what is served now."""
        self._live = {slug: live for slug in shelf.slugs() if (live := shelf.live(slug))}

    def live(self, slug: str) -> LiveQuiz | None:
        """Return the quiz that was served; None where there was none."""
        return self._live.get(slug)

    def slugs(self) -> tuple[str, ...]:
        """Return the slugs of the quizzes that could be taken."""
        return tuple(self._live)


class Host(NamedTuple):
    """Inviting store: its quizzes, its settings, the plan of its experiments, and its keyed digest.

    `invitations` stand where the settings have none, as in the demo.
    """

    shelf: Quizzes
    settings: Settings
    plan: Plan
    digest: Callable[[str], bytes]
    invitations: Mapping[str, InvitationSettings] = MappingProxyType({})

    def invitation(self, path: str) -> InvitationSettings | None:
        """Return what the settings say of a page of the shop, None where it invites to nothing."""
        return arms.invitation_for(path, self.settings.invitations or self.invitations)

    def pattern(self, path: str) -> str | None:
        """Return the pattern of the settings by which a page of the shop invites, None where it does not."""
        return arms.pattern_for(path, self.settings.invitations or self.invitations)

    def page_of(self, path: str) -> LiveQuiz | None:
        """Return the quiz that a page of the shop invites to, by its name of now or an earlier one."""
        invitation = self.invitation(path)
        if invitation is None:
            return None
        return self.shelf.live(invitation.quiz) or self._renamed(invitation.quiz)

    def _renamed(self, slug: str) -> LiveQuiz | None:
        """Return the live quiz that was called so: as its addresses lead on, so do pages that invite to it."""
        quizzes = filter(None, map(self.shelf.live, self.shelf.slugs()))
        return next((live for live in quizzes if slug in live.quiz.was), None)

    def enrolment(self, live: LiveQuiz | None) -> Enrolment | None:
        """Return the experiments that a view of a quiz's page enrols in; a comparison needs both of its quizzes."""
        if live is None:
            return None
        planned = self.plan(live.slug, live.quiz, self.settings)
        comparison = planned.comparison
        whole = comparison and all(map(self.shelf.live, comparison.quizzes))
        return planned._replace(comparison=comparison if whole else None)

    def draw(self, connection: Connection, visitor: str | None, begun: Collection[str] = ()) -> Randomiser:
        """Return the draw of a visitor's arms: a visitor who came to a quiz without t0 enters no experiment of it.

        `begun` are attempts that its browser began without consent, before anybody could say whose they are.
        """

        def came_before(design: Design) -> bool:
            quizzes = _quizzes(design, self.shelf.slugs())
            return visitor is not None and earlier.has_taken(connection, visitor, quizzes, begun)

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

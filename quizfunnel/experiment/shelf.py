"""The shelf of the store's quizzes, opened with the experiments that they are part of."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Engine

from quizfunnel.experiment import frozen_check, planning
from quizfunnel.experiment.design import Design, FrozenDesign
from quizfunnel.experiment.frozen import frozen_designs
from quizfunnel.kit.clock import Clock
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.publishing.disk import disk_id
from quizfunnel.quiz.publishing.look import Role
from quizfunnel.quiz.publishing.published import ExperimentReader
from quizfunnel.quiz.quiz_experiment import QuizExperiment
from quizfunnel.quiz.shelf import READS, Shelf
from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import reading


class EnteredExperiment(NamedTuple):
    """The experiment that a quiz is part of: the holdout that all quizzes share, else its own as that began."""

    shared: Design | None
    frozen: Sequence[FrozenDesign] = ()

    def applied(self, quiz: Quiz) -> Quiz:
        """Return the quiz with that experiment in place of its file's."""
        shared = self.shared and planning.as_experiment(self.shared)
        return quiz.model_copy(update={"experiment": shared or frozen_check.as_frozen(quiz.experiment, self.frozen)})

    def findings(self, loaded: LoadedQuiz) -> Iterator[Finding]:
        """Find the settings of the file that are not those that the experiment began with."""
        return frozen_check.check(loaded, self.frozen)


def shelf_of(settings: Settings, engine: Engine, clock: Clock, *, role: Role = READS) -> Shelf:
    """Return the store's quizzes, with the experiments that they are part of."""
    return Shelf(settings.store / "quizzes", engine, clock, experiments_of(settings), role=role)


def experiments_of(settings: Settings) -> ExperimentReader:
    """Return the reader of the experiments that the store's quizzes are part of."""
    shared = planning.holdout_design(settings.holdout) if settings.holdout else None

    def entered(of: Engine | None, quiz: str) -> QuizExperiment:
        if shared is not None or of is None:  # a quiz's own experiment rests while the store's holdout runs
            return EnteredExperiment(shared)
        with reading(of) as connection:
            return EnteredExperiment(None, frozen_designs(connection, quiz))

    return entered


def role_of(settings: Settings) -> Role:
    """Return the part of a server's process in publishing: it publishes, or serves only what somebody published."""
    disk = disk_id(settings.var) if settings.publishes else ""
    return Role(disk, strict=not settings.publishes, said=settings.var / "said")

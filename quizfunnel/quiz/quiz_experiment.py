"""Experiment of a quiz, as the room of experiments, which stands above, decides it; pure."""

from collections.abc import Iterable
from typing import Protocol

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.spec import Quiz


class QuizExperiment(Protocol):
    """The experiment that one quiz is part of."""

    def applied(self, quiz: Quiz) -> Quiz:
        """Return the quiz with that experiment in place of its file's."""
        ...

    def findings(self, loaded: LoadedQuiz) -> Iterable[Finding]:
        """Find the settings of the file that are not those that the experiment began with."""
        ...

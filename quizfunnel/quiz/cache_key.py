"""Cache key: a quiz by its identity; pure."""

from quizfunnel.quiz.spec import Quiz


class QuizKey:
    """Stands for a quiz by identity, since a loaded quiz is one object as long as it serves.

    Comparing two quizzes by what they say would take longer than serving one.
    """

    __slots__ = ("quiz",)

    def __init__(self, quiz: Quiz) -> None:
        """Hold `quiz`, so that its identity stays its own."""
        self.quiz = quiz

    def __hash__(self) -> int:
        """Return the identity."""
        return id(self.quiz)

    def __eq__(self, other: object) -> bool:
        """Tell whether both hold one object."""
        return isinstance(other, QuizKey) and other.quiz is self.quiz

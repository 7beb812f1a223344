"""Answer column: one question, or one choice of it, as an integer code that learners and tables read alike; pure.

Never asked and skipped are codes of their own in every column.
"""

from typing import NamedTuple

from quizfunnel.quiz.kinds.answer import Answers, AnswerValue

NEVER_ASKED = 0
SKIPPED = 1
FIRST_LEVEL = 2
NOT_CHOSEN, CHOSEN = "not chosen", "chosen"


class AnswerColumn(NamedTuple):
    """One column: its question, for one choice of several the choice, and its levels in order.

    The code of level `n` is ``FIRST_LEVEL + n``. `edges` of a scale are the least answers of all bins
    but the first; levels that are `ordered` lie along the scale.
    """

    question: str
    choice: str
    levels: tuple[str, ...]
    ordered: bool
    edges: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """Return the question's id, with the choice's behind it where the column is of one choice."""
        return f"{self.question}={self.choice}" if self.choice else self.question

    @property
    def codes(self) -> int:
        """Return how many codes there are."""
        return FIRST_LEVEL + len(self.levels)

    def code(self, answers: Answers) -> int:
        """Return the code of one set of answers; what the column does not know counts as never asked."""
        if self.question not in answers:
            return NEVER_ASKED
        value = answers[self.question]
        if value is None:
            return SKIPPED
        if self.ordered:
            return self._bin(value)
        if self.choice:
            chosen = value if isinstance(value, tuple | list) else (value,)
            return FIRST_LEVEL + (self.choice in chosen)
        return FIRST_LEVEL + self.levels.index(value) if value in self.levels else NEVER_ASKED

    def _bin(self, value: AnswerValue) -> int:
        if isinstance(value, bool) or not isinstance(value, float | int):
            return NEVER_ASKED
        return FIRST_LEVEL + sum(value >= edge for edge in self.edges)

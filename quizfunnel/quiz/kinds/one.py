"""Kind `one`: the answer is one choice; pure."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal, final

from quizfunnel.i18n.words import Words
from quizfunnel.quiz.kinds.answer import AnswerError, AnswerValue
from quizfunnel.quiz.kinds.choice import Choice
from quizfunnel.quiz.kinds.choices import ChoiceQuestion
from quizfunnel.quiz.kinds.column import AnswerColumn
from quizfunnel.quiz.kinds.question_values import Tastes


@final
class OneQuestion(ChoiceQuestion):
    """A question with one answer among its choices."""

    MEANS: ClassVar[str] = "one choice"

    pick: Literal["one"]

    def parse(self, given: Sequence[str], *, none: bool) -> str:
        """Return the id that was posted."""
        if not given:
            if self.optional:
                raise AnswerError("Choose one answer, or skip this question.")
            raise AnswerError("Choose one answer.")
        if len(given) > 1 or given[0] not in self.by_id:
            raise AnswerError("Choose one of the answers shown.")
        return given[0]

    def answers(self) -> Iterable[AnswerValue]:
        """Return the ids of the choices."""
        return [choice.id for choice in self.choices]

    def answer_of(self, choice: Choice) -> AnswerValue:
        """Return the choice's id."""
        return choice.id

    def likely_answer(self, tastes: Tastes) -> AnswerValue:
        """Return the choice that appeals most."""
        appeal = tastes.appeal(self.choices)
        return max(appeal, key=appeal.__getitem__)

    def columns(self) -> tuple[AnswerColumn, ...]:
        """Return one column with a level for every choice."""
        return (AnswerColumn(self.id, "", tuple(choice.id for choice in self.choices), ordered=False),)

    def reference_answers(self) -> list[AnswerValue]:
        """Return every answer."""
        return [choice.id for choice in self.choices]

    def in_words(self, value: AnswerValue, say: Words) -> str:
        """Return the choice as it was meant."""
        return self.choices_in_words(self.chosen(value), say)

    def as_given(self, value: AnswerValue, say: Words) -> str:
        """Return the choice's label."""
        return self.by_id[str(value)].label

    def because(self, value: AnswerValue, say: Words) -> str:
        """Return the choice's sentence."""
        choice = self.by_id[str(value)]
        return self.reason(choice, say("Because you chose “%(label)s”", label=choice.label), say)

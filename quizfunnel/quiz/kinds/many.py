"""Kind `many`: the answer is a set of choices, which may be empty where the question offers "none of these"; pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field, StringConstraints

from quizfunnel.i18n.words import Words, marked
from quizfunnel.quiz.kinds.answer import AnswerError, AnswerValue, TooTangled
from quizfunnel.quiz.kinds.choice import Choice
from quizfunnel.quiz.kinds.choices import ChoiceQuestion
from quizfunnel.quiz.kinds.column import CHOSEN, NOT_CHOSEN, AnswerColumn
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.kinds.question_values import AnswerGroup, Complaint, Tastes

_NEED = 0.9  # how strong a simulated wish must be to be ticked
_MOST_TICKED = 3  # by simulated people, where the question sets no bound


@final
class ManyQuestion(ChoiceQuestion):
    """A question with several answers among its choices."""

    MEANS: ClassVar[str] = "several choices"
    WORDS: ClassVar[tuple[str, ...]] = (*ChoiceQuestion.WORDS, "at_most", "none_label")
    KEYS: ClassVar[Mapping[str, str]] = {
        **ChoiceQuestion.KEYS,
        "at_most": "How many may be chosen; all without it.",
        "none_label": "The label of 'none of these'; without it at least one choice is needed.",
    }

    pick: Literal["many"]
    at_most: Annotated[int, Field(ge=1, le=20)] | None = None
    none_label: Annotated[str, StringConstraints(max_length=120)] = ""

    def parse(self, given: Sequence[str], *, none: bool) -> tuple[str, ...]:
        """Return the ids that were posted, sorted, each once."""
        chosen = tuple(sorted(set(given)))  # one selection is one answer, in whatever order it was sent
        if not self.by_id.keys() >= set(chosen):
            raise AnswerError("Choose among the answers shown.")
        if none and chosen:
            raise AnswerError("Choose either “%(none)s” or some of the others.", none=self.none_label)
        if none and self.none_label:
            return ()
        if not chosen:
            raise self._needs_some()
        if self.at_most is not None and len(chosen) > self.at_most:
            raise AnswerError("Choose up to %(most)s; you chose %(chosen)s.", most=self.at_most, chosen=len(chosen))
        return chosen

    def answers(self) -> Iterable[AnswerValue]:
        """Yield every selection, small ones first: up to a million, so that `groups` and `ways` build theirs up."""
        ids = [choice.id for choice in self.choices]
        for size in range(0 if self.none_label else 1, self._most + 1):
            for chosen in combinations(ids, size):
                yield tuple(sorted(chosen))

    def answer_of(self, choice: Choice) -> AnswerValue:
        """Return the selection of one choice."""
        return (choice.id,)

    def groups(
        self, sets: Callable[[AnswerValue], int], left: Callable[[AnswerValue], int], *, most: int
    ) -> Iterator[AnswerGroup]:
        """Yield every kind of selection, built up choice by choice so that alike ones are never listed singly."""
        kinds: dict[tuple[int, int, int], tuple[int, tuple[str, ...]]] = {(sets(()), left(()), 0): (1, ())}
        for choice in self.choices:
            own, leaves = sets((choice.id,)), left((choice.id,))
            grown = dict(kinds)  # without this choice; below with it, where there is room
            for (bits, rest, size), (count, first) in kinds.items():
                if size < self._most:
                    key = (bits | own, rest & leaves, size + 1)
                    before, example = grown.get(key, (0, (*first, choice.id)))
                    grown[key] = (before + count, example)
            if len(grown) > most:
                raise TooTangled(self.id)
            kinds = grown
        for (bits, rest, size), (count, first) in kinds.items():
            if size or self.none_label:
                yield AnswerGroup(bits, rest, count, tuple(sorted(first)))

    def ways(self, sets: Callable[[AnswerValue], int], *, most: int) -> dict[int, AnswerValue]:
        """Return every set of bits with a smallest selection that sets them."""
        none = sets(())  # that the question was answered at all is a bit too, where a `when` asks for it
        fewest: dict[int, tuple[str, ...]] = {none: ()}  # the smallest, since it leaves most room below `at_most`
        for choice in self.choices:
            own = sets((choice.id,))
            for bits, chosen in tuple(fewest.items()):
                known = fewest.get(bits | own)
                if len(chosen) < self._most and (known is None or len(chosen) + 1 < len(known)):
                    fewest[bits | own] = (*chosen, choice.id)
            if len(fewest) > most:
                raise TooTangled(self.id)
        ways: dict[int, AnswerValue] = {bits: tuple(sorted(chosen)) for bits, chosen in fewest.items()}
        if not self.none_label:  # nothing chosen is no answer; a choice that no `when` names sets no other bit either
            unnamed = next((choice.id for choice in self.choices if sets((choice.id,)) == none), None)
            del ways[none]
            return ways if unnamed is None else {none: (unnamed,), **ways}
        return ways

    def likely_answer(self, tastes: Tastes) -> AnswerValue:
        """Return the few choices that appeal enough."""
        appeal = tastes.appeal(self.choices)
        liked = sorted(appeal, key=appeal.__getitem__, reverse=True)
        wanted = [id for id in liked if appeal[id] > _NEED][: min(self.at_most or _MOST_TICKED, _MOST_TICKED)]
        if not wanted and not self.none_label:
            wanted = [liked[0]]
        return tuple(sorted(wanted))

    def drawn_answer(self, draw: Callable[[], float]) -> AnswerValue:
        """Return an answer of a drawn number of choices, at most three where the question sets no bound of its own.

        Skipping, where it is offered, is as likely as one choice among those shown.
        """
        fewest, most = (0 if self.none_label else 1), min(self.at_most or _MOST_TICKED, len(self.choices))
        if self.optional and draw() * (len(self.choices) + bool(self.none_label) + 1) < 1:
            return None
        ids = [choice.id for choice in self.choices]
        count = fewest + int(draw() * (most - fewest + 1))
        return tuple(sorted(ids.pop(int(draw() * len(ids))) for _ in range(count)))

    def columns(self) -> tuple[AnswerColumn, ...]:
        """Return a column for every choice."""
        return tuple(AnswerColumn(self.id, choice.id, (NOT_CHOSEN, CHOSEN), ordered=False) for choice in self.choices)

    def reference_answers(self) -> list[AnswerValue]:
        """Return none of the choices, and each alone."""
        return [(), *((choice.id,) for choice in self.choices)]

    def centre(self, scores: Sequence[float]) -> float:
        """Return the mean score where each choice is as often taken as not."""
        none, *alone = scores
        return none + sum(score - none for score in alone) / 2

    def addends(self, value: AnswerValue) -> tuple[AnswerValue, ...]:
        """Return each choice alone, where there are several."""
        return tuple((id,) for id in value) if isinstance(value, tuple) and len(value) > 1 else ()

    def complaints(self) -> Iterator[Complaint]:
        """Yield also a bound that no selection reaches."""
        yield from super().complaints()
        if (self.at_most or 0) > len(self.choices):
            message = f"`at_most` is {self.at_most}, and there are {len(self.choices)} choices; lower it"
            yield Complaint(("at_most",), message, error=False)

    def none_labels(self) -> Iterator[tuple[Path, str]]:
        """Yield the label of "none of these" where there is one."""
        if self.none_label:
            yield ("none_label",), self.none_label

    def in_words(self, value: AnswerValue, say: Words) -> str:
        """Return the choices as they were meant."""
        if not value:
            return self.labels_in_words([self.none_label or say("None of these")], say)
        return self.choices_in_words(self.chosen(value), say)

    def as_given(self, value: AnswerValue, say: Words) -> str:
        """Return the labels of the choices, or of none of them."""
        labels = [choice.label for choice in self.chosen(value)]
        return say.listed(labels) or self.none_label or say("None of these")

    def as_mentioned(self, value: AnswerValue, say: Words) -> str:
        """Return the labels as the language joins them: "Chocolate and nuts, flowers and tea"."""
        return say.all_of([choice.label for choice in self.chosen(value)])

    def picks(self, value: AnswerValue, say: Words) -> Sequence[tuple[str, str]]:
        """Return the choices that have a sentence."""
        ids = value if isinstance(value, tuple) else ()
        return [(id, words) for id in ids if (words := self._picked(self.by_id[id], say))]

    @property
    def _most(self) -> int:
        return self.at_most or len(self.choices)

    def _picked(self, choice: Choice, say: Words) -> str:
        return self.reason(choice, say("Because you picked “%(label)s”", label=choice.label), say)

    def _needs_some(self) -> AnswerError:
        if self.none_label and self.optional:
            message = marked("Choose at least one, or choose “%(none)s”, or skip this question.")
        elif self.none_label:
            message = marked("Choose at least one, or choose “%(none)s”.")
        elif self.optional:
            message = marked("Choose at least one, or skip this question.")
        else:
            message = marked("Choose at least one.")
        return AnswerError(message, none=self.none_label)

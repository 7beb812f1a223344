"""Choice question: the part that kinds share whose answers are made of choices; pure."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from quizfunnel.catalog.product import Product
from quizfunnel.i18n.words import Words
from quizfunnel.quiz.kinds.answer import AnswerValue
from quizfunnel.quiz.kinds.choice import Choice
from quizfunnel.quiz.kinds.condition import Threshold, Wanted
from quizfunnel.quiz.kinds.fields import AnyOf, Path, PlainModel, RuleEntry
from quizfunnel.quiz.kinds.question import QuestionKind
from quizfunnel.quiz.kinds.question_values import Complaint, NamedSelector, Promise, Property
from quizfunnel.quiz.kinds.rule import Rule, matches, split_selector
from quizfunnel.quiz.kinds.words import (
    because,
    capital,
    is_bare,
    near,
    phrase_broken,
    property_title,
    question_and_answer,
    subject,
)


class ChoiceQuestion(QuestionKind):
    """A question whose answer is made of choices."""

    PARTS: ClassVar[Mapping[str, type[PlainModel]]] = {**QuestionKind.PARTS, "choices": Choice}
    WHOLE_POINTS: ClassVar[bool] = True
    WORDS: ClassVar[tuple[str, ...]] = (*QuestionKind.WORDS, "label", "because", "choices_order")
    KEYS: ClassVar[Mapping[str, str]] = {
        **QuestionKind.KEYS,
        "choices": "2 to 20 choices.",
        "choices_order": "shuffled: in an order drawn for each attempt, and the same in it every time; 'none of these' "
        "stays last.",
    }

    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=20)]
    choices_order: Literal["written", "shuffled"] = "written"

    @abstractmethod
    def answer_of(self, choice: Choice) -> AnswerValue:
        """Return the answer that is one choice alone."""

    @cached_property
    def by_id(self) -> Mapping[str, Choice]:
        """Map each choice's id to the choice."""
        return {choice.id: choice for choice in self.choices}

    def chosen(self, value: AnswerValue) -> list[Choice]:
        """Return the choices in an answer, in the file's order."""
        ids = value if isinstance(value, tuple) else (value,)
        return [choice for choice in self.choices if choice.id in ids]

    @property
    def is_shuffled(self) -> bool:
        """Tell whether each attempt sees its own order of the choices."""
        return self.choices_order == "shuffled"

    def in_order_of(self, attempt: str) -> tuple[Choice, ...]:
        """Return the choices as an attempt sees them: shuffled ones by a digest, which needs no row to come back to.

        Every order is as likely, whatever order the file has, and a choice that is added moves no two others past
        each other.
        """
        if not self.is_shuffled:
            return self.choices
        return tuple(sorted(self.choices, key=lambda choice: _drawn(attempt, self.id, choice.id)))

    def gives(self, wanted: Wanted, value: AnswerValue) -> bool:
        """Tell whether one of the choices that a condition names was chosen."""
        if isinstance(wanted, Threshold):
            return False
        named = (wanted,) if isinstance(wanted, str) else wanted
        return any(choice in named for choice in value) if isinstance(value, tuple) else value in named

    def check_wanted(self, wanted: Wanted) -> Iterator[Complaint]:
        """Yield a bound on what has no numbers, and names of choices that there are not."""
        if isinstance(wanted, Threshold):
            message = f"`{self.id}` has choices, not numbers; name some of them, like [{self.choices[0].id}]"
            yield Complaint((), message)
            return
        listed: list[tuple[Path, str]] = (
            [((), wanted)] if isinstance(wanted, str) else [((n,), name) for n, name in enumerate(wanted)]
        )
        for path, name in listed:
            if name not in self.by_id:
                yield Complaint(path, f"`{self.id}` has no choice `{name}`{near(name, self.by_id)}")

    @property
    def has_rules(self) -> bool:
        """Tell whether some choice can forbid a product."""
        return any(choice.is_hard for choice in self.choices)

    def rules(self, value: AnswerValue) -> tuple[Rule, ...]:
        """Return the hard rules of the choices in an answer."""
        return tuple(rule for choice in self.chosen(value) for rule in choice.rules(self.id))

    def rule_answer(self, rule: Rule) -> str:
        """Return the label of the choice that brings a rule."""
        return f"“{self.by_id[str(rule.choice)].label}”"

    def rule_place(self, rule: Rule) -> Path:
        """Return the place of the choice's rules."""
        return ("choices", list(self.by_id).index(str(rule.choice)), rule.kind)

    def single_answers(self) -> Iterator[tuple[Path, AnswerValue]]:
        """Yield every choice alone."""
        for index, choice in enumerate(self.choices):
            yield ("choices", index, "id"), self.answer_of(choice)

    def points(self, products: Sequence[Product], value: AnswerValue) -> tuple[float, ...]:
        """Return the points of the choices in an answer, summed."""
        chosen = self.chosen(value)
        return tuple(float(sum(choice.points(product) for choice in chosen)) for product in products)

    def complaints(self) -> Iterator[Complaint]:
        """Yield the ids that stand twice."""
        seen: set[str] = set()
        for index, choice in enumerate(self.choices):
            if choice.id in seen:
                message = f"the choice id `{choice.id}` stands twice in this question; choose another"
                yield Complaint(("choices", index, "id"), message)
            seen.add(choice.id)

    def selectors(self) -> Iterator[NamedSelector]:
        """Yield the selectors of every choice, soft ones before hard ones."""
        for index, choice in enumerate(self.choices):
            for name, soft in (("favours", choice.favours), ("against", choice.against)):
                for selector in soft:
                    yield NamedSelector(("choices", index, name, selector), selector, key=True)
            for name, hard in (("requires", choice.requires), ("excludes", choice.excludes)):
                for place, entry in enumerate(hard):
                    yield from named_selectors(("choices", index, name, place), entry)

    def pictures(self) -> Iterator[tuple[Path, str]]:
        """Yield the question's picture and its choices'."""
        yield from super().pictures()
        for index, choice in enumerate(self.choices):
            yield ("choices", index, "image"), choice.image

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield the question's texts, and the label, the help and the reason of every choice."""
        yield from super().texts()
        for index, choice in enumerate(self.choices):
            yield ("choices", index, "label"), choice.label
            yield ("choices", index, "help"), choice.help
            yield ("choices", index, "because"), choice.because

    def labels(self) -> Sequence[str]:
        """Return the labels of the choices."""
        return [choice.label for choice in self.choices]

    def bare_labels(self) -> Iterator[tuple[Path, str]]:
        """Yield the labels of choices that favour products; none where they are told with the question."""
        for index, choice in enumerate(self.choices):
            if choice.favours and not choice.because and not self._is_guarded:
                yield ("choices", index, "label"), choice.label

    def properties(self, product: Product, *, say: Words) -> Sequence[Property]:
        """Return what the choices look for and the product has."""
        return [
            Property(words, hard)
            for choice in self.choices
            for wanted, hard in ((choice.required, True), (choice.favours, False))
            for selector in wanted
            if matches(product, selector) and (words := property_title(*split_selector(selector), say))
        ]

    def choices_in_words(self, chosen: Sequence[Choice], say: Words) -> str:
        """Return choices as they were meant: their labels, and where those might say the opposite the question too.

        Nor does a label stand alone that says nothing by itself: it is "Milk: never", or follows its question.
        """
        if not self._is_guarded:
            return self.labels_in_words([choice.label for choice in chosen], say)
        stances = [choice.stance(say) for choice in chosen]
        if all(stances):
            return capital(say.listed(stances))
        return question_and_answer(self.ask, say.listed([choice.label for choice in chosen]), say)

    def labels_in_words(self, labels: Sequence[str], say: Words) -> str:
        """Return labels, with their question where they say nothing without it."""
        listed = say.listed([label.lower() if is_bare(label) else label for label in labels])
        name = subject(self.id, self.ask)
        if name and name.lower() not in listed.lower():
            # Translators: a word of a question and the answer to it, as "Milk: never"
            return say("%(subject)s: %(answer)s", subject=name, answer=listed)
        plain = say.listed(labels)
        return question_and_answer(self.ask, plain, say) if any(map(is_bare, labels)) else plain

    def reason(self, choice: Choice, plain: str, say: Words) -> str:
        """Return the sentence with which a choice speaks for a product; none where it is only a rule, told as one.

        `plain` is what is said where the file has no words for it.

        "Because you picked “Nuts”" would be read as the opposite of what somebody who avoids them said: there the
        question stands beside the label.
        """
        if choice.is_hard and not (choice.favours or choice.against):
            return ""
        if choice.clause:
            return because(choice.clause, say)
        return self._fits(choice, say) if self._is_guarded else plain

    def promise(self, rule: Rule, *, currency: str, say: Words) -> Promise:
        """Return a rule in the words of the choice that brings it."""
        choice = next(choice for choice in self.choices if choice.id == rule.choice)
        if choice.because and choice.is_phrase:
            return Promise(choice.because, listed=True, broken=phrase_broken(choice.because, rule.kind, say))
        words = because(choice.because, say) if choice.because else self._fits(choice, say)
        broken = say("Does not fit your answer “%(label)s” to “%(question)s”", label=choice.label, question=self.ask)
        return Promise(words, listed=False, broken=broken)

    @cached_property
    def _is_guarded(self) -> bool:
        return any(choice.is_guarded for choice in self.choices)

    def _fits(self, choice: Choice, say: Words) -> str:
        return say("Fits your answer “%(label)s” to “%(question)s”", label=choice.label, question=self.ask)


def _drawn(attempt: str, question: str, choice: str) -> bytes:
    """Return the digest that a choice is sorted by."""
    return sha256(f"{attempt}\0{question}\0{choice}".encode()).digest()


def named_selectors(place: Path, entry: RuleEntry) -> Iterator[NamedSelector]:
    """Yield the selectors of one entry of a rule, each at its place."""
    if isinstance(entry, AnyOf):
        yield from (NamedSelector((*place, "any", number), name) for number, name in enumerate(entry.any))
    else:
        yield NamedSelector(place, entry)

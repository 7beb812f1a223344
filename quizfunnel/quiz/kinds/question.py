"""Question kind: the one interface that everything outside this folder asks, whatever the kind; pure.

A kind is a final class in a file of its own, a template `shopper/kind/_<pick>.html`, and its name in the
union of `quizfunnel.quiz.kinds`. What is abstract here has no safe default; the rest is right for
a kind whose answers can be listed one by one.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, get_args

from pydantic import StringConstraints

from quizfunnel.catalog.product import Product
from quizfunnel.i18n.words import Words
from quizfunnel.quiz.kinds.answer import AnswerValue
from quizfunnel.quiz.kinds.column import AnswerColumn
from quizfunnel.quiz.kinds.condition import Condition, Unless, Wanted, When
from quizfunnel.quiz.kinds.fields import Path, PlainModel, Slug, Text
from quizfunnel.quiz.kinds.question_values import (
    AnswerGroup,
    Closeness,
    Complaint,
    NamedAttribute,
    NamedSelector,
    Promise,
    Property,
    Tastes,
)
from quizfunnel.quiz.kinds.rule import Rule
from quizfunnel.quiz.kinds.video import Video, VideoRef


class QuestionKind(PlainModel, ABC):
    """A question of any kind.

    Class-wide: `MEANS` says the kind in a word or two, `KEYS` explains the keys, `PARTS` are the
    models below it by key, `WORDS` names the keys that say nothing of what an answer means (see
    `quizfunnel.quiz.fingerprint`), and where `WHOLE_POINTS` all of its points are whole numbers.
    """

    MEANS: ClassVar[str]
    PARTS: ClassVar[Mapping[str, type[PlainModel]]] = {"video": Video}
    WHOLE_POINTS: ClassVar[bool]
    WORDS: ClassVar[tuple[str, ...]] = ("ask", "help", "why", "image", "video", "optional")
    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "A lower-case slug; answers are kept under it, so never rename it.",
        "ask": "The question in the shopper's words.",
        "help": "One more sentence below the question; it may take *emphasis* and links to the shop.",
        "why": "Shown as 'Why we ask'; expected where `sensitive` is true. Takes what `help` does.",
        "image": "A picture: a path like /static/img/x.svg or an https address.",
        "video": "A video of the store's own: a path like /static/video/x.mp4, or {file, captions, poster, ratio, "
        "silent}.",
        "when": "Ask only after these answers, all of them: {question: [choice, ...]} is any of its choices, "
        "{question: {not: [choice, ...]}} none of them, {scale: {at_least: 20}} a number; of a list of such mappings "
        "any may hold. Names earlier questions only.",
        "optional": "Offer 'Skip', which is an answer too.",
        "sensitive": "Keep the answer out of order linkage, training and export, and never repeat it on a page.",
    }

    id: Slug
    ask: Text
    help: Annotated[str, StringConstraints(max_length=500)] = ""
    why: Annotated[str, StringConstraints(max_length=500)] = ""
    image: Annotated[str, StringConstraints(max_length=500)] = ""
    video: VideoRef = None
    when: When | None = None
    optional: bool = False
    sensitive: bool = False
    pick: str  # a kind's own word; declared here, so that it stands before the kind's own keys in the schema

    @classmethod
    def kind_name(cls) -> str:
        """Return the word that a file writes after `pick:`."""
        return str(get_args(cls.model_fields["pick"].annotation)[0])

    @property
    def when_any(self) -> tuple[Mapping[str, Condition], ...]:
        """Return the alternatives of `when`; empty means always asked."""
        if self.when is None:
            return ()
        return self.when if isinstance(self.when, tuple) else (self.when,)

    # The form, and every answer that it can give

    @abstractmethod
    def parse(self, given: Sequence[str], *, none: bool) -> AnswerValue:
        """Return the answer in a form's values; raise AnswerError in the shopper's words.

        `none` is the tick of "none of these". Skipping is no kind's matter.
        """

    @abstractmethod
    def answers(self) -> Iterable[AnswerValue]:
        """Yield every answer that can be given, in the file's order, but for the skipped one."""

    def groups(
        self, sets: Callable[[AnswerValue], int], left: Callable[[AnswerValue], int], *, most: int
    ) -> Iterator[AnswerGroup]:
        """Yield all answers, alike ones together as far as is cheap; raise TooTangled past `most` groups.

        `sets` gives the bits that an answer sets for later `when`s, `left` the products that it leaves: of several
        choices the bits that any of them sets, and the products that all of them leave.
        """
        for value in self.answers():
            yield AnswerGroup(sets(value), left(value), 1, value)

    def ways(self, sets: Callable[[AnswerValue], int], *, most: int) -> dict[int, AnswerValue]:
        """Return every set of bits that an answer can set, with one such answer; raise TooTangled past `most`."""
        ways: dict[int, AnswerValue] = {}
        for value in self.answers():
            ways.setdefault(sets(value), value)
        return ways

    @abstractmethod
    def likely_answer(self, tastes: Tastes) -> AnswerValue:
        """Return the answer of a simulated person."""

    def drawn_answer(self, draw: Callable[[], float]) -> AnswerValue:
        """Return an answer drawn evenly among all, of which skipping is one where it is offered.

        `draw` gives numbers from 0 to below 1.
        """
        answers = [*self.answers(), None] if self.optional else list(self.answers())
        return answers[int(draw() * len(answers))]

    def numbers(self) -> Sequence[float]:
        """Return the numbers that can be answered, smallest first; none where an answer is no number."""
        return ()

    def number_in_words(self, number: float) -> str:
        """Return one of its numbers as a merchandiser reads it: `500`, or `500 or more`."""
        return f"{number:g}"

    # Conditions and hard rules

    def meets(self, condition: Condition, value: AnswerValue) -> bool:
        """Tell whether an answer to this question meets a condition of a later `when`."""
        if isinstance(condition, Unless):
            return not self.gives(condition.not_, value)
        return self.gives(condition, value)

    @abstractmethod
    def gives(self, wanted: Wanted, value: AnswerValue) -> bool:
        """Tell whether an answer to this question is one of those that a condition names."""

    def check_condition(self, condition: Condition) -> Iterator[Complaint]:
        """Yield why a condition names no answer to this question."""
        if isinstance(condition, Unless):
            for complaint in self.check_wanted(condition.not_):
                yield complaint._replace(path=("not", *complaint.path))
        else:
            yield from self.check_wanted(condition)

    @abstractmethod
    def check_wanted(self, wanted: Wanted) -> Iterator[Complaint]:
        """Yield why this question can never give what a condition names."""

    @property
    @abstractmethod
    def has_rules(self) -> bool:
        """Tell whether some answer can forbid a product."""

    @abstractmethod
    def rules(self, value: AnswerValue) -> tuple[Rule, ...]:
        """Return the hard rules that one answer brings; a skipped question brings none."""

    @abstractmethod
    def rule_answer(self, rule: Rule) -> str:
        """Return the answers that bring a rule and leave no more, as a merchandiser would say them: `14 or less`."""

    @abstractmethod
    def rule_place(self, rule: Rule) -> Path:
        """Return the place that a rule is written at."""

    @abstractmethod
    def single_answers(self) -> Iterator[tuple[Path, AnswerValue]]:
        """Yield answers that together bring every hard rule, each with the place that forbids by it."""

    # Points, and codes for learning

    @abstractmethod
    def points(self, products: Sequence[Product], value: AnswerValue) -> tuple[float, ...]:
        """Return the points that one answer gives every product; shape [products]."""

    @abstractmethod
    def columns(self) -> tuple[AnswerColumn, ...]:
        """Return the columns that answers are learnt in."""

    @abstractmethod
    def reference_answers(self) -> list[AnswerValue]:
        """Return the few answers whose scores are made ahead, and whose mean the others are held against."""

    def centre(self, scores: Sequence[float]) -> float:
        """Return the mean of the scores of `reference_answers`."""
        return sum(scores) / len(scores)

    def addends(self, value: AnswerValue) -> tuple[AnswerValue, ...]:
        """Return the answers whose scores beside that of `()` add up to this one's; none where it stands for itself."""
        return ()

    def why_unlike(self, before: "QuestionKind") -> str:
        """Return why answers to `before`, the question in an older version, say nothing of this one."""
        return ""

    # Names in the catalogue, pictures and other things that the check proves

    def complaints(self) -> Iterator[Complaint]:
        """Yield everything wrong with the question by itself."""
        yield from ()

    def selectors(self) -> Iterator[NamedSelector]:
        """Yield every selector that the question names."""
        yield from ()

    def attributes(self) -> Iterator[NamedAttribute]:
        """Yield every attribute that the question compares its answer with."""
        yield from ()

    def pictures(self) -> Iterator[tuple[Path, str]]:
        """Yield the address of every picture."""
        yield ("image",), self.image
        if self.video is not None:
            yield ("video", "poster"), self.video.poster

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Yield every text that the shop says in this question, and the labels of its choices."""
        for name in ("ask", "help", "why"):
            yield (name,), getattr(self, name)

    def labels(self) -> Sequence[str]:
        """Return the texts that a shopper reads besides the question and its help."""
        return ()

    def bare_labels(self) -> Iterator[tuple[Path, str]]:
        """Yield the label of every choice that speaks for products by nothing but itself."""
        yield from ()

    def none_labels(self) -> Iterator[tuple[Path, str]]:
        """Yield the label of every way to say that nothing fits."""
        yield from ()

    # Words about an answer

    @abstractmethod
    def in_words(self, value: AnswerValue, say: Words) -> str:
        """Return an answer, which is not the skipped one, as the shopper gave it."""

    @abstractmethod
    def as_given(self, value: AnswerValue, say: Words) -> str:
        """Return an answer, which is not the skipped one, in the words that were chosen: for beside its question."""

    def as_mentioned(self, value: AnswerValue, say: Words) -> str:
        """Return an answer, which is not the skipped one, as another text repeats it that says `{id}`."""
        return self.as_given(value, say)

    @abstractmethod
    def promise(self, rule: Rule, *, currency: str, say: Words) -> Promise:
        """Return in words that a hard rule of this question is kept; `currency` is that of prices."""

    def properties(self, product: Product, *, say: Words) -> Sequence[Property]:
        """Return the properties of a product that the question asks about; the same whatever is answered."""
        return ()

    def because(self, value: AnswerValue, say: Words) -> str:
        """Return the sentence with which an answer speaks for any product; none where it has no such words."""
        return ""

    def picks(self, value: AnswerValue, say: Words) -> Sequence[tuple[str, str]]:
        """Return the choices in an answer that speak for themselves, each with its sentence."""
        return ()

    def closeness(self, value: AnswerValue) -> Closeness | None:
        """Return the soft wish that an answer is, None where it is none."""
        return None

    def close_in_words(self, wish: Closeness, has: float, *, currency: str, say: Words) -> str:
        """Return the sentence that says that a product's attribute fits a wish."""
        return ""

    def miss_in_words(self, wish: Closeness, has: float, *, currency: str, say: Words) -> str:
        """Return the sentence that says how a product's attribute differs from a wish that it does not fit."""
        return ""

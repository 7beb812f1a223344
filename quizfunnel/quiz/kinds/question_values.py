"""Values that a question kind answers with: complaints and names for the check, groups, wishes, words; pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from quizfunnel.quiz.kinds.answer import AnswerValue
from quizfunnel.quiz.kinds.choice import Choice
from quizfunnel.quiz.kinds.fields import Path

CLOSE = 0.25  # of a scale's length: how near an answer a product must be for that to be a reason


class Complaint(NamedTuple):
    """One thing that is wrong with a question, at a path below it; with `key` the key is meant and not its value."""

    path: Path
    message: str
    error: bool = True
    key: bool = False


class NamedSelector(NamedTuple):
    """One selector that a question names, at a path below it; with `key` it stands there as a key."""

    path: Path
    selector: str
    key: bool = False


class NamedAttribute(NamedTuple):
    """One numeric attribute that a question compares its answer with, at a path below it.

    `hard` ones forbid products that lack it. `unit` is the answer's, written at `unit_path`.
    """

    path: Path
    name: str
    hard: bool
    unit: str
    unit_path: Path


class AnswerGroup(NamedTuple):
    """Answers that nothing tells apart: the bits they set, the products they leave, how many, and the first."""

    sets: int
    left: int
    many: int
    first: AnswerValue


class Closeness(NamedTuple):
    """A soft wish on a scale: the nearer a product's attribute to the value, the better.

    `span` is the scale's whole length, `step` the way from one answer to the next. `and_more` or `and_less` is the
    wish for the value or anything beyond it.
    """

    name: str
    value: float
    span: float
    step: float
    and_more: bool = False
    and_less: bool = False

    def distance(self, has: float) -> float:
        """Return how far what a product has lies from what was wished for."""
        if (self.and_more and has > self.value) or (self.and_less and has < self.value):
            return 0.0
        return abs(has - self.value)

    def is_met(self, has: float | str | None) -> bool:
        """Tell whether what a product has is so near that it speaks for the product."""
        return isinstance(has, float) and self.distance(has) <= CLOSE * self.span

    def fits(self, has: float) -> bool:
        """Tell whether it is what was asked for: no other answer of the scale lies as near to what a product has."""
        return has == self.value or 2 * self.distance(has) < self.step


class Promise(NamedTuple):
    """A hard rule in words: ready to be `listed` among others or a sentence of its own.

    `kept` is how a product says it that keeps the rule, where it says it otherwise: "up to £16", of "within £16".
    `broken` is the sentence about a product that breaks it.
    """

    words: str
    listed: bool
    kept: str = ""
    broken: str = ""


class Property(NamedTuple):
    """A property of a product in words: `Fragrance-free`; some choice asks for it by a hard rule, or it is a liking."""

    words: str
    hard: bool


class Tastes(Protocol):
    """The likes of one simulated person, as far as an answer follows from them."""

    def appeal(self, choices: Sequence[Choice]) -> Mapping[str, float]:
        """Return how much each choice is liked, by its id, each time with other noise."""

    def wish(self, question: str) -> float:
        """Return the number that is liked best on a question's scale."""

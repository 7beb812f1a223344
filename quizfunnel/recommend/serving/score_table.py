"""Score table: the contribution of every answer to every product of a catalogue, ready to be added.

The points are those of `compiled_rules`; here they are put beside a model's rows, each once, and then only added.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from operator import sub
from typing import NamedTuple

from quizfunnel.quiz.kinds.column import NEVER_ASKED
from quizfunnel.quiz.spec import Answers, AnswerValue
from quizfunnel.recommend.serving.compiled_rules import CompiledRules, Key, keep
from quizfunnel.recommend.serving.packed import GRID, MOST, ZERO, PackedRows, on_grid
from quizfunnel.recommend.serving.points import SLOPE, Row
from quizfunnel.recommend.serving.score_model import ModelTable

MOST_MEANS = 16_384
_MOST = on_grid(MOST)


class Contribution(NamedTuple):
    """One answer's part of every product's score, above that of not having been asked, in units of the grid.

    `packed` are the same numbers as one integer; None where the answer moves no product.
    """

    each: Sequence[int]
    packed: int | None


class ScoreTable:
    """The scores of one quiz over one catalogue: by the rules alone, or by a model that was trained on it.

    Products that are new to the model have the rules' part alone; those it knows and that are gone
    count for nothing.
    """

    def __init__(self, rules: CompiledRules, model: ModelTable | None = None) -> None:
        """Take the compiled rules and the model, whose products are matched by their ids."""
        self.rules = rules
        self.model = model
        count = len(rules.products.all)
        self._packed = PackedRows(count)
        self._slope = on_grid(SLOPE if model is None else model.slope)
        known = {id: n for n, id in enumerate(model.products)} if model else {}
        self._place = [known.get(product.id) for product in rules.products.all]
        # A model has a row for a question never asked. All of these are in the start, and a contribution takes its
        # question's out again, so that an answer is one addition.
        self._never = {question.id: self._learnt(question.id, None, asked=False) for question in rules.quiz.questions}
        self.base = self._aligned(model.base) if model else [0] * count
        start = zip(self.base, *self._never.values(), strict=True)
        self._start = self._packed.pack(_cut(sum(numbers)) for numbers in start)
        self._contributions: dict[Key, Contribution] = {}
        self._lifts: dict[Key, Sequence[float] | None] = {}
        self._means: dict[tuple[object, ...], float] = {}

    def scores(self, answers: Answers) -> list[float]:
        """Return every product's score in log-odds; shape [products]."""
        return [GRID * (number - ZERO) for number in self.read(answers)]

    def read(self, answers: Answers) -> Sequence[float]:
        """Return every product's score in units of GRID counted from ZERO; shape [products]."""
        rows = [self._start]
        for item in answers.items():
            contribution = self._contributions.get(item) or self.contribution(*item)
            if contribution.packed is not None:
                rows.append(contribution.packed)
        return self._packed.read(rows)

    def contributions(self, answers: Answers) -> Mapping[str, Row]:
        """Return each answer's part of the scores, in log-odds; shape {question: [products]}."""
        return {
            question.id: tuple(map(sum, zip(*self.parts(question.id, answers), strict=True)))
            for question in self.rules.quiz.questions
            if answers.get(question.id) is not None
        }

    def parts(self, question: str, answers: Answers) -> tuple[Row, Row]:
        """Return the rules' and the learnt part of what one question adds, answered or not, in log-odds."""
        asked = question in answers
        points = self._points(question, answers.get(question))
        learnt = self._learnt(question, answers.get(question), asked=asked)
        return tuple(GRID * each for each in points), tuple(GRID * each for each in learnt)

    def contribution(self, question: str, value: AnswerValue) -> Contribution:
        """Return one answer's contribution to every product's score."""
        contribution = self._contributions.get((question, value))
        if contribution is None:
            addends = self.rules.quiz.by_id[question].addends(value)
            each = self._sum(question, addends) if addends else self._one_contribution(question, value)
            # A row of zeros is not added: many answers give no points to anything.
            contribution = Contribution(each, self._packed.pack(each) if any(each) else None)
            keep(self._contributions, (question, value), contribution, self.rules.most_kept)
        return contribution

    def lift(self, question: str, value: AnswerValue) -> Sequence[float] | None:
        """Return an answer's contribution less the mean of the question's reference answers; None where it is flat.

        For the rules alone it is the contribution itself, above that of skipping: their points have a zero, a
        model's rows have none. In units of the grid.
        """
        key = question, value
        if key in self._lifts:
            return self._lifts[key]
        each = self.contribution(question, value).each
        return self._kept_lift(key, each if self.model is None else map(sub, each, self._centre(question)))

    def gain(self, question: str, choice: str) -> Sequence[float] | None:
        """Return the marginal contribution of one choice of a `many` question when it is picked; None where it is flat.

        In units of the grid.
        """
        key = question, choice  # an answer to `many` is a tuple, so that no other row has this key
        if key in self._lifts:
            return self._lifts[key]
        picked, none = self.contribution(question, (choice,)), self.contribution(question, ())
        return self._kept_lift(key, map(sub, picked.each, none.each))

    def prepare(self) -> None:
        """Work out the rows of every reference answer, so that no shopper waits for them."""
        for question in self.rules.quiz.questions:
            for value in question.reference_answers():
                self.rules.rule_masks(question.id, value)
                self.lift(question.id, value)

    def mean(self, key: tuple[object, ...], row: Sequence[float], *, bits: int, selected: bytes) -> float:
        """Return the mean of a row over the products selected, of which `bits` are the set; `key` names the row."""
        mean = self._means.get((bits, *key))
        if mean is None:
            mean = sum(compress(row, selected)) / max(1, sum(selected))
            if len(self._means) >= MOST_MEANS:
                self._means.clear()
            self._means[bits, *key] = mean
        return mean

    @property
    def known(self) -> int:
        """Return the number of the catalogue's products that the model knows."""
        return sum(place is not None for place in self._place)

    def _kept_lift(self, key: Key, numbers: Iterable[float]) -> Sequence[float] | None:
        # 4 KB for 500 products, where a list of floats takes 16.
        row = array("d", list(numbers))
        lift = None if len(set(row)) <= 1 else row
        keep(self._lifts, key, lift, self.rules.most_kept)
        return lift

    def _one_contribution(self, question: str, value: AnswerValue) -> list[int]:
        learnt = self._learnt(question, value, asked=True)
        rows = zip(self._points(question, value), learnt, self._never[question], strict=True)
        return [_cut(points + row - never) for points, row, never in rows]

    def _sum(self, question: str, addends: Sequence[AnswerValue]) -> list[int]:
        """Return the contribution of a selection S of choices, additive over the empty one.

        w(S) = w(0) + sum of w(c) - w(0) over each choice c of S, where w is `contribution` and 0 the empty
        selection; summed here as (1 - |S|) w(0) + sum of w(c). `addends` are the choices, each as an answer.
        """
        none = self.contribution(question, ()).each
        alone = [self.contribution(question, value).each for value in addends]
        others = 1 - len(alone)
        return [_cut(others * row[0] + sum(row[1:])) for row in zip(none, *alone, strict=True)]

    def _centre(self, question: str) -> Row:
        """Return the mean contribution of a question's reference answers, weighed as its kind does."""
        spec = self.rules.quiz.by_id[question]
        rows = [self.contribution(question, value).each for value in spec.reference_answers()]
        return tuple(map(spec.centre, zip(*rows, strict=True)))

    def _points(self, question: str, value: AnswerValue) -> list[int]:
        points = self.rules.points(question, value)
        # There are few distinct points: each is put on the grid once.
        known = {each: on_grid(GRID * self._slope * each) for each in set(points)}
        return [known[each] for each in points]

    def _learnt(self, question: str, value: AnswerValue, *, asked: bool) -> list[int]:
        """Return the model's rows of one answer, summed over the question's columns."""
        total = [0] * len(self._place)
        if self.model is None:
            return total
        answers = {question: value} if asked else {}
        for column, block in zip(self.model.columns, self.model.rows, strict=True):
            if column.question == question:
                row = self._aligned(block[column.code(answers) if asked else NEVER_ASKED])
                total = [so_far + more for so_far, more in zip(total, row, strict=True)]
        return total

    def _aligned(self, row: Sequence[float]) -> list[int]:
        return [0 if place is None else on_grid(row[place]) for place in self._place]


def _cut(number: int) -> int:
    """Return a number clipped to what a lane has room for, lest its sums overflow into the next one."""
    return max(-_MOST, min(_MOST, number))

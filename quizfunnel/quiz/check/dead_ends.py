"""Dead ends: answers whose hard rules together leave no product, or fewer than the offer shows; pure.

A dead end is told by its cause: the fewest rules that make it, with the answers that bring them, and the share of
simulated shoppers who meet it. That answers can come to it at all is proven by counting all combinations.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, groupby
from typing import NamedTuple

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check.coverage import Coverage
from quizfunnel.quiz.check.sections.filled import Filling
from quizfunnel.quiz.check.shoppers import Simulation
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.kinds.rule import Rule
from quizfunnel.quiz.rules import Products, rules
from quizfunnel.quiz.spec import Answers, Quiz

MOST_TOLD = 3
_MOST_SEARCHED = 3  # rules of one cause that are looked for in every combination


class DeadEnd(NamedTuple):
    """One cause: the rules that leave too little, the most products that they leave, the shoppers who meet it."""

    rules: tuple[Rule, ...]
    left: int
    shoppers: int


def check(loaded: LoadedQuiz, simulation: Simulation, filling: Filling, coverage: Coverage | None) -> Iterator[Finding]:
    """Find the causes that leave shoppers without a product, then those that leave fewer than are shown.

    Looked at is the whole offer, or one section of it: its `filling`, and the `coverage` of its products.
    """
    left = [(shopper.left & filling.takes).bit_count() for shopper in simulation.shoppers]
    given = [shopper.answers for shopper in simulation.shoppers]
    empty = [answers for answers, count in zip(given, left, strict=True) if not count]
    few = [answers for answers, count in zip(given, left, strict=True) if 0 < count < filling.show]
    outcomes = _Outcomes(loaded.quiz, filling)
    yield from _told(loaded, simulation, empty, outcomes)
    if coverage and coverage.empty and not empty:
        yield from _rare(loaded, simulation, coverage.empty_example, outcomes)
    yield from _told(loaded, simulation, few, outcomes._replace(show=filling.show))
    if coverage and coverage.few and not few:
        yield from _rare(loaded, simulation, coverage.few_example, outcomes._replace(show=filling.show))


def dead_ends(quiz: Quiz, all_answers: Iterable[Answers], products: Products, *, fewest: int) -> list[DeadEnd]:
    """Return the causes for which answers leave fewer than `fewest` products, the commonest first."""
    ends: dict[tuple[Rule, ...], DeadEnd] = {}
    for answers in all_answers:
        cause = fewest_rules(rules(quiz, answers), products, fewest=fewest)
        key = _key(cause)
        left = products.keeping(cause).bit_count()
        known = ends.get(key, DeadEnd(cause, left, 0))
        widest = tuple(_wider(*pair) for pair in zip(known.rules, cause, strict=True))
        ends[key] = DeadEnd(widest, max(left, known.left), known.shoppers + 1)
    return sorted(ends.values(), key=lambda end: -end.shoppers)


def fewest_rules(hard: tuple[Rule, ...], products: Products, *, fewest: int) -> tuple[Rule, ...]:
    """Return as few of the rules as already leave fewer than `fewest` products; all of them do.

    None is needed where there are no more products at all.
    """
    for size in range(min(len(hard), _MOST_SEARCHED) + 1):
        for some in combinations(hard, size):
            if products.keeping(some).bit_count() < fewest:
                return some
    needed = hard
    for rule in hard:
        without = tuple(other for other in needed if other is not rule)
        needed = without if products.keeping(without).bit_count() < fewest else needed
    return needed


def cause_in_words(quiz: Quiz, cause: Sequence[Rule]) -> str:
    """Return the answers that bring some rules, each with its rules: ``“Caffeine” to `avoid` (requires tag:decaf)``."""
    answers = [
        _answer_in_words(quiz, list(brought))
        for _, brought in groupby(cause, key=lambda rule: (rule.question, rule.choice))
    ]
    if len(answers) < 3:  # noqa: PLR2004 - two are both
        return f"both {answers[0]} and {answers[1]}" if len(answers) > 1 else answers[0]
    return f"all of {', '.join(answers[:-1])} and {answers[-1]}"


def any_in_words(cause: Sequence[Rule]) -> str:
    """Return how a choice whose rules hold together says that one of them is enough; none where no choice has two."""
    required = [rule for rule in cause if rule.kind == "requires" and len(rule.names) == 1]
    for _, rules_ in groupby(required, key=lambda rule: (rule.question, rule.choice)):
        names = [rule.written for rule in rules_]
        if len(names) > 1:
            return f"; where one of {' and '.join(names)} is enough, write {{any: [{', '.join(names)}]}} in their place"
    return ""


class _Outcomes(NamedTuple):
    """The outcome of dead ends in the offer or in a section: fewer products than `show`, none at all without it."""

    quiz: Quiz
    filling: Filling
    show: int = 0

    @property
    def fewer(self) -> str:
        """Return what shoppers get, in words."""
        within = self.filling.within
        return (
            f"fewer than the {self.show} products that `show` promises{within}" if self.show else f"no product{within}"
        )

    def of(self, end: DeadEnd) -> str:
        """Return what shoppers get by a dead end, why, and what to do."""
        cause = cause_in_words(self.quiz, end.rules) if end.rules else ""
        either = any_in_words(end.rules)
        remedy = "loosen one of these rules" if len(end.rules) > 1 else "loosen this rule"
        if not self.show and not cause:
            return f"get {self.fewer}: nothing that it takes is in stock; add a product that it takes"
        if not self.show:
            return f"get {self.fewer}: nothing in stock fits {cause}; add a product that does, or {remedy}{either}"
        if not end.rules:
            return f"get {self.fewer}: only {end.left} can be bought at all; add products or lower `show`"
        fit = "only 1 fits" if end.left == 1 else f"at most {end.left} fit"
        return f"get {self.fewer}: {fit} {cause}; add some that do, {remedy}, or lower `show`{either}"

    def place(self, end: DeadEnd) -> Path:
        """Return where the last of the rules is written, without one the promise."""
        if not end.rules:
            return self.filling.place
        last = end.rules[-1]
        number = [question.id for question in self.quiz.questions].index(last.question)
        return ("questions", number, *self.quiz.questions[number].rule_place(last))


def _told(
    loaded: LoadedQuiz, simulation: Simulation, answers: Sequence[Answers], outcomes: _Outcomes
) -> Iterator[Finding]:
    """Tell the commonest causes each, and the rest together."""
    ends = dead_ends(loaded.quiz, answers, outcomes.filling.stocked, fewest=outcomes.show or 1)
    for end in ends[:MOST_TOLD]:
        message = f"{simulation.share(end.shoppers)} {outcomes.of(end)}"
        yield loaded.finding(outcomes.place(end), message, error=False)
    if more := ends[MOST_TOLD:]:
        others = "another reason" if len(more) == 1 else f"{len(more)} other reasons, the first"
        message = (
            f"{simulation.share(sum(end.shoppers for end in more))} get {outcomes.fewer} for {others}: "
            f"{cause_in_words(loaded.quiz, more[0].rules)}; mend the commoner ones first and check again"
        )
        yield loaded.finding(outcomes.place(more[0]), message, error=False)


def _rare(loaded: LoadedQuiz, simulation: Simulation, answers: Answers, outcomes: _Outcomes) -> Iterator[Finding]:
    """Tell a dead end that is proven, and that no simulated shopper came to."""
    (end,) = dead_ends(loaded.quiz, [answers], outcomes.filling.stocked, fewest=outcomes.show or 1)
    none = f"though none of {len(simulation.shoppers):,} simulated ones did"
    message = f"some shoppers will, {none}, {outcomes.of(end)}"
    yield loaded.finding(outcomes.place(end), message, error=False)


def _answer_in_words(quiz: Quiz, brought: Sequence[Rule]) -> str:
    """Return one answer with the rules that it brings."""
    question = quiz.by_id[brought[0].question]
    answer = " and ".join(dict.fromkeys(question.rule_answer(rule) for rule in brought))
    kinds = groupby(brought, key=lambda rule: rule.kind)
    written = ", ".join(f"{kind} {' and '.join(rule.written for rule in some)}" for kind, some in kinds)
    return f"{answer} to `{question.id}` ({written})"


def _key(cause: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules with the first bound left open: causes are alike that differ in it alone."""
    bounded = next((place for place, rule in enumerate(cause) if rule.choice is None), -1)
    return tuple(rule._replace(bound=0.0) if place == bounded else rule for place, rule in enumerate(cause))


def _wider(one: Rule, other: Rule) -> Rule:
    """Return the looser of two bounds of one rule: what lies beyond it is no part of the cause."""
    return one if (one.bound >= other.bound) == (one.kind == "limits") else other

"""Coverage: the combinations of answers that leave no product, counted exactly without listing them all.

Answers are told apart by what matters: what later `when`s ask about, and which products they leave
(a bit a product). Alike ones are counted together. It proves what can happen; how many shoppers meet it is no
matter of combinations and is simulated.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from quizfunnel.quiz import paths
from quizfunnel.quiz.kinds.answer import TooTangled
from quizfunnel.quiz.kinds.question_values import AnswerGroup
from quizfunnel.quiz.paths import GatedQuestion
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Answers, AnswerValue, Quiz

MOST_STATES = 20_000


class Coverage(NamedTuple):
    """Numbers of combinations of answers: all, those that leave nothing, those that leave fewer than are shown.

    The examples are the first such combinations, in the file's order. `reachable` has a bit for
    every product that some combination leaves.
    """

    total: int
    empty: int
    few: int
    empty_example: dict[str, AnswerValue]
    few_example: dict[str, AnswerValue]
    reachable: int


_Tally = tuple[int, tuple[tuple[str, AnswerValue], ...]]  # how many, and the first of them


def cover(quiz: Quiz, products: Products, *, show: int | None = None) -> Coverage:
    """Count every combination of answers by what it leaves of some products; raise TooTangled past MOST_STATES kinds.

    `show` of them are shown at once: those of the whole offer where it is not said.
    """
    states: dict[tuple[int, int], _Tally] = {(0, products.everything): (1, ())}
    for step in paths.steps(quiz):
        grown: dict[tuple[int, int], _Tally] = {}
        groups = _groups(step, products)
        for (bits, left), (count, example) in states.items():
            if not step.is_asked(bits):
                _add(grown, (bits & step.later, left), (count, example))
                continue
            for group in groups:
                key = ((bits | group.sets) & step.later, left & group.left)
                _add(grown, key, (count * group.many, (*example, (step.question.id, group.first))))
            if len(grown) > MOST_STATES:
                raise TooTangled(step.question.id)
        states = grown
    return _summarise(states, quiz.offer.promised if show is None else show)


def in_words(answers: Answers) -> str:
    """Return answers as a reader would say them: ``brew=espresso, avoid=caffeine+nuts, budget=8``."""
    return ", ".join(f"{name}={value_in_words(value)}" for name, value in answers.items()) or "no answer"


def value_in_words(value: AnswerValue) -> str:
    """Return one answer as a reader of the file would say it."""
    if value is None:
        return "skipped"
    if isinstance(value, tuple):
        return "+".join(value) or "none"
    return value if isinstance(value, str) else f"{value:g}"


def _groups(step: GatedQuestion, products: Products) -> list[AnswerGroup]:
    """Return the answers to a question, those together that nothing tells apart."""
    groups: dict[tuple[int, int], AnswerGroup] = {}
    for group in _every_group(step, products):
        key = (group.sets & step.later, group.left)
        known = groups.get(key)
        groups[key] = group if known is None else known._replace(many=known.many + group.many)
        if len(groups) > MOST_STATES:
            raise TooTangled(step.question.id)
    return list(groups.values())


def _every_group(step: GatedQuestion, products: Products) -> Iterator[AnswerGroup]:
    question = step.question
    yield from question.groups(step.sets, partial(products.left, question), most=MOST_STATES)
    if question.optional:
        yield AnswerGroup(step.sets(None), products.everything, 1, None)


def _add(grown: dict[tuple[int, int], _Tally], key: tuple[int, int], tally: _Tally) -> None:
    known = grown.get(key)
    grown[key] = tally if known is None else (known[0] + tally[0], known[1])


def _summarise(states: dict[tuple[int, int], _Tally], show: int) -> Coverage:
    total = empty = few = reachable = 0
    examples: dict[str, dict[str, AnswerValue]] = {}
    for (_, left), (count, example) in states.items():
        total += count
        reachable |= left
        if not left:
            empty += count
            examples.setdefault("empty", dict(example))
        elif left.bit_count() < show:
            few += count
            examples.setdefault("few", dict(example))
    return Coverage(total, empty, few, examples.get("empty", {}), examples.get("few", {}), reachable)

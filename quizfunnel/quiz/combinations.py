"""Whether products are left for every combination of answers, counted exactly without listing them all.

Answers are told apart by what matters: what later `when`s ask about, and which products they leave
(a bit a product). Alike ones are counted together.
"""

from collections.abc import Iterator
from typing import NamedTuple

from quizfunnel.catalog.finding import Finding
from quizfunnel.catalog.product import Catalog
from quizfunnel.quiz import paths
from quizfunnel.quiz.load import LoadedQuiz
from quizfunnel.quiz.rules import Products, mask, rules_of
from quizfunnel.quiz.spec import AnswerValue, ManyQuestion, OneQuestion, Question, Quiz, ScaleQuestion

MOST_STATES = 20_000


class Coverage(NamedTuple):
    """How many combinations of answers there are, and how many leave nothing or fewer than are shown.

    `empty_example` and `few_example` are the first such combinations; `reachable` has a bit for
    every product that some combination leaves.
    """

    total: int
    empty: int
    few: int
    empty_example: dict[str, AnswerValue]
    few_example: dict[str, AnswerValue]
    reachable: int


_State = tuple[tuple[tuple[str, AnswerValue], ...], int]
_Tally = tuple[int, tuple[tuple[str, AnswerValue], ...]]  # how many, and the first of them


def cover(quiz: Quiz, products: Products) -> Coverage | None:
    """Count every combination of answers by what it leaves; None where there are too many to tell apart."""
    states: dict[_State, _Tally] = {((), products.everything): (1, ())}
    for position, question in enumerate(quiz.questions):
        later = {id for after in quiz.questions[position + 1 :] for when in after.when_any for id in when}
        outcomes = _outcomes(quiz, question, products)
        grown: dict[_State, _Tally] = {}
        for (state, bits), (count, example) in states.items():
            kept = tuple(step for step in state if step[0] in later)
            if not paths.is_asked(question, dict(state)):
                _add(grown, (kept, bits), (count, example))
                continue
            for (key, value, left), many in outcomes.items():
                step = ((question.id, key),) if question.id in later else ()
                _add(grown, (kept + step, bits & left), (count * many, (*example, (question.id, value))))
        if len(grown) > MOST_STATES:
            return None
        states = grown
    return _summarise(states, quiz.offer.show)


def check(loaded: LoadedQuiz, catalog: Catalog) -> Iterator[Finding]:
    """Find answers that leave no product (errors), combinations that do, and products nobody can reach (warnings)."""
    quiz = loaded.quiz
    products = Products(tuple(product for product in catalog.products if product.published))
    alone = list(_alone(loaded, products))
    yield from alone
    found = cover(quiz, products)
    if found is None:
        message = "there are too many combinations of answers to count which leave no product; use fewer hard rules"
        yield loaded.finding(("questions",), message, error=False)
        return
    if found.empty and not alone:
        yield loaded.finding(("questions",), _says(found.empty, found, "leave no product", found.empty_example), error=False)
    elif found.few and not alone:
        what = f"leave fewer than the {quiz.offer.show} products shown"
        yield loaded.finding(("offer",), _says(found.few, found, what, found.few_example), error=False)
    lost = [p.id for n, p in enumerate(products.all) if p.available and not found.reachable >> n & 1]
    if lost:
        some = ", ".join(lost[:5]) + (f" and {len(lost) - 5} more" if len(lost) > 5 else "")
        yield loaded.finding(("questions",), f"nobody will ever be shown {some}; loosen a hard rule", error=False)


def _alone(loaded: LoadedQuiz, products: Products) -> Iterator[Finding]:
    for number, question in enumerate(loaded.quiz.questions):
        for place, value in _single_answers(question):
            left = products.everything
            for rule in rules_of(question, value):
                left &= mask(products, rule)
            if not left:
                shown = f"{value:g}" if isinstance(value, float) else f"`{value[0] if isinstance(value, tuple) else value}`"
                message = f"the answer {shown} alone leaves no product; change its rule or the catalogue"
                yield loaded.finding(("questions", number, *place), message)
                if isinstance(question, ScaleQuestion):
                    break


def _single_answers(question: Question) -> Iterator[tuple[tuple[str | int, ...], AnswerValue]]:
    if isinstance(question, ScaleQuestion):
        for value in question.scale.values:
            yield ("scale",), value
        return
    for index, choice in enumerate(question.choices):
        yield ("choices", index, "id"), choice.id if isinstance(question, OneQuestion) else (choice.id,)


def _outcomes(
    quiz: Quiz, question: Question, products: Products
) -> dict[tuple[AnswerValue, AnswerValue, int], int]:
    """Return how many answers there are of each kind: as the `when`s see it, an example, and what it leaves."""
    found: dict[tuple[AnswerValue, int], tuple[AnswerValue, int]] = {}
    if isinstance(question, ManyQuestion):
        listed = _many(question, quiz, products)
    else:
        values = [c.id for c in question.choices] if isinstance(question, OneQuestion) else [*question.scale.values]
        listed = [(value, value, _left(question, value, products), 1) for value in values]
    if question.optional:
        listed = [*listed, (None, None, products.everything, 1)]
    for key, value, left, count in listed:
        first, before = found.get((key, left), (value, 0))
        found[key, left] = (first, before + count)
    return {(key, value, left): count for (key, left), (value, count) in found.items()}


def _many(
    question: ManyQuestion, quiz: Quiz, products: Products
) -> list[tuple[AnswerValue, AnswerValue, int, int]]:
    named = {
        id
        for after in quiz.questions
        for when in after.when_any
        for id in _ids(when.get(question.id, ()))
    }
    # (chosen that a `when` names, what is left, how many chosen) -> (how many ways, the first of them)
    sets: dict[tuple[tuple[str, ...], int, int], tuple[int, tuple[str, ...]]] = {((), products.everything, 0): (1, ())}
    for choice in question.choices:
        bits = _left(question, (choice.id,), products)
        grown = dict(sets)
        for (chosen, left, size), (count, first) in sets.items():
            if size < (question.at_most or len(question.choices)):
                more = tuple(sorted((*chosen, choice.id))) if choice.id in named else chosen
                key = (more, left & bits, size + 1)
                before, example = grown.get(key, (0, (*first, choice.id)))
                grown[key] = (before + count, example)
        sets = grown
    return [
        (chosen, tuple(sorted(first)), left, count)
        for (chosen, left, size), (count, first) in sets.items()
        if size or question.none_label
    ]


def _left(question: Question, value: AnswerValue, products: Products) -> int:
    bits = products.everything
    for rule in rules_of(question, value):
        bits &= mask(products, rule)
    return bits


def _ids(condition: object) -> tuple[str, ...]:
    if isinstance(condition, str):
        return (condition,)
    return condition if isinstance(condition, tuple) else ()


def _add(grown: dict[_State, _Tally], key: _State, tally: _Tally) -> None:
    before, example = grown.get(key, (0, tally[1]))
    grown[key] = (before + tally[0], example)


def _summarise(states: dict[_State, _Tally], show: int) -> Coverage:
    total = empty = few = reachable = 0
    empty_example: dict[str, AnswerValue] = {}
    few_example: dict[str, AnswerValue] = {}
    for (_, bits), (count, example) in states.items():
        total += count
        reachable |= bits
        left = bits.bit_count()
        if left == 0:
            empty += count
            empty_example = empty_example or dict(example)
        if left < show:
            few += count
            few_example = few_example or dict(example)
    return Coverage(total, empty, few, empty_example, few_example, reachable)


def _says(count: int, found: Coverage, what: str, example: dict[str, AnswerValue]) -> str:
    answers = ", ".join(f"{id}={_shown(value)}" for id, value in example.items() if value is not None)
    share = f"{count / found.total:.1%}" if count / found.total >= 0.001 else "under 0.1%"
    return f"{count:,} of {found.total:,} combinations of answers ({share}) {what}, first: {answers}"


def _shown(value: AnswerValue) -> str:
    if isinstance(value, tuple):
        return "+".join(value) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)

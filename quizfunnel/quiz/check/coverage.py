"""Whether products are left for every combination of answers, counted exactly without listing them all.

Answers are told apart by what matters: what later `when`s ask about, and which products they leave
(a bit a product). Alike ones are counted together.

What one answer alone forbids is an error, judged by the published products whatever their stock: a
product that sells out must never take a quiz down. Combinations are warnings, judged by what can be
bought now.
"""

from collections.abc import Iterator
from typing import NamedTuple

from quizfunnel.catalog.product import Catalog
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz import paths
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.file.yaml_events import Path
from quizfunnel.quiz.paths import GatedQuestion
from quizfunnel.quiz.rules import Products, Rule, attribute, rules_of
from quizfunnel.quiz.spec import Answers, AnswerValue, ManyQuestion, OneQuestion, Question, Quiz, ScaleQuestion

MOST_STATES = 20_000
MOST_NAMED = 5
SMALL = 0.001


class Uncountable(Exception):  # noqa: N818 - it names the state of the quiz
    """The combinations fall into more kinds than can be counted; `question` is where the bound was passed."""

    def __init__(self, question: str) -> None:
        """Name the question at which the bound was passed."""
        super().__init__(question)
        self.question = question


class Coverage(NamedTuple):
    """How many combinations of answers there are, and how many leave nothing, or something but fewer than are shown.

    The examples are the first such combinations, in the file's order. `reachable` has a bit for
    every product that some combination leaves.
    """

    total: int
    empty: int
    few: int
    empty_example: dict[str, AnswerValue]
    few_example: dict[str, AnswerValue]
    reachable: int


class _Outcome(NamedTuple):
    """One kind of answer: the bits it sets for later `when`s, what it leaves, how many there are, the first."""

    sets: int
    left: int
    many: int
    first: AnswerValue


_Tally = tuple[int, tuple[tuple[str, AnswerValue], ...]]  # how many, and the first of them


def cover(quiz: Quiz, products: Products) -> Coverage:
    """Count every combination of answers by what it leaves; raise Uncountable past MOST_STATES kinds."""
    states: dict[tuple[int, int], _Tally] = {(0, products.everything): (1, ())}
    for step in paths.steps(quiz):
        grown: dict[tuple[int, int], _Tally] = {}
        outcomes = _outcomes(step, products)
        for (bits, left), (count, example) in states.items():
            if not step.is_asked(bits):
                _add(grown, (bits & step.later, left), (count, example))
                continue
            for outcome in outcomes:
                key = ((bits | outcome.sets) & step.later, left & outcome.left)
                _add(grown, key, (count * outcome.many, (*example, (step.question.id, outcome.first))))
            if len(grown) > MOST_STATES:
                raise Uncountable(step.question.id)
        states = grown
    return _summarise(states, quiz.offer.show)


def check(loaded: LoadedQuiz, catalog: Catalog, *, counting: bool = True) -> Iterator[Finding]:
    """Find answers that leave no product (errors), combinations that do, and products nobody can reach (warnings).

    Without `counting` only the errors.
    """
    published = Products([product for product in catalog.products if product.published])
    stocked = Products([product for product in catalog.products if product.available])
    barren = list(_alone(loaded.quiz, published))
    for path, value, rules in barren:
        if not any(_names_nothing(rule, catalog) for rule in rules):  # that is told of the rule itself
            message = f"the answer `{_value(value)}` alone leaves no product; change its rule or the catalogue"
            yield loaded.finding(path, message)
    if not stocked.all:
        yield loaded.finding(("catalog",), "no product can be bought now; nobody will be shown one", error=False)
    elif counting and not barren:
        yield from _combined(loaded, stocked)


def _combined(loaded: LoadedQuiz, stocked: Products) -> Iterator[Finding]:
    quiz = loaded.quiz
    try:
        found = cover(quiz, stocked)
    except Uncountable as error:
        message = "there are too many combinations of answers to count which leave no product; use fewer hard rules"
        yield loaded.finding(_place(quiz, error.question, "id"), message, error=False)
        return
    if found.empty:
        message = f"{_share(found.empty, found)} leave no product, the first: {in_words(found.empty_example)}"
        where = _last_rule(quiz, found.empty_example)
        yield loaded.finding(where, f"{message}; loosen a rule or add a product for it", error=False)
    if found.few:
        message = f"{_share(found.few, found)} leave fewer than the {quiz.offer.show} products that `show` promises"
        message += f", the first: {in_words(found.few_example)}; loosen a rule, add products or lower `show`"
        where = _last_rule(quiz, found.few_example)
        yield loaded.finding(where, message, error=False)
    yield from _unreachable(loaded, stocked, found)


def in_words(answers: Answers) -> str:
    """Return answers as a reader would say them: ``brew=espresso, avoid=caffeine+nuts, budget=8``."""
    return ", ".join(f"{name}={_value(value)}" for name, value in answers.items()) or "no answer"


def _value(value: AnswerValue) -> str:
    if value is None:
        return "skipped"
    if isinstance(value, tuple):
        return "+".join(value) or "none"
    return value if isinstance(value, str) else f"{value:g}"


def _share(count: int, found: Coverage) -> str:
    share = count / found.total
    return f"{f'{share:.1%}' if share >= SMALL else 'under 0.1%'} of all {found.total:,} combinations of answers"


def _unreachable(loaded: LoadedQuiz, stocked: Products, found: Coverage) -> Iterator[Finding]:
    lost = [product.id for n, product in enumerate(stocked.all) if not found.reachable >> n & 1]
    if lost:
        names = ", ".join(f"`{name}`" for name in lost[:MOST_NAMED]) + (
            f" and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else ""
        )
        message = f"nobody will ever be shown {names}: every path has an answer that forbids it; loosen a hard rule"
        yield loaded.finding(("questions",), message, error=False, key=True)


def _alone(quiz: Quiz, products: Products) -> Iterator[tuple[Path, AnswerValue, tuple[Rule, ...]]]:
    """Find answers that forbid every product by themselves; of a scale the first."""
    for number, question in enumerate(quiz.questions):
        for place, value in _single_answers(question):
            if not products.left(question, value):
                yield ("questions", number, *place), value, rules_of(question, value)
                if isinstance(question, ScaleQuestion):
                    break


def _names_nothing(rule: Rule, catalog: Catalog) -> bool:
    if rule.kind == "requires":
        return not any(rule.allows(product) for product in catalog.products)
    if rule.kind == "excludes":
        return False
    return not any(isinstance(attribute(product, rule.names), float) for product in catalog.products)


def _single_answers(question: Question) -> Iterator[tuple[Path, AnswerValue]]:
    if isinstance(question, ScaleQuestion):
        for value in question.scale.values:
            yield ("limits" if question.limits else "at_least",), value
        return
    for index, choice in enumerate(question.choices):
        yield ("choices", index, "id"), choice.id if isinstance(question, OneQuestion) else (choice.id,)


def _outcomes(step: GatedQuestion, products: Products) -> list[_Outcome]:
    question = step.question
    found: dict[tuple[int, int], _Outcome] = {}
    for outcome in _each(step, products):
        key = (outcome.sets & step.later, outcome.left)
        known = found.get(key)
        found[key] = outcome if known is None else known._replace(many=known.many + outcome.many)
        if len(found) > MOST_STATES:
            raise Uncountable(question.id)
    return list(found.values())


def _each(step: GatedQuestion, products: Products) -> Iterator[_Outcome]:
    question = step.question
    if isinstance(question, ManyQuestion):
        yield from _selections(step, question, products)
    elif isinstance(question, OneQuestion):
        for choice in question.choices:
            yield _Outcome(step.sets(choice.id), products.left(question, choice.id), 1, choice.id)
    else:
        for value in question.scale.values:
            yield _Outcome(step.sets(value), products.left(question, value), 1, value)
    if question.optional:
        yield _Outcome(0, products.everything, 1, None)


def _selections(step: GatedQuestion, question: ManyQuestion, products: Products) -> Iterator[_Outcome]:
    """Yield every kind of selection, built up choice by choice so that alike ones are never listed singly."""
    most = question.at_most or len(question.choices)
    kinds: dict[tuple[int, int, int], tuple[int, tuple[str, ...]]] = {(0, products.everything, 0): (1, ())}
    for choice in question.choices:
        sets, leaves = step.sets((choice.id,)), products.left(question, (choice.id,))
        grown = dict(kinds)
        for (bits, left, size), (count, first) in kinds.items():
            if size < most:
                key = (bits | sets, left & leaves, size + 1)
                before, example = grown.get(key, (0, (*first, choice.id)))
                grown[key] = (before + count, example)
        if len(grown) > MOST_STATES:
            raise Uncountable(question.id)
        kinds = grown
    for (bits, left, size), (count, first) in kinds.items():
        if size or question.none_label:
            yield _Outcome(bits, left, count, tuple(sorted(first)))


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


def _last_rule(quiz: Quiz, answers: Answers) -> Path:
    """Return the place of the last answered question that has a hard rule."""
    with_rules = [question.id for question in quiz.questions if question.id in answers and _has_rule(question)]
    return _place(quiz, with_rules[-1], "id") if with_rules else ("catalog",)


def _has_rule(question: Question) -> bool:
    if isinstance(question, ScaleQuestion):
        return bool(question.limits or question.at_least)
    return any(choice.requires or choice.excludes for choice in question.choices)


def _place(quiz: Quiz, question: str, key: str) -> Path:
    return ("questions", [each.id for each in quiz.questions].index(question), key)

"""Coverage: the combinations of answers that leave no product, counted exactly without listing them all.

Answers are told apart by what matters: what later `when`s ask about, and which products they leave
(a bit a product). Alike ones are counted together.

What one answer alone forbids is an error, judged by the published products whatever their stock: a
product that sells out must never take a quiz down. Combinations are warnings, judged by what can be
bought now.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from quizfunnel.catalog.product import Catalog
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz import paths
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.answer import TooTangled
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.kinds.question import AnswerGroup
from quizfunnel.quiz.kinds.rule import Rule, attribute
from quizfunnel.quiz.paths import GatedQuestion
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Answers, AnswerValue, Quiz

MOST_STATES = 20_000
MOST_NAMED = 5
SMALL = 0.001


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


def cover(quiz: Quiz, products: Products) -> Coverage:
    """Count every combination of answers by what it leaves; raise TooTangled past MOST_STATES kinds."""
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
    return _summarise(states, quiz.offer.show)


def check(loaded: LoadedQuiz, catalog: Catalog, *, counting: bool = True) -> Iterator[Finding]:
    """Find answers that leave no product (errors), combinations that do, and products nobody can reach (warnings).

    Without `counting` only the errors.
    """
    published = Products([product for product in catalog.products if product.published])
    stocked = Products([product for product in catalog.products if product.available])
    barren = list(_alone(loaded.quiz, published))
    for path, value, rules in barren:
        if not any(_names_nothing(rule, catalog) for rule in rules):  # the rule itself has a finding then
            message = f"the answer `{_value(value)}` alone leaves no product; change its rule or the catalogue"
            yield loaded.finding(path, message)
    if not stocked.all:
        yield loaded.finding(("catalog",), "no product can be bought now; nobody will be shown one", error=False)
    elif counting and not barren:
        yield from _combined(loaded, stocked)


def _combined(loaded: LoadedQuiz, stocked: Products) -> Iterator[Finding]:
    quiz = loaded.quiz
    try:
        coverage = cover(quiz, stocked)
    except TooTangled as error:
        message = "there are too many combinations of answers to count which leave no product; use fewer hard rules"
        yield loaded.finding(_place(quiz, error.question, "id"), message, error=False)
        return
    if coverage.empty:
        message = f"{_share(coverage.empty, coverage)} leave no product, the first: {in_words(coverage.empty_example)}"
        where = _last_rule(quiz, coverage.empty_example)
        yield loaded.finding(where, f"{message}; loosen a rule or add a product for it", error=False)
    if coverage.few:
        message = (
            f"{_share(coverage.few, coverage)} leave fewer than the {quiz.offer.show} products that `show` promises"
        )
        message += f", the first: {in_words(coverage.few_example)}; loosen a rule, add products or lower `show`"
        where = _last_rule(quiz, coverage.few_example)
        yield loaded.finding(where, message, error=False)
    yield from _unreachable(loaded, stocked, coverage)


def in_words(answers: Answers) -> str:
    """Return answers as a reader would say them: ``brew=espresso, avoid=caffeine+nuts, budget=8``."""
    return ", ".join(f"{name}={_value(value)}" for name, value in answers.items()) or "no answer"


def _value(value: AnswerValue) -> str:
    if value is None:
        return "skipped"
    if isinstance(value, tuple):
        return "+".join(value) or "none"
    return value if isinstance(value, str) else f"{value:g}"


def _share(count: int, coverage: Coverage) -> str:
    share = count / coverage.total
    return f"{f'{share:.1%}' if share >= SMALL else 'under 0.1%'} of all {coverage.total:,} combinations of answers"


def _unreachable(loaded: LoadedQuiz, stocked: Products, coverage: Coverage) -> Iterator[Finding]:
    lost = [product.id for n, product in enumerate(stocked.all) if not coverage.reachable >> n & 1]
    if lost:
        names = ", ".join(f"`{name}`" for name in lost[:MOST_NAMED]) + (
            f" and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else ""
        )
        message = f"nobody will ever be shown {names}: every path has an answer that forbids it; loosen a hard rule"
        yield loaded.finding(("questions",), message, error=False, key=True)


def _alone(quiz: Quiz, products: Products) -> Iterator[tuple[Path, AnswerValue, tuple[Rule, ...]]]:
    """Find answers that forbid every product by themselves, of each place in the file the first."""
    for number, question in enumerate(quiz.questions):
        barren: set[Path] = set()
        for place, value in question.single_answers():
            if place not in barren and not products.left(question, value):
                barren.add(place)
                yield ("questions", number, *place), value, question.rules(value)


def _names_nothing(rule: Rule, catalog: Catalog) -> bool:
    if rule.kind == "requires":
        return not any(rule.allows(product) for product in catalog.products)
    if rule.kind == "excludes":
        return False
    return not any(isinstance(attribute(product, rule.names), float) for product in catalog.products)


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
        yield AnswerGroup(0, products.everything, 1, None)


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
    with_rules = [question.id for question in quiz.questions if question.id in answers and question.has_rules]
    return _place(quiz, with_rules[-1], "id") if with_rules else ("catalog",)


def _place(quiz: Quiz, question: str, key: str) -> Path:
    return ("questions", [known.id for known in quiz.questions].index(question), key)

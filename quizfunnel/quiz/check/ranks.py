"""Ranks: what simulated shoppers are shown, and the faults of points that only many offers together show; pure.

All of it is measured over shoppers who answer at random, so that all of it warns.
"""

from collections import Counter
from collections.abc import Iterator

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz import paths
from quizfunnel.quiz.check.sections.filled import Filling, fillings
from quizfunnel.quiz.check.shoppers import Choose, Simulation, otherwise, shown
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.kinds.words import listed
from quizfunnel.quiz.spec import Question, Quiz

DOMINANT = 0.6  # of the shoppers who see one product first
SELDOM = 0.05  # of the share that each product would have if all were shown alike
IDENTICAL = 0.95  # of the results, whatever is answered to a question
SAMPLED = 200  # shoppers who answer a question otherwise
_FEWEST_PRODUCTS = 3  # of which one may dominate
_FEWEST_SHOWN = 10  # times that a product would be shown if all were alike; else its absence is chance


def check(loaded: LoadedQuiz, simulation: Simulation) -> Iterator[Finding]:
    """Find a product that most see first, products that hardly anybody sees, and questions that change nothing."""
    if simulation.choose is not None:
        yield from _dominant(loaded, simulation)
        yield from _seldom(loaded, simulation)
        yield from _idle(loaded, simulation, simulation.choose)


def _dominant(loaded: LoadedQuiz, simulation: Simulation) -> Iterator[Finding]:
    for section in fillings(loaded.quiz, simulation.stocked):
        ids = {product.id for product in section.stocked.all}
        first = Counter({name: times for name, times in simulation.first.items() if name in ids})
        ((name, times),) = first.most_common(1) or (("", 0),)
        if len(ids) < _FEWEST_PRODUCTS or times <= DOMINANT * len(simulation.shoppers):
            continue
        question = _most_from(loaded.quiz, simulation, name)
        by = f", most by their answers to `{question}`" if question else ""
        message = (
            f"{simulation.share(times)} see `{name}` first{section.within}{by}; give it fewer points, or others more"
        )
        yield loaded.finding(_at(loaded.quiz, question), message, error=False, key=not question)


def _most_from(quiz: Quiz, simulation: Simulation, name: str) -> str:
    """Return the question that puts a product most above the mean of all; none where no points do."""
    products = simulation.stocked.all
    place = [product.id for product in products].index(name)
    lead = dict.fromkeys(quiz.by_id, 0.0)
    for shopper in simulation.shoppers[:SAMPLED]:
        for id, value in shopper.answers.items():
            if value is not None:
                points = quiz.by_id[id].points(products, value)
                lead[id] += points[place] - sum(points) / len(points)
    question = max(lead, key=lead.__getitem__)
    return question if lead[question] > 0 else ""


def _seldom(loaded: LoadedQuiz, simulation: Simulation) -> Iterator[Finding]:
    """Find products that answers allow and that others stand before, for nearly everybody."""
    for section in fillings(loaded.quiz, simulation.stocked):
        yield from _seldom_in(loaded, simulation, section)


def _seldom_in(loaded: LoadedQuiz, simulation: Simulation, section: Filling) -> Iterator[Finding]:
    seen, products, allowed = simulation.seen, simulation.stocked.all, 0
    for shopper in simulation.shoppers:
        allowed |= shopper.left & section.takes
    even = sum(seen[product.id] for product in section.stocked.all) / max(1, len(section.stocked.all))
    seldom = [each.id for n, each in enumerate(products) if allowed >> n & 1 and seen[each.id] <= SELDOM * even]
    if even < _FEWEST_SHOWN or not seldom:
        return
    most, several = max(seen[name] for name in seldom), len(seldom) > 1
    count = f"at most {most} of" if several and most else f"{most or 'none'} of"
    message = (
        f"hardly anybody is shown {listed(seldom)}{section.within}: {count} "
        f"{len(simulation.shoppers):,} simulated shoppers{' each' if several else ''}, where an even share would be "
        f"{even:.0f}; let answers favour what sets {'them' if several else 'it'} apart, or take "
        f"{'them' if several else 'it'} out of the catalogue"
    )
    yield loaded.finding(("questions",), message, error=False, key=True)


def _idle(loaded: LoadedQuiz, simulation: Simulation, choose: Choose) -> Iterator[Finding]:
    """Find questions on which the result hardly depends, and no later question: shoppers take their time for nothing.

    Of a question that no `when` names a shopper with another answer is asked the same others.
    """
    idle = [
        step.question.id
        for step in paths.steps(loaded.quiz)
        if not step.conditions and _identical(loaded.quiz, simulation, step.question, choose) > IDENTICAL
    ]
    if idle:
        message = (
            f"the answers to {listed(idle)} change next to nothing: with another answer over {IDENTICAL:.0%} of "
            "simulated shoppers see the same products; give the answers points or rules, or do not ask"
        )
        yield loaded.finding(_at(loaded.quiz, idle[0]), message, error=False)


def _identical(quiz: Quiz, simulation: Simulation, question: Question, choose: Choose) -> float:
    """Return the share of shoppers whose result stays as it is when they answer a question otherwise."""
    asked = [
        (shopper, names)
        for shopper, names in zip(simulation.shoppers, simulation.shown, strict=True)
        if question.id in shopper.answers
    ][:SAMPLED]
    others = [(otherwise(quiz, simulation.stocked, shopper, question), names) for shopper, names in asked]
    same = [shown(choose, other) == names for other, names in others if other]
    return sum(same) / len(same) if same else 0.0


def _at(quiz: Quiz, question: str) -> Path:
    """Return the place of a question, or of all of them."""
    return ("questions", list(quiz.by_id).index(question), "id") if question else ("questions",)

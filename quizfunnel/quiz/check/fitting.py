"""Fitting points: the products that some answer speaks for, and shoppers whose offer is filled up with others; pure.

An answer speaks for a product that it gives points, or whose attribute lies near a wish on a scale. Where fewer are
spoken for than the offer shows, the rest of the cards is filler, in whatever order products are drawn.
"""

from collections import Counter
from collections.abc import Iterator

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check.coverage import value_in_words
from quizfunnel.quiz.check.sections.filled import fillings
from quizfunnel.quiz.check.shoppers import Simulation
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.rule import attribute
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue, Question, Quiz

LEAST = 0.15  # of the shoppers: who hardly wishes for anything is shown something all the same
_FEWEST = 20  # shoppers who gave an answer, before it is named

_Answer = tuple[str, AnswerValue]


def check(loaded: LoadedQuiz, simulation: Simulation) -> Iterator[Finding]:
    """Find shoppers who are shown products that none of their answers speaks for; none where no points are given."""
    quiz, given, filled = loaded.quiz, Counter[_Answer](), Counter[_Answer]()
    sections = fillings(quiz, simulation.stocked)
    fitting: dict[_Answer, int] = {}
    count = 0
    for shopper in simulation.shoppers:
        spoken = 0
        for item in shopper.answers.items():
            if item not in fitting:
                fitting[item] = fits(simulation.stocked, quiz.by_id[item[0]], item[1])
            spoken |= fitting[item]
        given.update(shopper.answers.items())
        left = [(shopper.left & section.takes, section.show) for section in sections]
        if any((bits & spoken).bit_count() < min(bits.bit_count(), show) for bits, show in left):
            count += 1
            filled.update(shopper.answers.items())
    if count > LEAST * len(simulation.shoppers) and any(fitting.values()):
        yield _finding(loaded, simulation, count, _worst(given, filled))


def fits(products: Products, question: Question, value: AnswerValue) -> int:
    """Return the products that one answer speaks for, a bit each."""
    if value is None:
        return 0
    if wish := question.closeness(value):
        return products.where(lambda product: wish.is_met(attribute(product, wish.name)))
    points = question.points(products.all, value)
    return sum(1 << place for place, worth in enumerate(points) if worth > 0)


def _worst(given: Counter[_Answer], filled: Counter[_Answer]) -> _Answer | None:
    """Return the choice after which filler is likeliest, of those that enough shoppers made: it can favour more."""
    enough = [(id, value) for (id, value), times in given.items() if times >= _FEWEST and isinstance(value, str)]
    return max(enough, key=lambda answer: filled[answer] / given[answer], default=None)


def _finding(loaded: LoadedQuiz, simulation: Simulation, count: int, worst: _Answer | None) -> Finding:
    quiz = loaded.quiz
    often = f", most often after `{worst[0]}`: {value_in_words(worst[1])}" if worst else ""
    message = (
        f"{simulation.share(count)} are shown a product that none of their answers gives points{often}; let "
        f"{'that answer' if worst else 'answers'} favour more products, or {_fewer(quiz)}"
    )
    return loaded.finding(_place(quiz, worst), message, error=False)


def _fewer(quiz: Quiz) -> str:
    return "let its section show fewer" if quiz.offer.sections else f"lower `show` from {quiz.offer.show}"


def _place(quiz: Quiz, worst: _Answer | None) -> tuple[str | int, ...]:
    promise = ("offer", "sections" if quiz.offer.sections else "show")
    return ("questions", list(quiz.by_id).index(worst[0]), "id") if worst else promise

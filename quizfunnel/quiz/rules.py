"""Hard rules of a set of answers: the products that they forbid. The check and the serving path share them; pure."""

from collections.abc import Callable, Iterable

from quizfunnel.catalog.product import Product
from quizfunnel.quiz.kinds.rule import Rule
from quizfunnel.quiz.spec import Answers, AnswerValue, Question, Quiz


def rules(quiz: Quiz, answers: Answers) -> tuple[Rule, ...]:
    """Return the hard rules of all answers, in the quiz's order; `answers` holds live ones only."""
    return tuple(
        rule for question in quiz.questions if question.id in answers for rule in question.rules(answers[question.id])
    )


def broken(product: Product, quiz: Quiz, answers: Answers) -> tuple[Rule, ...]:
    """Return the rules that `product` breaks under these answers."""
    return tuple(rule for rule in rules(quiz, answers) if not rule.allows(product))


class Products:
    """Products as the check counts them: a set of them is a number with a bit a product, the first lowest."""

    def __init__(self, products: Iterable[Product]) -> None:
        """Take the products in catalogue order."""
        self.all = tuple(products)
        self.everything = (1 << len(self.all)) - 1
        self._masks: dict[Rule, int] = {}

    def left(self, question: Question, value: AnswerValue) -> int:
        """Return the products that one answer leaves."""
        return self.keeping(question.rules(value))

    def keeping(self, rules: Iterable[Rule]) -> int:
        """Return the products that keep all of some rules."""
        bits = self.everything
        for rule in rules:
            if rule not in self._masks:
                self._masks[rule] = self.where(rule.allows)
            bits &= self._masks[rule]
        return bits

    def where(self, holds: Callable[[Product], bool]) -> int:
        """Return the products of which something holds."""
        return sum(1 << n for n, product in enumerate(self.all) if holds(product))

"""Judgement of a pair: whether a quiz and a catalogue may serve together, beside the products that are live; pure.

A quiz is never wrong by itself where the catalogue has changed under it, nor the other way round: a tag that was
renamed breaks the pair. What breaks it refuses it; products that are gone without a word only let it wait.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check import references
from quizfunnel.quiz.check.coverage import value_in_words
from quizfunnel.quiz.check.dead_ends import any_in_words, cause_in_words
from quizfunnel.quiz.check.sections import written
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.answer import AnswerValue
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.kinds.rule import Rule, attribute
from quizfunnel.quiz.kinds.words import listed
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Question, Quiz

MOST_LOST = 0.3  # of the live products, before somebody has to say that they are really gone


class Judgement(NamedTuple):
    """Findings about a pair, and the live products of which the new catalogue says nothing, out of how many."""

    findings: tuple[Finding, ...]
    lost: tuple[str, ...] = ()
    live: int = 0

    @property
    def is_refused(self) -> bool:
        """Tell whether the pair can never serve as it stands."""
        return any(finding.severity == "error" for finding in self.findings)

    @property
    def waits(self) -> bool:
        """Tell whether so many live products are gone that somebody has to accept it."""
        return len(self.lost) > MOST_LOST * self.live

    @property
    def loss(self) -> str:
        """Return in words which live products are gone; nothing where none is."""
        if not self.lost:
            return ""
        gone = "is not" if len(self.lost) == 1 else "are not"
        return f"{len(self.lost)} of {self.live} live products {gone} in the catalogue any more: {listed(self.lost)}"


def judge(loaded: LoadedQuiz, catalog: Catalog, live: Iterable[Product] = ()) -> Judgement:
    """Judge a quiz with a catalogue; `live` are the products that the pair before it shows.

    A live product counts as lost where the catalogue has no row for it: a row that says sold out or withdrawn
    is an answer, and no row is none.
    """
    findings = (*references.selectors(loaded, catalog), *alone(loaded, catalog), *written.barren(loaded, catalog))
    return judge_loss(catalog, live)._replace(findings=findings)


def judge_loss(catalog: Catalog, live: Iterable[Product]) -> Judgement:
    """Judge by the live products alone, where the pair is known to go together."""
    shown = [product.id for product in live if product.available]
    return Judgement((), tuple(name for name in shown if name not in catalog.by_id), len(shown))


def alone(loaded: LoadedQuiz, catalog: Catalog) -> Iterator[Finding]:
    """Find answers that forbid every product by themselves, but for rules that name nothing at all.

    Those have a finding of their own. Judged are the published products whatever their stock: a product that sells
    out must never take a quiz down.
    """
    published = Products([product for product in catalog.products if product.published])
    if not published.all:
        message = (
            "no product of the catalogue is published, so that no shopper could be shown one; publish what is sold"
        )
        yield loaded.finding(("catalog",), message)
        return
    for number, place, value in _barren(loaded.quiz, published):
        question = loaded.quiz.questions[number]
        rules = question.rules(value)
        if not any(_names_nothing(rule, catalog) for rule in rules):
            message = (
                f"the answer `{value_in_words(value)}` alone leaves no product: none fits "
                f"{cause_in_words(loaded.quiz, rules)}; {_remedy(question, published)}{any_in_words(rules)}"
            )
            yield loaded.finding(("questions", number, *place), message)


def _barren(quiz: Quiz, products: Products) -> Iterator[tuple[int, Path, AnswerValue]]:
    """Yield answers that forbid every product by themselves, of each place in the file the first."""
    for number, question in enumerate(quiz.questions):
        barren: set[Path] = set()
        for place, value in question.single_answers():
            if place not in barren and not products.left(question, value):
                barren.add(place)
                yield number, place, value


def _names_nothing(rule: Rule, catalog: Catalog) -> bool:
    if rule.kind == "requires":
        return not any(rule.allows(product) for product in catalog.products)
    if rule.kind == "excludes":
        return False
    return not any(isinstance(attribute(product, rule.attribute), float) for product in catalog.products)


def _remedy(question: Question, products: Products) -> str:
    """Return what to do about an answer that leaves nothing: of a scale the numbers that leave some."""
    good = [number for number in question.numbers() if products.left(question, number)]
    # An open end leaves everything, whatever the catalogue holds: alone it is no scale.
    if any(question.rules(number) for number in good):
        return f"let the scale go from {good[0]:g} to {good[-1]:g}, or add a product"
    return "change its rule, or add a product"

"""Judgement of a pair: whether a quiz and a catalogue may serve together, beside the products that are live; pure.

A quiz is never wrong by itself where the catalogue has changed under it, nor the other way round: a tag that was
renamed breaks the pair. What breaks it refuses it; products that are gone without a word only let it wait.
"""

from collections.abc import Iterable
from typing import NamedTuple

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check import coverage, references
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.words import listed

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
    findings = (*references.selectors(loaded, catalog), *coverage.alone(loaded, catalog))
    return judge_loss(catalog, live)._replace(findings=findings)


def judge_loss(catalog: Catalog, live: Iterable[Product]) -> Judgement:
    """Judge by the live products alone, where the pair is known to go together."""
    shown = [product.id for product in live if product.available]
    return Judgement((), tuple(name for name in shown if name not in catalog.by_id), len(shown))

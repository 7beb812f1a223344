"""Outcome: what shoppers get from a quiz over its products, as proofs, as a simulation, and answer by answer; pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from quizfunnel.catalog.product import Catalog
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check import dead_ends, firsts, fitting, ranks
from quizfunnel.quiz.check.coverage import Coverage, cover
from quizfunnel.quiz.check.firsts import First
from quizfunnel.quiz.check.sections import filled
from quizfunnel.quiz.check.sections.filled import Filling, fillings, sure
from quizfunnel.quiz.check.shoppers import Choose, Simulation, simulate
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.answer import TooTangled
from quizfunnel.quiz.kinds.words import MOST_LISTED, listed
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Quiz

MakeChooser = Callable[[Quiz, Catalog], Choose]
"""Makes the chooser of the serving program for a quiz over its catalogue."""


@dataclass(frozen=True)
class Outcome:
    """Outcome of one quiz: the simulation, and the products that each answer alone puts first."""

    show: int
    simulation: Simulation
    firsts: tuple[First, ...]
    sections: tuple[Filling, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Count the shoppers by what they get: all the products that are promised, fewer, or none."""
        left = [sum(sure(shopper.left, self.sections)) for shopper in self.simulation.shoppers]
        none, whole = sum(not count for count in left), sum(count >= self.show for count in left)
        return {"all": whole, "fewer": len(left) - none - whole, "none": none}

    def as_json(self) -> Mapping[str, object]:
        """Return the same as plain data."""
        simulation = self.simulation
        shoppers = {"simulated": len(simulation.shoppers), **self.counts}
        products = {"first": dict(simulation.first.most_common()), "shown": dict(simulation.seen.most_common())}
        sections = filled.as_json(self.sections, simulation.stocked)
        return {"shoppers": shoppers, **products, **sections, "answers": [first._asdict() for first in self.firsts]}

    def lines(self) -> Iterator[str]:
        """Yield what a merchandiser reads: shares of shoppers, the first products, then each question's answers."""
        counts, total, names = self.counts, len(self.simulation.shoppers), _names(self.simulation.stocked)
        promised = "1 product" if self.show == 1 else f"{self.show} products"
        words = {"all": f"get the {promised} promised", "fewer": "get fewer", "none": "get none"}
        shares = ", ".join(f"{counts[kind] / total:.0%} {words[kind]}" for kind in words)
        yield f"of {total:,} simulated shoppers {shares}"
        if first := self.simulation.first.most_common(MOST_LISTED):
            yield "seen first most often: " + ", ".join(
                f"{names.get(id, id)} {count / total:.0%}" for id, count in first
            )
        yield from filled.lines(self.sections, self.simulation.stocked)
        yield f"each answer, given alone, puts first (of {len(self.simulation.stocked.all)} products in stock):"
        yield from firsts.lines(self.firsts, len(self.simulation.stocked.all), names)


def _names(stocked: Products) -> dict[str, str]:
    """Return the words for products whose ids are mere numbers, as WooCommerce's are: nobody knows them by heart."""
    return {each.id: f"{each.id} ({each.title})" for each in stocked.all if each.id.isdigit()}


def outcome_of(quiz: Quiz, catalog: Catalog, make_chooser: MakeChooser | None) -> Outcome | None:
    """Let shoppers take a quiz over its products; None where none can be bought.

    Without a chooser, which the serving program has, only the rules are looked at.
    """
    stocked = Products([product for product in catalog.products if product.available])
    if not stocked.all:
        return None
    choose = make_chooser(quiz, catalog) if make_chooser else None
    simulation = simulate(quiz, stocked, choose)
    return Outcome(quiz.offer.promised, simulation, firsts.firsts(quiz, stocked), fillings(quiz, stocked))


def check(loaded: LoadedQuiz, outcome: Outcome | None) -> Iterator[Finding]:
    """Find what leaves shoppers without products or with the wrong ones: all of it warns."""
    if outcome is None:
        message = "no product can be bought now, so that nobody will be shown one; look at `stock` in the catalogue"
        yield loaded.finding(("catalog",), message, error=False)
        return
    simulation = outcome.simulation
    try:
        covered = [cover(loaded.quiz, each.stocked, show=each.show) for each in outcome.sections]
    except TooTangled as error:
        yield _uncounted(loaded, error.question)
        covered = []
    for filling, coverage in zip_longest(outcome.sections, covered):
        yield from dead_ends.check(loaded, simulation, filling, coverage)
    yield from filled.check(loaded, simulation, outcome.sections)
    if covered:
        yield from _unreachable(loaded, outcome.sections, covered)
    pointless = list(_without_points(loaded, simulation.stocked))
    yield from pointless
    if not pointless:  # else what follows would only repeat it
        yield from fitting.check(loaded, simulation)
        yield from ranks.check(loaded, simulation)


def _without_points(loaded: LoadedQuiz, stocked: Products) -> Iterator[Finding]:
    """Find a quiz in which no answer speaks for or against any product: it only sifts."""
    for question in loaded.quiz.questions:
        if any(any(question.points(stocked.all, value)) for _, value in question.single_answers()):
            return
    message = (
        "no answer gives any product points, so that what shoppers see is drawn at random from what their rules leave; "
        "add `favours` to choices, or `near` to a scale"
    )
    yield loaded.finding(("questions",), message, error=False, key=True)


def _uncounted(loaded: LoadedQuiz, question: str) -> Finding:
    message = "there are too many combinations of answers to prove that each leaves a product; use fewer hard rules"
    return loaded.finding(("questions", list(loaded.quiz.by_id).index(question), "id"), message, error=False)


def _unreachable(loaded: LoadedQuiz, sections: Sequence[Filling], covered: Sequence[Coverage]) -> Iterator[Finding]:
    """Find products that some section takes and no path leaves; what no section takes is left out on purpose."""
    parts = list(zip(sections, covered, strict=True))
    lost = {
        product.id: None
        for section, coverage in parts
        for place, product in enumerate(section.stocked.all)
        if not coverage.reachable >> place & 1
    }
    if lost:
        message = (
            f"nobody will ever be shown {listed(list(lost))}: every path has an answer that forbids it; loosen a rule"
        )
        yield loaded.finding(("questions",), message, error=False, key=True)

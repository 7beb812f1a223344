"""Sections as they are filled: the products each has to choose from, alone and after earlier ones have drawn; pure.

Without sections the whole offer is one, which takes every product.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.check.sections.written import START
from quizfunnel.quiz.check.shoppers import Simulation
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.kinds.words import listed
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import OfferSection, Quiz


class Filling(NamedTuple):
    """One section and its products in stock: a bit each among all, and by themselves; `section` is "" for the whole."""

    section: str
    show: int
    takes: int
    stocked: Products
    place: Path

    @property
    def within(self) -> str:
        """Return where the products are shown, in words; nothing for the whole offer."""
        return f" in `{self.section}`" if self.section else ""


def fillings(quiz: Quiz, stocked: Products) -> tuple[Filling, ...]:
    """Return the sections of an offer with their products, in their order."""
    if not quiz.offer.sections:
        return (Filling("", quiz.offer.show, stocked.everything, stocked, ("offer", "show")),)
    return tuple(_filling(number, section, stocked) for number, section in enumerate(quiz.offer.sections))


def _filling(number: int, section: OfferSection, stocked: Products) -> Filling:
    own = Products([product for product in stocked.all if section.takes(product)])
    return Filling(section.id, section.show, stocked.where(section.takes), own, (*START, number, "show"))


def sure(left: int, sections: Sequence[Filling]) -> list[int]:
    """Return how many products each section can show at once for sure, whatever earlier ones draw; `left` has bits.

    An earlier section takes at most what it shows, and only of what both of them take.
    """
    counts = []
    for number, section in enumerate(sections):
        mine = left & section.takes
        taken = sum(min(each.show, (mine & each.takes).bit_count()) for each in sections[:number])
        counts.append(max(0, min(section.show, mine.bit_count() - taken)))
    return counts


def check(loaded: LoadedQuiz, simulation: Simulation, sections: Sequence[Filling]) -> Iterator[Finding]:
    """Find sections that earlier ones may leave with less than they show, though enough would fit them alone."""
    short = [0] * len(sections)
    for shopper in simulation.shoppers:
        for number, count in enumerate(sure(shopper.left, sections)):
            alone = min(sections[number].show, (shopper.left & sections[number].takes).bit_count())
            short[number] += count < alone
    for number, shoppers in enumerate(short):
        if shoppers:
            section = sections[number]
            earlier = [f"`{each.section}`" for each in sections[:number] if each.takes & section.takes]
            message = (
                f"{simulation.share(shoppers)} may get fewer than {section.show}{section.within}: a product stands "
                f"once, and {' and '.join(earlier)} may take what fits both; let it take products of its own, or put "
                "it first"
            )
            yield loaded.finding(section.place[:-1], message, error=False)


def as_json(sections: Sequence[Filling], stocked: Products) -> Mapping[str, object]:
    """Return the same as `lines` as plain data; nothing in it where the offer has no sections."""
    named = [section for section in sections if section.section]
    return {
        "sections": [
            {
                "section": each.section,
                "show": each.show,
                "products": len(each.stocked.all),
                "also_in": _shared(named, n),
            }
            for n, each in enumerate(named)
        ],
        "in_no_section": _in_none(sections, stocked) if named else [],
    }


def lines(sections: Sequence[Filling], stocked: Products) -> Iterator[str]:
    """Yield how many products each section chooses from, which of them earlier ones take too, and what none takes."""
    if not sections[0].section:
        return
    for number, section in enumerate(sections):
        alike = " and ".join(
            f"{count} also in `{earlier}`, which draws first" for earlier, count in _shared(sections, number).items()
        )
        shows = f"`{section.section}` shows {section.show} of {len(section.stocked.all)} products"
        yield f"{shows}, {alike}" if alike else shows
    if left := _in_none(sections, stocked):
        yield f"in no section, and so never shown: {listed(left)}"


def _shared(sections: Sequence[Filling], number: int) -> dict[str, int]:
    """Return how many products of a section each earlier one takes too, of those that share some."""
    both = {each.section: (each.takes & sections[number].takes).bit_count() for each in sections[:number]}
    return {earlier: count for earlier, count in both.items() if count}


def _in_none(sections: Sequence[Filling], stocked: Products) -> list[str]:
    """Return the products in stock that no section takes."""
    taken = reduce(or_, (section.takes for section in sections))
    return [product.id for place, product in enumerate(stocked.all) if not taken >> place & 1]

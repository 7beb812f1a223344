"""Rivals: the products that were compared with each other, those of one section or of a whole offer; pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.offer.sections import LoggedSection
from quizfunnel.quiz.spec import Quiz
from quizfunnel.recommend.serving.policy import PlackettLucePolicy


class Rivals(NamedTuple):
    """The products of one section, by their places in the catalogue, and the policy that drew among them."""

    section: str
    policy: PlackettLucePolicy
    places: Sequence[int]

    def mean(self, row: Sequence[float]) -> float:
        """Return the mean of a row over them."""
        return sum(row[place] for place in self.places) / max(1, len(self.places))


def rivals_of(offer: Any, sections: Sequence[LoggedSection], products: Sequence[Product]) -> list[Rivals]:
    """Return the rivals of each section of a logged offer, in their order; without sections all that was allowed."""
    if not sections:
        eligible = set(json.loads(offer.eligible))
        return [Rivals("", PlackettLucePolicy(**json.loads(offer.policy)), _places(products, eligible))]
    return [Rivals(each.section, each.policy, _places(products, set(each.eligible))) for each in sections]


def section_of(product: Product, quiz: Quiz, items: Mapping[str, Any], rivals: Sequence[Rivals], place: int) -> str:
    """Return the section that a product stands in, else the first that could show it, else the first that takes it."""
    if product.id in items:
        return str(items[product.id].section)
    could = (each.section for each in rivals if place in each.places)
    takes = (section.id for section in quiz.offer.sections if section.takes(product))
    return next(could, next(takes, ""))


def chances_to_lead(
    rivals: Sequence[Rivals], scores: Sequence[float], shown: Mapping[str, Sequence[int]]
) -> Mapping[tuple[str, int], float]:
    """Return the chance of every product, by section and place, that it led its section.

    It is that after what earlier sections have `shown`, by the places in the catalogue.
    """
    return dict(_leading(rivals, scores, shown))


def _leading(
    rivals: Sequence[Rivals], scores: Sequence[float], shown: Mapping[str, Sequence[int]]
) -> Iterator[tuple[tuple[str, int], float]]:
    taken: set[int] = set()
    for section, policy, places in rivals:
        own = [scores[place] for place in places]
        gone = [n for n, place in enumerate(places) if place in taken]
        for n, place in enumerate(places):
            if place not in taken:
                yield (section, place), policy.propensities(own, [n], without=gone)[0]
        taken.update(shown.get(section, ()))


def _places(products: Sequence[Product], ids: set[str]) -> list[int]:
    return [place for place, product in enumerate(products) if product.id in ids]

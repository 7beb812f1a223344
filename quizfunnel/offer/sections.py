"""Sections of an offer, such as the steps of a routine: each is drawn by itself, and a product stands once; pure.

The law: an offer has pages, of which the first is shown at once. Pages are filled one after the other, and of each the
sections in the quiz file's order. A section draws `show` slots a page by Plackett-Luce from the products that it takes
and the answers allow, less all that stand in the offer already, whichever section drew them. So a product that fits
two sections stands in the first that draws it, and the propensity of a slot, given all slots drawn before it, is
(1 - epsilon) w_i / (sum of w over what is left to the section) + epsilon / (number left to it).

Ranks count within a section, and those of its second page begin behind the most that any section shows: a rank then
lies on the same page in every section. An offer without sections is one section with all of its slots in one draw.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from math import prod
from typing import NamedTuple

from quizfunnel.offer.allowed import Allowed
from quizfunnel.offer.reasons import Reasons
from quizfunnel.quiz.spec import OfferSection
from quizfunnel.recommend.serving.policy import PlackettLucePolicy, Weights


class WeighedSection(NamedTuple):
    """One section for one set of answers, ready to be drawn from; `section` is None where the offer has none."""

    section: OfferSection | None
    allowed: Allowed
    weights: Weights
    why: Reasons


class DrawnSlot(NamedTuple):
    """One slot: the section it is of, its rank there, the product by its place in the catalogue and in the weights."""

    of: WeighedSection
    rank: int
    product: int
    place: int
    propensity: float


class DraftSection(NamedTuple):
    """One section of an offer as it is logged: how many it shows at once, and what it could show."""

    section: str
    show: int
    allowed: Allowed


class LoggedSection(NamedTuple):
    """One section as it lies in the log: its policy, and the ids that it could show, in catalogue order."""

    section: str
    show: int
    policy: PlackettLucePolicy
    eligible: tuple[str, ...]


class ScoredSection(NamedTuple):
    """One section's allowed products by their places in the catalogue, their scores, and how many are shown."""

    show: int
    places: Sequence[int]
    scores: Sequence[float]


def drawn(
    policy: PlackettLucePolicy, parts: Sequence[WeighedSection], *, seed: str, pages: int, page: int
) -> list[DrawnSlot]:
    """Return the slots of an offer in the order in which they are drawn; a page has `page` ranks of each section."""
    if len(parts) == 1 and parts[0].section is None:
        slots = policy.draw(parts[0].weights, seed, page * pages)
        return [_slot(parts[0], rank, *slot) for rank, slot in enumerate(slots, start=1)]
    return list(_by_section(policy, parts, seed, pages, page))


def _by_section(
    policy: PlackettLucePolicy, parts: Sequence[WeighedSection], seed: str, pages: int, page: int
) -> Iterator[DrawnSlot]:
    taken: set[int] = set()
    for number in range(pages):
        for part in parts:
            section = part.section
            assert section is not None  # noqa: S101 - several parts are the sections of a quiz
            gone = [place for place, product in enumerate(part.allowed.places) if product in taken]
            slots = policy.draw(part.weights, section_seed(seed, section.id, number), section.show, without=gone)
            for rank, slot in enumerate(slots, start=number * page + 1):
                taken.add(part.allowed.places[slot.place])
                yield _slot(part, rank, *slot)


def _slot(part: WeighedSection, rank: int, place: int, propensity: float) -> DrawnSlot:
    return DrawnSlot(part, rank, part.allowed.places[place], place, propensity)


def section_seed(seed: str, section: str, page: int) -> str:
    """Return the seed of one section's draw on one page, from 0, by the offer's seed as it is logged."""
    return f"{seed}:{section}:{page + 1}"


def as_json(sections: Sequence[DraftSection], policy: PlackettLucePolicy) -> str:
    """Return sections as they are logged with an offer; nothing where it has none."""
    if not sections:
        return ""
    logged = [
        {"section": each.section, "show": each.show, "policy": asdict(replace(policy, k=each.show))}
        | {"eligible": each.allowed.ids}
        for each in sections
    ]
    return json.dumps(logged)


def logged_sections(text: str) -> tuple[LoggedSection, ...]:
    """Read what `as_json` wrote."""
    return tuple(
        LoggedSection(each["section"], each["show"], PlackettLucePolicy(**each["policy"]), tuple(each["eligible"]))
        for each in json.loads(text or "[]")
    )


def chance_of_the_best(policy: PlackettLucePolicy, sections: Sequence[ScoredSection]) -> float:
    """Return the chance that the first page shows in each section the best scores that are left to it, in order."""
    taken: set[int] = set()
    chance = 1.0
    for show, places, scores in sections:
        gone = {place for place, product in enumerate(places) if product in taken}
        left = [place for place in range(len(scores)) if place not in gone]
        order = sorted(left, key=lambda place: (-scores[place], place))[:show]
        chance *= prod(policy.propensities(scores, order, without=gone))
        taken.update(places[place] for place in order)
    return chance

"""Section draws: the chances of offers that were drawn section by section, a product standing once; pure.

An offer is a row of draws, each of a few slots from the products that its section could show, less all that was drawn
before. Its chance is the product of its slots' chances. A slot's marginal sums over what stands before it in its own
draw; where earlier draws could have taken a product of this one, it is joined with the chance of what they took. The
ratio of two policies' marginals so made has a mean of 1, as that of whole marginals has, and takes no sum over all
that the earlier draws could have shown.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from quizfunnel.recommend.learners.code_book import Floats, Ints
from quizfunnel.recommend.offpolicy.propensities import DEEPEST, at_slots, chances, marginals
from quizfunnel.recommend.serving.policy import PlackettLucePolicy

Bools = npt.NDArray[np.bool_]


class Draw(NamedTuple):
    """One draw of a logged offer: its policy, what its section could show, its slots; `at_once` on the first page."""

    policy: str
    eligible: tuple[str, ...]
    slots: int
    at_once: bool


class DrawLayout(NamedTuple):
    """One draw of several offers that have the same: its policy, its slots, whether they are shown at once."""

    policy: PlackettLucePolicy
    slots: int
    at_once: bool


def chances_of_draws(layout: Sequence[DrawLayout], could: Sequence[Bools], scores: Floats, orders: Ints) -> Floats:
    """Return the chance of each offer as it was shown, [n].

    `could` is what each draw's section could show, [n, I] each; `scores` [n, I], `orders` [n, k] the places drawn.
    """
    whole = np.ones(len(scores))
    for draw, left, order in _draws(layout, could, scores, orders):
        whole *= chances(draw.policy, left, order).prod(axis=1)
    return whole


def slots_of_draws(layout: Sequence[DrawLayout], could: Sequence[Bools], scores: Floats, orders: Ints) -> Floats:
    """Return the marginal chance of each slot that is shown at once, as above, [n, k]; NaN for all others."""
    by_slot = np.full(orders.shape, np.nan)
    before, earlier = np.ones(len(scores)), np.zeros(scores.shape, dtype=bool)
    start = 0
    for (draw, left, order), could_show in zip(_draws(layout, could, scores, orders), could, strict=True):
        if not draw.at_once:
            break
        depth = min(draw.slots, DEEPEST)
        each = at_slots(marginals(draw.policy, left, depth=depth), order[:, :depth])
        joined = np.where((could_show & earlier).any(axis=1), before, 1.0)
        by_slot[:, start : start + depth] = each * joined[:, np.newaxis]
        before = before * chances(draw.policy, left, order).prod(axis=1)
        earlier |= could_show
        start += draw.slots
    return by_slot


def _draws(
    layout: Sequence[DrawLayout], could: Sequence[Bools], scores: Floats, orders: Ints
) -> list[tuple[DrawLayout, Floats, Ints]]:
    """Return each draw with the scores of what was left to it, -inf for all else, and the places that it drew."""
    rows, start, drawn = np.arange(len(scores))[:, np.newaxis], 0, []
    taken = np.zeros(scores.shape, dtype=bool)
    for draw, could_show in zip(layout, could, strict=True):
        order = orders[:, start : start + draw.slots]
        drawn.append((draw, np.where(could_show & ~taken, scores, -np.inf), order))
        taken[rows, order] = True
        start += draw.slots
    return drawn

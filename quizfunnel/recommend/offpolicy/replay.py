"""Replay (off-policy evaluation): logged offers, and the value that another model would have had on them; pure.

Scores are worked out again from the models' tables: the answers, what was eligible and the policy stand
with every offer. An offer whose own propensities do not come out so (its quiz had other points, its
products other tags) tells nothing and is left out.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue, Quiz
from quizfunnel.recommend.learners.code_book import Floats, Ints
from quizfunnel.recommend.offpolicy.estimators import Evaluation, PolicyEvaluator, Refusal
from quizfunnel.recommend.offpolicy.propensities import (
    DEEPEST,
    at_slots,
    chances,
    marginals,
)
from quizfunnel.recommend.offpolicy.section_draws import Draw, DrawLayout, chances_of_draws, slots_of_draws
from quizfunnel.recommend.serving.points import SLOPE
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.score_model import RULES, ModelTable
from quizfunnel.recommend.training.grouped_log import Pattern
from quizfunnel.recommend.training.patterns import Factors

MOST_SCORES = 2_000_000  # in memory at once
EXACT = 1e-6  # of a propensity: what rounding in a database or another processor may do

Bools = npt.NDArray[np.bool_]
TableOf = Callable[[str], ModelTable | None]


class Logged(NamedTuple):
    """One offer that was seen: its model, the eligible products, those in its slots, and the purchases from it.

    `order` are the products up to the rank that was seen, `propensities` their chances as they were logged, both in
    the order in which they were drawn; `draws` part them by section, and are none where the offer has no sections.
    """

    attempt: str
    pattern: Pattern
    model: str
    rival: str
    share: float
    policy: str
    eligible: tuple[str, ...]
    order: tuple[str, ...] = ()
    propensities: tuple[float, ...] = ()
    bought: frozenset[str] = frozenset()
    draws: tuple[Draw, ...] = ()


class ReplayValue(NamedTuple):
    """Value of a model by replay, or the refusal to tell it, beside the mean reward that was logged."""

    estimate: Evaluation | Refusal
    logged: float
    offers: int

    @property
    def refused(self) -> bool:
        """Tell whether the log cannot tell."""
        return isinstance(self.estimate, Refusal)

    @property
    def evaluation(self) -> Evaluation:
        """Return the figures, also where they are too uncertain to be relied on."""
        return self.estimate.evaluation if isinstance(self.estimate, Refusal) else self.estimate

    @property
    def harmful(self) -> bool:
        """Tell whether the model would surely have earned less."""
        return not self.refused and self.evaluation.high < self.logged


class Situation(NamedTuple):
    """Situation: the answers, eligible products and policy that fix the chances an offer is drawn from."""

    answers: tuple[str, tuple[tuple[str, AnswerValue], ...]]
    eligible: tuple[str, ...]
    policy: str


class Block(NamedTuple):
    """Some offers of one policy and of the same draws, their situations, and which of these each is in."""

    policy: PlackettLucePolicy
    draws: tuple[DrawLayout, ...]
    offers: Ints
    situations: Ints
    at: Ints


class Replay:
    """Logged offers, replayed by any model of the same columns.

    `offers` are those that can be replayed, `left_out` the attempts of the others, `situation` [n] the place of
    each offer in `situations`, `orders` [n, k] the places of the products shown, -1 where none was.
    """

    def __init__(
        self,
        quiz: Quiz,
        products: Products,
        offers: Sequence[Logged],
        versions: Mapping[str, Quiz],
        *,
        most_scores: int = MOST_SCORES,
    ) -> None:
        """Take offers; those with a product that is gone from the catalogue, or of an unknown version, are left out."""
        self._products, self._most_scores = products, most_scores
        place = {product.id: n for n, product in enumerate(products.all)}
        self.offers: list[Logged] = []
        self.left_out: set[str] = set()
        for offer in offers:
            if offer.pattern.version in versions and all(id in place for id in offer.order):
                self.offers.append(offer)
            else:
                self.left_out.add(offer.attempt)
        number: dict[Situation, int] = {}
        numbers = [number.setdefault(_situation(offer), len(number)) for offer in self.offers]
        self.situation = np.array(numbers, dtype=np.int64)
        self.situations = list(number)
        patterns = [Pattern(version, dict(answers)) for (version, answers), _, _ in self.situations]
        self._factors = Factors(quiz, patterns, versions)
        # a set of eligible products is kept once: most offers have the whole catalogue
        self._eligible, self._allowed = _allowed(self.situations, place)
        self._sets: dict[tuple[str, ...], Bools] = {}
        self.depth = max([1, *(len(offer.order) for offer in self.offers)])
        self.columns = max([1, *(_told_slots(offer) for offer in self.offers)])
        self.orders = np.full((len(self.offers), self.depth), -1, dtype=np.int64)
        for n, offer in enumerate(self.offers):
            self.orders[n, : len(offer.order)] = [place[id] for id in offer.order]

    def scores(self, table: ModelTable | None, situations: Ints | None = None) -> Floats | None:
        """Return the scores of the products in some situations, [s, I], -inf where not eligible.

        Without a table they are the rules'. None for a model of other columns.
        """
        if not self._takes(table):
            return None
        chosen = np.arange(len(self.situations)) if situations is None else situations
        shape = len(chosen), len(self._products.all)
        row, product = (index.ravel() for index in np.indices(shape))
        points = self._factors.points(self._products, chosen[row], product).reshape(shape)
        total = SLOPE * points if table is None else table.slope * points + self._learnt(table, chosen)
        return np.where(self._allowed[self._eligible[chosen]], total, -np.inf)

    def bought(self) -> Floats:
        """Return 1 for the slots that were bought from, 0 for the others, [n, k]."""
        return np.array(
            [[n < len(each.order) and each.order[n] in each.bought for n in range(self.depth)] for each in self.offers],
            dtype=np.float64,
        ).reshape(len(self.offers), self.depth)

    def made_by(self, name: str) -> Bools:
        """Tell which offers a model chose, by the name that is logged, [n]."""
        return np.array([offer.model == name for offer in self.offers], dtype=bool)

    def chances(self, table: ModelTable | None) -> Floats | None:
        """Return the chance that a model shows just what was shown, [n]."""
        chance = np.ones(len(self.offers))
        for block in self._blocks():
            scores = self.scores(table, block.situations)
            if scores is None:
                return None
            orders = self.orders[block.offers]
            if block.draws:
                chance[block.offers] = chances_of_draws(block.draws, self._could(block), scores[block.at], orders)
            else:
                chance[block.offers] = chances(block.policy, scores[block.at], orders).prod(axis=1)
        return chance if self._takes(table) else None

    def slots(self, table: ModelTable | None) -> Floats | None:
        """Return the marginal chance that a model puts the products shown into their slots, [n, columns].

        Known are at most 3 slots of an offer, or of what a section shows at once; NaN is all else.
        """
        by_slot = np.full((len(self.offers), self.columns), np.nan)
        for block in self._blocks():
            scores = self.scores(table, block.situations)
            if scores is None:
                return None
            orders = self.orders[block.offers]
            if block.draws:
                each = slots_of_draws(block.draws, self._could(block), scores[block.at], orders)
                by_slot[block.offers] = each[:, : self.columns]
            else:
                depth = min(self.columns, DEEPEST)
                each = marginals(block.policy, scores, depth=depth)
                by_slot[block.offers, :depth] = at_slots(each[block.at], orders[:, :depth])
        return by_slot if self._takes(table) else None

    def exact(self, chances: Floats) -> Bools:
        """Tell of which offers these are the chances that they were drawn with, as their propensities say, [n]."""
        drawn = np.array([np.prod(offer.propensities) for offer in self.offers], dtype=np.float64)
        return np.isclose(chances, drawn, rtol=EXACT, atol=0.0)

    def _takes(self, table: ModelTable | None) -> bool:
        return table is None or table.columns == self._factors.columns

    def _blocks(self) -> Iterator[Block]:
        """Give all offers, those of a situation together, as many at once as there is room for."""
        rows = max(1, self._most_scores // max(1, len(self._products.all)))
        by_policy: dict[tuple[str, tuple[tuple[str, int, bool], ...]], list[int]] = {}
        # Offers of one situation stand together, so that a block works out its scores once.
        for n in np.argsort(self.situation, kind="stable").tolist():
            offer = self.offers[n]
            draws = tuple((draw.policy, draw.slots, draw.at_once) for draw in offer.draws)
            by_policy.setdefault((offer.policy, draws), []).append(n)
        for (text, draws), offers in by_policy.items():
            policy = _policy(text)
            layout = tuple(DrawLayout(_policy(drawn_by), slots, at_once) for drawn_by, slots, at_once in draws)
            for start in range(0, len(offers), rows):
                some = np.array(offers[start : start + rows])
                situations, at = np.unique(self.situation[some], return_inverse=True)
                yield Block(policy, layout, some, situations, at.ravel())

    def _could(self, block: Block) -> list[Bools]:
        """Return what the section of each draw of a block could show, [n, I] each."""
        offers = [self.offers[n] for n in block.offers]
        return [
            np.array([self._set(offer.draws[number].eligible) for offer in offers])
            for number in range(len(block.draws))
        ]

    def _set(self, ids: tuple[str, ...]) -> Bools:
        if ids not in self._sets:
            wanted = set(ids)
            self._sets[ids] = np.array([product.id in wanted for product in self._products.all], dtype=bool)
        return self._sets[ids]

    def _learnt(self, table: ModelTable, situations: Ints) -> Floats:
        """Return base and rows of situations for today's products, 0 for those a model does not know, [s, I]."""
        known = {id: n for n, id in enumerate(table.products)}
        there = np.array([n for n, product in enumerate(self._products.all) if product.id in known], dtype=np.int64)
        theirs = np.array([known[self._products.all[n].id] for n in there], dtype=np.int64)
        learnt = np.zeros((len(situations), len(self._products.all)))
        learnt[:, there] += np.asarray(table.base)[theirs]
        for codes, block in zip(self._factors.codes[situations].T, table.rows, strict=True):
            learnt[:, there] += np.asarray(block)[codes][:, theirs]
        return learnt


def replay_value(replay: Replay, target: ModelTable, table_of: TableOf) -> ReplayValue | None:
    """Return the value of `target` on offers that other models made, by SNIPS; None where none can be used.

    `table_of` gives the table of a logged model's name, None where it is gone.
    """
    aimed = replay.slots(target)
    logged = np.full((len(replay.offers), replay.columns), np.nan)
    for name in {offer.model for offer in replay.offers}:
        table = None if name == RULES else table_of(name)
        if name == RULES or table is not None:
            made, slots = replay.chances(table), replay.slots(table)
            if made is not None and slots is not None:
                rows = replay.made_by(name) & replay.exact(made)
                logged[rows] = slots[rows]
    usable = ~np.isnan(logged[:, 0])
    if aimed is None or not usable.any():
        return None
    # A slot of which no offer's chances are known has no part in either value.
    known = ~np.isnan(logged[usable]).all(axis=0)
    rewards = np.where(np.isnan(logged), 0.0, replay.bought()[:, : replay.columns])[usable][:, known]
    evaluated = PolicyEvaluator("snips").evaluate(rewards, logged[usable][:, known], aimed[usable][:, known])
    return ReplayValue(evaluated, float(rewards.sum() / len(rewards)), int(usable.sum()))


def _told_slots(offer: Logged) -> int:
    """Return how many of an offer's slots may have marginals: three, or those that its sections show at once."""
    at_once = sum(draw.slots for draw in offer.draws if draw.at_once)
    return at_once or min(len(offer.order), DEEPEST)


def _policy(text: str) -> PlackettLucePolicy:
    return PlackettLucePolicy(**json.loads(text))


def _situation(offer: Logged) -> Situation:
    answers = tuple(sorted(offer.pattern.answers.items()))
    return Situation((offer.pattern.version, answers), offer.eligible, offer.policy)


def _allowed(situations: Sequence[Situation], place: Mapping[str, int]) -> tuple[Ints, Bools]:
    """Return the distinct sets of eligible products, [e, I], and which of them each situation has, [s]."""
    number: dict[tuple[str, ...], int] = {}
    which = np.array([number.setdefault(each.eligible, len(number)) for each in situations], dtype=np.int64)
    allowed = np.zeros((len(number), len(place)), dtype=bool)
    for row, eligible in enumerate(number):
        allowed[row, [place[id] for id in eligible if id in place]] = True
    return which, allowed

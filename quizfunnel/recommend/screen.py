"""Offers as they were logged, one by one, and what another model would have earned from them; pure.

Scores are worked out again from the models' tables: the answers, what was eligible and the policy stand
with every offer.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue, Quiz
from quizfunnel.recommend.counts import Pattern
from quizfunnel.recommend.evaluate import Evaluation, PolicyEvaluator, Refusal
from quizfunnel.recommend.factors import Factors
from quizfunnel.recommend.losses import Floats, Ints
from quizfunnel.recommend.marginals import DEEPEST, at_slots, chances, marginals
from quizfunnel.recommend.model import ModelTable
from quizfunnel.recommend.policy import PlackettLucePolicy
from quizfunnel.recommend.prior import SLOPE
from quizfunnel.recommend.promotion import Challenge

RULES = "rules"

TableOf = Callable[[str], ModelTable | None]


class Logged(NamedTuple):
    """One offer that was seen: what chose it, from what, what stood in its slots, and what of it was bought."""

    pattern: Pattern
    model: str
    rival: str
    share: float
    policy: str
    eligible: tuple[str, ...]
    order: tuple[str, ...]
    bought: frozenset[str]


class Screened(NamedTuple):
    """What a model would have earned an offer, or why that cannot be told, beside what was earned."""

    found: Evaluation | Refusal
    logged: float
    offers: int

    @property
    def refused(self) -> bool:
        """Tell whether the log cannot tell."""
        return isinstance(self.found, Refusal)

    @property
    def evaluation(self) -> Evaluation:
        """Return the figures, also where they are too uncertain to be relied on."""
        return self.found.evaluation if isinstance(self.found, Refusal) else self.found

    @property
    def harmful(self) -> bool:
        """Tell whether the model would surely have earned less."""
        return not self.refused and self.evaluation.high < self.logged


class Replay:
    """Logged offers with their scores under any model of the same columns, [n, I]."""

    def __init__(self, quiz: Quiz, products: Products, offers: Sequence[Logged], versions: Mapping[str, Quiz]) -> None:
        """Take offers; those with a product that is gone from the catalogue, or of an unknown version, are left out."""
        self._products = products
        place = {product.id: n for n, product in enumerate(products.all)}
        self.offers = [
            offer for offer in offers if offer.pattern.version in versions and all(id in place for id in offer.order)
        ]
        patterns = list(dict.fromkeys(self._key(offer) for offer in self.offers))
        at = {key: n for n, key in enumerate(patterns)}
        self._row = np.array([at[self._key(offer)] for offer in self.offers], dtype=np.int64)
        self._factors = Factors(quiz, [Pattern(version, dict(answers)) for version, answers in patterns], versions)
        self._place = place
        self.depth = max((len(offer.order) for offer in self.offers), default=1)
        self.orders = np.full((len(self.offers), self.depth), -1, dtype=np.int64)
        for n, offer in enumerate(self.offers):
            self.orders[n, : len(offer.order)] = [place[id] for id in offer.order]

    @staticmethod
    def _key(offer: Logged) -> tuple[str, tuple[tuple[str, AnswerValue], ...]]:
        return offer.pattern.version, tuple(sorted(offer.pattern.answers.items()))

    def scores(self, table: ModelTable | None) -> Floats | None:
        """Return the scores of every offer's products, -inf where not eligible; None for a model of other columns.

        Without a table they are the rules'.
        """
        if table is not None and table.columns != self._factors.columns:
            return None
        shape = (len(self._factors.codes), len(self._products.all))
        pattern, product = (index.ravel() for index in np.indices(shape))
        points = self._factors.points(self._products, pattern, product).reshape(shape)
        found = SLOPE * points if table is None else table.slope * points + self._learnt(table)
        scores = np.full((len(self.offers), shape[1]), -np.inf)
        for n, offer in enumerate(self.offers):
            allowed = [self._place[id] for id in offer.eligible if id in self._place]
            scores[n, allowed] = found[self._row[n], allowed]
        return scores

    def bought(self) -> Floats:
        """Return which slots were bought from, [n, k]."""
        return np.array(
            [[n < len(each.order) and each.order[n] in each.bought for n in range(self.depth)] for each in self.offers],
            dtype=np.float64,
        ).reshape(len(self.offers), self.depth)

    def chances(self, table: ModelTable | None) -> Floats | None:
        """Return the chance that a model shows just what was shown, [n]."""
        scores = self.scores(table)
        if scores is None:
            return None
        found = np.ones(len(self.offers))
        for rows, policy in self._policies():
            found[rows] = chances(policy, scores[rows], self.orders[rows]).prod(axis=1)
        return found

    def slots(self, table: ModelTable | None) -> Floats | None:
        """Return how often a model puts the products shown into their slots, [n, k], the first three slots."""
        scores = self.scores(table)
        if scores is None:
            return None
        depth = min(self.depth, DEEPEST)
        found = np.full((len(self.offers), depth), np.nan)
        for rows, policy in self._policies():
            found[rows] = at_slots(marginals(policy, scores[rows], depth=depth), self.orders[rows, :depth])
        return found

    def _policies(self) -> list[tuple[Ints, PlackettLucePolicy]]:
        by_policy: dict[str, list[int]] = {}
        for n, offer in enumerate(self.offers):
            by_policy.setdefault(offer.policy, []).append(n)
        return [(np.array(rows), PlackettLucePolicy(**json.loads(text))) for text, rows in by_policy.items()]

    def _learnt(self, table: ModelTable) -> Floats:
        """Return base and rows of every pattern for today's products, 0 for those a model does not know, [P, I]."""
        known = {id: n for n, id in enumerate(table.products)}
        there = np.array([n for n, product in enumerate(self._products.all) if product.id in known], dtype=np.int64)
        theirs = np.array([known[self._products.all[n].id] for n in there], dtype=np.int64)
        found = np.zeros((len(self._factors.codes), len(self._products.all)))
        found[:, there] += np.asarray(table.base)[theirs]
        for codes, block in zip(self._factors.codes.T, table.rows, strict=True):
            found[:, there] += np.asarray(block)[codes][:, theirs]
        return found


def screened(replay: Replay, target: ModelTable, table_of: TableOf) -> Screened | None:
    """Return what `target` would have earned from offers that other models made; None where none can be used.

    `table_of` gives the table of a logged model's name, None where it is gone.
    """
    aimed = replay.slots(target)
    logged = np.full((len(replay.offers), min(replay.depth, DEEPEST)), np.nan)
    models = np.array([offer.model for offer in replay.offers], dtype=object)
    for name in set(models):
        table = None if name == RULES else table_of(name)
        if name == RULES or table is not None:
            found = replay.slots(table)
            if found is not None:
                logged[models == name] = found[models == name]
    usable = ~np.isnan(logged[:, 0]) if len(logged) else np.zeros(0, dtype=bool)
    if aimed is None or not usable.any():
        return None
    rewards = replay.bought()[usable, : logged.shape[1]]
    evaluated = PolicyEvaluator("snips").evaluate(rewards, logged[usable], aimed[usable])
    return Screened(evaluated, float(rewards.sum() / len(rewards)), int(usable.sum()))


def challenged(
    replay: Replay, *, serving: ModelTable | None, challenger: ModelTable, share: float, planned: int
) -> Challenge | None:
    """Return the log of a challenge as `promotion.decide` takes it; None where a model is of other columns."""
    new, old = replay.chances(challenger), replay.chances(serving)
    if new is None or old is None or not replay.offers:
        return None
    rewards = np.asarray(replay.bought().any(axis=1), dtype=np.float64)
    return Challenge(rewards, new, old, share, planned)

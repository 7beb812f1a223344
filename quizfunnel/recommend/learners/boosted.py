"""Tables of log-odds by boosting: stumps on single answers, with a leaf that is a vector over the products.

Newton boosting (Friedman 2001; Chen and Guestrin 2016) of the same likelihoods as `choice`. A leaf's
step is shrunk towards what the products' attributes can say of it: with A orthonormal,
``(1 - rho) I + rho A A'``. Every stump is on one column, so that the sum of them is a table again.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from quizfunnel.quiz.kinds.column import FIRST_LEVEL
from quizfunnel.recommend.learners.additive import (
    BASE_PENALTY,
    AdditiveTables,
    LearnedTables,
    attributes_of,
)
from quizfunnel.recommend.learners.choice_likelihood import Likelihood
from quizfunnel.recommend.learners.code_book import CodeBook, Floats

MANY_PRODUCTS = 50
SMALL_LOG = 5_000  # purchases below which leaves are shrunk more
BASE_STEPS = 12
TINY = 1e-9  # of the largest singular value


class BoostedTables(AdditiveTables):
    """Additive tables from boosted stumps.

    `rate` None takes .1, and .25 from 50 products on; `l2` None takes 20, and 60 where there are fewer
    than 5,000 purchases. Each round sees a share `subsample` of the patterns; `validation` of them
    are held out, and after `patience` rounds without gain there the best one stands. `depth` of 1 is
    all there is: pairs of answers never gained. After `fit`: `base_`, `tables_`, `intercept_`,
    `n_iter_` and `validation_loss_`, the mean loss a purchase after each round.
    """

    def __init__(  # noqa: PLR0913 - settings, each of its own
        self,
        loss: str = "choice",
        *,
        rounds: int = 400,
        rate: float | None = None,
        l2: float | None = None,
        rho: float = 0.8,
        subsample: float = 0.5,
        validation: float = 0.15,
        patience: int = 25,
        random_state: int = 0,
    ) -> None:
        """Keep the settings."""
        self.loss = loss
        self.rounds = rounds
        self.rate = rate
        self.l2 = l2
        self.rho = rho
        self.subsample = subsample
        self.validation = validation
        self.patience = patience
        self.random_state = random_state

    def _learn(self, data: Likelihood, ordered: Sequence[bool], item_features: Floats | None) -> LearnedTables:
        generator = np.random.default_rng(self.random_state)
        held = generator.random(data.patterns) < self.validation
        if not data.part(held).purchases or not data.part(~held).purchases:
            # A side without purchases can neither teach nor judge: then all of the log does both.
            held[:] = False
        boosting = _Boosting(
            data.part(~held),
            stumps_of(data.book, ordered),
            _basis(data, item_features),
            penalty=BASE_PENALTY[self.loss],
        )
        settings = self._settings(data)
        judging = data.part(held) if held.any() else data
        best, losses, at = boosting.learned(), [judging.loss(scores_of(judging, boosting.learned()))], 0
        while len(losses) <= self.rounds and len(losses) - at <= self.patience:
            boosting.step(settings, generator.random(boosting.data.patterns) < self.subsample)
            losses.append(judging.loss(scores_of(judging, boosting.learned())))
            if losses[-1] < losses[at]:
                best, at = boosting.learned(), len(losses) - 1
        self.n_iter_ = at
        self.validation_loss_ = [loss / max(1.0, judging.purchases) for loss in losses]
        return best

    def _settings(self, data: Likelihood) -> "_Settings":
        l2 = (20.0 if data.purchases >= SMALL_LOG else 60.0) if self.l2 is None else self.l2
        rate = (0.25 if data.products >= MANY_PRODUCTS else 0.1) if self.rate is None else self.rate
        return _Settings(rate, l2, self.rho)


class _Settings(NamedTuple):
    rate: float
    l2: float
    rho: float


class _Boosting:
    """The tables so far, and their scores on the data that they are learnt from."""

    def __init__(self, data: Likelihood, stumps: npt.NDArray[np.bool_], basis: Floats, *, penalty: float) -> None:
        self.data, self.stumps, self.basis = data, stumps, basis
        column_of = np.repeat(np.arange(len(data.book.sizes)), data.book.sizes)
        self.column = column_of[stumps.argmax(axis=1)] if len(stumps) else np.empty(0, dtype=int)
        self.others = (column_of[None, :] == self.column[:, None]) & ~stumps
        self.base = start_of(data, penalty)
        self.table = np.zeros((data.book.count, data.products))
        self.scores = np.array(data.each(self.base))

    def learned(self) -> LearnedTables:
        return LearnedTables(self.base.copy(), self.table.copy())

    def step(self, settings: _Settings, seen: npt.NDArray[np.bool_]) -> None:
        """Add the stump that lowers the loss most on the patterns `seen`."""
        if not len(self.stumps):
            return
        slopes, curves = (self.data.weighed(each, seen) for each in self.data.derivatives(self.scores))
        down, curve = self.data.collect(slopes), self.data.collect(curves)
        inside = self._leaves(self.stumps @ down, self.stumps @ curve, settings)
        outside = self._leaves(self.others @ down, self.others @ curve, settings)
        best = int((inside.gain + outside.gain).argmax())
        added = np.outer(self.stumps[best], inside.value[best]) + np.outer(self.others[best], outside.value[best])
        added *= settings.rate
        self.table += added
        column = int(self.column[best])
        # one column alone has changed: spreading the whole table anew would cost a column's price for each
        self.scores += self.data.spread_one(column, self.data.book.blocks(added)[column])

    def _leaves(self, down: Floats, curve: Floats, settings: _Settings) -> "_Leaves":
        value = -down / (curve + settings.l2)
        if self.basis.shape[1]:
            value = (1 - settings.rho) * value + settings.rho * (value @ self.basis) @ self.basis.T
        # the loss that the leaf saves by its quadratic approximation, at the value that shrinking left
        return _Leaves(value, -(down * value + 0.5 * curve * value**2).sum(axis=1))


class _Leaves(NamedTuple):
    value: Floats  # [stumps, I]
    gain: Floats  # [stumps]


def start_of(data: Likelihood, penalty: float) -> Floats:
    """Return the base [I] that fits alone, nearly: a few damped Newton steps."""
    base = np.full(data.products, data.level)
    for _ in range(BASE_STEPS):
        slopes, curves = data.derivatives(np.array(data.each(base)))
        step = (data.by_product(slopes) + penalty * (base - data.level)) / (data.by_product(curves) + max(penalty, 1.0))
        base -= np.clip(step, -1.0, 1.0)
    return base


def scores_of(data: Likelihood, learned: LearnedTables) -> Floats:
    """Return the scores of tables on a data set."""
    return np.asarray(data.spread(learned.table) + data.each(learned.base))


def stumps_of(book: CodeBook, ordered: Sequence[bool]) -> npt.NDArray[np.bool_]:
    """Return every split as the codes on its one side, [K, C]: each code against the rest, and each step of a scale."""
    sides = [np.eye(book.count, dtype=bool)]
    for start, size, along in zip(book.starts[:-1], book.sizes, ordered, strict=True):
        for step in range(FIRST_LEVEL + 2, size - 1) if along else ():
            side = np.zeros((1, book.count), dtype=bool)
            side[0, start + step : start + size] = True
            sides.append(side)
    return np.vstack(sides)


def _basis(data: Likelihood, item_features: Floats | None) -> Floats:
    """Return an orthonormal basis of the products' attributes, [I, a]."""
    attributes = attributes_of(data, item_features)
    if not attributes.shape[1]:
        return attributes
    basis, sizes, _ = np.linalg.svd(attributes, full_matrices=False)
    # attributes that follow from others have no direction of their own, and rounding would make one up
    return np.asarray(basis[:, sizes > TINY * sizes[0]])

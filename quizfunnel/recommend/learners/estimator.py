"""Estimator: purchases fitted on top of the merchandiser's rules, as a scikit-learn estimator.

The rules' log-odds stand as a fixed part of every score, times a slope that is learnt. The learners
fit what is left, pulled to the rules by pseudo-shoppers: virtual ones who answer like the real ones and
buy as the rules say. Their number fades as real purchases come in. With no purchase at all there is no
fit: the scores are the rules' own.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_array, check_is_fitted

from quizfunnel.recommend.learners.additive import (
    AdditiveTables,
    added,
    chances,
    checked,
    explained,
)
from quizfunnel.recommend.learners.binomial_likelihood import Trials
from quizfunnel.recommend.learners.boosted import BoostedTables
from quizfunnel.recommend.learners.choice_likelihood import Choices, Likelihood
from quizfunnel.recommend.learners.code_book import CodeBook, Floats
from quizfunnel.recommend.learners.shrunk import ChoiceTables

LEARNERS = ("both", "tables", "boosted")
SLOPE_STEPS, SETTLED = 100, 1e-3
LOW, HIGH = 0.0, 4.0  # of a slope: rules are never turned around
CONFIDENCE = 1.96


class Slope(NamedTuple):
    """Slope of the rules, the support that purchases give them: 1 is their own, 0 is none; with its standard error."""

    value: float
    error: float


class QuizRecommender(BaseEstimator):
    """The average of `ChoiceTables` and `BoostedTables` in log-odds, on top of the rules.

    Args:
        loss: ``"choice"`` for purchases among what was shown, ``"binomial"`` for each product shown.
        prior_strength: how many pseudo-shoppers buy as the rules say, with an empty log.
        fade: from how many real purchases on there are none of them.
        learners: ``"both"``, ``"tables"`` or ``"boosted"``.
        tables, boosted: the learners' settings, by default their own.

    After `fit`: `slope_` (1 is the rules' own), `slope_error_`, `base_` [I], `tables_` (a [codes, I] array a
    column), `intercept_`, `purchases_`, `strength_` (the pseudo-shoppers that were left).
    """

    def __init__(  # noqa: PLR0913 - settings, each of its own
        self,
        loss: str = "choice",
        *,
        prior_strength: float = 300.0,
        fade: float = 1000.0,
        learners: str = "both",
        tables: ChoiceTables | None = None,
        boosted: BoostedTables | None = None,
        random_state: int = 0,
    ) -> None:
        """Keep the settings."""
        self.loss = loss
        self.prior_strength = prior_strength
        self.fade = fade
        self.learners = learners
        self.tables = tables
        self.boosted = boosted
        self.random_state = random_state

    def fit(  # noqa: PLR0913 - one argument for each thing that was logged
        self,
        X: npt.ArrayLike,  # noqa: N803 - scikit-learn's name
        purchases: npt.ArrayLike,
        *,
        trials: npt.ArrayLike | None = None,
        shown: npt.ArrayLike | None = None,
        item_features: npt.ArrayLike | None = None,
        ordered: Sequence[bool] | None = None,
        prior: npt.ArrayLike | None = None,
        sizes: Sequence[int] | None = None,
    ) -> Self:
        """Learn from P patterns, as `AdditiveTables.fit`; `prior` is the rules' log-odds [P, I], 0 where None."""
        inputs = checked(self.loss, X, purchases, trials=trials, shown=shown, offset=prior)
        sizes = tuple(sizes) if sizes is not None else tuple(inputs.codes.max(axis=0, initial=0) + 1)
        along = [False] * len(sizes) if ordered is None else list(ordered)
        features = None if item_features is None else check_array(item_features, dtype=np.float64)
        rules = np.zeros_like(inputs.purchases) if inputs.offset is None else inputs.offset
        book = CodeBook(sizes)
        if self.loss == "binomial":
            assert inputs.trials is not None  # noqa: S101 - `checked` saw to it
            data = Trials.of_tables(book, inputs.codes, inputs.purchases, trials=inputs.trials)
            return self.fit_likelihood(data, along, features, prior=rules[np.nonzero(inputs.trials)])
        return self.fit_likelihood(
            Choices(book, inputs.codes, inputs.purchases, shown=inputs.shown), along, features, prior=rules
        )

    def fit_likelihood(
        self,
        data: Likelihood,
        ordered: Sequence[bool],
        item_features: Floats | None,
        *,
        prior: Floats,
        offset: Floats | None = None,
    ) -> Self:
        """Learn from data that is a likelihood already; `prior` is by score: [P, I] for choices, [M] for trials.

        `offset`, by score too, is a part of the scores that is known and not learnt: the levels of an offer's sections.
        """
        if self.learners not in LEARNERS:
            raise ValueError(f"learners must be one of {', '.join(LEARNERS)}, not {self.learners!r}")
        self.sizes_ = data.book.sizes
        self.n_features_in_ = len(self.sizes_)
        self.purchases_ = data.purchases
        self.strength_ = float(self.prior_strength * max(0.0, 1.0 - data.purchases / self.fade)) if self.fade else 0.0
        if not data.purchases:
            return self._keep_rules(data)
        known = np.zeros_like(prior) if offset is None else offset
        data = data if offset is None else data.fixed(offset)
        # By the real purchases alone: pseudo-shoppers, who buy by the rules, would make these look certain.
        self.slope_error_ = slope_of(data, prior).error
        taught = data.with_pseudo(prior + known, self.strength_)
        self.slope_ = slope_of(taught, prior).value
        fitted = [
            learner.fit_likelihood(taught.fixed(self.slope_ * prior + known), ordered, item_features)
            for learner in self._learners()
        ]
        # Averaged in log-odds, where both learners are additive: the average is again one table.
        self.base_ = np.mean([each.base_ for each in fitted], axis=0)
        self.intercept_ = float(np.mean([each.intercept_ for each in fitted]))
        self.tables_ = [np.mean(blocks, axis=0) for blocks in zip(*(each.tables_ for each in fitted), strict=True)]
        return self

    def _learners(self) -> list[AdditiveTables]:
        tables = ChoiceTables(self.loss) if self.tables is None else clone(self.tables).set_params(loss=self.loss)
        boosted = BoostedTables(self.loss) if self.boosted is None else clone(self.boosted).set_params(loss=self.loss)
        boosted.set_params(random_state=self.random_state)
        return {"both": [tables, boosted], "tables": [tables], "boosted": [boosted]}[self.learners]

    def _keep_rules(self, data: Likelihood) -> Self:
        """Keep the rules as they are: an empty log teaches nothing."""
        self.slope_, self.slope_error_ = 1.0, float("inf")
        self.base_, self.intercept_ = np.zeros(data.products), data.level
        self.tables_ = [np.zeros((size, data.products)) for size in self.sizes_]
        return self

    @property
    def rules_supported_(self) -> bool | None:
        """Tell whether what people buy supports the rules; None where the log cannot tell yet."""
        check_is_fitted(self, "slope_")
        if self.slope_error_ > 1 / (2 * CONFIDENCE):  # the interval is wider than from no support to the rules' own
            return None
        return bool(self.slope_ - CONFIDENCE * self.slope_error_ > 0)

    def decision_function(self, X: npt.ArrayLike, prior: npt.ArrayLike | None = None) -> Floats:  # noqa: N803
        """Return log-odds [n, I] without the intercept, on top of the rules' `prior` [n, I] (0 where None)."""
        check_is_fitted(self, "tables_")
        learnt = added(self.base_, self.tables_, X)
        return learnt if prior is None else self.slope_ * np.asarray(prior, dtype=np.float64) + learnt

    def predict_proba(
        self,
        X: npt.ArrayLike,  # noqa: N803
        *,
        shown: npt.ArrayLike | None = None,
        prior: npt.ArrayLike | None = None,
    ) -> Floats:
        """Return chances [n, I]: of each product when shown (binomial), or as the choice among `shown`."""
        return chances(self.decision_function(X, prior), self.intercept_ if self.loss == "binomial" else None, shown)

    def explain(self, X: npt.ArrayLike) -> Floats:  # noqa: N803
        """Return each column's contribution to the rules and the base, [n, q, I]."""
        check_is_fitted(self, "tables_")
        return explained(self.tables_, X)


def slope_of(data: Likelihood, prior: Floats) -> Slope:
    """Return the slope of the rules that fits best, beside a base of its own for every product.

    By Newton's method on the slope, the base following it a step at a time (block coordinate descent).
    A slope is kept from 0 to 4; its standard error is that of the likelihood with the base given.
    """
    slope, base, bend = 1.0, np.full(data.products, data.level), 0.0
    for _ in range(SLOPE_STEPS):
        slopes, curves = data.derivatives(slope * prior + data.each(base))
        base = base - np.clip(data.by_product(slopes) / (data.by_product(curves) + 1.0), -1.0, 1.0)
        scores = slope * prior + data.each(base)
        bend = data.bend(scores, prior)
        if bend <= 0:
            return Slope(1.0, float("inf"))
        before = slope
        slope = min(HIGH, max(LOW, slope - float(np.vdot(data.descent(scores)[1], prior)) / bend))
        if abs(slope - before) < SETTLED:
            break
    return Slope(slope, bend**-0.5)

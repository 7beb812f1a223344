"""Empirical Bayes: tables of log-odds, every answer's row shrunk as far as the data say.

Scores are additive: U = F (W + V A'), where F has a column a code, and for ordered answers one a step
of the scale as well, A the products' attributes. Each block of a question's weights, those by product
and those by each attribute, has one ridge penalty, set by MacKay's fixed point for the evidence (MacKay
1992), taken in longer steps.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize

from quizfunnel.recommend.learners.additive import (
    BASE_PENALTY,
    AdditiveTables,
    LearnedTables,
    attributes_of,
)
from quizfunnel.recommend.learners.choice_likelihood import Likelihood
from quizfunnel.recommend.learners.code_book import Floats

LEAST, MOST = 0.5, 2e4  # of a penalty
STEP = 1.5  # the exponent of an update: 1 is the fixed point's own


class _Shape(NamedTuple):
    """The parameters' places in one flat vector: base [I], W [f, I], V [f, a]."""

    products: int
    features: int
    attributes: int

    def split(self, flat: Floats) -> tuple[Floats, Floats, Floats]:
        base, rest = flat[: self.products], flat[self.products :]
        middle = self.features * self.products
        return (
            base,
            rest[:middle].reshape(self.features, self.products),
            rest[middle:].reshape(self.features, self.attributes),
        )


class ChoiceTables(AdditiveTables):
    """Additive tables, shrunk by empirical Bayes.

    `loss` is ``"choice"`` or ``"binomial"``, see `losses`. `rounds` of empirical Bayes, each with
    `steps` of L-BFGS, then up to `final_steps`; `multiplier` scales every penalty that was found.
    After `fit`: `base_` [I], `tables_` (a [codes, I] array a column), `intercept_`, `penalties_`
    ([1 + columns, 1 + attributes], the base's first), `n_iter_`.
    """

    def __init__(  # noqa: PLR0913 - settings, each of its own
        self,
        loss: str = "choice",
        *,
        rounds: int = 10,
        steps: int = 8,
        final_steps: int = 60,
        multiplier: float = 1.0,
        start: float = 20.0,
    ) -> None:
        """Keep the settings."""
        self.loss = loss
        self.rounds = rounds
        self.steps = steps
        self.final_steps = final_steps
        self.multiplier = multiplier
        self.start = start

    def _learn(self, data: Likelihood, ordered: Sequence[bool], item_features: Floats | None) -> LearnedTables:
        attributes = attributes_of(data, item_features)
        problem = _Problem(data, ordered, attributes)
        penalties = np.full((1 + len(data.book.sizes), 1 + attributes.shape[1]), float(self.start))
        penalties[0] = BASE_PENALTY[self.loss]
        flat = np.zeros(problem.size)
        for _ in range(self.rounds):
            flat = problem.descend(flat, penalties, self.steps)
            penalties = problem.updated(flat, penalties)
        penalties[1:] = np.clip(penalties[1:] * self.multiplier, LEAST, MOST)
        flat = problem.descend(flat, penalties, self.final_steps)
        self.penalties_ = penalties
        self.n_iter_ = problem.evaluations
        base, table = problem.tables(flat)
        return LearnedTables(base, table)


class _Problem:
    """The penalised loss of one data set, in parameters scaled by their curvature."""

    def __init__(self, data: Likelihood, ordered: Sequence[bool], attributes: Floats) -> None:
        self.data, self.attributes = data, attributes
        self.expand, self.column_of = data.book.expansion(ordered)
        self.shape = _Shape(data.products, self.expand.shape[1], attributes.shape[1])
        self.size = data.products * (1 + self.shape.features) + self.shape.features * self.shape.attributes
        self.evaluations = 0

    def tables(self, flat: Floats) -> tuple[Floats, Floats]:
        """Return base [I] and table [C, I] of a parameter vector."""
        base, by_product, by_attribute = self.shape.split(flat)
        return self.data.level + base, self.expand @ (by_product + by_attribute @ self.attributes.T)

    def descend(self, flat: Floats, penalties: Floats, steps: int) -> Floats:
        """Return the vector after at most so many steps of L-BFGS from `flat`."""
        ridge = self._ridge(penalties)
        # In units of their own curvature all parameters are alike to L-BFGS, which then needs few steps.
        scale = 1.0 / np.sqrt(self._curvature(flat) + ridge)

        def value(scaled: Floats) -> tuple[float, Floats]:
            return self._value(scaled * scale, ridge, scale)

        options: Any = {"maxiter": steps, "maxcor": 12, "ftol": 1e-9, "gtol": 1e-4}
        minimum = minimize(value, flat / scale, jac=True, method="L-BFGS-B", options=options)
        return np.asarray(minimum.x * scale)

    def _value(self, flat: Floats, ridge: Floats, scale: Floats) -> tuple[float, Floats]:
        self.evaluations += 1
        base, table = self.tables(flat)
        scores = self.data.spread(table) + self.data.each(base)
        loss, slopes = self.data.descent(scores)
        by_feature = self.expand.T @ self.data.collect(slopes)
        parts = (self.data.by_product(slopes), by_feature, by_feature @ self.attributes)
        gradient = np.concatenate([part.ravel() for part in parts]) + ridge * flat
        return loss + 0.5 * float(ridge @ flat**2), gradient * scale

    def _curvature(self, flat: Floats) -> Floats:
        base, table = self.tables(flat)
        _, curves = self.data.derivatives(self.data.spread(table) + self.data.each(base))
        by_feature = (self.expand**2).T @ self.data.collect(curves)
        parts = (self.data.by_product(curves), by_feature, by_feature @ self.attributes**2)
        return np.concatenate([part.ravel() for part in parts])

    def _ridge(self, penalties: Floats) -> Floats:
        base = np.full(self.shape.products, penalties[0, 0])
        of = penalties[1:][self.column_of]  # [f, 1 + a]
        return np.concatenate([base, np.repeat(of[:, 0], self.shape.products), of[:, 1:].ravel()])

    def updated(self, flat: Floats, penalties: Floats) -> Floats:
        """Return the penalties that the evidence asks for: effective weights over their squared length."""
        ridge, curves = self._ridge(penalties), self._curvature(flat)
        _, known, known_by = self.shape.split(curves / (curves + ridge))
        _, squares, squares_by = self.shape.split(flat**2)
        new = penalties.copy()
        for j in range(1, len(new)):
            mine = self.column_of == j - 1
            known_here = np.concatenate([[known[mine].sum()], known_by[mine].sum(axis=0)])
            length = np.concatenate([[squares[mine].sum()], squares_by[mine].sum(axis=0)])
            wanted = known_here / np.maximum(length, 1e-12)
            new[j] = penalties[j] * (np.maximum(wanted, 1e-12) / penalties[j]) ** STEP
        new[1:] = np.clip(new[1:], LEAST, MOST)
        return new

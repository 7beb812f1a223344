"""Additive model: one row of log-odds a code and product, summed; all that the learners have in common.

scikit-learn's conventions: settings in the constructor and nothing else, `fit` returns self, what was
learnt ends in ``_``. Shapes: P patterns of answers, q columns, I products, a attributes.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_array, check_is_fitted
from threadpoolctl import threadpool_limits

from quizfunnel.recommend.learners.binomial_likelihood import Trials
from quizfunnel.recommend.learners.choice_likelihood import Choices, Likelihood
from quizfunnel.recommend.learners.code_book import CodeBook, Floats, Ints

LOSSES = ("choice", "binomial")
BASE_PENALTY = {"choice": 0.05, "binomial": 1.0}  # a product hardly ever shown stays near the mean of them


class LearnedTables(NamedTuple):
    """A learner's result: base [I] and table [C, I], in log-odds."""

    base: Floats
    table: Floats


class FitInput(NamedTuple):
    """A data set as `fit` takes it, checked."""

    codes: Ints
    purchases: Floats
    trials: Floats | None
    shown: npt.NDArray[np.bool_] | None
    offset: Floats | None


class AdditiveTables(BaseEstimator, ABC):
    """An additive model of choices or of trials. Subclasses learn; everything else stands here."""

    loss: str

    def fit(  # noqa: PLR0913 - one argument for each thing that was logged
        self,
        X: npt.ArrayLike,  # noqa: N803 - scikit-learn's name
        purchases: npt.ArrayLike,
        *,
        trials: npt.ArrayLike | None = None,
        shown: npt.ArrayLike | None = None,
        item_features: npt.ArrayLike | None = None,
        ordered: Sequence[bool] | None = None,
        offset: npt.ArrayLike | None = None,
        sizes: Sequence[int] | None = None,
    ) -> Self:
        """Learn from P distinct patterns of answers.

        Args:
            X: codes of the answers, ints [P, q], as `AnswerEncoder` gives them.
            purchases: how many of each product were bought, [P, I].
            trials: how often each product was shown, [P, I]; for the binomial loss.
            shown: which products could be chosen, bool [P, I]; for the choice loss, all where None.
            item_features: attributes of the products, [I, a].
            ordered: which columns lie along a scale, [q].
            offset: a part of the scores that is known, [P, I], such as the rules'.
            sizes: how many codes each column has, [q]; by default one more than the largest that was seen.

        Raises:
            ValueError: for shapes that do not fit, or purchases of what was not shown.
        """
        inputs = checked(self.loss, X, purchases, trials=trials, shown=shown, offset=offset)
        sizes = tuple(sizes) if sizes is not None else tuple(inputs.codes.max(axis=0, initial=0) + 1)
        along = [False] * len(sizes) if ordered is None else list(ordered)
        features = None if item_features is None else check_array(item_features, dtype=np.float64)
        return self.fit_likelihood(likelihood(self.loss, CodeBook(sizes), inputs), along, features)

    def fit_likelihood(self, data: Likelihood, ordered: Sequence[bool], item_features: Floats | None) -> Self:
        """Learn from data that is a likelihood already, as training keeps it: pairs, not patterns times products."""
        if item_features is not None and len(item_features) != data.products:
            raise ValueError(f"item_features has {len(item_features)} rows for {data.products} products")
        with threadpool_limits(1, user_api="blas"):  # its matrices are too small to be worth a second thread
            learned = self._learn(data, ordered, item_features)
        self.sizes_ = data.book.sizes
        self.n_features_in_ = len(self.sizes_)
        self._keep(learned)
        return self

    @abstractmethod
    def _learn(self, data: Likelihood, ordered: Sequence[bool], item_features: Floats | None) -> LearnedTables:
        """Return the base and the table that fit the data."""

    def _keep(self, learned: LearnedTables) -> None:
        """Keep base and tables; the mean of the base is the intercept, since no order depends on it."""
        self.intercept_ = float(learned.base.mean())
        self.base_ = learned.base - self.intercept_
        self.tables_ = CodeBook(self.sizes_).blocks(learned.table)

    def decision_function(self, X: npt.ArrayLike) -> Floats:  # noqa: N803
        """Return log-odds [n, I], without the intercept and the offset; a code never seen in `fit` adds nothing."""
        check_is_fitted(self, "tables_")
        return added(self.base_, self.tables_, X)

    def predict_proba(
        self,
        X: npt.ArrayLike,  # noqa: N803
        *,
        shown: npt.ArrayLike | None = None,
        offset: npt.ArrayLike | None = None,
    ) -> Floats:
        """Return chances [n, I]: of each product when shown (binomial), or as the choice among `shown`."""
        scores = self.decision_function(X) + (0.0 if offset is None else np.asarray(offset, dtype=np.float64))
        return chances(scores, self.intercept_ if self.loss == "binomial" else None, shown)

    def explain(self, X: npt.ArrayLike) -> Floats:  # noqa: N803
        """Return each column's contribution, [n, q, I]; their sum and `base_` are the decision function."""
        check_is_fitted(self, "tables_")
        return explained(self.tables_, X)


def added(base: Floats, tables: Sequence[Floats], X: npt.ArrayLike) -> Floats:  # noqa: N803
    """Return base and the rows of the codes, summed; [n, I]."""
    codes = as_codes(X)
    if codes.shape[1] != len(tables):
        raise ValueError(f"X has {codes.shape[1]} features, but this model was fitted with {len(tables)}")
    scores = np.tile(base, (len(codes), 1))
    for column, table in zip(codes.T, tables, strict=True):
        # A code that no fit has seen adds nothing, instead of failing at a shopper's answer.
        known = column < len(table)
        scores[known] += table[column[known]]
    return scores


def chances(scores: Floats, intercept: float | None, shown: npt.ArrayLike | None) -> Floats:
    """Return the chance of each product when shown, with an intercept, or without one as the choice among `shown`."""
    if intercept is not None:
        return np.asarray(expit(scores + intercept))
    hidden = None if shown is None else ~np.asarray(shown, dtype=bool)
    return np.asarray(softmax(scores if hidden is None else np.where(hidden, -np.inf, scores), axis=1))


def explained(tables: Sequence[Floats], X: npt.ArrayLike) -> Floats:  # noqa: N803
    """Return the row of each code, [n, q, I]."""
    codes = as_codes(X)
    return np.stack([table[codes[:, j]] for j, table in enumerate(tables)], axis=1)


def checked(  # noqa: PLR0913 - one argument for each thing that was logged
    loss: str,
    X: npt.ArrayLike,  # noqa: N803
    purchases: npt.ArrayLike,
    *,
    trials: npt.ArrayLike | None,
    shown: npt.ArrayLike | None,
    offset: npt.ArrayLike | None,
) -> FitInput:
    """Return a data set whose shapes fit, or raise ValueError that names what does not."""
    if loss not in LOSSES:
        raise ValueError(f"loss must be one of {', '.join(LOSSES)}, not {loss!r}")
    if (trials is None) == (loss == "binomial"):
        raise ValueError("trials are needed for the binomial loss, and for it alone")
    codes = as_codes(X)
    bought = check_array(purchases, dtype=np.float64)
    others = {"trials": trials, "shown": shown, "offset": offset}
    tables = {name: None if value is None else check_array(value, dtype=np.float64) for name, value in others.items()}
    for name, value in (("purchases", bought), *tables.items()):
        if value is not None and (len(value) != len(codes) or value.shape[1] != bought.shape[1]):
            raise ValueError(
                f"{name} must be {len(codes)} x {bought.shape[1]}, one row a row of X; it is {value.shape}"
            )
    seen = tables["shown"]
    return FitInput(codes, bought, tables["trials"], None if seen is None else seen.astype(bool), tables["offset"])


def as_codes(X: npt.ArrayLike) -> Ints:  # noqa: N803
    """Return codes as whole numbers [n, q]; anything else is a ValueError."""
    numbers = check_array(X, dtype=np.float64, ensure_min_features=1)
    codes: Ints = numbers.astype(np.int64)
    if (codes != numbers).any() or (codes < 0).any():
        raise ValueError("X must hold codes of answers: whole numbers from 0")
    return codes


def likelihood(loss: str, book: CodeBook, inputs: FitInput) -> Likelihood:
    """Return the likelihood of a data set."""
    if loss == "binomial":
        assert inputs.trials is not None  # noqa: S101 - `checked` saw to it
        return Trials.of_tables(book, inputs.codes, inputs.purchases, trials=inputs.trials, offset=inputs.offset)
    return Choices(book, inputs.codes, inputs.purchases, shown=inputs.shown, offset=inputs.offset)


def attributes_of(data: Likelihood, item_features: Floats | None) -> Floats:
    """Return the attributes [I, a] around a mean of 0 with a spread of 1; for trials a column of ones before them.

    That column lets an answer raise or lower every product alike, which a choice could not tell.
    """
    columns: list[Any] = [np.ones((data.products, 1))] if isinstance(data, Trials) else []
    if item_features is not None:
        spread = item_features.std(axis=0)
        varied = item_features[:, spread > 0]
        columns.append((varied - varied.mean(axis=0)) / spread[spread > 0])
    return np.hstack(columns) if columns else np.empty((data.products, 0))

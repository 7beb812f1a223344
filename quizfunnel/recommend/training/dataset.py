"""Training data: a grouped log as pairs of a pattern and a product of today's catalogue, in parts of the time; pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Quiz
from quizfunnel.recommend.learners.binomial_likelihood import Pairs, Trials
from quizfunnel.recommend.learners.code_book import CodeBook, Floats, Ints
from quizfunnel.recommend.learners.estimator import QuizRecommender
from quizfunnel.recommend.learners.features import features_of
from quizfunnel.recommend.learners.shrunk import ChoiceTables
from quizfunnel.recommend.serving.points import SLOPE
from quizfunnel.recommend.serving.score_model import RULES, ModelTable
from quizfunnel.recommend.training.grouped_log import SLICES, Counts
from quizfunnel.recommend.training.patterns import Factors
from quizfunnel.recommend.training.scores import (
    Difference,
    calibration_error,
    difference,
    log_loss,
    stability,
    stability_noise,
)
from quizfunnel.recommend.training.section_levels import section_levels

LEARN, CHOOSE, JUDGE = (0, 1, 2), 3, 4  # parts of the time
# A product sells like the mean of all until so many have seen it.
POPULARITY_TRIALS = 20.0
SHIFT = 0.1  # of a stability index

Progress = Callable[[str], None]


class LearnerSetting(NamedTuple):
    """One configuration of the learners."""

    learners: str
    multiplier: float
    prior_strength: float = 300.0


class TriedSetting(NamedTuple):
    """A configuration and its log-loss where settings are chosen."""

    setting: LearnerSetting
    log_loss: float


class Score(NamedTuple):
    """One contender's figures on the last part of the time; `against` is the difference to the rules' log-loss."""

    log_loss: float
    calibration: float
    against: Difference | None


class Drift(NamedTuple):
    """Drift of the answers: the population stability index of each column, and those that shifted by more than chance.

    `unseen` is the share of the latest offers for sets of answers that were not seen before.
    """

    stability: Mapping[str, float]
    shifted: tuple[str, ...]
    unseen: float


class Dataset:
    """A log as pairs of a pattern and a product of today's catalogue."""

    def __init__(self, quiz: Quiz, products: Products, counts: Counts, versions: Mapping[str, Quiz]) -> None:
        """Take a log; products that are gone from the catalogue are left out."""
        self.products = products
        place = {product.id: n for n, product in enumerate(products.all)}
        self.gone = tuple(id for id in counts.products if id not in place)
        # Places in the catalogue of today, -1 for what is gone from it.
        moved = np.array([place.get(id, -1) for id in counts.products], dtype=np.int64)
        self.counts = counts.of(moved[counts.product] >= 0)
        self.product = moved[self.counts.product]
        self.factors = Factors(quiz, counts.patterns, versions)
        self.features = features_of(products.all)
        self.book = CodeBook([column.codes for column in self.factors.columns])
        self.prior = SLOPE * self.factors.points(products, self.counts.pattern, self.product)
        self.size = len(np.unique(self.counts.pattern * len(products.all) + self.product))

    def fitted(self, setting: LearnerSetting, parts: Sequence[int]) -> QuizRecommender:
        """Return the learners fitted on some parts of the time."""
        learnt = np.isin(self.counts.part, parts)
        data, prior, section = self._trials(learnt)
        recommender = QuizRecommender(
            "binomial",
            learners=setting.learners,
            prior_strength=setting.prior_strength,
            tables=ChoiceTables(multiplier=setting.multiplier),
        )
        ordered = [column.ordered for column in self.factors.columns]
        offset = self.levels(learnt)[section] if self.has_sections else None
        return recommender.fit_likelihood(data, ordered, self.features.values, prior=prior, offset=offset)

    @property
    def has_sections(self) -> bool:
        """Tell whether products were shown in several sections, or with and without them."""
        return len(self.counts.sections) > 1

    def levels(self, learnt: Any) -> Floats:
        """Return the level of each section by some rows of the log, [S]: 0 where there is one alone."""
        rows = self.counts.of(learnt)
        return section_levels(
            rows.section, self.prior[learnt], rows.trials, rows.bought, sections=max(1, len(rows.sections))
        )

    def tried(self, setting: LearnerSetting, progress: Progress) -> TriedSetting:
        """Return a configuration's loss on the part of the time after what it learnt from."""
        progress(f"Trying {setting.learners}, penalties x {setting.multiplier:g}")
        chance = self.chances(self.fitted(setting, LEARN), np.isin(self.counts.part, LEARN))
        rows = self.counts.part == CHOOSE
        return TriedSetting(setting, log_loss(chance[rows], self.counts.trials[rows], self.counts.bought[rows]))

    def scores(self, fitted: QuizRecommender) -> tuple[dict[str, Score], tuple[tuple[float, float], ...]]:
        """Return every contender's score on the last part of the time, and what was expected and bought in each."""
        learnt, rows = self.counts.part != JUDGE, self.counts.part == JUDGE
        chances = {
            "model": self.chances(fitted, learnt),
            RULES: self._rules(learnt),
            "popularity": self._popularity(learnt),
        }
        expected = chances["model"] * self.counts.trials
        parts = [self.counts.part == n for n in range(SLICES)]
        by_part = tuple((float(expected[part].sum()), float(self.counts.bought[part].sum())) for part in parts)
        return {name: self._score(chance, chances[RULES], rows) for name, chance in chances.items()}, by_part

    def chances(self, fitted: QuizRecommender, learnt: Any) -> Floats:
        """Return the chance of a purchase of every row of the log, by what was `fitted` on some of the rows."""
        scores = fitted.slope_ * self.prior + fitted.base_[self.product] + fitted.intercept_
        if self.has_sections:
            scores = scores + self.levels(learnt)[self.counts.section]
        for codes, table in zip(self.factors.codes.T, fitted.tables_, strict=True):
            scores = scores + table[codes[self.counts.pattern], self.product]
        return np.asarray(expit(scores))

    def table(self, fitted: QuizRecommender) -> ModelTable:
        """Return a model as it is served: every row around a mean of 0 over the products."""
        rows = tuple(tuple(_row(row - row.mean()) for row in table) for table in fitted.tables_)
        ids = tuple(product.id for product in self.products.all)
        return ModelTable(ids, self.factors.columns, fitted.slope_ * SLOPE, _row(fitted.base_), rows)

    def drift(self) -> Drift:
        """Return the drift of the answers from the first parts of the time to the last."""
        late = self.counts.part == JUDGE
        before, after = (self._by_pattern(rows) for rows in (~late, late))
        moved, shifted = {}, []
        for column, codes in zip(self.factors.columns, self.factors.codes.T, strict=True):
            moved[column.name] = stability(codes, before, after, codes=column.codes)
            if moved[column.name] > max(SHIFT, stability_noise(codes, before, after)):
                shifted.append(column.name)
        # Answers to several versions may come to the same codes: then they are one set.
        alike = np.unique(self.factors.codes, axis=0, return_inverse=True)[1].ravel()
        seen = np.bincount(alike, weights=before) > 0
        return Drift(moved, tuple(shifted), float(after[~seen[alike]].sum() / max(after.sum(), 1.0)))

    def _by_pattern(self, rows: Any) -> Floats:
        """Return the number of offers of each pattern in some rows, [P]: trials, over those of an offer."""
        trials: Floats = np.zeros(len(self.counts.patterns))
        np.add.at(trials, self.counts.pattern[rows], self.counts.trials[rows])
        return trials * self.counts.facts.offers / max(1.0, float(self.counts.trials.sum()))

    def _trials(self, keep: Any) -> tuple[Trials, Floats, Ints]:
        """Return some rows of the log as trials with each pair once, the rules' log-odds of each, and its section.

        A product that was shown in two sections stands in two pairs, since each has a level of its own.
        """
        count, sections = len(self.products.all), max(1, len(self.counts.sections))
        key = (self.counts.pattern[keep] * count + self.product[keep]) * sections + self.counts.section[keep]
        pairs, first, place = np.unique(key, return_index=True, return_inverse=True)
        pattern, product = np.divmod(pairs // sections, count)
        bought = np.bincount(place, weights=self.counts.bought[keep], minlength=len(pairs)).astype(np.float64)
        trials = np.bincount(place, weights=self.counts.trials[keep], minlength=len(pairs)).astype(np.float64)
        shown = Pairs(pattern, product, bought, trials)
        data = Trials(self.book, self.factors.codes, shown, products=count)
        return data, self.prior[keep][first], pairs % sections

    def _rules(self, learnt: Any) -> Floats:
        """Return the chances of the rules alone, at the level of what was learnt from, each section's at its own."""
        data, prior, section = self._trials(learnt)
        if not self.has_sections:
            return np.asarray(expit(data.level_of(prior, data.purchases) + self.prior))
        levels = self.levels(learnt)
        level = data.level_of(prior + levels[section], data.purchases)
        return np.asarray(expit(level + levels[self.counts.section] + self.prior))

    def _popularity(self, learnt: Any) -> Floats:
        trials, bought = self.counts.trials[learnt], self.counts.bought[learnt]
        rate = bought.sum() / max(trials.sum(), 1.0)
        shown = np.bincount(self.product[learnt], weights=trials, minlength=len(self.products.all))
        sold = np.bincount(self.product[learnt], weights=bought, minlength=len(self.products.all))
        rates = (sold + POPULARITY_TRIALS * rate) / (shown + POPULARITY_TRIALS)
        return np.asarray(rates[self.product])

    def _score(self, chance: Floats, rules: Floats, rows: Any) -> Score:
        trials, bought = self.counts.trials[rows], self.counts.bought[rows]
        against = None
        if chance is not rules:
            against = difference(chance[rows], rules[rows], trials, bought, self.counts.pattern[rows])
        loss = log_loss(chance[rows], trials, bought)
        return Score(loss, calibration_error(chance[rows], trials, bought), against)


def _row(values: Floats) -> tuple[float, ...]:
    return tuple(map(float, values))

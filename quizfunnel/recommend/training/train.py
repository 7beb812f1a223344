"""Training: a grouped log to a model, its settings chosen on a later part of the time and judged on the last; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Quiz
from quizfunnel.recommend.learners.estimator import QuizRecommender
from quizfunnel.recommend.serving.score_model import RULES, ModelTable
from quizfunnel.recommend.training.dataset import (
    CHOOSE,
    JUDGE,
    LEARN,
    Dataset,
    Drift,
    LearnerSetting,
    Progress,
    Score,
    TriedSetting,
)
from quizfunnel.recommend.training.grouped_log import SLICES, Counts
from quizfunnel.recommend.training.scores import Difference, noise

MOST_WITHOUT_PRODUCT = 0.10
ENOUGH = 100  # purchases before settings are chosen and a model is judged
MOST_NAMED = 5
MANY_PAIRS = 150_000  # from here the log decides by itself: the tables alone, at what the evidence says


class TrainingError(Exception):
    """A log that cannot be learnt from; the text says why and what to do."""


GRID = (
    LearnerSetting("tables", 0.35),
    LearnerSetting("tables", 0.5),
    LearnerSetting("tables", 1.0),
    LearnerSetting("tables", 2.0),
    LearnerSetting("both", 1.0),
    LearnerSetting("both", 2.0),
    LearnerSetting("tables", 1.0, prior_strength=50.0),
    LearnerSetting("both", 1.0, prior_strength=50.0),
)
DEFAULT = LearnerSetting("tables", 1.0)  # with few purchases boosting is worse than none: docs/decisions/0011
LARGE = LearnerSetting("tables", 1.0)


class Judged(NamedTuple):
    """Judgement by the last part of the time: contenders' scores, and whether the model is no worse than the rules."""

    scores: Mapping[str, Score]
    passed: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class TrainedModel:
    """A model, its search and its judgement."""

    table: ModelTable
    fitted: QuizRecommender
    setting: LearnerSetting
    tried: tuple[TriedSetting, ...]
    judged: Judged
    calibration_by_part: tuple[tuple[float, float], ...]
    drift: Drift
    gone: tuple[str, ...]
    unlike: Mapping[str, Mapping[str, str]]
    pairs: int
    features: tuple[str, ...]
    column_names: tuple[str, ...]
    earlier: ModelTable  # learnt from all but the last part of the time
    rate: float  # purchases a place looked at


def train(
    quiz: Quiz, products: Products, counts: Counts, versions: Mapping[str, Quiz], *, progress: Progress = lambda _: None
) -> TrainedModel:
    """Learn a model of a quiz from its grouped log.

    Raises:
        TrainingError: where more than a tenth of the order lines found no product, or nothing was bought that
            is still there.
    """
    refuse(counts)
    progress("Reading answers as codes")
    dataset = Dataset(quiz, products, counts, versions)
    _refuse_gone(dataset)
    setting, tried = choose_setting(dataset, progress)
    progress("Judging on the latest part of the time")
    # The model that is judged has never seen the part that judges it; the one that is stored has seen all.
    before = dataset.fitted(setting, (*LEARN, CHOOSE))
    judged, by_part = judge(dataset, before)
    progress("Learning from the whole log")
    fitted = dataset.fitted(setting, range(SLICES))
    return TrainedModel(
        table=dataset.table(fitted),
        fitted=fitted,
        setting=setting,
        tried=tried,
        judged=judged,
        calibration_by_part=by_part,
        drift=dataset.drift(),
        gone=dataset.gone,
        unlike={version: columns for version, columns in dataset.factors.unlike.items() if columns},
        pairs=dataset.size,
        features=dataset.features.names,
        column_names=tuple(column.name for column in dataset.factors.columns),
        earlier=dataset.table(before),
        rate=float(dataset.counts.purchases / max(1.0, dataset.counts.trials.sum())),
    )


def choose_setting(
    dataset: Dataset, progress: Progress, *, many_pairs: int = MANY_PAIRS
) -> tuple[LearnerSetting, tuple[TriedSetting, ...]]:
    """Return the setting to learn with, and those that were tried for it on the fourth part of the time.

    None is tried where the log is too small to tell, or has more than `many_pairs` and decides by itself.
    """
    if dataset.size > many_pairs:
        return LARGE, ()
    if dataset.counts.purchases < ENOUGH:
        return DEFAULT, ()
    tried = tuple(dataset.tried(setting, progress) for setting in GRID)
    return min(tried, key=lambda each: each.log_loss).setting, tried


def refuse(counts: Counts) -> None:
    """Raise TrainingError for a log that nothing should be learnt from."""
    facts = counts.facts
    if facts.lines and facts.lines_without_product > MOST_WITHOUT_PRODUCT * facts.lines:
        share = facts.lines_without_product / facts.lines
        raise TrainingError(
            f"{facts.lines_without_product} of {facts.lines} order lines ({share:.0%}) found no product in the "
            "catalogue, and a model of what is left would be one-sided; give the catalogue the store's product ids or "
            "SKUs (quizfunnel report QUIZ shows how many lines match)"
        )
    if not counts.purchases:
        offers = f"{facts.offers} offers were seen" if facts.offers else "no offer was seen"
        waiting = f", and {facts.waiting} are still within their {facts.window_days} days" if facts.waiting else ""
        nothing = "nothing was bought from them"
        if facts.unreadable:
            nothing = f"the {facts.unreadable} purchases are of versions of the quiz that cannot be read any more"
        raise TrainingError(f"there is nothing to learn from yet: {offers}{waiting}, and {nothing}; the rules serve on")


def _refuse_gone(dataset: Dataset) -> None:
    if not dataset.counts.purchases:
        raise TrainingError(
            f"all that was bought is gone from the catalogue ({', '.join(dataset.gone[:MOST_NAMED])}); "
            "give the catalogue's products the ids that they had, or wait for purchases of those that are there now"
        )


def judge(dataset: Dataset, fitted: QuizRecommender) -> tuple[Judged, tuple[tuple[float, float], ...]]:
    """Return the judgement of the last part of the time on a model learnt from those before, and figures by part."""
    purchases = dataset.counts.purchases
    if purchases < ENOUGH:
        why = f"{purchases:.0f} purchases are too few to judge a model by: {ENOUGH} are needed"
        return Judged({}, passed=False, why=why), ()
    scores, by_part = dataset.scores(fitted)
    bought = float(dataset.counts.bought[dataset.counts.part == JUDGE].sum())
    return verdict(scores, noise=noise(bought)), by_part


def verdict(scores: Mapping[str, Score], *, noise: float) -> Judged:
    """Return whether a model is no worse than the rules: in log-loss, and in calibration beyond what is noise."""
    model, rules = scores["model"], scores[RULES]
    assert model.against is not None  # noqa: S101 - the rules alone are compared with nothing
    gap = f"log-loss {model.log_loss:.4f} a purchase, the rules' {rules.log_loss:.4f} ({_signed(model.against)})"
    if model.against.value > 0:
        return Judged(scores, passed=False, why=f"on the latest fifth of the time it is worse than the rules: {gap}")
    # the rules' own error may be small by luck: below what chance makes nobody is told apart
    if model.calibration > max(rules.calibration, noise):
        apart = f"{model.calibration:.0%} of what was bought, the rules' {rules.calibration:.0%}"
        return Judged(
            scores, passed=False, why=f"its chances are further from what was bought than the rules': {apart}"
        )
    return Judged(scores, passed=True, why=f"on the latest fifth of the time it is no worse than the rules: {gap}")


def _signed(gap: Difference) -> str:
    return f"{gap.value:+.4f}, 95 % interval {gap.low:+.4f} to {gap.high:+.4f}"

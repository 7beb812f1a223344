"""From a grouped log to a model: settings are chosen on later parts of the time, and judged on the last; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Quiz
from quizfunnel.recommend.learners.estimator import QuizRecommender
from quizfunnel.recommend.serving.score_model import ModelTable
from quizfunnel.recommend.training import scores as metrics
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
from quizfunnel.recommend.training.scores import Difference

MOST_WITHOUT_PRODUCT = 0.10
ENOUGH = 100  # purchases before settings are chosen and a model is judged
MOST_NAMED = 5
MANY_PAIRS = 150_000  # from here the log decides by itself: the tables alone, at what the evidence says


class TrainingError(Exception):
    """What cannot be learnt from; the text says why and what to do."""


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
    """What the last part of the time says: each contender's score, and whether the model is no worse than the rules."""

    scores: Mapping[str, Score]
    passed: bool
    why: str


@dataclass(frozen=True)
class TrainedModel:
    """A model, how it was found, and what it was judged to be."""

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
    """Learn a model of a quiz.

    Raises:
        TrainingError: where more than a tenth of the order lines found no product, or nothing was bought that
            is still there.
    """
    refuse(counts)
    progress("Reading answers as codes")
    problem = Dataset(quiz, products, counts, versions)
    _refuse_gone(problem)
    tried: tuple[TriedSetting, ...] = ()
    setting = LARGE if problem.size > MANY_PAIRS else DEFAULT
    if problem.counts.purchases >= ENOUGH and problem.size <= MANY_PAIRS:
        tried = tuple(problem.tried(setting, progress) for setting in GRID)
        setting = min(tried, key=lambda each: each.log_loss).setting
    progress("Judging on the latest part of the time")
    before = problem.fitted(setting, (*LEARN, CHOOSE))
    earlier = problem.table(before)
    judged, by_part = judge(problem, before)
    progress("Learning from the whole log")
    fitted = problem.fitted(setting, range(SLICES))
    return TrainedModel(
        problem.table(fitted),
        fitted,
        setting,
        tried,
        judged,
        by_part,
        problem.drift(),
        problem.gone,
        {version: found for version, found in problem.factors.unlike.items() if found},
        problem.size,
        problem.features.names,
        tuple(column.name for column in problem.factors.columns),
        earlier,
        float(problem.counts.purchases / max(1.0, problem.counts.trials.sum())),
    )


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


def _refuse_gone(problem: Dataset) -> None:
    if not problem.counts.purchases:
        raise TrainingError(
            f"all that was bought is gone from the catalogue ({', '.join(problem.gone[:MOST_NAMED])}); "
            "give the catalogue's products the ids that they had, or wait for purchases of those that are there now"
        )


def judge(problem: Dataset, fitted: QuizRecommender) -> tuple[Judged, tuple[tuple[float, float], ...]]:
    """Return what the last part of the time says of a model learnt from those before, if it can."""
    purchases = problem.counts.purchases
    if purchases < ENOUGH:
        why = f"{purchases:.0f} purchases are too few to judge a model by: {ENOUGH} are needed"
        return Judged({}, passed=False, why=why), ()
    scores, by_part = problem.scores(fitted)
    return verdict(
        scores, noise=metrics.noise(float(problem.counts.bought[problem.counts.part == JUDGE].sum()))
    ), by_part


def verdict(scores: Mapping[str, Score], *, noise: float) -> Judged:
    """Return whether a model is no worse than the rules: in log-loss, and in calibration beyond what is noise."""
    model, rules = scores["model"], scores["rules"]
    assert model.against is not None  # noqa: S101 - the rules alone are compared with nothing
    gap = f"log-loss {model.log_loss:.4f} a purchase, the rules' {rules.log_loss:.4f} ({_signed(model.against)})"
    if model.against.value > 0:
        return Judged(scores, passed=False, why=f"on the latest fifth of the time it is worse than the rules: {gap}")
    if model.calibration > max(rules.calibration, noise):
        apart = f"{model.calibration:.0%} of what was bought, the rules' {rules.calibration:.0%}"
        return Judged(
            scores, passed=False, why=f"its chances are further from what was bought than the rules': {apart}"
        )
    return Judged(scores, passed=True, why=f"on the latest fifth of the time it is no worse than the rules: {gap}")


def _signed(found: Difference) -> str:
    return f"{found.value:+.4f}, 95 % interval {found.low:+.4f} to {found.high:+.4f}"

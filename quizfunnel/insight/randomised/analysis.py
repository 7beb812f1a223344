"""The analysis of an experiment, one for every report: arms, health, verdict, looks and the waiting; pure."""

from quizfunnel.experiment.design import Design, FrozenDesign
from quizfunnel.insight.randomised import arms as both_arms
from quizfunnel.insight.randomised import looks, verdict
from quizfunnel.insight.randomised.advice import NextSteps
from quizfunnel.insight.randomised.figures import Arms, ExperimentResult, Health, Trial
from quizfunnel.insight.randomised.inputs import Inputs
from quizfunnel.insight.randomised.verdict import Verdict
from quizfunnel.insight.words.arm_labels import ArmLabels
from quizfunnel.kit.clock import from_millis
from quizfunnel.log.thresholds import SHARE_ALARM


def analyse(inputs: Inputs, trial: Trial | None, labels: ArmLabels, advice: NextSteps | None) -> ExperimentResult:
    """Return the result of an experiment; without `advice` that of a part of the visitors, which carries no verdict."""
    arms = both_arms.arms(trial, inputs, labels) if trial and trial.holdout_share > 0 else None
    health = both_arms.health(inputs, trial)
    return ExperimentResult(
        labels=labels,
        trial=trial,
        arms=arms,
        health=health,
        verdict=_verdict(inputs, trial, arms, health, advice),
        looks=looks.daily_looks(inputs.rows, share=trial.holdout_share) if trial and arms else (),
        mature=sum(row.visitors for row in inputs.rows if row.mature),
        waiting=both_arms.waiting(inputs),
    )


def trial_of(design: Design, inputs: Inputs, frozen: FrozenDesign | None) -> Trial:
    """Return the trial of a design: under the share and window of its newest visitors, if anybody came."""
    if not inputs.rows:
        return Trial(design=design, frozen=frozen)
    newest = inputs.rows[0]
    measured = design._replace(holdout_share=newest.share, window_days=newest.declared)
    return Trial(design=measured, since=from_millis(inputs.first), earlier=inputs.earlier, frozen=frozen)


def _verdict(
    inputs: Inputs, trial: Trial | None, arms: Arms | None, health: Health, advice: NextSteps | None
) -> Verdict:
    if advice is None:
        return verdict.exploratory(uneven=health.share_e > SHARE_ALARM)
    if trial is None or arms is None:
        return verdict.without_holdout(advice)
    return both_arms.verdict_of(trial, arms, inputs, health, advice)

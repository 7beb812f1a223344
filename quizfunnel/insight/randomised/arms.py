"""The two arms of an experiment: rates and ratio, plans, the waiting, and the health of the draw; pure."""

from quizfunnel.insight.behaviour import takers
from quizfunnel.insight.randomised import validity, verdict
from quizfunnel.insight.randomised.advice import NextSteps
from quizfunnel.insight.randomised.effect import effect
from quizfunnel.insight.randomised.figures import (
    ArmMatch,
    Arms,
    Health,
    Trial,
    Waiting,
)
from quizfunnel.insight.randomised.inputs import Inputs, role
from quizfunnel.insight.randomised.money import earned
from quizfunnel.insight.randomised.verdict import Pace, Verdict
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.kit.clock import from_millis
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.log.states import COLD, HOLDOUT, INVITED
from quizfunnel.log.thresholds import SHARE_ALARM
from quizfunnel.stats import confidence_sequence, intervals, sample_size
from quizfunnel.stats.confidence_sequence import ArmPurchases
from quizfunnel.stats.defaults import PLANNED
from quizfunnel.stats.sample_size import PlanningInput


def arms(trial: Trial, inputs: Inputs, labels: ArmLabels = HOLDOUT_LABELS) -> Arms:
    """Return both arms' mature visitors, the limits of their ratio, and what more would show."""
    mature = [row for row in inputs.rows if row.mature]
    treatment = takers.rate(labels.treatment, [row for row in mature if row.arm == INVITED])
    control = takers.rate(labels.control, [row for row in mature if row.arm == HOLDOUT])
    share, seen, per_day = trial.holdout_share, sum(row.visitors for row in mature), inputs.per_day
    base, assumed = sample_size.base_rate(treatment.buyers + control.buyers, seen)
    setting = PlanningInput(base, share, seen, per_day, trial.window_days)
    # the plans, the options and the verdict's sentence ask for the same effect
    aim = verdict.next_plan(Pace(seen, per_day, base, assumed, share)).effect
    return Arms(
        invited=treatment,
        holdout=control,
        ratio=confidence_sequence.sequence(ArmPurchases(treatment.buyers, control.buyers, 1 - share)),
        per_day=per_day,
        base_rate=base,
        base_assumed=assumed,
        plans=sample_size.outlook(setting, PLANNED),
        aim=aim,
        options=sample_size.share_options(aim, setting),
        effect=effect(inputs.rows, share=share, planned=trial.planned, money=inputs.money, labels=labels),
        earned=earned(inputs.money, caps=inputs.caps, planned=trial.planned),
    )


def verdict_of(trial: Trial, arms: Arms, inputs: Inputs, health: Health, steps: NextSteps) -> Verdict:
    """Return the verdict, or why it is withheld, with the `steps` to take."""
    # first of all: whatever is compared rests on the draw
    if health.share_e > SHARE_ALARM:
        return verdict.withheld(verdict.UNEVEN, validity.BROKEN_DRAW)
    if reason := validity.arms_differ(health.arms, inputs.rows, ArmLabels(arms.invited.label, arms.holdout.label)):
        return verdict.withheld(verdict.NOT_ALIKE, reason)
    seen = arms.invited.visitors + arms.holdout.visitors
    pace = Pace(seen, arms.per_day, arms.base_rate, arms.base_assumed, trial.holdout_share)
    return verdict.decide(arms.ratio, pace, steps=steps)


def waiting(inputs: Inputs) -> Waiting:
    """Return who is waiting for the end of a window, and when the first purchase of these counts."""
    rows = [row for row in inputs.rows if not row.mature]
    bought = [row.first_buyer_t0 for row in rows if row.first_buyer_t0 is not None]
    first = min(bought or (row.first_t0 for row in rows if row.first_t0 is not None), default=None)
    latest = max((row.latest_order for row in rows if row.latest_order is not None), default=None)
    return Waiting(
        sum(row.visitors for row in rows),
        sum(row.orders for row in rows),
        None if latest is None else from_millis(latest),
        None if first is None else from_millis(first + rows[0].days * DAY_MS),
    )


def health(inputs: Inputs, trial: Trial | None) -> Health:
    """Return what could make the figures wrong; contaminated are, where nobody was counted, the holdout's takers."""
    matches = () if inputs.scope.experiment is None else tuple(_match(arm, inputs) for arm in (INVITED, HOLDOUT))
    # mature or not: who was drawn tells of the draw, whatever its window
    held = [row for row in inputs.rows if row.arm == HOLDOUT]
    everybody, holdout = sum(row.visitors for row in inputs.rows), sum(row.visitors for row in held)
    takers_held = sum(row.visitors for row in held if row.state != COLD)
    supplement = inputs.supplement
    return Health(
        arms=matches,
        store=supplement.store,
        left_out=supplement.left_out,
        contaminated=takers_held if inputs.crossed is None else inputs.crossed,
        holdout=holdout,
        share_e=validity.srm_e_value(everybody - holdout, holdout, trial),
        unknown_started=supplement.unknown[0],
        unknown_finished=supplement.unknown[1],
        reconciled=inputs.reconciled,
    )


def _match(arm: str, inputs: Inputs) -> ArmMatch:
    rows = [row for row in inputs.rows if row.arm == arm]
    settings = {(arm, row.share, row.declared) for row in rows}
    matched = sum(row.orders for row in rows)
    # after a change of share or window, orders of the earlier setting belong to visitors who are not shown
    by_click = inputs.supplement.by_click
    unmatched = sum(each.purchases for each in by_click if (role(each.arm), *each[1:3]) in settings)
    rate = intervals.wilson(matched, matched + unmatched)
    return ArmMatch(arm, sum(row.visitors for row in rows), matched, unmatched, rate)

"""What the two arms of an experiment came to, from the facts of its visitors; pure."""

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


def arms(trial: Trial, facts: Inputs, names: ArmLabels = HOLDOUT_LABELS) -> Arms:
    """Return both arms' mature visitors, the limits of their ratio, and what more would show."""
    mature = [row for row in facts.rows if row.mature]
    tried = takers.rate(names.tried, [row for row in mature if row.arm == INVITED])
    standing = takers.rate(names.standing, [row for row in mature if row.arm == HOLDOUT])
    share, seen, per_day = trial.holdout_share, sum(row.visitors for row in mature), facts.per_day
    base, assumed = sample_size.base_rate(tried.buyers + standing.buyers, seen)
    setting = PlanningInput(base, share, seen, per_day, trial.window_days)
    aim = verdict.next_plan(Pace(seen, per_day, base, assumed, share)).effect
    return Arms(
        tried,
        standing,
        confidence_sequence.sequence(ArmPurchases(tried.buyers, standing.buyers, 1 - share)),
        per_day,
        base,
        assumed,
        sample_size.outlook(setting, PLANNED),
        aim,
        sample_size.share_options(aim, setting),
        effect(facts.rows, share=share, planned=trial.planned, money=facts.money, names=names),
        earned(facts.money, caps=facts.caps, planned=trial.planned),
    )


def verdict_of(trial: Trial, arms: Arms, facts: Inputs, health: Health, steps: NextSteps) -> Verdict:
    """Return the verdict, or why there is none; `steps` are what may be done about it."""
    if health.share_e > SHARE_ALARM:
        return verdict.withheld(verdict.UNEVEN, validity.BROKEN_DRAW)
    if reason := validity.arms_differ(health.arms, facts.rows, ArmLabels(arms.invited.label, arms.holdout.label)):
        return verdict.withheld(verdict.NOT_ALIKE, reason)
    seen = arms.invited.visitors + arms.holdout.visitors
    pace = Pace(seen, arms.per_day, arms.base_rate, arms.base_assumed, trial.holdout_share)
    return verdict.decide(arms.ratio, pace, steps=steps)


def waiting(facts: Inputs) -> Waiting:
    """Return who is waiting for the end of a window, and when the first purchase of these counts."""
    rows = [row for row in facts.rows if not row.mature]
    bought = [row.first_buyer_t0 for row in rows if row.first_buyer_t0 is not None]
    first = min(bought or (row.first_t0 for row in rows if row.first_t0 is not None), default=None)
    latest = max((row.latest_order for row in rows if row.latest_order is not None), default=None)
    return Waiting(
        sum(row.visitors for row in rows),
        sum(row.orders for row in rows),
        None if latest is None else from_millis(latest),
        None if first is None else from_millis(first + rows[0].days * DAY_MS),
    )


def health(facts: Inputs, trial: Trial | None, *, crossed: int | None = None) -> Health:
    """Return what could make the figures wrong.

    `crossed` are visitors who took what their arm was not invited to; without it, the holdout's who took any quiz.
    """
    matches = () if facts.asked.experiment is None else tuple(_match(arm, facts) for arm in (INVITED, HOLDOUT))
    held = [row for row in facts.rows if row.arm == HOLDOUT]
    everybody, holdout = sum(row.visitors for row in facts.rows), sum(row.visitors for row in held)
    return Health(
        matches,
        facts.beside.store,
        facts.beside.left_out,
        sum(row.visitors for row in held if row.state != COLD) if crossed is None else crossed,
        holdout,
        validity.srm_e_value(everybody - holdout, holdout, trial),
        *facts.beside.unknown,
    )


def _match(arm: str, facts: Inputs) -> ArmMatch:
    rows = [row for row in facts.rows if row.arm == arm]
    settings = {(arm, row.share, row.declared) for row in rows}
    matched = sum(row.orders for row in rows)
    unmatched = sum(each.purchases for each in facts.beside.by_click if (role(each.arm), *each[1:3]) in settings)
    rate = intervals.wilson(matched, matched + unmatched)
    return ArmMatch(arm, sum(row.visitors for row in rows), matched, unmatched, rate)

"""The verdict: the one sentence on top of the page, and what to do next; pure."""

from dataclasses import dataclass
from math import isinf
from typing import Literal

from quizfunnel.insight.randomised.advice import NextSteps
from quizfunnel.insight.words.numbers import (
    about,
    change,
    number,
    percent,
)
from quizfunnel.log.definitions import TRAFFIC_DAYS
from quizfunnel.stats import sample_size
from quizfunnel.stats.confidence_sequence import Sequence
from quizfunnel.stats.defaults import TARGETS
from quizfunnel.stats.sample_size import Plan

NO_HOLDOUT = "No holdout is running, so the cause is unknown. Start one."
NOT_ALIKE = "We can't tell yet: the orders of the two arms do not find their visitors alike"
UNEVEN = "We can't tell yet: the two arms are not of the sizes that were set"
_A_YEAR = 365
_LARGE = 0.5  # an effect that a small store can see
_LOPSIDED = "The two arms of this part are not of the sizes that were set: do not compare them."

PART = "Exploratory: a part of the visitors carries no verdict"
Kind = Literal["yes", "less", "unclear", "withheld", "none", "exploratory"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The conclusion: its kind, its sentence, and what to do next."""

    kind: Kind
    sentence: str
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of an experiment: mature visitors, new ones a day, the rate to plan with and whether it is assumed."""

    seen: int
    per_day: float
    base: float
    base_assumed: bool
    holdout_share: float


def without_holdout(steps: NextSteps) -> Verdict:
    """Return that the cause is unknown where nobody is held out, with the way to change that."""
    return Verdict("none", NO_HOLDOUT, steps.start)


def withheld(sentence: str, reason: str) -> Verdict:
    """Return that the arms cannot be compared, and why."""
    return Verdict("withheld", sentence, (reason,))


def exploratory(*, uneven: bool = False) -> Verdict:
    """Return that a part of the visitors is shown; `uneven` where its arms are not of the sizes that were set."""
    advice = (
        "Of many parts that one may look at, some look large by chance: take what you see for an idea.",
        "To know, change the quiz for all by that idea, and start a new experiment.",
    )
    return Verdict("exploratory", PART, (_LOPSIDED, *advice) if uneven else advice)


def decide(effect: Sequence, pace: Pace, *, steps: NextSteps) -> Verdict:
    """Return one of the three verdicts by where the limits lie."""
    low, high = change(effect.low, up=False), "" if isinf(effect.high) else change(effect.high, up=True)
    if effect.low > 1:
        return Verdict("yes", f"Yes, between {low} and {high or 'an upper end that is still open'}", steps.keep)
    if effect.high < 1:
        return Verdict("less", f"It sells less: between {low} and {high}", steps.stop)
    plan = next_plan(pace)
    return Verdict("unclear", _unclear(plan), _go_on(plan, pace, steps))


def next_plan(pace: Pace) -> Plan:
    """Return the plan for the largest of the targets that still takes more visitors than were seen."""
    plans = [_plan(effect, pace) for effect in TARGETS]
    # the goal moves on by the visitors seen, and never by what is between the arms
    return next((plan for plan in plans if plan.more > 0), plans[-1])


def _plan(effect: float, pace: Pace) -> Plan:
    return sample_size.plan(
        effect, base=pace.base, holdout_share=pace.holdout_share, seen=pace.seen, per_day=pace.per_day
    )


def _unclear(plan: Plan) -> str:
    start, seen = f"We can't tell yet: about {about(plan.more)} more visitors", f"to see {plan.effect:+.0%}"
    if plan.days is None:
        return f"{start} are needed {seen}, and nobody came in the last {TRAFFIC_DAYS} days"
    days = f"{about(plan.days)} {'day' if plan.days == 1 else 'days'}"
    return f"{start}, {days} at today's traffic, are needed {seen}"


def _go_on(plan: Plan, pace: Pace, steps: NextSteps) -> tuple[str, ...]:
    advice = ["Leave everything as it is, and look as often as you like: looking does not spoil it."]
    if plan.days is None:
        advice = [
            "Nobody came to a page that invites in the last four weeks: check that the shop shows the invitation."
        ]
    elif plan.days > _A_YEAR:
        advice.append(_sooner(pace, steps))
    if pace.base_assumed:
        advice.append(f"Too few have bought yet to know how often people buy; {percent(pace.base)} is assumed here.")
    if pace.seen == 0:
        advice.append(f"Nobody's window has closed yet: {number(pace.seen)} visitors count so far.")
    return tuple(advice)


def _sooner(pace: Pace, steps: NextSteps) -> str:
    """Return which effect shows sooner, and whether more would with arms of one size."""
    now, half = (sample_size.visitors(pace.base, share, _LARGE) for share in (pace.holdout_share, 0.5))
    other = f", or {about(half)} {steps.wider}" if about(half) != about(now) else ""
    return (
        "That is more than a year: most small stores cannot see +10%. A larger effect shows sooner: "
        f"{_LARGE:+.0%} needs {about(now)} visitors in all{other}."
    )

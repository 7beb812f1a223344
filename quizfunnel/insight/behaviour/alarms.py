"""Alarms for an analyst: questions where people leave, a promise that isn't kept, visitors put off by the quiz; pure.

Each kind of alarm is wrong with a chance of at most 5 %, however often one looks and however many questions or
categories it watches: evidence has to pass as many times 20 as it watches (Bonferroni).
"""

from collections.abc import Mapping, Sequence
from math import log
from typing import Literal, NamedTuple

from quizfunnel.insight.behaviour.funnel import StepRow
from quizfunnel.insight.words.numbers import many, percent, times
from quizfunnel.log.thresholds import GAP_TIMES, PROMISE_KEPT
from quizfunnel.stats import confidence_sequence, e_process, intervals
from quizfunnel.stats.confidence_sequence import ArmPurchases
from quizfunnel.stats.defaults import ALPHA
from quizfunnel.stats.intervals import Interval

Kind = Literal["gap", "promise", "hurts"]


class Alarm(NamedTuple):
    """Alarm with its observation and advice; `where` is a question's id or a category, empty for the whole quiz."""

    kind: Kind
    where: str
    log_e: float
    saw: str
    advice: str


def gaps(steps: Sequence[StepRow], *, most: float = GAP_TIMES, alpha: float = ALPHA) -> tuple[Alarm, ...]:
    """Return the questions at which people leave more than `most` times as often as at all the others."""
    left, reached = sum(step.left for step in steps), sum(step.reached for step in steps)
    alarms = []
    for step in steps:
        # against the others, itself left out: in a short quiz it would raise what it is compared with
        rest = left - step.left, reached - step.reached
        strength = e_process.rate_exceeds((step.left, step.reached), rest, times=most)
        if strength >= log(len(steps) / alpha):
            alarms.append(Alarm("gap", step.question, strength, _gap(step, rest), _EASIER))
    return tuple(sorted(alarms, key=lambda alarm: -alarm.log_e))


def promise_kept(kept: int, finishers: int) -> Interval:
    """Return the share of finishers who needed no longer than promised, with Wilson's limits (at one look)."""
    return intervals.wilson(kept, finishers)


def broken_promise(
    kept: int, finishers: int, *, minutes: float, least: float = PROMISE_KEPT, alpha: float = ALPHA
) -> Alarm | None:
    """Return the alarm that fewer than `least` of those who finish need no longer than the promised `minutes`."""
    strength = e_process.rate_below(kept, finishers, least)
    if strength < -log(alpha):
        return None
    promised = f"the promised {minutes:g} {'minute' if minutes == 1 else 'minutes'}"
    saw = f"{percent(kept / finishers)} of {many(finishers, 'finisher')} needed no longer than {promised}."
    return Alarm("promise", "", strength, f"{saw} At least {percent(least)} should.", _SHORTER)


def hurts(categories: Mapping[str, ArmPurchases], *, among: int = 0, alpha: float = ALPHA) -> tuple[Alarm, ...]:
    """Return the categories in which the invited arm buys less often than the holdout.

    A category is something known at the start of the clock, such as the device: what a visitor did later is itself
    changed by the invitation. `among` is how many categories are watched, where more may still appear.
    """
    watched = max(among, len(categories), 1)
    alarms = []
    for where, bought in categories.items():
        strength = e_process.sells_less(bought)
        if strength >= log(watched / alpha):
            alarms.append(Alarm("hurts", where, strength, _less(where, bought, alpha / watched), _ELSEWHERE))
    return tuple(sorted(alarms, key=lambda alarm: -alarm.log_e))


def _gap(step: StepRow, rest: tuple[int, int]) -> str:
    here = f"{percent(step.left / step.reached)} of {many(step.reached, 'attempt')}"
    return f'At "{step.ask}" {here} ended, at the other questions {percent(rest[0] / rest[1])}.'


def _less(where: str, bought: ArmPurchases, alpha: float) -> str:
    ratio = confidence_sequence.sequence(bought, alpha=alpha)
    least = f"{times(ratio.low)} to {times(ratio.high)}"
    return f"In {where} those invited bought {times(ratio.estimate or 0.0)} as often as the holdout ({least})."


_EASIER = (
    "Ask it more simply, give fewer choices, let people skip it, or ask it later; then let the old and the new quiz "
    "run against each other."
)
_SHORTER = "Promise more minutes, or take out the question that takes longest and changes the offer least."
_ELSEWHERE = "Stop inviting these visitors for now, and look at how the quiz and its offer are shown to them."

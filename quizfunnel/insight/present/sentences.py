"""The page's sentences about what was observed, and about the alarms; pure."""

from quizfunnel.insight.behaviour.alarms import Alarm
from quizfunnel.insight.behaviour.selection import SelectionChecks
from quizfunnel.insight.behaviour.takers import Takers
from quizfunnel.insight.behaviour.watch import WATCHED, PromiseKept
from quizfunnel.insight.present.pages import AlarmNote
from quizfunnel.insight.report.figures import Report
from quizfunnel.insight.words.numbers import (
    estimate,
    interval,
    many,
    number,
    percent,
    times,
)
from quizfunnel.stats.causal import EValue
from quizfunnel.stats.per_visitor import NOT_YET

CLAIM = "people who invest 3+ minutes in a quiz buy at 2 to 5 times the rate of cold visitors"
_NAMES = {
    "gap": "Many leave at one question",
    "promise": "It takes longer than promised",
    "hurts": "Some visitors buy less often when invited",
}


def claim(takers: Takers) -> str:
    """Return what is commonly said of long visits, beside what is seen here."""
    long = takers.long[0]
    if long.ratio.estimate is None:
        return f"It is said that {CLAIM}. Here too few have come or bought to tell."
    seen = f"{estimate(long.ratio, 'times')} ({interval(long.ratio, 'times')})"
    return (
        f"It is said that {CLAIM}. Seen here: {seen}, of {many(long.row.visitors, 'such visitor')}. "
        "Who they are makes such a ratio even where a quiz does nothing, or hurts."
    )


def control(alike: SelectionChecks) -> str:
    """Return what the same people bought before they ever saw the quiz."""
    what = "What the same people bought before they ever saw the quiz (negative control)"
    if alike.control is None or alike.takers.rate.estimate is None or alike.others.rate.estimate is None:
        return f"{what}: {NOT_YET}. The log has no orders of these visitors from before."
    one, two = percent(alike.takers.rate.estimate), percent(alike.others.rate.estimate)
    return (
        f"{what}: {one} of those who started it later had bought, {two} of the others, which is "
        f"{estimate(alike.control, 'times')} ({interval(alike.control, 'times')}). The quiz cannot have done that: "
        "as far as it differs from 1, it is who takes the quiz."
    )


def adjusted(alike: SelectionChecks) -> str:
    """Return the ratio among people who look alike, and how much something unseen would have to weigh."""
    what = "The ratio adjusted for device, channel, landing page, hour and earlier visits"
    ratio = alike.adjusted
    if ratio is None or ratio.ratio.estimate is None:
        return f"{what}: {NOT_YET}. It is computed by quizfunnel rollup, once 20 visitors of each kind have bought."
    return (
        f"{what}: {estimate(ratio.ratio, 'times')} ({interval(ratio.ratio, 'times')}), observed "
        f"{estimate(ratio.crude, 'times')}, as of the last rollup. The wish to buy is in no log and stays in it. "
        f"{_e_value(ratio.e_value)}"
    )


def promise(kept: PromiseKept) -> str:
    """Return how well the promised minutes are kept."""
    promised = f"{kept.minutes:g} {'minute' if kept.minutes == 1 else 'minutes'}"
    if kept.finishers == 0:
        return f"Nobody's time was measured yet against the promised {promised}."
    share = f"{estimate(kept.share)} ({interval(kept.share)})"
    return (
        f"Of {many(kept.finishers, 'finisher')} whose time a browser measured {share} needed no longer than the "
        f"promised {promised}."
    )


def notes(alarms: tuple[Alarm, ...]) -> tuple[AlarmNote, ...]:
    """Return the alarms with a name each."""
    return tuple(AlarmNote(_NAMES[alarm.kind], alarm.saw, alarm.advice) for alarm in alarms)


def watched(report: Report) -> str:
    """Return what the alarms watch, and how seldom they are wrong."""
    parts = [many(len(report.attempts.funnel.steps), "question"), "the promised time"]
    if report.arms is not None:
        parts.append(f"up to {number(WATCHED)} devices and channels")
    start = "" if report.attempts.alarms else "No alarm. "
    return (
        f"{start}Watched: {', '.join(parts[:-1])} and {parts[-1]}. Each kind of alarm is false in at most 5% of "
        "quizzes, however often you look."
    )


def _e_value(value: EValue) -> str:
    if value.estimate is None:
        return ""
    least = "; its limits hold 1" if value.limit == 1 else f", or by {times(value.limit)} for its limit"
    return (
        "To explain it, something unseen would have to go with both taking the quiz and buying, each by a ratio of "
        f"{times(value.estimate)}{least} (E-value)."
    )

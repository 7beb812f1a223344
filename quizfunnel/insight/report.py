"""The report of one quiz, computed from the log at the moment it is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from quizfunnel.insight import anytime, cohort, funnel, intervals, log, planner, takers, verdict
from quizfunnel.insight.anytime import ArmPurchases
from quizfunnel.insight.cohort import COLD, HOLDOUT, INVITED, Entrant, Log, Moment, Purchase
from quizfunnel.insight.definitions import (
    DAY_MS,
    PLANNED,
    QUIZ_ONLY_BUYERS,
    SHARE_ALARM,
    TRAFFIC_DAYS,
    WINDOW_DAYS,
)
from quizfunnel.insight.figures import ArmMatch, Arms, Direct, Health, Report, Trial, Waiting
from quizfunnel.insight.funnel import Run
from quizfunnel.insight.log import Asked
from quizfunnel.insight.outputs import as_csv, as_json, as_text
from quizfunnel.insight.verdict import Pace, Verdict
from quizfunnel.insight.wording import percent
from quizfunnel.quiz.spec import Quiz
from quizfunnel.quiz.versions import LiveQuiz

__all__ = ["Report", "as_csv", "as_json", "as_text", "build"]

BROKEN_DRAW = (
    "The arms are not as large as the share that was set makes them: find out which page shows the invitation without "
    "recording the visit, or the reverse, then start a new experiment."
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Facts(NamedTuple):
    """What was read, once."""

    asked: Asked
    now: int
    entrants: list[Entrant]
    earlier: int
    assigned: frozenset[str]
    log: Log
    purchases: list[Purchase]
    runs: list[Run]
    moments: list[Moment]


def build(connection: Connection, *, slug: str, live: LiveQuiz, simulated: bool, now: datetime) -> Report:
    """Return the figures of a quiz as they stand at `now`, of simulated or of real visitors."""
    quiz = live.quiz
    asked = Asked(slug, quiz.experiment.name if quiz.experiment else None, simulated)
    steps = log.steps(connection, asked)
    facts = _read(connection, asked, steps, _millis(now))
    trial = _trial(quiz, facts)
    health = _health(connection, facts, trial)
    arms = _arms(trial, facts) if trial and trial.holdout_share > 0 else None
    asks = {question.id: question.ask for question in quiz.questions}
    return Report(
        slug,
        quiz.title,
        quiz.language,
        simulated,
        log.size(connection, simulated=not simulated),
        now,
        trial.window_days if trial else WINDOW_DAYS,
        _verdict(f"quizzes/{slug}.yaml", trial, arms, facts, health),
        trial,
        arms,
        sum(moment.mature for moment in facts.moments),
        _waiting(facts),
        takers.observe(facts.moments),
        _direct(log.promise_viewers(connection, asked), facts),
        funnel.count(facts.runs, steps, asks=asks, stages=log.stages(connection, asked), now=facts.now),
        quiz.minutes,
        health,
    )


def _read(connection: Connection, asked: Asked, steps: list[funnel.Step], now: int) -> _Facts:
    every = log.entrants(connection, asked)
    entrants, earlier = cohort.current(every)
    purchases, runs = log.purchases(connection, asked), log.runs(connection, asked)
    gathered = cohort.gather(purchases, runs, steps, log.stayed(connection, asked))
    moments = cohort.follow(entrants, gathered, now=now)
    assigned = frozenset(entrant.visitor for entrant in every)
    return _Facts(asked, now, entrants, earlier, assigned, gathered, purchases, runs, moments)


def _trial(quiz: Quiz, facts: _Facts) -> Trial | None:
    if quiz.experiment is None:
        return None
    if not facts.entrants:
        return Trial(quiz.experiment.name, quiz.experiment.holdout_share, quiz.experiment.window_days, None, 0)
    one = facts.entrants[0]
    since = _moment(min(entrant.t0 for entrant in facts.entrants))
    return Trial(quiz.experiment.name, one.holdout_share, one.window_days, since, facts.earlier)


def _arms(trial: Trial, facts: _Facts) -> Arms:
    mature = [moment for moment in facts.moments if moment.mature]
    invited = takers.rate("Invited", [moment for moment in mature if moment.arm == INVITED])
    holdout = takers.rate("Holdout", [moment for moment in mature if moment.arm == HOLDOUT])
    bought = ArmPurchases(invited.buyers, holdout.buyers, 1 - trial.holdout_share)
    base, assumed = planner.base_rate(invited.buyers + holdout.buyers, len(mature))
    per_day = _per_day(facts)
    plans = tuple(
        planner.plan(effect, base=base, holdout_share=trial.holdout_share, seen=len(mature), per_day=per_day)
        for effect in PLANNED
    )
    return Arms(invited, holdout, anytime.sequence(bought), per_day, base, assumed, plans)


def _per_day(facts: _Facts) -> float:
    """Return new visitors a day over the last 28 days, or since the first one came."""
    since = facts.now - TRAFFIC_DAYS * DAY_MS
    recent = [entrant.t0 for entrant in facts.entrants if since < entrant.t0 <= facts.now]
    first = min((entrant.t0 for entrant in facts.entrants), default=facts.now)
    days = min(float(TRAFFIC_DAYS), max(1.0, (facts.now - first) / DAY_MS))
    return len(recent) / days


def _verdict(file: str, trial: Trial | None, arms: Arms | None, facts: _Facts, health: Health) -> Verdict:
    if trial is None or arms is None:
        return verdict.without_holdout(file)
    if health.share_e > SHARE_ALARM:
        return verdict.withheld(verdict.UNEVEN, BROKEN_DRAW)
    if reason := _not_alike(health.arms, facts.moments):
        return verdict.withheld(verdict.NOT_ALIKE, reason)
    seen = arms.invited.visitors + arms.holdout.visitors
    pace = Pace(seen, arms.per_day, arms.base_rate, arms.base_assumed, trial.holdout_share)
    return verdict.decide(arms.ratio, pace, file=file)


def _not_alike(arms: Sequence[ArmMatch], moments: Iterable[Moment]) -> str | None:
    """Tell why orders of the two arms cannot be compared, None where nothing speaks against it."""
    buyers = [moment for moment in moments if moment.bought is not None]
    if len(buyers) >= QUIZ_ONLY_BUYERS and all(moment.path.state != COLD for moment in buyers):
        return (
            "Every matched order is of somebody who took the quiz: the visitor's token seems to reach the cart through "
            "the quiz alone. Put it into the cart on the shop's pages, for everybody alike."
        )
    pairs = [(arm.matched, arm.matched + arm.by_click_only) for arm in arms]
    if len(pairs) == 2 and all(total for _, total in pairs):  # noqa: PLR2004 - the two arms
        gap = intervals.difference(pairs[0], pairs[1])
        if gap.low > 0 or gap.high < 0:
            return (
                f"Of the invited arm's orders {percent(pairs[0][0] / pairs[0][1])} came back with the visitor's token, "
                f"of the holdout's {percent(pairs[1][0] / pairs[1][1])}. Look at how the cart carries the token."
            )
    return None


def _waiting(facts: _Facts) -> Waiting:
    waiting = [moment for moment in facts.moments if not moment.mature]
    bought = {moment.visitor: _within(facts.log.purchases, moment) for moment in waiting}
    every = [at for times in bought.values() for at in times]
    counted = [moment for moment in waiting if bought[moment.visitor]] or waiting
    return Waiting(
        len(waiting),
        len(every),
        _moment(max(every)) if every else None,
        _moment(min(moment.closes for moment in counted)) if counted else None,
    )


def _direct(viewers: frozenset[str], facts: _Facts) -> Direct:
    started: dict[str, list[Run]] = {}
    for run in facts.runs:
        if run.visitor is not None:
            started.setdefault(run.visitor, []).append(run)
    apart = (viewers | set(started)) - facts.assigned
    finished = sum(any(run.finished is not None for run in started.get(visitor, ())) for visitor in apart)
    buyers = sum(bool(facts.log.purchases.get(visitor)) for visitor in apart)
    return Direct(len(apart), sum(visitor in started for visitor in apart), finished, buyers)


def _health(connection: Connection, facts: _Facts, trial: Trial | None) -> Health:
    by_click = log.by_click(connection, facts.asked)
    arms = () if facts.asked.experiment is None else tuple(_match(arm, facts, by_click) for arm in (INVITED, HOLDOUT))
    held = [moment for moment in facts.moments if moment.arm == HOLDOUT]
    unknown = [run for run in facts.runs if run.visitor is None]
    return Health(
        arms,
        log.store_orders(connection, facts.asked, facts.purchases),
        tuple(sorted(log.left_out(connection, facts.asked).items())),
        sum(moment.path.state != COLD for moment in held),
        len(held),
        _share_e(len(facts.moments) - len(held), len(held), trial),
        len(unknown),
        sum(run.finished is not None for run in unknown),
    )


def _share_e(invited: int, holdout: int, trial: Trial | None) -> float:
    """Return the e-value against the arms having been drawn with the share that was set (a Dirichlet mixture)."""
    if trial is None or not 0 < trial.holdout_share < 1:
        return 0.0
    sizes = ArmPurchases(invited, holdout, 1 - trial.holdout_share)
    return anytime.sequence(sizes).e_value


def _match(arm: str, facts: _Facts, by_click: Mapping[tuple[str, str], str]) -> ArmMatch:
    moments = {moment.visitor: moment for moment in facts.moments if moment.arm == arm}
    matched = sum(len(_within(facts.log.purchases, moment)) for moment in moments.values())
    unmatched = 0
    for purchase in facts.purchases:
        moment = moments.get(by_click.get((purchase.source, purchase.order_id), ""))
        if purchase.visitor is None and moment is not None and moment.t0 <= purchase.at < moment.closes:
            unmatched += 1
    return ArmMatch(arm, len(moments), matched, unmatched, intervals.wilson(matched, matched + unmatched))


def _within(purchases: Mapping[str, list[int]], moment: Moment) -> list[int]:
    return [at for at in purchases.get(moment.visitor, ()) if moment.t0 <= at < moment.closes]


def _millis(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)

"""The report of one quiz, from the cells of its visitors and what stands beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from quizfunnel.insight import (
    alike,
    anytime,
    comparable,
    concerns,
    intervals,
    leaving,
    looking,
    planner,
    takers,
    verdict,
)
from quizfunnel.insight.anytime import ArmPurchases
from quizfunnel.insight.beside import Beside
from quizfunnel.insight.cohort import COLD, HOLDOUT, INVITED
from quizfunnel.insight.definitions import (
    DAY_MS,
    PLANNED,
    RECONCILED_DAYS,
    SHARE_ALARM,
    TRAFFIC_DAYS,
    WINDOW_DAYS,
)
from quizfunnel.insight.earned import earned
from quizfunnel.insight.effect import effect
from quizfunnel.insight.figures import ArmMatch, Arms, Health, Leaving, Report, Trial, Waiting
from quizfunnel.insight.funnel import Funnel
from quizfunnel.insight.leaving import Ends
from quizfunnel.insight.log import Asked
from quizfunnel.insight.outputs import as_csv, as_json, as_text
from quizfunnel.insight.part import WHOLE, Part
from quizfunnel.insight.planner import Setting
from quizfunnel.insight.rolled import Rolled
from quizfunnel.insight.standing import Standing, standing
from quizfunnel.insight.verdict import Pace, Verdict
from quizfunnel.orders import daybook
from quizfunnel.quiz.spec import Quiz
from quizfunnel.quiz.versions import LiveQuiz

__all__ = ["Report", "as_csv", "as_json", "as_text", "build"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Facts(NamedTuple):
    """What was read, once: rows that count visitors, of the share and window that are set now."""

    asked: Asked
    now: int
    rows: list[Rolled]
    money: list[Rolled]
    kinds: list[Rolled]
    caps: Mapping[str, int]
    earlier: int
    beside: Beside


def build(connection: Connection, live: LiveQuiz, *, simulated: bool, now: datetime, part: Part = WHOLE) -> Report:
    """Return the figures of a quiz as they stand at `now`, of simulated or of real visitors, all or a part of them.

    Of a large log they are as of its last rollup; `made_at` says when that was.
    """
    quiz, slug = live.quiz, live.slug
    asked = Asked(slug, quiz.experiment.name if quiz.experiment else None, simulated)
    asks = {question.id: question.ask for question in quiz.questions}
    found = standing(connection, asked, asks, now=now, part=part)
    facts = _facts(asked, found)
    trial = _trial(quiz, facts)
    told = daybook.latest(connection, simulated=simulated, days=RECONCILED_DAYS)
    health = replace(_health(facts, trial), reconciled=tuple(told))
    arms = _arms(trial, facts) if trial and trial.holdout_share > 0 else None
    if part == WHOLE:
        said = _verdict(f"quizzes/{slug}.yaml", trial, arms, facts, health)
    else:
        said = verdict.exploratory(uneven=health.share_e > SHARE_ALARM)
    funnel, categories = found.beside.funnel, {} if said.kind == "withheld" else _categories(arms, trial, facts)
    return Report(
        slug,
        quiz.title,
        quiz.language,
        simulated,
        found.beside.other,
        found.as_of,
        found.stored,
        part,
        _values(row.device for row in found.kinds),
        _values(row.channel for row in found.kinds),
        trial.window_days if trial else WINDOW_DAYS,
        part.days or (trial.window_days if trial else WINDOW_DAYS),
        said,
        trial,
        arms,
        looking.looks(facts.rows, share=trial.holdout_share) if trial and arms else (),
        sum(row.visitors for row in facts.rows if row.mature),
        _waiting(facts),
        takers.observe(facts.rows),
        alike.alike(facts.rows, found.beside.adjusted if part == WHOLE else None),
        found.beside.direct,
        funnel,
        concerns.promise(funnel, minutes=quiz.minutes),
        _leaving(funnel),
        concerns.concerns(funnel, minutes=quiz.minutes, categories=categories),
        health,
    )


def _values(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found)))


def _facts(asked: Asked, found: Standing) -> _Facts:
    """Leave out who came under another share or window than the newest visitor.

    A share that is changed under way would bend the comparison; what was set at the start of a
    visitor's clock says nothing of what it did later, so that choosing by it is fair.
    """
    every = [row for row in found.rows if not row.currency]
    newest = max(every, key=lambda row: (row.last_t0 or 0, row.share, row.declared), default=None)
    if newest is None:
        return _Facts(asked, _millis(found.as_of), [], [], [], {}, 0, found.beside)

    def current(rows: Iterable[Rolled]) -> list[Rolled]:
        return [row for row in rows if (row.share, row.declared) == (newest.share, newest.declared)]

    rows = current(every)
    earlier = sum(row.visitors for row in every) - sum(row.visitors for row in rows)
    more = current(found.rows), current(found.kinds), found.caps
    return _Facts(asked, _millis(found.as_of), rows, *more, earlier, found.beside)


def _trial(quiz: Quiz, facts: _Facts) -> Trial | None:
    if quiz.experiment is None:
        return None
    if not facts.rows:
        return Trial(quiz.experiment.name, quiz.experiment.holdout_share, quiz.experiment.window_days, None, 0)
    one = facts.rows[0]
    return Trial(quiz.experiment.name, one.share, one.declared, _moment(_first(facts)), facts.earlier)


def _first(facts: _Facts) -> int:
    """Return when the first visitor came; now where none did."""
    return min((row.first_t0 for row in facts.rows if row.first_t0 is not None), default=facts.now)


def _arms(trial: Trial, facts: _Facts) -> Arms:
    mature = [row for row in facts.rows if row.mature]
    invited = takers.rate("Invited", [row for row in mature if row.arm == INVITED])
    holdout = takers.rate("Holdout", [row for row in mature if row.arm == HOLDOUT])
    bought, seen = (
        ArmPurchases(invited.buyers, holdout.buyers, 1 - trial.holdout_share),
        sum(r.visitors for r in mature),
    )
    base, assumed = planner.base_rate(invited.buyers + holdout.buyers, seen)
    per_day = _per_day(facts)
    plans = tuple(
        planner.plan(effect, base=base, holdout_share=trial.holdout_share, seen=seen, per_day=per_day)
        for effect in PLANNED
    )
    aim = verdict.next_plan(Pace(seen, per_day, base, assumed, trial.holdout_share)).effect
    setting = Setting(base, trial.holdout_share, seen, per_day, trial.window_days)
    return Arms(
        invited,
        holdout,
        anytime.sequence(bought),
        per_day,
        base,
        assumed,
        plans,
        aim,
        planner.share_options(aim, setting),
        effect(facts.rows, share=trial.holdout_share),
        earned(facts.money, caps=facts.caps, share=trial.holdout_share),
    )


def _leaving(funnel: Funnel) -> Leaving:
    """Return both curves; of the seconds as many as told apart, so that the page may choose among them."""
    questions = {end.at: Ends(end.left, end.followed) for end in funnel.by_question}
    seconds = {end.at: Ends(end.left, end.followed) for end in funnel.by_second}
    return Leaving(leaving.curve(questions), leaving.curve(seconds))


def _categories(arms: Arms | None, trial: Trial | None, facts: _Facts) -> dict[str, ArmPurchases]:
    if arms is None or trial is None:
        return {}
    return concerns.categories(facts.kinds, share=trial.holdout_share)


def _per_day(facts: _Facts) -> float:
    """Return new visitors a day over the last 28 days, today with what there is of it, or since the first one came."""
    today, since = facts.now // DAY_MS, facts.now // DAY_MS - TRAFFIC_DAYS + 1
    recent = sum(row.visitors for row in facts.rows if since <= row.day <= today)
    days = min((facts.now - since * DAY_MS) / DAY_MS, max(1.0, (facts.now - _first(facts)) / DAY_MS))
    return recent / days


def _verdict(file: str, trial: Trial | None, arms: Arms | None, facts: _Facts, health: Health) -> Verdict:
    if trial is None or arms is None:
        return verdict.without_holdout(file)
    if health.share_e > SHARE_ALARM:
        return verdict.withheld(verdict.UNEVEN, comparable.BROKEN_DRAW)
    if reason := comparable.unlike(health.arms, facts.rows):
        return verdict.withheld(verdict.NOT_ALIKE, reason)
    seen = arms.invited.visitors + arms.holdout.visitors
    pace = Pace(seen, arms.per_day, arms.base_rate, arms.base_assumed, trial.holdout_share)
    return verdict.decide(arms.ratio, pace, file=file)


def _waiting(facts: _Facts) -> Waiting:
    waiting = [row for row in facts.rows if not row.mature]
    bought = [row.first_buyer_t0 for row in waiting if row.first_buyer_t0 is not None]
    first = min(bought or (row.first_t0 for row in waiting if row.first_t0 is not None), default=None)
    latest = max((row.latest_order for row in waiting if row.latest_order is not None), default=None)
    return Waiting(
        sum(row.visitors for row in waiting),
        sum(row.orders for row in waiting),
        None if latest is None else _moment(latest),
        None if first is None else _moment(first + waiting[0].days * DAY_MS),
    )


def _health(facts: _Facts, trial: Trial | None) -> Health:
    arms = () if facts.asked.experiment is None else tuple(_match(arm, facts) for arm in (INVITED, HOLDOUT))
    held = [row for row in facts.rows if row.arm == HOLDOUT]
    everybody, holdout = sum(row.visitors for row in facts.rows), sum(row.visitors for row in held)
    return Health(
        arms,
        facts.beside.store,
        facts.beside.left_out,
        sum(row.visitors for row in held if row.state != COLD),
        holdout,
        comparable.share_e(everybody - holdout, holdout, trial),
        *facts.beside.unknown,
    )


def _match(arm: str, facts: _Facts) -> ArmMatch:
    rows = [row for row in facts.rows if row.arm == arm]
    settings = {(arm, row.share, row.declared) for row in rows}
    matched = sum(row.orders for row in rows)
    unmatched = sum(each.purchases for each in facts.beside.by_click if each[:3] in settings)
    rate = intervals.wilson(matched, matched + unmatched)
    return ArmMatch(arm, sum(row.visitors for row in rows), matched, unmatched, rate)


def _millis(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)

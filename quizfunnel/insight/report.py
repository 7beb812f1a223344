"""The report of one quiz, from the cells of its visitors and what stands beside them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from quizfunnel.insight import alike, anytime, concerns, intervals, leaving, planner, takers, verdict
from quizfunnel.insight.anytime import ArmPurchases
from quizfunnel.insight.beside import Beside
from quizfunnel.insight.cohort import COLD, HOLDOUT, INVITED
from quizfunnel.insight.definitions import (
    DAY_MS,
    PLANNED,
    QUIZ_ONLY_BUYERS,
    SHARE_ALARM,
    TRAFFIC_DAYS,
    WINDOW_DAYS,
)
from quizfunnel.insight.earned import earned
from quizfunnel.insight.effect import effect
from quizfunnel.insight.figures import ArmMatch, Arms, Health, Leaving, Look, Report, Trial, Waiting
from quizfunnel.insight.funnel import Funnel
from quizfunnel.insight.leaving import Ends
from quizfunnel.insight.log import Asked
from quizfunnel.insight.outputs import as_csv, as_json, as_text
from quizfunnel.insight.part import WHOLE, Part
from quizfunnel.insight.planner import Setting
from quizfunnel.insight.rolled import Rolled, date_of
from quizfunnel.insight.standing import Standing, standing
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
    health = _health(facts, trial)
    arms = _arms(trial, facts) if trial and trial.holdout_share > 0 else None
    funnel = found.beside.funnel
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
        _verdict(f"quizzes/{slug}.yaml", trial, arms, facts, health) if part == WHOLE else verdict.exploratory(),
        trial,
        arms,
        looks(facts.rows, share=trial.holdout_share) if trial and arms else (),
        sum(row.visitors for row in facts.rows if row.mature),
        _waiting(facts),
        takers.observe(facts.rows),
        alike.alike(facts.rows, found.beside.adjusted if part == WHOLE else None),
        found.beside.direct,
        funnel,
        concerns.promise(funnel, minutes=quiz.minutes),
        _leaving(funnel),
        concerns.concerns(funnel, minutes=quiz.minutes, categories=_categories(arms, trial, facts)),
        health,
    )


def _values(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found)))


def looks(rows: Iterable[Rolled], *, share: float) -> tuple[Look, ...]:
    """Return what was known at the end of each day on which windows closed, the first to the last.

    A day's visitors are those whose window closed on it or, at midnight, with it; the last day may go on.
    """
    closed: dict[int, Counter[tuple[str, str]]] = {}
    for row in rows:
        if row.mature:
            counts = closed.setdefault(row.day + row.days, Counter())
            counts.update({(row.arm, "buyers"): row.buyers, (row.arm, "visitors"): row.visitors})
    so_far: Counter[tuple[str, str]] = Counter()
    found = []
    for day in sorted(closed):
        so_far.update(closed[day])
        pairs = [(so_far[arm, "buyers"], so_far[arm, "visitors"]) for arm in (INVITED, HOLDOUT)]
        bought = ArmPurchases(pairs[0][0], pairs[1][0], 1 - share)
        found.append(Look(date_of(day), pairs[0], pairs[1], anytime.sequence(bought)))
    return tuple(found)


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
        return verdict.withheld(verdict.UNEVEN, BROKEN_DRAW)
    if reason := _not_alike(health.arms, facts.rows):
        return verdict.withheld(verdict.NOT_ALIKE, reason)
    seen = arms.invited.visitors + arms.holdout.visitors
    pace = Pace(seen, arms.per_day, arms.base_rate, arms.base_assumed, trial.holdout_share)
    return verdict.decide(arms.ratio, pace, file=file)


def _not_alike(arms: Sequence[ArmMatch], rows: Sequence[Rolled]) -> str | None:
    """Tell why orders of the two arms cannot be compared, None where nothing speaks against it."""
    if sum(row.buyers for row in rows) >= QUIZ_ONLY_BUYERS and not any(r.buyers for r in rows if r.state == COLD):
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
        _share_e(everybody - holdout, holdout, trial),
        *facts.beside.unknown,
    )


def _share_e(invited: int, holdout: int, trial: Trial | None) -> float:
    """Return the e-value against the arms having been drawn with the share that was set (a Dirichlet mixture)."""
    if trial is None or not 0 < trial.holdout_share < 1:
        return 0.0
    sizes = ArmPurchases(invited, holdout, 1 - trial.holdout_share)
    return anytime.sequence(sizes).e_value


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

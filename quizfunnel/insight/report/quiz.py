"""The report of one quiz, from the cells of its visitors and what stands beside them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from quizfunnel.experiment.design import STORE, Design, FrozenDesign
from quizfunnel.experiment.frozen import frozen_design, frozen_store_designs
from quizfunnel.insight.behaviour import selection, takers, watch
from quizfunnel.insight.behaviour.funnel import Funnel
from quizfunnel.insight.cells.segment import WHOLE, Segment
from quizfunnel.insight.randomised import (
    advice as steps,
)
from quizfunnel.insight.randomised import (
    arms as randomised,
)
from quizfunnel.insight.randomised import (
    looks,
    verdict,
)
from quizfunnel.insight.randomised.figures import Arms, Health, Trial
from quizfunnel.insight.randomised.inputs import Inputs
from quizfunnel.insight.randomised.inputs import inputs_of as gathered
from quizfunnel.insight.randomised.verdict import Verdict
from quizfunnel.insight.report.figures import Leaving, Report
from quizfunnel.insight.rollup.current import take_snapshot
from quizfunnel.kit.clock import from_millis
from quizfunnel.log.definitions import WINDOW_DAYS
from quizfunnel.log.scope import Scope
from quizfunnel.log.thresholds import RECONCILED_DAYS, SHARE_ALARM
from quizfunnel.orders.reconcile import ledger_days
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import TOML
from quizfunnel.stats import survival
from quizfunnel.stats.confidence_sequence import ArmPurchases
from quizfunnel.stats.survival import Ends


def build(connection: Connection, live: LiveQuiz, *, simulated: bool, now: datetime, part: Segment = WHOLE) -> Report:
    """Return the figures of a quiz as they stand at `now`, of simulated or of real visitors, all or a part of them.

    Of a large log they are as of its last rollup; `made_at` says when that was.
    """
    quiz, slug = live.quiz, live.slug
    asked = Scope(slug, quiz.experiment.name if quiz.experiment else None, simulated)
    asks = {question.id: question.ask for question in quiz.questions}
    found = take_snapshot(connection, asked, asks, now=now, part=part)
    facts = gathered(asked, found)
    shared = _shared(connection, asked)
    trial = _trial(quiz, facts, _frozen(connection, asked))
    told = ledger_days.latest(connection, simulated=simulated, days=RECONCILED_DAYS)
    health = replace(randomised.health(facts, trial), reconciled=tuple(told))
    arms = randomised.arms(trial, facts) if trial and trial.holdout_share > 0 else None
    if part == WHOLE:
        said = _verdict(f"quizzes/{slug}.yaml", trial, arms, facts, health)
        said = _among(said, facts, shared)
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
        looks.daily_looks(facts.rows, share=trial.holdout_share) if trial and arms else (),
        sum(row.visitors for row in facts.rows if row.mature),
        randomised.waiting(facts),
        takers.observe(facts.rows),
        selection.selection_checks(facts.rows, found.beside.adjusted if part == WHOLE else None),
        found.beside.direct,
        funnel,
        watch.promise(funnel, minutes=quiz.minutes),
        _leaving(funnel),
        watch.concerns(funnel, minutes=quiz.minutes, categories=categories),
        health,
        shared,
    )


def _values(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found)))


def _frozen(connection: Connection, asked: Scope) -> FrozenDesign | None:
    """Return the quiz's design as it was frozen, or the store's of that name."""
    if asked.experiment is None:
        return None
    places = (frozen_design(connection, of, asked.experiment, simulated=asked.simulated) for of in (asked.quiz, STORE))
    return next(filter(None, places), None)


def _shared(connection: Connection, asked: Scope) -> tuple[Design, ...]:
    """Return the store's experiments that decide who is invited to the quiz: the holdout of that name, comparisons."""
    found, held = frozen_store_designs(connection, simulated=asked.simulated).values(), asked.experiment
    return tuple(each for each in found if asked.quiz in each.quizzes or (not each.quizzes and each.experiment == held))


def _among(said: Verdict, facts: Inputs, shared: tuple[Design, ...]) -> Verdict:
    """Say where a quiz is measured whose own pages invite nobody."""
    among = next((each for each in shared if each.quizzes), None)
    if facts.rows or among is None:
        return said
    advice = f"No page invites to this quiz alone: what it does is measured in the comparison {among.experiment}."
    return replace(said, advice=(advice,))


def _trial(quiz: Quiz, facts: Inputs, frozen: FrozenDesign | None) -> Trial | None:
    said = quiz.experiment
    if said is None:
        return None
    if not facts.rows:
        return Trial(said.name, said.holdout_share, said.window_days, None, 0, frozen)
    one = facts.rows[0]
    return Trial(said.name, one.share, one.declared, from_millis(facts.first), facts.earlier, frozen)


def _leaving(funnel: Funnel) -> Leaving:
    """Return both curves; of the seconds as many as told apart, so that the page may choose among them."""
    questions = {end.at: Ends(end.left, end.followed) for end in funnel.by_question}
    seconds = {end.at: Ends(end.left, end.followed) for end in funnel.by_second}
    return Leaving(survival.curve(questions), survival.curve(seconds))


def _categories(arms: Arms | None, trial: Trial | None, facts: Inputs) -> dict[str, ArmPurchases]:
    if arms is None or trial is None:
        return {}
    return watch.categories(facts.kinds, share=trial.holdout_share)


def _verdict(file: str, trial: Trial | None, arms: Arms | None, facts: Inputs, health: Health) -> Verdict:
    if trial is None or arms is None:
        return verdict.without_holdout(file)
    frozen_store_designs = trial.frozen is not None and trial.frozen.design.quiz == STORE
    found = (
        steps.of_store(TOML, trial.holdout_share) if frozen_store_designs else steps.of_quiz(file, trial.holdout_share)
    )
    return randomised.verdict_of(trial, arms, facts, health, found)

"""The report of one quiz, from the cells of its visitors and the supplement."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from quizfunnel.experiment import planning
from quizfunnel.experiment.design import STORE, Design, FrozenDesign
from quizfunnel.experiment.frozen import frozen_design, frozen_store_designs
from quizfunnel.insight.behaviour import selection, takers, watch
from quizfunnel.insight.behaviour.funnel import Funnel
from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.cells.segment import WHOLE, Segment
from quizfunnel.insight.randomised import advice
from quizfunnel.insight.randomised.advice import NextSteps
from quizfunnel.insight.randomised.analysis import analyse, trial_of
from quizfunnel.insight.randomised.figures import ExperimentResult, Trial
from quizfunnel.insight.randomised.inputs import Inputs, inputs_of
from quizfunnel.insight.report.figures import Behaviour, FunnelFigures, Leaving, Provenance, Report, SegmentChoice
from quizfunnel.insight.rollup.current import EVERYBODY, Extent, take_snapshot
from quizfunnel.insight.rollup.snapshot import Snapshot
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS
from quizfunnel.log.scope import Scope
from quizfunnel.log.thresholds import RECONCILED_DAYS
from quizfunnel.orders.reconcile import ledger_days
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.texts.mentions import unfilled
from quizfunnel.settings import TOML
from quizfunnel.stats import survival
from quizfunnel.stats.survival import Ends


def build(
    connection: Connection, live: LiveQuiz, *, simulated: bool, now: datetime, extent: Extent = EVERYBODY
) -> Report:
    """Return the figures of a quiz as they stand at `now`, of simulated or of real visitors, all or a part of them.

    Of a large log they are as of its last rollup; `made_at` says when that was.
    """
    quiz, part = live.quiz, extent.part
    scope = Scope(live.slug, quiz.experiment.name if quiz.experiment else None, simulated)
    question_texts = {question.id: unfilled(question.ask, quiz) for question in quiz.questions}
    snapshot = take_snapshot(connection, scope, question_texts, now=now, extent=extent)
    reconciled = ledger_days.latest(connection, simulated=simulated, days=RECONCILED_DAYS)
    inputs = inputs_of(scope, snapshot)._replace(reconciled=tuple(reconciled))
    # what was frozen, whatever the settings say by now: it is what drew these visitors
    shared = _shared(connection, scope)
    design = planning.quiz_design(live.slug, quiz)
    trial = trial_of(design, inputs, _frozen(connection, scope)) if design else None
    steps = _steps(live.slug, trial) if part == WHOLE else None
    result = _measured_elsewhere(analyse(inputs, trial, HOLDOUT_LABELS, steps), inputs, shared)
    return Report(
        quiz=live.slug,
        title=quiz.title,
        language=quiz.language,
        provenance=provenance(snapshot, simulated=simulated),
        experiment=result,
        segment=_segment(snapshot, part),
        behaviour=_behaviour(inputs, snapshot, part),
        attempts=_attempts(snapshot.supplement.funnel, quiz.minutes, result, inputs.kinds),
        shared=shared,
    )


def provenance(snapshot: Snapshot, *, simulated: bool) -> Provenance:
    """Return the provenance of a report over a snapshot."""
    return Provenance(
        simulated=simulated,
        other=snapshot.supplement.other,
        made_at=snapshot.as_of,
        rolled_up=snapshot.stored,
        is_long=snapshot.is_long,
    )


def _segment(snapshot: Snapshot, part: Segment) -> SegmentChoice:
    devices, channels = ({row.device for row in snapshot.kinds}, {row.channel for row in snapshot.kinds})
    return SegmentChoice(part=part, devices=tuple(sorted(devices)), channels=tuple(sorted(channels)))


def _frozen(connection: Connection, scope: Scope) -> FrozenDesign | None:
    """Return the quiz's design as it was frozen, or the store's of that name."""
    if scope.experiment is None:
        return None
    places = (frozen_design(connection, of, scope.experiment, simulated=scope.simulated) for of in (scope.quiz, STORE))
    return next(filter(None, places), None)


def _shared(connection: Connection, scope: Scope) -> tuple[Design, ...]:
    """Return the store's experiments that decide who is invited to the quiz: the holdout of that name, comparisons."""
    designs, holdout = frozen_store_designs(connection, simulated=scope.simulated).values(), scope.experiment
    return tuple(
        each for each in designs if scope.quiz in each.quizzes or (not each.quizzes and each.experiment == holdout)
    )


def _steps(slug: str, trial: Trial | None) -> NextSteps:
    share = trial.holdout_share if trial else 0.0
    if trial and trial.frozen and trial.frozen.design.quiz == STORE:
        return advice.of_store(TOML, share)
    return advice.of_quiz(f"quizzes/{slug}.yaml", share)


def _measured_elsewhere(result: ExperimentResult, inputs: Inputs, shared: tuple[Design, ...]) -> ExperimentResult:
    """Return the result with the comparison in which a quiz is measured whose own pages invite nobody."""
    comparison = next((each for each in shared if each.quizzes), None)
    if inputs.rows or comparison is None or result.verdict.kind == "exploratory":
        return result
    step = f"No page invites to this quiz alone: what it does is measured in the comparison {comparison.experiment}."
    return replace(result, verdict=replace(result.verdict, advice=(step,)))


def _behaviour(inputs: Inputs, snapshot: Snapshot, part: Segment) -> Behaviour:
    adjusted = snapshot.supplement.adjusted if part == WHOLE else None  # it is computed for all visitors alone
    return Behaviour(
        takers=takers.observe(inputs.rows),
        alike=selection.selection_checks(inputs.rows, adjusted),
        direct=snapshot.supplement.direct,
    )


def _attempts(funnel: Funnel, minutes: float, result: ExperimentResult, kinds: list[CellRow]) -> FunnelFigures:
    """Return where attempts end; alarms of categories only where the arms may be compared."""
    trial = result.trial if result.fair_arms else None
    categories = watch.categories(kinds, share=trial.holdout_share) if trial else {}
    return FunnelFigures(
        funnel=funnel,
        promise=watch.promise(funnel, minutes=minutes),
        leaving=_leaving(funnel),
        alarms=watch.concerns(funnel, minutes=minutes, categories=categories),
    )


def _leaving(funnel: Funnel) -> Leaving:
    """Return both curves; of the seconds as many as told apart, so that the page may choose among them."""
    questions = {end.at: Ends(end.left, end.followed) for end in funnel.by_question}
    seconds = {end.at: Ends(end.left, end.followed) for end in funnel.by_second}
    return Leaving(survival.curve(questions), survival.curve(seconds))

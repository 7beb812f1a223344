"""The report of an experiment of the whole store, by the same machinery as that of a quiz."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from quizfunnel.experiment import planning
from quizfunnel.experiment.design import (
    STORE,
    Design,
    FrozenDesign,
    differing_settings,
)
from quizfunnel.experiment.frozen import frozen_design, frozen_store_designs
from quizfunnel.insight.randomised import advice, looks
from quizfunnel.insight.randomised import arms as randomised
from quizfunnel.insight.randomised.advice import NextSteps
from quizfunnel.insight.randomised.figures import Health, Trial
from quizfunnel.insight.randomised.inputs import Inputs, inputs_of
from quizfunnel.insight.report.figures import ExperimentReport
from quizfunnel.insight.rollup.current import take_snapshot
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.kit.clock import from_millis
from quizfunnel.log import attempts, visitors
from quizfunnel.log.scope import Scope
from quizfunnel.log.thresholds import RECONCILED_DAYS
from quizfunnel.orders.reconcile import ledger_days
from quizfunnel.settings import TOML, Settings


def build(connection: Connection, design: Design, *, simulated: bool, now: datetime) -> ExperimentReport:
    """Return the figures of one of the store's experiments as they stand at `now`, of simulated or of real visitors.

    Measured is what was frozen, whatever the settings say by now.
    """
    asked = Scope(STORE, design.experiment, simulated)
    frozen = frozen_design(connection, STORE, design.experiment, simulated=simulated)
    differs = differing_settings(design, frozen.design) if frozen else ()
    design = frozen.design if frozen else design
    found = take_snapshot(connection, asked, {}, now=now)
    seen = inputs_of(asked, found)
    trial = _trial(design, seen, frozen)
    arms = randomised.arms(trial, seen, _names(design))
    health = _health(connection, design, seen, trial)
    return ExperimentReport(
        design.experiment,
        design.quizzes,
        simulated,
        found.beside.other,
        found.as_of,
        found.stored,
        trial.window_days,
        randomised.verdict_of(trial, arms, seen, health, _steps(design)),
        trial,
        arms,
        looks.daily_looks(seen.rows, share=trial.holdout_share),
        sum(row.visitors for row in seen.rows if row.mature),
        randomised.waiting(seen),
        health,
        differs,
        _edited(connection, design, frozen),
    )


def named(connection: Connection, name: str, settings: Settings) -> Design | None:
    """Return an experiment of the store by its name: of those that are set, or of those that ended."""
    return all_of_them(connection, settings).get(name)


def all_of_them(connection: Connection, settings: Settings) -> dict[str, Design]:
    """Return the store's experiments by name: those that are set, then those that ended and are set no more."""
    running = {each.experiment: each for each in planning.store_designs(settings)}
    return running | {name: each for name, each in frozen_store_designs(connection).items() if name not in running}


def _edited(connection: Connection, design: Design, frozen: FrozenDesign | None) -> tuple[str, ...]:
    """Return the quizzes of a comparison that were changed since it began: what is compared stood still no more."""
    if frozen is None:
        return ()
    found = []
    for quiz in design.quizzes:
        moments = sorted(at for _, at in attempts.published(connection, quiz))
        later = [at for at in moments if at > frozen.started_at]
        if len(later) > (not any(at <= frozen.started_at for at in moments)):
            found.append(quiz)
    return tuple(found)


def _trial(design: Design, seen: Inputs, frozen: FrozenDesign | None) -> Trial:
    if not seen.rows:
        return Trial(design.experiment, design.holdout_share, design.window_days, None, 0, frozen)
    one = seen.rows[0]
    return Trial(design.experiment, one.share, one.declared, from_millis(seen.first), seen.earlier, frozen)


def _health(connection: Connection, design: Design, seen: Inputs, trial: Trial) -> Health:
    crossed = visitors.crossed(connection, seen.asked, design.quizzes) if design.quizzes else None
    told = ledger_days.latest(connection, simulated=seen.asked.simulated, days=RECONCILED_DAYS)
    return replace(randomised.health(seen, trial, crossed=crossed), reconciled=tuple(told))


def _names(design: Design) -> ArmLabels:
    return ArmLabels(design.quizzes[1], design.quizzes[0]) if design.quizzes else HOLDOUT_LABELS


def _steps(design: Design) -> NextSteps:
    return advice.of_comparison(TOML, design) if design.quizzes else advice.of_store(TOML, design.holdout_share)

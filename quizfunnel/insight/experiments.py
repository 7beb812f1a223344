"""The report of an experiment of the whole store, by the same machinery as that of a quiz."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from quizfunnel.insight import log, looking, randomised, steps
from quizfunnel.insight.definitions import RECONCILED_DAYS
from quizfunnel.insight.facts import Facts, facts, moment
from quizfunnel.insight.figures import ExperimentReport, Health, Trial
from quizfunnel.insight.log import Asked
from quizfunnel.insight.names import HOLDOUT_NAMES, Names
from quizfunnel.insight.standing import standing
from quizfunnel.insight.steps import Steps
from quizfunnel.orders import daybook
from quizfunnel.settings import TOML
from quizfunnel.visit.began import frozen_design
from quizfunnel.visit.designs import STORE, Design, Frozen


def build(connection: Connection, design: Design, *, simulated: bool, now: datetime) -> ExperimentReport:
    """Return the figures of one of the store's experiments as they stand at `now`, of simulated or of real visitors."""
    asked = Asked(STORE, design.experiment, simulated)
    found = standing(connection, asked, {}, now=now)
    seen = facts(asked, found)
    trial = _trial(design, seen, frozen_design(connection, STORE, design.experiment, simulated=simulated))
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
        randomised.decided(trial, arms, seen, health, _steps(design)),
        trial,
        arms,
        looking.looks(seen.rows, share=trial.holdout_share),
        sum(row.visitors for row in seen.rows if row.mature),
        randomised.waiting(seen),
        health,
    )


def _trial(design: Design, seen: Facts, frozen: Frozen | None) -> Trial:
    if not seen.rows:
        return Trial(design.experiment, design.holdout_share, design.window_days, None, 0, frozen)
    one = seen.rows[0]
    return Trial(design.experiment, one.share, one.declared, moment(seen.first), seen.earlier, frozen)


def _health(connection: Connection, design: Design, seen: Facts, trial: Trial) -> Health:
    crossed = log.crossed(connection, seen.asked, design.quizzes) if design.quizzes else None
    told = daybook.latest(connection, simulated=seen.asked.simulated, days=RECONCILED_DAYS)
    return replace(randomised.health(seen, trial, crossed=crossed), reconciled=tuple(told))


def _names(design: Design) -> Names:
    return Names(design.quizzes[1], design.quizzes[0]) if design.quizzes else HOLDOUT_NAMES


def _steps(design: Design) -> Steps:
    return steps.of_comparison(TOML, design) if design.quizzes else steps.of_store(TOML, design.holdout_share)

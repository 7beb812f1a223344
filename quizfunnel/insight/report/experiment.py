"""The report of an experiment of the whole store, by the same analysis as that of a quiz."""

from datetime import datetime

from sqlalchemy import Connection

from quizfunnel.experiment import planning
from quizfunnel.experiment.design import STORE, Design, FrozenDesign, differing_settings
from quizfunnel.experiment.frozen import frozen_design, frozen_store_designs
from quizfunnel.insight.randomised import advice
from quizfunnel.insight.randomised.advice import NextSteps
from quizfunnel.insight.randomised.analysis import analyse, trial_of
from quizfunnel.insight.randomised.inputs import inputs_of
from quizfunnel.insight.report.figures import ExperimentReport
from quizfunnel.insight.report.quiz import provenance
from quizfunnel.insight.rollup.current import Extent, take_snapshot
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.log import attempts, visitors
from quizfunnel.log.definitions import WAIT_LIMITS, WaitLimits
from quizfunnel.log.scope import Scope
from quizfunnel.log.thresholds import RECONCILED_DAYS
from quizfunnel.orders.reconcile import ledger_days
from quizfunnel.settings import TOML, Settings


def build(
    connection: Connection, design: Design, *, simulated: bool, now: datetime, limits: WaitLimits = WAIT_LIMITS
) -> ExperimentReport:
    """Return the figures of one of the store's experiments as they stand at `now`, of simulated or of real visitors.

    Measured is what was frozen, whatever the settings say by now.
    """
    scope = Scope(STORE, design.experiment, simulated)
    frozen = frozen_design(connection, STORE, design.experiment, simulated=simulated)
    differs = differing_settings(design, frozen.design) if frozen else ()
    # what differs was told above; from here on the settings are not asked again
    design = frozen.design if frozen else design
    snapshot = take_snapshot(connection, scope, {}, now=now, extent=Extent(limits=limits))
    inputs = inputs_of(scope, snapshot)._replace(
        crossed=visitors.crossed(connection, scope, design.quizzes) if design.quizzes else None,
        reconciled=tuple(ledger_days.latest(connection, simulated=simulated, days=RECONCILED_DAYS)),
    )
    trial = trial_of(design, inputs, frozen)
    return ExperimentReport(
        name=design.experiment,
        quizzes=design.quizzes,
        provenance=provenance(snapshot, simulated=simulated),
        experiment=analyse(inputs, trial, _labels(design), _steps(design)),
        differs=differs,
        edited=_edited(connection, design, frozen),
    )


def named(connection: Connection, name: str, settings: Settings) -> Design | None:
    """Return an experiment of the store by its name: of those that are set, or of those that ended."""
    return all_of_them(connection, settings).get(name)


def all_of_them(connection: Connection, settings: Settings) -> dict[str, Design]:
    """Return the store's experiments by name: those that are set, then those that ended and are set no more."""
    running = {each.experiment: each for each in planning.store_designs(settings)}
    return running | {name: each for name, each in frozen_store_designs(connection).items() if name not in running}


def _edited(connection: Connection, design: Design, frozen: FrozenDesign | None) -> tuple[str, ...]:
    """Return the quizzes of a comparison that were changed since it began."""
    if frozen is None:
        return ()
    edited = []
    for quiz in design.quizzes:
        moments = sorted(at for _, at in attempts.published(connection, quiz))
        later = [at for at in moments if at > frozen.started_at]
        # of a quiz that nobody had published before, the first publication is the one that it began with
        if len(later) > (not any(at <= frozen.started_at for at in moments)):
            edited.append(quiz)
    return tuple(edited)


def _labels(design: Design) -> ArmLabels:
    return ArmLabels(design.quizzes[1], design.quizzes[0]) if design.quizzes else HOLDOUT_LABELS


def _steps(design: Design) -> NextSteps:
    return advice.of_comparison(TOML, design) if design.quizzes else advice.of_store(TOML, design.holdout_share)

"""Everything that the analyst's page shows, as typed values without a word of layout; pure."""

from dataclasses import dataclass
from datetime import datetime

from quizfunnel.experiment.design import Design
from quizfunnel.insight.behaviour.alarms import Alarm
from quizfunnel.insight.behaviour.funnel import Funnel
from quizfunnel.insight.behaviour.selection import SelectionChecks
from quizfunnel.insight.behaviour.takers import Takers
from quizfunnel.insight.behaviour.watch import Promise
from quizfunnel.insight.cells.segment import Segment
from quizfunnel.insight.randomised.figures import Arms, Health, Look, Trial, Waiting
from quizfunnel.insight.randomised.verdict import Verdict
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.log.rows import Direct, Size
from quizfunnel.stats.survival import Point


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who is still there after so many questions, and after so many seconds of active time."""

    by_question: tuple[Point, ...]
    by_second: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One quiz's figures, of simulated or of real visitors."""

    quiz: str
    title: str
    language: str
    simulated: bool
    other: Size  # how much there is of the other sort
    made_at: datetime  # as of when all of it is
    rolled_up: bool  # read from the stored rollup, for all but perhaps the latest days
    part: Segment  # of the visitors that all figures are of but for funnel, promise, leaving, alarms, direct and health
    devices: tuple[str, ...]
    channels: tuple[str, ...]
    declared_days: int
    window_days: int
    verdict: Verdict
    trial: Trial | None
    arms: Arms | None
    looks: tuple[Look, ...]  # how the limits narrowed, a day each on which windows closed
    mature: int
    waiting: Waiting
    takers: Takers
    alike: SelectionChecks
    direct: Direct
    funnel: Funnel
    promise: Promise
    leaving: Leaving
    alarms: tuple[Alarm, ...]
    health: Health
    shared: tuple[Design, ...] = ()  # the store's experiments that the quiz is part of, as they were frozen

    @property
    def of_store(self) -> bool:
        """Tell whether the arms are those of the holdout that all quizzes share."""
        return any(not each.quizzes for each in self.shared)

    @property
    def names(self) -> ArmLabels:
        """Return what the arms are called."""
        return HOLDOUT_LABELS


@dataclass(frozen=True, slots=True)
class ExperimentReport:
    """An experiment of the whole store: its holdout, or two quizzes against each other."""

    name: str
    quizzes: tuple[str, ...]  # of a comparison; the holdout is of all
    simulated: bool
    other: Size
    made_at: datetime
    rolled_up: bool
    window_days: int
    verdict: Verdict
    trial: Trial
    arms: Arms
    looks: tuple[Look, ...]
    mature: int
    waiting: Waiting
    health: Health
    differs: tuple[str, ...] = ()  # settings that are not what was frozen, which is what is measured
    edited: tuple[str, ...] = ()  # quizzes of a comparison that were changed since it began

    @property
    def names(self) -> ArmLabels:
        """Return what the arms are called: two quizzes by their slugs, since copies share a title."""
        return ArmLabels(self.quizzes[1], self.quizzes[0]) if self.quizzes else HOLDOUT_LABELS

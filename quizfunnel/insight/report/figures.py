"""Reports: everything that the analyst's pages and files show, as typed values without a word of layout; pure."""

from dataclasses import dataclass
from datetime import datetime

from quizfunnel.experiment.design import Design
from quizfunnel.insight.behaviour.alarms import Alarm
from quizfunnel.insight.behaviour.funnel import Funnel
from quizfunnel.insight.behaviour.selection import SelectionChecks
from quizfunnel.insight.behaviour.takers import Takers
from quizfunnel.insight.behaviour.watch import PromiseKept
from quizfunnel.insight.cells.segment import WHOLE, Segment
from quizfunnel.insight.randomised.figures import Arms, ExperimentResult, Health, Look, Trial, Waiting
from quizfunnel.insight.randomised.verdict import Verdict
from quizfunnel.insight.words.arm_labels import ArmLabels
from quizfunnel.log.definitions import WINDOW_DAYS
from quizfunnel.log.rows import Direct, Size
from quizfunnel.stats.survival import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The log behind a report: simulated or real visitors, as of when, and how it was read."""

    simulated: bool
    other: Size  # how much there is of the other sort
    made_at: datetime  # as of when all of it is
    rolled_up: bool  # read from the stored rollup, for all but perhaps the latest days
    is_long: bool  # counted from the log itself, and longer than one should wait for


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentChoice:
    """The part of the visitors that is shown, and the devices and channels that there are to choose."""

    part: Segment
    devices: tuple[str, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Observed behaviour, never causal: who takes the quiz, the checks of selection, and who came directly."""

    takers: Takers
    alike: SelectionChecks
    direct: Direct


@dataclass(frozen=True, slots=True)
class Leaving:
    """Survival curves: who is still there after so many questions, and after so many seconds of active time."""

    by_question: tuple[Point, ...]
    by_second: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelFigures:
    """Attempts of all visitors, whatever part is shown: where they end, and what should be looked at."""

    funnel: Funnel
    promise: PromiseKept
    leaving: Leaving
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyReport:
    """Figures of every report: its provenance and the result of an experiment, which notebooks read by flat names."""

    provenance: Provenance
    experiment: ExperimentResult

    @property
    def simulated(self) -> bool:
        """Tell whether the visitors are the demo's."""
        return self.provenance.simulated

    @property
    def made_at(self) -> datetime:
        """Return as of when all of it is."""
        return self.provenance.made_at

    @property
    def rolled_up(self) -> bool:
        """Tell whether it was read from the stored rollup."""
        return self.provenance.rolled_up

    @property
    def labels(self) -> ArmLabels:
        """Return what the arms are called."""
        return self.experiment.labels

    @property
    def trial(self) -> Trial | None:
        """Return the experiment that is measured, None where there is none."""
        return self.experiment.trial

    @property
    def arms(self) -> Arms | None:
        """Return the randomised arms, None where nobody is held out."""
        return self.experiment.arms

    @property
    def verdict(self) -> Verdict:
        """Return what may be concluded."""
        return self.experiment.verdict

    @property
    def looks(self) -> tuple[Look, ...]:
        """Return how the limits narrowed."""
        return self.experiment.looks

    @property
    def mature(self) -> int:
        """Return how many visitors count."""
        return self.experiment.mature

    @property
    def waiting(self) -> Waiting:
        """Return who does not count yet."""
        return self.experiment.waiting

    @property
    def health(self) -> Health:
        """Return what could make the figures wrong."""
        return self.experiment.health

    @property
    def declared_days(self) -> int:
        """Return the days of the window that the experiment declared."""
        return self.trial.window_days if self.trial else WINDOW_DAYS

    @property
    def window_days(self) -> int:
        """Return for how many days after t0 a purchase counts in these figures."""
        return self.declared_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(AnyReport):
    """One quiz's figures, of simulated or of real visitors."""

    quiz: str
    title: str
    language: str
    segment: SegmentChoice
    behaviour: Behaviour
    attempts: FunnelFigures
    shared: tuple[Design, ...] = ()  # the store's experiments that the quiz is part of, as they were frozen

    @property
    def window_days(self) -> int:
        """Return the days of the window that is shown."""
        return self.part.days or self.declared_days

    @property
    def part(self) -> Segment:
        """Return the part of the visitors that all figures are of, but for attempts, direct visitors and health."""
        return self.segment.part

    @property
    def is_whole(self) -> bool:
        """Tell whether all visitors are shown."""
        return self.part == WHOLE

    @property
    def takers(self) -> Takers:
        """Return who takes the quiz."""
        return self.behaviour.takers

    @property
    def of_store(self) -> bool:
        """Tell whether the arms are those of the holdout that all quizzes share."""
        return any(not each.quizzes for each in self.shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentReport(AnyReport):
    """An experiment of the whole store: its holdout, or two quizzes against each other."""

    name: str
    quizzes: tuple[str, ...]  # of a comparison; the holdout is of all
    differs: tuple[str, ...] = ()  # settings that are not what was frozen, which is what is measured
    edited: tuple[str, ...] = ()  # quizzes of a comparison that were changed since it began

    @property
    def trial(self) -> Trial:
        """Return the experiment that is measured, which is what the report is of."""
        return self.experiment.drawn[0]

    @property
    def arms(self) -> Arms:
        """Return the randomised arms, without which it is no experiment of the store."""
        return self.experiment.drawn[1]

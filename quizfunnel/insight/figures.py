"""Everything that the analyst's page shows, as typed values without a word of layout; pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from quizfunnel.experiment.design import Design, Frozen
from quizfunnel.insight import planner
from quizfunnel.insight.alarms import Alarm
from quizfunnel.insight.alike import Alike
from quizfunnel.insight.anytime import Sequence
from quizfunnel.insight.concerns import Promise
from quizfunnel.insight.earned import Earned
from quizfunnel.insight.effect import Effect
from quizfunnel.insight.funnel import Funnel
from quizfunnel.insight.intervals import Interval
from quizfunnel.insight.leaving import Point
from quizfunnel.insight.names import HOLDOUT_NAMES, Names
from quizfunnel.insight.part import Part
from quizfunnel.insight.planner import Plan, ShareOption
from quizfunnel.insight.takers import Rate, Takers
from quizfunnel.insight.verdict import Verdict
from quizfunnel.log.rows import Direct, Size, StoreOrders
from quizfunnel.orders.gap import ToldGap


@dataclass(frozen=True, slots=True)
class Trial:
    """The experiment as it is set now; `earlier` visitors came under another share or window and are left out."""

    name: str
    holdout_share: float
    window_days: int
    since: datetime | None
    earlier: int
    frozen: Frozen | None = None  # the design as it was when the first visitor entered

    @property
    def planned(self) -> int:
        """Return the visitors at which differences are tightest: those that were planned, fixed before any look."""
        return self.frozen.design.planned if self.frozen else planner.default_size(self.holdout_share)


@dataclass(frozen=True, slots=True)
class Arms:
    """The randomised arms: mature visitors and buyers, the limits of their ratio, and what more would show.

    The `options` are of other shares of holdout, for seeing a change of `aim`.
    """

    invited: Rate
    holdout: Rate
    ratio: Sequence
    per_day: float
    base_rate: float
    base_assumed: bool
    plans: tuple[Plan, ...]
    aim: float
    options: tuple[ShareOption, ...]
    effect: Effect
    earned: tuple[Earned, ...]


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who is still there after so many questions, and after so many seconds of active time."""

    by_question: tuple[Point, ...]
    by_second: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Visitors whose window is open, their purchases so far, and when the first of these counts."""

    visitors: int
    purchases: int
    latest: datetime | None
    counts_on: datetime | None


@dataclass(frozen=True, slots=True)
class ArmMatch:
    """One arm's orders within the window: with the visitor's token, and known to be its by their click alone."""

    arm: str
    visitors: int
    matched: int
    by_click_only: int
    rate: Interval


@dataclass(frozen=True, slots=True)
class Health:
    """What could make the figures wrong."""

    arms: tuple[ArmMatch, ...]
    store: StoreOrders
    left_out: tuple[tuple[str, int], ...]
    contaminated: int  # who started the quiz all the same, of the holdout; or another than their arm's, of both
    holdout: int
    share_e: float  # evidence that the arms' sizes are not those of the share that was set
    unknown_started: int  # attempts by people who may not be remembered
    unknown_finished: int
    reconciled: tuple[ToldGap, ...] = ()  # the last days that the store told its own totals of, of all its quizzes


class Look(NamedTuple):
    """What was known at the end of a day: buyers and mature visitors of each arm, and the limits of their ratio."""

    day: date
    invited: tuple[int, int]
    holdout: tuple[int, int]
    ratio: Sequence


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
    part: Part  # of the visitors that all figures are of but for funnel, promise, leaving, alarms, direct and health
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
    alike: Alike
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
    def names(self) -> Names:
        """Return what the arms are called."""
        return HOLDOUT_NAMES


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
    def names(self) -> Names:
        """Return what the arms are called: two quizzes by their slugs, since copies share a title."""
        return Names(self.quizzes[1], self.quizzes[0]) if self.quizzes else HOLDOUT_NAMES

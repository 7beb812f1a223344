"""Results of an experiment: its trial and arms, their health, the verdict, and the looks at them; pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from quizfunnel.experiment.design import Design, FrozenDesign
from quizfunnel.insight.behaviour.takers import Rate
from quizfunnel.insight.randomised.effect import Effect
from quizfunnel.insight.randomised.money import Earned
from quizfunnel.insight.randomised.verdict import Verdict
from quizfunnel.insight.words.arm_labels import ArmLabels
from quizfunnel.log.rows import StoreOrders
from quizfunnel.orders.reconcile.gap import DayComparison
from quizfunnel.stats import sample_size
from quizfunnel.stats.confidence_sequence import Sequence
from quizfunnel.stats.intervals import Interval
from quizfunnel.stats.sample_size import Plan, ShareOption


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The experiment that is measured: its design, with the share and window of its newest visitors.

    `earlier` visitors came under another share or window and are left out.
    """

    design: Design
    since: datetime | None = None
    earlier: int = 0
    frozen: FrozenDesign | None = None  # the design as it was when the first visitor entered

    @property
    def name(self) -> str:
        """Return the experiment's name."""
        return self.design.experiment

    @property
    def holdout_share(self) -> float:
        """Return the share of the control."""
        return self.design.holdout_share

    @property
    def window_days(self) -> int:
        """Return for how many days after t0 a purchase counts."""
        return self.design.window_days

    @property
    def planned(self) -> int:
        """Return the visitors at which differences are tightest: those that were planned, fixed before any look."""
        return self.frozen.design.planned if self.frozen else sample_size.default_size(self.holdout_share)


@dataclass(frozen=True, slots=True, kw_only=True)
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


class ShopEntry(NamedTuple):
    """Views of pages that invite: those that entered, and why others could not; `barred` says why nobody can.

    `connected` tells whether a shop's pages have the snippet, which some browsers forget sooner than a window closes.
    """

    barred: str
    entered: int
    no_consent: int
    no_storage: int
    limited: int
    connected: bool = False

    @property
    def kept_out(self) -> int:
        """Return the views that could not enter."""
        return self.no_consent + self.no_storage + self.limited


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Validity checks: all that could make the figures wrong."""

    arms: tuple[ArmMatch, ...]
    store: StoreOrders
    left_out: tuple[tuple[str, int], ...]
    contaminated: int  # who started the quiz all the same, of the holdout; or another than their arm's, of both
    holdout: int
    share_e: float  # evidence that the arms' sizes are not those of the share that was set
    unknown_started: int  # attempts by people who may not be remembered
    unknown_finished: int
    reconciled: tuple[DayComparison, ...] = ()  # the last days whose totals the store reported, of all its quizzes
    entry: ShopEntry | None = None  # real visitors' alone, where a caller knows the settings


class Look(NamedTuple):
    """Interim look at the end of a day: buyers and mature visitors of each arm, and the limits of their ratio."""

    day: date
    invited: tuple[int, int]
    holdout: tuple[int, int]
    ratio: Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentResult:
    """The analysis of one experiment; without a holdout it has no arms, and the verdict says so."""

    labels: ArmLabels
    trial: Trial | None
    arms: Arms | None
    health: Health
    verdict: Verdict
    looks: tuple[Look, ...]  # how the limits narrowed, a day each on which windows closed
    mature: int  # visitors whose window has closed
    waiting: Waiting

    @property
    def drawn(self) -> tuple[Trial, Arms]:
        """Return the trial and its arms; LookupError where nobody is held out."""
        if self.trial is None or self.arms is None:
            raise LookupError("nobody is held out")
        return self.trial, self.arms

    @property
    def fair_arms(self) -> Arms | None:
        """Return the arms where they may be compared, None where the verdict is withheld or nobody was held out."""
        return None if self.verdict.kind == "withheld" else self.arms

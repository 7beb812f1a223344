"""Results of a reconciliation as plain values: the store, its days and their gaps; pure."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from quizfunnel.kit.finding import Finding
from quizfunnel.orders.reconcile.gap import Cause, DayComparison


class Store(NamedTuple):
    """The store that reports its days: its source, its time zone, real or simulated, totals before refunds or after."""

    source: str
    zone: ZoneInfo
    simulated: bool
    before_refunds: bool = False


class ReconciledDay(NamedTuple):
    """One day and the possible causes of its gap; none where both agree, or where the gap was not looked into."""

    day: DayComparison
    causes: tuple[Cause, ...]


class Reconciled(NamedTuple):
    """Every day of a file beside the ledger, and findings about lines that were left out or are odd."""

    store: Store
    file: str
    lines: tuple[ReconciledDay, ...]
    findings: tuple[Finding, ...]

    @property
    def agreeing(self) -> int:
        """Return how many days agree."""
        return sum(line.day.agrees for line in self.lines)

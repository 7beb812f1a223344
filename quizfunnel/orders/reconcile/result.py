"""Results of a reconciliation as plain values: the store, its days and their gaps; pure."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from quizfunnel.kit.finding import Finding
from quizfunnel.orders.reconcile.gap import Cause, DayComparison


class Store(NamedTuple):
    """Whose days are told: the source, its time zone, whether simulated, and whether totals are before refunds."""

    source: str
    zone: ZoneInfo
    simulated: bool
    before_refunds: bool = False


class ReconciledDay(NamedTuple):
    """One day and what may explain its gap; nothing where both agree, or where the gap was not looked into."""

    day: DayComparison
    causes: tuple[Cause, ...]


class Reconciled(NamedTuple):
    """Every day of a file beside the ledger, and what of the file was left out or is odd."""

    store: Store
    file: str
    lines: tuple[ReconciledDay, ...]
    findings: tuple[Finding, ...]

    @property
    def agreeing(self) -> int:
        """Return how many days agree."""
        return sum(line.day.agrees for line in self.lines)

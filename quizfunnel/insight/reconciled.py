"""Whether the ledger has what the store says that it sold, in words; pure."""

from datetime import timedelta

from quizfunnel.insight.figures import ExperimentReport, Report
from quizfunnel.insight.wording import day, many
from quizfunnel.log.thresholds import RECONCILED_DAYS, STORE_GAP
from quizfunnel.orders import gap
from quizfunnel.orders.gap import ToldGap

_MOST_NAMED = 3  # gaps, the latest; the command names them all


def said(report: Report | ExperimentReport) -> str:
    """Return how many of the last days that were told agree, and where the latest ones do not."""
    told = report.health.reconciled
    if not told:
        sort = " --simulated" if report.simulated else ""
        return f"not reconciled yet; quizfunnel orders reconcile FILE{sort} compares a day's totals"
    gaps = [each for each in told if not each.agrees]
    several = len({(each.source, each.currency) for each in told}) > 1
    what = ("total of a day agrees", "totals of days agree") if several else ("day agrees", "days agree")
    agreeing = f"{len(told) - len(gaps)} of {many(len(told), *what)}"
    parts = [agreeing, *(_gap(each, several=several) for each in reversed(gaps[-_MOST_NAMED:]))]
    if len(gaps) > _MOST_NAMED:
        parts.append(f"and {many(len(gaps) - _MOST_NAMED, 'earlier one')}")
    if told[-1].day < report.made_at.date() - timedelta(days=RECONCILED_DAYS):
        parts.append(f"nothing was told since {day(told[-1].day)}")
    return "; ".join(parts)


def alarming(report: Report | ExperimentReport) -> bool:
    """Tell whether so much of some day is missing, or beyond what the store sold, that the figures suffer."""
    return any(each.exceeds(STORE_GAP) for each in report.health.reconciled)


def _gap(found: ToldGap, *, several: bool) -> str:
    whose = f" ({found.source}, {found.currency})" if several else ""
    return f"{day(found.day)}{whose}: {gap.said(found)}"

"""Entry into an experiment: how many views of the shop's pages could not enter, and whether anybody can."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from quizfunnel.experiment import entering
from quizfunnel.insight.randomised.figures import ShopEntry
from quizfunnel.insight.report.figures import AnyReport, ExperimentReport, Report
from quizfunnel.settings import Settings
from quizfunnel.shop import counts, places

R = TypeVar("R", bound=AnyReport)

_RECENT = timedelta(days=28)  # where no experiment has begun


def with_entry(connection: Connection, report: R, settings: Settings) -> R:
    """Return a report with the entry into its experiment; views are real ones, of pages that could draw for it."""
    if report.simulated:
        return report
    now = report.made_at
    seen = counts.views(connection, _quizzes(report), since=_since(report), until=now)
    without_place = places.lost(counts.placings(connection, now=now), settings, now=now, least=places.ENOUGH)
    nowhere = places.nobody_is_invited(without_place, settings, _quizzes(report))
    later = seen.get("view_consented_later", 0)  # who agreed on the same page is counted among both
    entry = ShopEntry(
        barred=(entering.barred(settings) or nowhere) if _is_drawn_by_pages(report, settings) else "",
        entered=seen.get("view", 0),
        no_consent=max(seen.get("view_no_consent", 0) - later, 0),
        no_storage=seen.get("view_no_storage", 0),
        limited=seen.get("view_limited", 0),
        connected=bool(settings.shop.origins),
    )
    health = replace(report.health, entry=entry)
    return replace(report, experiment=replace(report.experiment, health=health))


def _quizzes(report: AnyReport) -> tuple[str, ...]:
    """Return the quizzes whose pages draw for a report's experiment, none where those of all do."""
    if isinstance(report, ExperimentReport):
        return report.quizzes
    return (report.quiz,) if isinstance(report, Report) else ()


def _since(report: AnyReport) -> datetime:
    frozen = report.trial.frozen if report.trial else None
    return frozen.started_at if frozen else report.made_at - _RECENT


def _is_drawn_by_pages(report: AnyReport, settings: Settings) -> bool:
    """Tell whether an experiment is under way whose visitors the shop's pages draw; a door asks by itself."""
    if isinstance(report, ExperimentReport):
        comparison = settings.comparisons.get(report.name)
        return not (comparison and comparison.door)
    return isinstance(report, Report) and report.trial is not None

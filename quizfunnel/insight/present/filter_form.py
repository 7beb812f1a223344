"""The form that chooses a part of the visitors, and what the page says of one; pure."""

from collections.abc import Iterable
from urllib.parse import urlencode

from quizfunnel.insight.cells.segment import UNKNOWN, Version
from quizfunnel.insight.present.pages import Filter, Option, Select
from quizfunnel.insight.report.figures import Report
from quizfunnel.insight.words.numbers import day, many
from quizfunnel.log.definitions import EXPLORED


def form(report: Report, address: str, known: tuple[Version, ...]) -> Filter:
    """Return the form; without a second version there is nothing to choose of them."""
    part, sort = report.part, "simulated" if report.simulated else "real"
    windows = [("", f"{many(report.declared_days, 'day')}, as declared")]
    windows += [(str(days), many(days, "day")) for days in EXPLORED if days != report.declared_days]
    selects = [
        _select("window", "Window", windows, str(part.days or "")),
        _select("device", "Device", _words(report.segment.devices), _chosen(part.device)),
        _select("channel", "Channel", _words(report.segment.channels), _chosen(part.channel)),
    ]
    if len(known) > 1:
        names = [("", "any"), *((each.id, _days(each)) for each in known)]
        selects.append(_select("version", "Days of a quiz version", names, part.version))
    first, last = (each.isoformat() if each and not part.version else "" for each in (part.first, part.last))
    return Filter(address, sort, first, last, tuple(selects), not report.is_whole, f"{address}?data={sort}")


def query(report: Report) -> str:
    """Return what leads to the same figures, as the end of an address."""
    part = report.part
    choices = {
        "data": "simulated" if report.simulated else "real",
        "from": part.first.isoformat() if part.first else "",
        "to": part.last.isoformat() if part.last else "",
        "device": _chosen(part.device),
        "channel": _chosen(part.channel),
        "window": str(part.days or ""),
        "version": part.version,
    }
    return f"?{urlencode({name: value for name, value in choices.items() if value})}"


def _select(name: str, label: str, values: Iterable[tuple[str, str]], chosen: str) -> Select:
    return Select(name, label, tuple(Option(value, text, value == chosen) for value, text in values))


def _words(values: Iterable[str]) -> list[tuple[str, str]]:
    return [("", "any"), *((value or UNKNOWN, value or UNKNOWN) for value in values)]


def _chosen(value: str | None) -> str:
    return "" if value is None else value or UNKNOWN


def _days(version: Version) -> str:
    start = f"from {day(version.first)}" if version.first else "from the start"
    end = f" to {day(version.last)}" if version.last else ""
    return f"{start}{end} ({version.id[:8]})"

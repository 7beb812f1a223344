"""Segment of the visitors: of a period, a device, a channel or a version's days, or within another window; pure.

Whoever looks at many parts finds one that looks large by chance, so that a part carries no verdict.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from quizfunnel.insight.cells.row import CellRow
from quizfunnel.log.days import date_of
from quizfunnel.log.definitions import EXPLORED

UNKNOWN = "unknown"  # in an address, for a device or a channel that no browser told


class Segment(NamedTuple):
    """Segment of the visitors by facts known at the start of their clocks; without any, all of them."""

    first: date | None = None
    last: date | None = None
    device: str | None = None
    channel: str | None = None
    days: int | None = None  # of another window than the declared
    version: str = ""

    def holds(self, row: CellRow) -> bool:
        """Tell whether a row of the rollup belongs to it; whole days alone."""
        day = date_of(row.day)
        return (
            row.days == (self.days or row.declared)
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
            and self.device in (None, row.device)
            and self.channel in (None, row.channel)
        )


class Version(NamedTuple):
    """A quiz version and the whole days on which it was the newest; the first one is that of everything before, too."""

    id: str
    first: date | None
    last: date | None


WHOLE = Segment()


def versions(published: Sequence[tuple[str, datetime]]) -> tuple[Version, ...]:
    """Return the versions in the order they came, each with its days; one replaced on its own day has none."""
    ordered = sorted(published, key=lambda each: each[1])
    known = []
    # both edges of a version are days on which two versions were served: neither may claim them
    for place, (id, at) in enumerate(ordered):
        first = at.date() + timedelta(days=1) if place else None
        last = ordered[place + 1][1].date() - timedelta(days=1) if place + 1 < len(ordered) else None
        if first is None or last is None or first <= last:
            known.append(Version(id, first, last))
    return tuple(known)


def read(query: Mapping[str, str], known: Sequence[Version]) -> Segment:
    """Return the part that an address asks for; ValueError, in words for the reader, for what cannot be."""
    first, last = _date(query, "from"), _date(query, "to")
    version = query.get("version", "")
    if version:
        of = next((each for each in known if each.id == version), None)
        if of is None:
            raise ValueError("There is no such version of this quiz.")
        first, last = _latest(first, of.first), _earliest(last, of.last)
    if first and last and first > last:
        raise ValueError("That period ends before it begins.")
    return Segment(first, last, _word(query, "device"), _word(query, "channel"), _window(query), version)


def _date(query: Mapping[str, str], name: str) -> date | None:
    text = query.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"{name} is a date such as 2026-03-31.") from None


def _word(query: Mapping[str, str], name: str) -> str | None:
    return {"": None, UNKNOWN: ""}.get(query.get(name, ""), query.get(name))


def _window(query: Mapping[str, str]) -> int | None:
    text = query.get("window", "")
    if text in ("", *map(str, EXPLORED)):
        return int(text) if text else None
    raise ValueError(f"window is {' or '.join(map(str, EXPLORED))} days, or left out for the declared one.")


def _latest(one: date | None, two: date | None) -> date | None:
    return max((each for each in (one, two) if each), default=None)


def _earliest(one: date | None, two: date | None) -> date | None:
    return min((each for each in (one, two) if each), default=None)

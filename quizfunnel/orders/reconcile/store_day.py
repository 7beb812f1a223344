"""A day of the store's own clock: 23, 24 or 25 hours between two moments; pure."""

from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones


class ZoneError(ValueError):
    """A name that is no time zone's; the text names the nearest."""


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of a name like ``Europe/London``; ZoneError for any other."""
    known = available_timezones()
    if name in known:
        return ZoneInfo(name)
    if not known:
        raise ZoneError("this machine has no data of time zones; install the package `tzdata`")
    near = _nearest(name, known)
    remedy = f"is {near} meant?" if near else "write its place, like Europe/London or America/New_York"
    raise ZoneError(f"no time zone is called {name[:60]!r}; {remedy}")


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the moments at which a day begins and at which the next one does."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _nearest(name: str, known: set[str]) -> str:
    """Return the known zone that a name is nearest to, "" where none is near: by its letters or by its place's.

    What has digits is an offset, and no place is near to another one's.
    """
    if any(letter.isdigit() for letter in name):
        return ""
    wanted = name.strip().lower().replace(" ", "_")
    lowered = {zone.lower(): zone for zone in sorted(known)}
    places = {zone.rsplit("/", 1)[-1]: zone for zone in reversed(lowered)}
    for names in (lowered, places):
        if near := get_close_matches(wanted, names, n=1, cutoff=0.75):
            return lowered[names[near[0]].lower()]
    return ""

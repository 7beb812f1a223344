"""Days of the log as integers: days since 1970, in UTC; pure."""

from datetime import UTC, date, datetime

_FIRST_DAY = date(1970, 1, 1).toordinal()


def date_of(day: int) -> date:
    """Return a day of the rollup as a date."""
    return date.fromordinal(_FIRST_DAY + day)


def number_of(day: date) -> int:
    """Return a date as the rollup numbers it."""
    return day.toordinal() - _FIRST_DAY


def day_of(moment: datetime) -> int:
    """Return the day of a moment, as the rollup numbers it."""
    return number_of(moment.astimezone(UTC).date())

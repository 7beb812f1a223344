"""Number formats: figures as people read them; pure."""

from datetime import date, datetime
from math import ceil, floor, inf, isinf, log10

from quizfunnel.stats.intervals import Interval

_SECONDS = 60


def number(value: int) -> str:
    """Return a whole number with separators: ``number(12345) == "12,345"``."""
    return f"{value:,}"


def about(value: int) -> str:
    """Return a planned number without more digits than it deserves: ``about(153839) == "154,000"``."""
    if value < 100:  # noqa: PLR2004 - three digits are kept, and this has no more
        return number(value)
    return number(round(value, 2 - floor(log10(value))))


def many(count: int, one: str, more: str = "") -> str:
    """Return a count with its noun: ``many(1, "day") == "1 day"``."""
    return f"{number(count)} {one if count == 1 else more or one + 's'}"


def percent(share: float) -> str:
    """Return a share: two decimals below 10 %, one above, none where nothing follows."""
    value = share * 100
    if value in (0, 100):
        return f"{value:.0f}%"
    return f"{value:.2f}%" if value < 10 else f"{value:.1f}%"  # noqa: PLR2004


def change(ratio: float, *, up: bool) -> str:
    """Return a ratio as a change in percent, rounded outwards: ``change(1.067, up=False) == "+6%"``.

    A change that is not zero keeps as many decimals as it needs not to look like zero.
    """
    value = (ratio - 1) * 100
    turn = ceil if up else floor
    for decimals in range(4):
        scale = 10**decimals
        # a tiny allowance, so that 1.06 is +6% and not +5% by the last bit of a double
        rounded = turn(value * scale + (-1e-9 if up else 1e-9)) / scale
        if rounded != 0 or value == 0:
            return f"{rounded:+,.{decimals}f}%"
    return "+0%" if value > 0 else "-0%"


def interval(limits: Interval, unit: str = "percent") -> str:
    """Return limits as a range in `unit`: percent, times or points."""
    if unit == "times":
        low = times(limits.low)
        return f"{low} or more" if isinf(limits.high) else f"{low} to {times(limits.high)}"
    if unit == "points":
        return f"{points(limits.low)} to {points(limits.high)}"
    return f"{percent(limits.low)} to {percent(limits.high)}"


def estimate(limits: Interval, unit: str = "percent") -> str:
    """Return the estimate in `unit`, or that there is none."""
    if limits.estimate is None:
        return "can't tell"
    return {"percent": percent, "times": times, "points": points}[unit](limits.estimate)


def times(ratio: float) -> str:
    """Return a ratio: ``times(2.13) == "2.1x"``."""
    if ratio == inf:
        return "no upper limit"
    return f"{ratio:,.0f}x" if ratio >= 100 else f"{ratio:.1f}x" if ratio >= 10 else f"{ratio:.2f}x"  # noqa: PLR2004


def points(gap: float) -> str:
    """Return a difference of two shares in percentage points."""
    return f"{gap * 100:+.2f}"


def duration(milliseconds: float | None) -> str:
    """Return a time: ``duration(65000) == "1 min 5 s"``."""
    if milliseconds is None:
        return "can't tell"
    if milliseconds < 10_000:  # noqa: PLR2004
        return f"{milliseconds / 1000:.1f} s"
    minutes, seconds = divmod(round(milliseconds / 1000), _SECONDS)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def day(moment: date) -> str:
    """Return a date: ``2 March 2026``."""
    return f"{moment.day} {moment:%B %Y}"


def minute(moment: datetime) -> str:
    """Return a date and time in UTC."""
    return f"{day(moment)}, {moment:%H:%M} UTC"

"""Definitions of the log: windows, bands of active time, and what counts as staying or idle; pure."""

from typing import NamedTuple

WINDOW_DAYS = 7  # where no experiment declares another


DAY_MS = 86_400_000


STAYED_MS = 30_000


LONG_MS = 180_000  # "3+ minutes"


IDLE_MS = 30 * 60_000  # an attempt touched more recently may still go on


TRAFFIC_DAYS = 28  # "today's traffic" is the mean over these


class Band(NamedTuple):
    """One band of invested active time, in milliseconds: low <= time < high (None is no end)."""

    low: int
    high: int | None
    label: str


BANDS = (
    Band(0, 30_000, "0 to 30 s"),
    Band(30_000, 60_000, "30 to 60 s"),
    Band(60_000, 120_000, "1 to 2 min"),
    Band(120_000, 180_000, "2 to 3 min"),
    Band(180_000, 300_000, "3 to 5 min"),
    Band(300_000, None, "5 min or more"),
)


EXPLORED = (1, 30)  # days of the windows beside it


class WaitLimits(NamedTuple):
    """Limits of what is counted while somebody waits, in visitors."""

    live: int = 20_000  # who are counted without a word, though stored figures are there
    awaited: int = 100_000  # of a log that was never rolled up, who are counted all the same: it takes some seconds


WAIT_LIMITS = WaitLimits()

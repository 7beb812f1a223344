"""Quantiles of times; pure.

Hyndman & Fan, "Sample quantiles in statistical packages", American Statistician 50 (1996), type 7.
"""

from collections.abc import Sequence
from math import floor
from typing import NamedTuple


class Quantiles(NamedTuple):
    """Median and 90 % point of `n` times, in milliseconds; None where there is none."""

    n: int
    median: float | None
    p90: float | None


def quantiles(times: Sequence[int]) -> Quantiles:
    """Return the median and the 90 % point, between two values by their distance (type 7)."""
    ordered = sorted(times)
    return Quantiles(len(ordered), _at(ordered, 0.5), _at(ordered, 0.9))


def _at(ordered: Sequence[int], share: float) -> float | None:
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])

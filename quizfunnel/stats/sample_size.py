"""Sample size: the visitors, and days, that it takes to see an effect of a given size; pure."""

from math import ceil, log, sqrt
from statistics import NormalDist
from typing import NamedTuple

from quizfunnel.stats.defaults import (
    ALPHA,
    ASSUMED_BASE,
    BURN_IN,
    CONCENTRATION,
    PLANNED,
    POWER,
    SHARES,
)

_HALVINGS = 200
_Z_POWER = NormalDist().inv_cdf(POWER)
_Z_TOTAL = NormalDist().inv_cdf(1 - ALPHA / 2) + _Z_POWER


class Plan(NamedTuple):
    """Visitors of both arms needed to see an effect, those still to come, and their days at today's traffic."""

    effect: float
    visitors: int
    more: int
    days: int | None


class PlanningInput(NamedTuple):
    """An experiment under way: rate to plan with, share held out, visitors seen and new ones a day, days of window."""

    base: float
    holdout_share: float
    seen: int
    per_day: float
    window_days: int


class ShareOption(NamedTuple):
    """Plan of a holdout's share from now on: visitors and days, those without an invitation, and days saved by it.

    `saves` is negative where the share costs days against going on as it is, and None without traffic.
    """

    holdout_share: float
    more: int
    held_out: int
    days: int | None
    saves: int | None


def fixed_visitors(base: float, holdout_share: float, effect: float) -> float:
    """Return the visitors of both arms that one look at the end needs.

    Normal approximation with the base rate's variance in both arms, two-sided 5 %, power 80 %.
    """
    gap = base * effect
    return _Z_TOTAL**2 * base * (1 - base) / (gap * gap * holdout_share * (1 - holdout_share))


def looking_factor(purchases: float, *, k: float = CONCENTRATION) -> float:
    """Return by how much more visitors one needs for being allowed to look at any time.

    The e-value of the ratio's mixture (Lindon & Malek 2022) crosses 1/alpha where z squared is
    (k + m) / m (2 ln(1/alpha) + ln((k + m) / k)), m being the purchases of both arms.
    """
    crossing = sqrt((k + purchases) / purchases * (-2 * log(ALPHA) + log((k + purchases) / k)))
    return ((crossing + _Z_POWER) / _Z_TOTAL) ** 2


def visitors(base: float, holdout_share: float, effect: float) -> int:
    """Return the visitors of both arms that seeing `effect` needs when one may look at any time."""
    fixed = fixed_visitors(base, holdout_share, effect)
    low, high = fixed, fixed * 2
    # the factor depends on the purchases, and these on the visitors that are sought: a fixed point, found by halving
    while high < fixed * looking_factor(high * base):
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if middle < fixed * looking_factor(middle * base) else (low, middle)
    return ceil(high)


def default_size(share: float) -> int:
    """Return the visitors at which differences are tightest: those who show +50 %, by the share alone.

    No look bends it. Planned 25 times too small, limits are a tenth wider than they could be; 25 times too large, two
    thirds.
    """
    return visitors(ASSUMED_BASE, share, PLANNED[-1])


def base_rate(buyers: int, mature: int) -> tuple[float, bool]:
    """Return the rate to plan with, and whether it is only assumed because too few have bought yet."""
    # where all bought the variance would be 0, and nobody needed
    if buyers < BURN_IN or buyers >= mature:
        return ASSUMED_BASE, True
    return buyers / mature, False


def plan(effect: float, *, base: float, holdout_share: float, seen: int, per_day: float) -> Plan:
    """Return what seeing `effect` still takes after `seen` visitors, at `per_day` new ones."""
    needed = visitors(base, holdout_share, effect)
    more = max(0, needed - seen)
    return Plan(effect, needed, more, ceil(more / per_day) if per_day > 0 else None)


def outlook(setting: PlanningInput, effects: tuple[float, ...] = PLANNED) -> tuple[Plan, ...]:
    """Return what seeing each of several effects still takes."""
    return tuple(_plan(effect, setting) for effect in effects)


def share_options(effect: float, setting: PlanningInput, shares: tuple[float, ...] = SHARES) -> tuple[ShareOption, ...]:
    """Return what seeing `effect` takes with each share of holdout, the present one among them.

    Another share starts the count again, and its first visitors count when their window has closed.
    """
    present = _plan(effect, setting)
    return tuple(_option(share, effect, setting, present) for share in sorted({*shares, setting.holdout_share}))


def _option(share: float, effect: float, setting: PlanningInput, present: Plan) -> ShareOption:
    # who came under another share is never added to these: only going on as it is keeps the visitors of so far
    if share == setting.holdout_share:
        return ShareOption(
            share, present.more, ceil(present.more * share), present.days, None if present.days is None else 0
        )
    more = visitors(setting.base, share, effect)
    days = ceil(more / setting.per_day) + setting.window_days if setting.per_day > 0 else None
    saves = None if days is None or present.days is None else present.days - days
    return ShareOption(share, more, ceil(more * share), days, saves)


def _plan(effect: float, setting: PlanningInput) -> Plan:
    return plan(
        effect, base=setting.base, holdout_share=setting.holdout_share, seen=setting.seen, per_day=setting.per_day
    )

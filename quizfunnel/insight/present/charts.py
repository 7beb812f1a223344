"""Charts of the page: the coordinates of their marks, which the templates only draw; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from quizfunnel.insight.behaviour.funnel import Funnel
from quizfunnel.insight.behaviour.takers import Rate
from quizfunnel.insight.randomised.figures import Look
from quizfunnel.insight.words.numbers import (
    estimate,
    interval,
    number,
    percent,
)
from quizfunnel.stats.confidence_sequence import Sequence as Limits
from quizfunnel.stats.intervals import Interval
from quizfunnel.stats.survival import Point

WIDTH = 400
_EDGE = 24  # room for half a tick's label and for the arrow of an open end
_FURTHEST = 3.0  # a change of +300 % or more runs off the chart
_ROW = 40
_AXIS = 24
_LONGEST = 46  # letters of a label that fit above its bar
_LEAST = 0.1
_LEFT, _TOP, _TALL = 50, 8, 150  # of a line chart: room for the labels at its side, and its height


@dataclass(frozen=True, slots=True)
class Tick:
    """One mark of an axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalChart:
    """The verdict's limits over a zero line; an open end runs off the chart as an arrow."""

    title: str
    desc: str
    kind: str
    zero: float
    low: float
    high: float
    middle: float | None
    open_low: bool
    open_high: bool
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One labelled row: a bar of `width`, a whisker from `low` to `high` where there is one, and its words."""

    y: int
    label: str
    says: str
    width: float
    low: float | None = None
    high: float | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class BarChart:
    """Rows of bars below each other."""

    title: str
    desc: str
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class BandLine:
    """A line within a band, as SVG paths, over marked axes; `zero` is the height of no change where there is one."""

    title: str
    desc: str
    band: str
    line: str
    zero: float | None
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]  # `x` is the height


def narrowing(looks: Sequence[Look], *, says: str) -> BandLine | None:
    """Return how the limits of the arms' ratio narrowed from day to day, as a change in percent.

    None before there are two days with an estimate. What runs off the chart is cut at its edge.
    """
    # before the holdout's first purchase there is no ratio to draw, only an end that is open
    known = [look for look in looks if look.ratio.estimate is not None]
    if len(known) < 2 or known[0].day == known[-1].day:  # noqa: PLR2004
        return None
    last = known[-1].ratio
    # by the last limits: the first ones are so wide that a scale by them would flatten the rest
    reach = min(_FURTHEST, max(_LEAST, *(3 * abs(end - 1) for end in (last.low, last.high) if isfinite(end))))
    least = max(-1.0, -reach)
    first, days = known[0].day.toordinal(), (known[-1].day - known[0].day).days

    def height(change: float) -> float:
        return _height((min(max(change, least), reach) - least) / (reach - least))

    xs = [_across((look.day.toordinal() - first) / days) for look in known]
    lows, middles, highs = (
        [height(ratio - 1) for ratio in ratios]
        for ratios in zip(*((r.low, r.estimate or 0.0, r.high) for r in (look.ratio for look in known)), strict=True)
    )
    across = (
        (known[0].day, xs[0]), (known[len(known) // 2].day, xs[len(known) // 2]), (known[-1].day, xs[-1]),
    )  # fmt: skip
    return BandLine(
        "How the interval narrowed",
        says,
        _path([*zip(xs, lows, strict=True), *reversed(list(zip(xs, highs, strict=True)))]) + " Z",
        _path(list(zip(xs, middles, strict=True))),
        height(0),
        tuple(Tick(x, f"{day.day} {day:%b}") for day, x in across),
        tuple(Tick(height(step), f"{step:+.0%}" if step else "0") for step in _steps(least, reach)),
    )


def staying(points: Sequence[Point], *, title: str, ticks: Sequence[tuple[int, str]]) -> BandLine | None:
    """Return the share that stays beyond each place, as steps from 100 %; None where nobody came.

    Each tick is a place on the axis, whose last one is its end, with its label.
    """
    if not points:
        return None
    end = ticks[-1][0]
    shown = [point for point in points if point.at <= end]
    corners: list[tuple[float, Interval]] = [(0.0, Interval(1.0, 1.0, 1.0))]
    for point in shown:
        corners += [(point.at, corners[-1][1]), (point.at, point.staying)]
    corners.append((end, corners[-1][1]))
    xs = [_across(at / end) for at, _ in corners]
    lows, middles, highs = (
        [_height(share or 0.0) for share in shares]
        for shares in zip(*((limits.low, limits.estimate, limits.high) for _, limits in corners), strict=True)
    )
    last = corners[-1][1]
    return BandLine(
        title,
        f"Beyond {ticks[-1][1]} {estimate(last)} ({interval(last)}) are still there.",
        _path([*zip(xs, lows, strict=True), *reversed(list(zip(xs, highs, strict=True)))]) + " Z",
        _path(list(zip(xs, middles, strict=True))),
        None,
        tuple(Tick(_across(at / end), label) for at, label in ticks),
        tuple(Tick(_height(share), f"{share:.0%}") for share in (0.0, 0.25, 0.5, 0.75, 1.0)),
    )


def verdict_interval(limits: Limits, *, kind: str, says: str, title: str) -> IntervalChart:
    """Return the chart of a ratio's limits as a change in percent."""
    low = max(limits.low - 1, -1.0)
    high = min(limits.high - 1, _FURTHEST)
    span = max(abs(low), abs(high), _LEAST)
    left, right = -min(1.0, span * 1.1), min(_FURTHEST, span * 1.1)

    def place(change: float) -> float:
        return round(_EDGE + (min(max(change, left), right) - left) / (right - left) * (WIDTH - 2 * _EDGE), 1)

    estimated = limits.estimate
    return IntervalChart(
        title=title,
        desc=says,
        kind=kind,
        zero=place(0),
        low=place(low),
        high=place(high),
        middle=place(estimated - 1) if estimated is not None and estimated - 1 <= right else None,
        open_low=limits.low <= 0,
        open_high=not isfinite(limits.high) or limits.high - 1 > _FURTHEST,
        ticks=tuple(Tick(place(change), f"{change:+.0%}" if change else "0") for change in _steps(left, right)),
    )


def rate_bars(title: str, rates: Sequence[Rate], *, strong: str = "") -> BarChart:
    """Return the rates of `rates` as bars with their limits as whiskers, on one scale from zero."""
    measured = [rate for rate in rates if rate.rate.estimate is not None]
    reach = max((rate.rate.high for rate in measured if rate.visitors >= 20), default=0.0)  # noqa: PLR2004 - few say little
    reach = max(reach, *(rate.rate.estimate or 0.0 for rate in measured), 0.01)

    def place(share: float) -> float:
        return round(min(1.0, share / reach) * WIDTH, 1)

    bars = []
    for row, rate in enumerate(rates):
        says = f"{estimate(rate.rate)} of {number(rate.visitors)}" if rate.visitors else "nobody yet"
        known = rate.rate.estimate is not None
        bars.append(
            Bar(
                row * _ROW,
                _short(rate.label),
                says,
                place(rate.rate.estimate or 0.0),
                place(rate.rate.low) if known else None,
                place(rate.rate.high) if known else None,
                rate.label == strong,
            )
        )
    told_as = "; ".join(f"{r.label}: {estimate(r.rate)} ({interval(r.rate)})" for r in rates if r.visitors)
    return BarChart(title, told_as or "Nobody yet.", len(bars) * _ROW, tuple(bars))


def funnel_bars(funnel: Funnel) -> BarChart:
    """Return what is left of the attempts at each step, as bars of the share that reached it."""
    ends = [
        ("Finished", funnel.finished),
        ("Saw the products", funnel.opened),
        ("Went on to a product", funnel.clicked),
    ]
    rows = [("Started", funnel.started), *((step.ask, step.reached) for step in funnel.steps), *ends]
    bars = tuple(
        Bar(
            place * _ROW,
            _short(label),
            f"{number(count)} ({percent(count / funnel.started)})" if funnel.started else "0",
            round(count / funnel.started * WIDTH, 1) if funnel.started else 0,
            strong=label == "Finished",
        )
        for place, (label, count) in enumerate(rows)
    )
    desc = "; ".join(f"{label}: {number(count)}" for label, count in rows)
    return BarChart("How far attempts come", desc, len(bars) * _ROW, bars)


def _across(share: float) -> float:
    return round(_LEFT + share * (WIDTH - _EDGE - _LEFT), 1)


def _height(share: float) -> float:
    return round(_TOP + (1 - share) * _TALL, 1)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in points)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip() + "…"


def _steps(left: float, right: float) -> Iterable[float]:
    """Return round places for about five ticks, zero among them."""
    width = right - left
    step = next(step for step in (0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0) if width / step <= 6 or step == 1.0)  # noqa: PLR2004
    first, last = -int(-left / step), int(right / step)
    return [count * step for count in range(first, last + 1)]

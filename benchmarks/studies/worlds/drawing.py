"""The picture of all seeds: in each world what is true, what the page's ratio was, and what the naive ones were."""

from collections.abc import Iterator, Mapping
from math import log
from typing import Any

from benchmarks.studies.worlds.summary import SAYS

WIDTH, LEFT, RIGHT, TOP, ROW, WORLD = 760, 250, 30, 64, 24, 104
LEAST, MOST = 0.5, 10.0
TICKS = (0.5, 1, 2, 5, 10)
MARKS = (
    ("itt", "the page: invited / holdout", "#1f5fa8"),
    ("finished", "naive: finished / cold", "#a1503c"),
    ("long", "naive: 3+ minutes / cold", "#a1503c"),
)


def as_svg(figures: Mapping[str, Any]) -> str:
    """Return the drawing, with the same in words for who cannot see it."""
    height = TOP + WORLD * len(SAYS) + 20
    space, font = "http://www.w3.org/2000/svg", 'font-family="sans-serif" font-size="14"'
    head = f"{figures['seeds']} simulated histories a world: mean and range of each ratio"
    parts = [
        f'<svg xmlns="{space}" viewBox="0 0 {WIDTH} {height}" {font} role="img" aria-labelledby="title description">',
        '<title id="title">Ratios of purchase rates in three simulated worlds</title>',
        f'<desc id="description">{describe(figures)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="14" y="24" font-weight="bold">{head}</text>',
        *_axis(height),
    ]
    for place, name in enumerate(SAYS):
        parts += _world(name, figures["worlds"][name], TOP + WORLD * place)
    return "\n".join([*parts, "</svg>"]) + "\n"


def describe(figures: Mapping[str, Any]) -> str:
    """Return the drawing in words."""
    return " ".join(
        f"Where {says} the true ratio is {figures['worlds'][name]['true_ratio']:.2f}; "
        + "; ".join(f"{label}: {_around(figures['worlds'][name][key])}" for key, label, _ in MARKS)
        + "."
        for name, says in SAYS.items()
    )


def _around(each: Mapping[str, float]) -> str:
    return f"mean {each['mean']:.2f}, from {each['low']:.2f} to {each['high']:.2f}"


def _axis(height: int) -> Iterator[str]:
    for tick in TICKS:
        heavy = "#555" if tick == 1 else "#ddd"
        yield f'<line x1="{_x(tick)}" x2="{_x(tick)}" y1="{TOP - 8}" y2="{height - 16}" stroke="{heavy}"/>'
        yield f'<text x="{_x(tick)}" y="{TOP - 14}" text-anchor="middle">{tick:g}x</text>'


def _world(name: str, world: Mapping[str, Any], top: int) -> Iterator[str]:
    true = world["true_ratio"]
    yield f'<text x="14" y="{top + 18}" font-weight="bold">{SAYS[name].capitalize()} (true: {true:.2f}x)</text>'
    for place, (key, label, colour) in enumerate(MARKS):
        y = top + 18 + ROW * (place + 1)
        found = world[key]
        yield f'<text x="14" y="{y}">{label}</text>'
        yield (
            f'<line x1="{_x(found["low"])}" x2="{_x(found["high"])}" y1="{y - 5}" y2="{y - 5}" stroke="{colour}" '
            'stroke-width="3"/>'
        )
        yield f'<circle cx="{_x(found["mean"])}" cy="{y - 5}" r="6" fill="{colour}"/>'
    bottom = top + 18 + ROW * len(MARKS) + 4
    yield (
        f'<line x1="{_x(true)}" x2="{_x(true)}" y1="{top + 24}" y2="{bottom}" stroke="#111" stroke-width="2" '
        'stroke-dasharray="4 3"/>'
    )


def _x(ratio: float) -> float:
    """Return where a ratio lies, on a logarithmic axis that holds it."""
    share = log(min(MOST, max(LEAST, ratio)) / LEAST) / log(MOST / LEAST)
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

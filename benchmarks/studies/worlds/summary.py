"""Summary of all seeds: verdicts counted, ratios averaged, the truth beside them, and the targets."""

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import Any

from benchmarks.calibration.row import Row, share
from benchmarks.studies.worlds.count import Seen
from quizfunnel.insight.behaviour.takers import Compared
from quizfunnel.log.states import HOLDOUT, INVITED
from quizfunnel.stats.defaults import ALPHA
from quizfunnel.stats.intervals import wilson

SAYS = {
    "nothing": "the quiz does nothing",
    "helps": "the quiz helps",
    "hurts": "the quiz hurts",
}
RIGHT = {"nothing": "unclear", "helps": "yes", "hurts": "less"}
VERDICTS = {"yes": "yes", "unclear": "can't tell", "less": "sells less", "withheld": "withheld"}


def figures(found: Sequence[Mapping[str, Seen]]) -> dict[str, Any]:
    """Return each world's figures, and the targets with what was measured."""
    by_world = {name: [each[name] for each in found] for name in SAYS}
    worlds = {name: _world(each) for name, each in by_world.items()}
    return {"worlds": worlds, "targets": [row.figures() for row in _targets(by_world, worlds)]}


def table(found: dict[str, Any]) -> str:
    """Return the worlds as a person reads them, then the targets."""
    of = f"{found['seeds']} histories of {found['visitors']:,} SIMULATED visitors"
    held = f"{found['holdout_share']:.0%} held out"
    lines = [f"What the page of {found['quiz']} says in the shop '{found['shop']}', {held}; {of} each [95 %]"]
    for name, world in found["worlds"].items():
        lines += ["", *_lines(name, world, found["seeds"])]
    lines += ["", f"{'Targets':58}{'measured':>10}{'+-':>8}   target"]
    for row in found["targets"]:
        met = "met" if row["met"] else "MISSED"
        lines.append(f"  {row['what']:56}{row['measured']:>10.1%}{row['error']:>8.1%}   {row['target']} {met}")
    return "\n".join([*lines, "", f"{found['seconds']:.0f} s"])


def _world(found: Sequence[Seen]) -> dict[str, Any]:
    truth = _truth(found)
    return {
        "true_ratio": truth,
        "mature": round(fmean(each.visitors for each in found)),
        "holdout_rate": _rate([each.takers.cold[-1].pair for each in found]),
        "at_the_end": {kind: _share([each.kind == kind for each in found]) for kind in VERDICTS},
        "on_any_day": {kind: _share([kind in each.looks for each in found]) for kind in ("yes", "less")},
        "true_on_every_day": _share([each.highest_low <= truth <= each.lowest_high for each in found]),
        "itt": _spread([each.ratio.estimate for each in found]),
        "finished": _spread([_row(each.takers.states, "Finished").ratio.estimate for each in found]),
        "long": _spread([each.takers.long[0].ratio.estimate for each in found]),
        "fooled": _share([each.takers.long[0].ratio.low > 1 for each in found]),
        "by_seed": [each.kind for each in found],
    }


def _truth(found: Sequence[Seen]) -> float:
    """Return the ratio of the two arms' mean chances of buying, over everybody who was ever simulated."""
    one, two = (_mean_chance([each.chances[arm] for each in found]) for arm in (INVITED, HOLDOUT))
    return one / two


def _mean_chance(found: Sequence[tuple[float, int]]) -> float:
    return sum(chances for chances, _ in found) / sum(visitors for _, visitors in found)


def _rate(found: Sequence[tuple[int, int]]) -> float:
    return sum(buyers for buyers, _ in found) / sum(visitors for _, visitors in found)


def _row(rows: Sequence[Compared], label: str) -> Compared:
    return next(each for each in rows if each.row.label == label)


def _share(found: Sequence[bool]) -> dict[str, Any]:
    count = sum(found)
    return {"count": count, **wilson(count, len(found))._asdict()}


def _spread(found: Sequence[float | None]) -> dict[str, float]:
    """Return mean, standard deviation and range of the ratios that there are; raise RuntimeError below two."""
    known = [each for each in found if each is not None]
    if len(known) < 2:
        raise RuntimeError("fewer than two histories have buyers of each kind: more seeds or visitors are needed")
    return {"mean": fmean(known), "spread": stdev(known), "low": min(known), "high": max(known)}


def _targets(by_world: Mapping[str, Sequence[Seen]], worlds: Mapping[str, Any]) -> list[Row]:
    seeds = len(by_world["nothing"])

    def ever(name: str, kind: str) -> int:
        return int(worlds[name]["on_any_day"][kind]["count"])

    return [
        share("yes on any day, the quiz does nothing", ever("nothing", "yes"), seeds, high=ALPHA),
        share("yes on any day, the quiz hurts", ever("hurts", "yes"), seeds, high=ALPHA),
        share("sells less on any day, the quiz helps", ever("helps", "less"), seeds, high=ALPHA),
        *(
            share(
                f"limits hold the truth every day, {SAYS[name]}",
                held["true_on_every_day"]["count"],
                seeds,
                low=1 - ALPHA,
            )
            for name, held in worlds.items()
        ),
        share("seen at the end: the quiz helps (power)", worlds["helps"]["at_the_end"]["yes"]["count"], seeds),
        share("seen at the end: the quiz hurts (power)", worlds["hurts"]["at_the_end"]["less"]["count"], seeds),
    ]


def _lines(name: str, world: dict[str, Any], seeds: int) -> list[str]:
    said = [f"{VERDICTS[kind]} {_limits(each)}" for kind, each in world["at_the_end"].items() if each["count"]]
    ever = [f"{VERDICTS[kind]} {_limits(each)}" for kind, each in world["on_any_day"].items()]
    return [
        f"{SAYS[name]}: true ratio {world['true_ratio']:.3f}; {world['mature']:,} visitors counted, on average",
        f"  the page, at the end            {'; '.join(said)}",
        f"  the page, on any day            {'; '.join(ever)}",
        f"  its ratio of the arms           {_around(world['itt'])}",
        f"  naive: finished / cold          {_around(world['finished'])}",
        f"  naive: 3+ minutes / cold        {_around(world['long'])}",
        f"    surely above 1, if it were a test: {world['fooled']['count']} of {seeds}",
    ]


def _limits(each: Mapping[str, Any]) -> str:
    return f"{each['estimate']:.1%} [{each['low']:.1%}, {each['high']:.1%}]"


def _around(each: Mapping[str, float]) -> str:
    return f"{each['mean']:.2f} +- {each['spread']:.2f}, from {each['low']:.2f} to {each['high']:.2f}"

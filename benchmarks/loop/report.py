"""The loop's figures beside their targets, as a person reads them; the standard library alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import exp, log, sqrt
from statistics import NormalDist, mean, stdev
from typing import Any

OURS = "QuizRecommender"
IDEA = "idea: slope a question"  # not in the product
REGRET, PROMOTED, COVERED = 0.70, 0.05, 0.93  # targets
_STUDENT = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}

Regrets = Mapping[str, Mapping[str, Sequence[float]]]


def rows_by(rows: Sequence[dict[str, Any]], what: str = "regret") -> dict[str, dict[str, list[float]]]:
    """Return one figure as {world: {policy: [seeds]}}."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows, key=lambda row: int(row["seed"])):
        found[row["world"]][row["policy"]].append(row[what])
    return {world: dict(policies) for world, policies in found.items()}


def ratios(regrets: Regrets) -> list[dict[str, Any]]:
    """Return our regret over the best peer's of each world, the geometric mean over seeds with its 95 % limits.

    The best peer is the one of the least mean regret on the very seeds that are compared.
    """
    return [
        {"world": world, "policy": ours, **_ratio(policies, ours)}
        for ours in (OURS, IDEA)
        for world, policies in regrets.items()
    ]


def _ratio(policies: Mapping[str, Sequence[float]], ours: str) -> dict[str, Any]:
    peers = {name: mean(each) for name, each in policies.items() if name not in {OURS, IDEA}}
    best = min(peers, key=peers.__getitem__)
    logs = [log(mine / theirs) for mine, theirs in zip(policies[ours], policies[best], strict=True)]
    half = _STUDENT.get(len(logs), 1.96) * stdev(logs) / sqrt(len(logs))
    return {
        "best": best,
        "ratio": exp(mean(logs)),
        "low": exp(mean(logs) - half),
        "high": exp(mean(logs) + half),
        "met": exp(mean(logs)) <= REGRET,
    }


def table(figures: dict[str, Any]) -> str:
    """Return regret and hits by world and policy, the ratios, false promotions and coverage, each beside its target."""
    lines = [
        f"Regret (purchases lost) at {figures['shoppers']} shoppers, mean of {figures['seeds']} seeds; purchases made"
    ]
    regrets, hits = rows_by(figures["rows"]), rows_by(figures["rows"], "hits")
    for world, policies in regrets.items():
        lines += ["", world]
        for policy in sorted(policies, key=lambda name: mean(policies[name])):
            lines.append(f"  {policy:26}{mean(policies[policy]):8.0f}{mean(hits[world][policy]):8.0f}")
    lines += ["", f"Our regret over the best peer's [95 %], target <= {REGRET:.2f}"]
    for row in figures["ratios"]:
        figure = f"{row['ratio']:.2f} [{row['low']:.2f}, {row['high']:.2f}]"
        lines.append(f"  {row['policy']:26}{row['world']:28}{figure:20}{_met(met=row['met'])} (best: {row['best']})")
    return "\n".join([*lines, "", *_promotion(figures), "", *_coverage(figures)])


def _promotion(figures: dict[str, Any]) -> list[str]:
    lines = [
        f"Challengers of equal value that were promoted, target <= {PROMOTED:.0%}; the limits' coverage, >= {COVERED}"
    ]
    for row in figures["promotion"]:
        promoted, covered, any_time = (
            row[name] / row["repeats"] for name in ("promoted", "covered", "covered_any_time")
        )
        limits = _wilson(row["promoted"], row["repeats"])
        lines += [
            f"  share {row['share']:.0%}, models {row['noise']} apart: {promoted:.1%} {limits} "
            + _met(met=promoted <= PROMOTED),
            f"    covered at the planned size {covered:.3f} {_met(met=covered >= COVERED)}, at any time {any_time:.3f}",
            f"    variance of the difference {row['scatter_to_plain']:.2f} x that of a plain A/B",
        ]
    power = figures["power"][0]
    promoted = power["promoted"] / power["repeats"]
    lines.append(
        f"  one that earns {power['lift']:+.0%}: {promoted:.0%}, after {power['median_shoppers']:.0f} (median)"
    )
    return lines


def _coverage(figures: dict[str, Any]) -> list[str]:
    lines = [f"Off-policy intervals that hold the truth, of those not refused, target >= {COVERED}"]
    for row in figures["coverage"]:
        told = row["repeats"] - row["refused"]
        share = row["covered"] / told if told else 1.0
        lines.append(
            f"  {row['policy']:5}{row['estimator']:6}{share:.3f} of {told}, {row['refused']} refused  "
            f"{_met(met=share >= COVERED)}"
        )
    return lines


def _wilson(count: int, trials: int) -> str:
    """Return Wilson's 95 % limits of a rate, in brackets."""
    z = NormalDist().inv_cdf(0.975)
    rate, square = count / trials, z * z / trials
    half = z * sqrt(rate * (1 - rate) / trials + square / (4 * trials)) / (1 + square)
    centre = (rate + square / 2) / (1 + square)
    return f"[{max(0.0, centre - half):.1%}, {centre + half:.1%}]"


def _met(*, met: bool) -> str:
    return "met" if met else "MISSED"

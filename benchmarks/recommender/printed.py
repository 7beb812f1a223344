"""The figures as one table for a person, each data set's targets under it; pure."""

from collections.abc import Sequence
from typing import Any

_HEAD = ("", "log-loss", "- best peer", "hit@1", "hit@3", "calibration", "fit s", "row us p50 / p99")
_WIDTHS = (27, 22, 26, 18, 18, 18, 7, 18)


def table(figures: dict[str, Any]) -> str:
    """Return the comparison, the targets, the prior's study and the published likelihood."""
    lines = ["real choices, tested by respondent; 95 % intervals in brackets", *figures["notes"], ""]
    for each in figures["comparison"]:
        lines += [*_compared(each), ""]
    lines += [
        "targets, for QuizRecommender against whichever peer came out best on the same tests",
        *_judged(figures),
        "",
    ]
    lines += [*_prior(figures["prior"]), "", *_published(figures["published"])]
    return "\n".join(line.rstrip() for line in lines)


def _compared(each: dict[str, Any]) -> list[str]:
    title = f"{each['data']}: {each['choices']:,} choices of {each['respondents']:,} respondents, {each['items']} items"
    rows = [_row(name, found) for name, found in each["contenders"].items()]
    failed = [f"  {name} did not take part: {why}" for name, why in each["failed"].items()]
    return [title, f"  {each['note']}", *failed, _cells(_HEAD), *rows]


def _row(name: str, found: dict[str, Any]) -> str:
    timed = (
        [f"{found['fit seconds']:.2f}", " / ".join(f"{us:.0f}" for us in found["one row us"])]
        if "one row us" in found
        else ["", ""]
    )
    kept = " *" if found.get("cached") else ""
    return _cells(
        (
            f"{name}{kept}",
            _interval(found.get("log-loss"), 4),
            _interval(found.get("log-loss - best peer"), 4, sign="+"),
            _interval(found["hit@1"], 3),
            _interval(found["hit@3"], 3),
            _interval(found.get("calibration error"), 3),
            *timed,
        )
    )


def _cells(cells: Sequence[str]) -> str:
    return "  " + "".join(f"{cell:<{width}} " for cell, width in zip(cells, _WIDTHS, strict=True))


def _interval(found: Sequence[float] | None, digits: int, sign: str = "") -> str:
    """Return an estimate and its interval, or a dash where there is none."""
    if found is None:
        return "-"
    value, low, high = (f"{number:{sign}.{digits}f}" for number in found)
    return f"{value} [{low}, {high}]"


def _judged(figures: dict[str, Any]) -> list[str]:
    return [
        f"  {each['data']:<11} {target['what']:<32} {_interval(target['found'], 4):<26} "
        f"target {target['target']:<9} {'met' if target['met'] else 'missed'}"
        for each in figures["comparison"]
        for target in each["targets"]
    ]


def _prior(cells: Sequence[dict[str, Any]]) -> list[str]:
    widths = (11, 9, 10, 8, 27, 27, 27, 6, 7)
    head = ("data", "form", "purchases", "rules", "prior - rules", "prior - none", "useless - none", "slope", "useless")
    rows = [
        (
            each["data"],
            each["form"],
            f"{each['purchases']:,}",
            f"{each['losses']['rules']:.3f}",
            *(_interval(found, 3, sign="+") for found in each["differences"].values()),
            f"{each['slope']:.2f}",
            f"{each['useless slope']:.2f}",
        )
        for each in cells
    ]
    said = (
        "the prior: QuizRecommender's log-loss with rules, beside the rules alone, no rules, and useless ones to none"
    )
    lines = [
        "  " + " ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)
    ]
    return [said, *lines] if cells else []


def _published(found: dict[str, Any]) -> list[str]:
    close = "met" if found["met"] else "missed"
    ours = f"log-likelihood {found['ours']:.4f}, published {found['published']:.3f}, target within {found['within']}"
    return [f"swissmetro's published logit, n = {found['trips']:,}: {ours}: {close}"]

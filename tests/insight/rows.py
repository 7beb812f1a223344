"""Rows of the rollup made by hand: visitors alike, of whom so many bought."""

from typing import Any

from quizfunnel.insight.cells.row import CellRow

_WORDS = ("arm", "state", "device", "channel", "landing", "currency")


def row(visitors: int = 0, buyers: int = 0, **more: Any) -> CellRow:
    """Return mature invited visitors who did not start the quiz, but for what is said otherwise."""
    blank: dict[str, Any] = {name: "" if name in _WORDS else 0 for name in CellRow._fields}
    usual = {"arm": "invited", "state": "cold", "mature": 1, "band": -1, "days": 7, "declared": 7, "share": 0.2}
    return CellRow(**blank | usual | {"visitors": visitors, "buyers": buyers} | more)


def money(buyers: int, each: int, *, prior: int = 0, **more: Any) -> CellRow:
    """Return what so many buyers spent, the same each, with the same each before."""
    sums = {
        "orders": buyers, "revenue": buyers * each, "revenue_squared": float(buyers * each**2),
        "revenue_prior": float(buyers * each * prior), "capped": buyers * each,
        "capped_squared": float(buyers * each**2), "capped_prior": float(buyers * each * prior),
        "prior": buyers * prior, "prior_squared": float(buyers * prior**2), "prior_buyers": buyers if prior else 0,
    }  # fmt: skip
    return row(0, buyers, **{"currency": "GBP"} | sums | more)

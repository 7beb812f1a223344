"""The snapshot of a log: cells, and the supplement that is no sum over visitors, as of one moment; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from quizfunnel.insight.behaviour.funnel import (
    Funnel,
)
from quizfunnel.insight.behaviour.stratified import Adjusted
from quizfunnel.insight.cells.row import CellRow
from quizfunnel.log.rows import Direct, Size, StoreOrders


class ByClick(NamedTuple):
    """Purchases of one arm that no token gave to their visitor, but a click did."""

    arm: str
    share: float
    declared: int
    purchases: int


@dataclass(frozen=True, slots=True)
class Supplement:
    """Figures of one quiz that are no sums over visitors; the adjusted ratio is computed with a rollup alone."""

    funnel: Funnel
    direct: Direct
    store: StoreOrders
    left_out: tuple[tuple[str, int], ...]
    by_click: tuple[ByClick, ...]
    unknown: tuple[int, int]  # attempts started and finished by people who may not be remembered
    other: Size
    adjusted: Adjusted | None = None


class Snapshot(NamedTuple):
    """Rows of the declared window, without covariates; as of when, and whether stored ones are among them.

    `is_long` where the log itself was counted though it is longer than one should wait for.
    `kinds` are mature visitors by device and channel, of all days together; `caps` the most that an order counts for.
    """

    rows: list[CellRow]
    kinds: list[CellRow]
    caps: Mapping[str, int]
    supplement: Supplement
    as_of: datetime
    stored: bool
    is_long: bool = False

"""Inputs of an analysis, read once: rows of the cells under the newest share and window, and the supplement; pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.rollup.snapshot import Snapshot, Supplement
from quizfunnel.kit.clock import to_millis
from quizfunnel.log.definitions import DAY_MS, TRAFFIC_DAYS
from quizfunnel.log.scope import Scope
from quizfunnel.log.states import HOLDOUT, INVITED
from quizfunnel.orders.reconcile.gap import DayComparison

_ROLES = {"second": INVITED, "first": HOLDOUT}  # of two quizzes the second is tried against the first


class Inputs(NamedTuple):
    """Rows that count visitors, those of money and of kinds, and the supplement; moments in milliseconds.

    `crossed` are visitors who took what their arm was not invited to, where somebody counted them; `reconciled` are the
    last days whose totals the store reported.
    """

    scope: Scope
    now: int
    rows: list[CellRow]
    money: list[CellRow]
    kinds: list[CellRow]
    caps: Mapping[str, int]
    earlier: int
    supplement: Supplement
    crossed: int | None = None
    reconciled: tuple[DayComparison, ...] = ()

    @property
    def first(self) -> int:
        """Return when the first visitor came; now where none did."""
        return min((row.first_t0 for row in self.rows if row.first_t0 is not None), default=self.now)

    @property
    def per_day(self) -> float:
        """Return new visitors a day: of the last 28 days, today with what there is of it, or since the first came."""
        today, since = self.now // DAY_MS, self.now // DAY_MS - TRAFFIC_DAYS + 1
        recent = sum(row.visitors for row in self.rows if since <= row.day <= today)
        days = min((self.now - since * DAY_MS) / DAY_MS, max(1.0, (self.now - self.first) / DAY_MS))
        return recent / days


def inputs_of(scope: Scope, snapshot: Snapshot) -> Inputs:
    """Return the inputs without visitors who came under another share or window than the newest one.

    A share that is changed under way would bend the comparison; what was set at the start of a
    visitor's clock says nothing of what it did later, so that choosing by it is fair.
    """
    # money's rows have no moments, and must not say which setting is the newest
    every = [row for row in _as_roles(snapshot.rows) if not row.currency]
    # by the last visitor who entered, and not by the settings: a change counts once somebody came under it
    newest = max(every, key=lambda row: (row.last_t0 or 0, row.share, row.declared), default=None)
    now = to_millis(snapshot.as_of)
    if newest is None:
        return Inputs(scope, now, [], [], [], {}, 0, snapshot.supplement)

    def current(rows: Iterable[CellRow]) -> list[CellRow]:
        return [row for row in rows if (row.share, row.declared) == (newest.share, newest.declared)]

    rows = current(every)
    return Inputs(
        scope=scope,
        now=now,
        rows=rows,
        money=current(_as_roles(snapshot.rows)),
        kinds=current(_as_roles(snapshot.kinds)),
        caps=snapshot.caps,
        earlier=sum(row.visitors for row in every) - sum(row.visitors for row in rows),
        supplement=snapshot.supplement,
    )


def role(arm: str) -> str:
    """Return the role of an arm: INVITED for the treatment, HOLDOUT for the control."""
    return _ROLES.get(arm, arm)


def _as_roles(rows: Iterable[CellRow]) -> list[CellRow]:
    return [row._replace(arm=role(row.arm)) if row.arm in _ROLES else row for row in rows]

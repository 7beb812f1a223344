"""What a report is made of, read once: of the share and window that are set now; pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.rollup.snapshot import Snapshot, Supplement
from quizfunnel.kit.clock import to_millis
from quizfunnel.log.definitions import DAY_MS, TRAFFIC_DAYS
from quizfunnel.log.scope import Scope
from quizfunnel.log.states import HOLDOUT, INVITED

_ROLES = {"second": INVITED, "first": HOLDOUT}  # of two quizzes the second is tried against the first


class Inputs(NamedTuple):
    """Rows that count visitors, those of money and of kinds, and what stands beside them; moments in milliseconds."""

    asked: Scope
    now: int
    rows: list[CellRow]
    money: list[CellRow]
    kinds: list[CellRow]
    caps: Mapping[str, int]
    earlier: int
    beside: Supplement

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


def inputs_of(asked: Scope, found: Snapshot) -> Inputs:
    """Leave out who came under another share or window than the newest visitor.

    A share that is changed under way would bend the comparison; what was set at the start of a
    visitor's clock says nothing of what it did later, so that choosing by it is fair.
    """
    every = [row for row in _as_roles(found.rows) if not row.currency]
    newest = max(every, key=lambda row: (row.last_t0 or 0, row.share, row.declared), default=None)
    if newest is None:
        return Inputs(asked, to_millis(found.as_of), [], [], [], {}, 0, found.beside)

    def current(rows: Iterable[CellRow]) -> list[CellRow]:
        return [row for row in rows if (row.share, row.declared) == (newest.share, newest.declared)]

    rows = current(every)
    earlier = sum(row.visitors for row in every) - sum(row.visitors for row in rows)
    more = current(_as_roles(found.rows)), current(_as_roles(found.kinds)), found.caps
    return Inputs(asked, to_millis(found.as_of), rows, *more, earlier, found.beside)


def role(arm: str) -> str:
    """Return an arm as the one that is tried, or the one that it is compared with."""
    return _ROLES.get(arm, arm)


def _as_roles(rows: Iterable[CellRow]) -> list[CellRow]:
    return [row._replace(arm=role(row.arm)) if row.arm in _ROLES else row for row in rows]

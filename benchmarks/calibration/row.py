"""A row of the table: what was measured, how well, and within which limits it should lie."""

from dataclasses import asdict, dataclass
from math import inf, sqrt
from typing import Any


@dataclass(frozen=True)
class Row:
    """A share or a ratio with its standard error over the runs; without limits it is only said."""

    what: str
    measured: float
    error: float
    low: float = -inf
    high: float = inf
    unit: str = "share"

    def figures(self) -> dict[str, Any]:
        """Return the row as what JSON can hold."""
        found = {name: value for name, value in asdict(self).items() if name not in {"low", "high"}}
        return found | {"target": self._target(), "met": self.low <= self.measured <= self.high}

    def _target(self) -> str:
        form = "{:.1%}" if self.unit == "share" else "{:.2f}"
        if self.low > -inf and self.high < inf:
            return f"{form.format(self.low)} to {form.format(self.high)}"
        if self.high < inf:
            return f"<= {form.format(self.high)}"
        return f">= {form.format(self.low)}" if self.low > -inf else "(no target)"


def share(what: str, found: int, of: int, *, low: float = -inf, high: float = inf) -> Row:
    """Return a row of a share of runs."""
    rate = found / of
    return Row(what, rate, sqrt(rate * (1 - rate) / of), low, high)

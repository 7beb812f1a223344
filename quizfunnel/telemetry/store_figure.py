"""Store figure: a number of the database for Prometheus, by its labels; pure."""

from collections.abc import Mapping
from typing import NamedTuple


class StoreFigure(NamedTuple):
    """A gauge that every machine of a store gives alike: its name without ours, what it says, its values by label."""

    name: str
    says: str
    labels: tuple[str, ...]
    values: Mapping[tuple[str, ...], float]

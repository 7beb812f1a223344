"""What the two arms are called on a page; pure."""

from typing import NamedTuple


class ArmLabels(NamedTuple):
    """The arm that is tried, and the one that it is compared with."""

    tried: str = "Invited"
    standing: str = "Holdout"

    @property
    def less(self) -> str:
        """Return the first less the second, within a sentence."""
        return f"{_within(self.tried)} less {_within(self.standing)}"

    @property
    def within(self) -> tuple[str, str]:
        """Return both as they stand within a sentence."""
        return _within(self.tried), _within(self.standing)


HOLDOUT_LABELS = ArmLabels()


def _within(name: str) -> str:
    return name.lower() if name in HOLDOUT_LABELS else name

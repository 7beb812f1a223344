"""Labels of the two arms: the treatment and the control, as pages and files call them; pure."""

from typing import NamedTuple


class ArmLabels(NamedTuple):
    """The labels of the treatment, which is tried, and of the control that it is compared with."""

    treatment: str = "Invited"
    control: str = "Holdout"

    @property
    def less(self) -> str:
        """Return the first less the second, within a sentence."""
        return f"{_within(self.treatment)} less {_within(self.control)}"

    @property
    def within(self) -> tuple[str, str]:
        """Return both as they stand within a sentence."""
        return _within(self.treatment), _within(self.control)


HOLDOUT_LABELS = ArmLabels()


def _within(name: str) -> str:
    return name.lower() if name in HOLDOUT_LABELS else name

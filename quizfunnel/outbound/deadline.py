"""Deadline of a call: the moment at which it is over, however far it is."""

import time

from quizfunnel.outbound.errors import OutboundError


class Deadline:
    """A moment that every wait of a call ends at."""

    def __init__(self, seconds: float) -> None:
        """Take the seconds from now."""
        self._seconds, self._at = seconds, time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; OutboundError where none is."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise OutboundError(self.text)
        return left

    @property
    def text(self) -> str:
        """Return what is said of a call that it ended."""
        return f"took longer than {self._seconds:g} seconds"

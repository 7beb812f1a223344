"""Rate limit on wrong passwords, counted by address in this process; pure.

Each worker process counts for itself, so a server of N workers lets an address try N times as often.
"""

from collections import OrderedDict, deque
from threading import Lock

from quizfunnel.web.staff.address import network

TRIES = 5
WITHIN_MS = 15 * 60 * 1000
_MOST_ADDRESSES = 10_000


class Throttle:
    """Counts wrong passwords by address: after five within fifteen minutes the next has to wait."""

    def __init__(self, *, tries: int = TRIES, within_ms: int = WITHIN_MS) -> None:
        """Start with nobody counted."""
        self._tries, self._within = tries, within_ms
        self._failed: OrderedDict[str, deque[int]] = OrderedDict()
        self._lock = Lock()

    def wait_seconds(self, address: str | None, *, now_ms: int) -> int:
        """Return how long this address has to wait before it may try again, 0 where it may now."""
        with self._lock:
            failed = self._recent(network(address), now_ms)
            if len(failed) < self._tries:
                return 0
            return max(1, -(-(failed[0] + self._within - now_ms) // 1000))

    def failed(self, address: str | None, *, now_ms: int) -> None:
        """Count one wrong password."""
        with self._lock:
            key = network(address)
            failed = self._recent(key, now_ms)
            failed.append(now_ms)
            self._failed[key] = failed
            self._failed.move_to_end(key)
            while len(self._failed) > _MOST_ADDRESSES:
                self._failed.popitem(last=False)

    def _recent(self, key: str, now_ms: int) -> deque[int]:
        failed = self._failed.get(key, deque(maxlen=self._tries))
        while failed and failed[0] <= now_ms - self._within:
            failed.popleft()
        return failed

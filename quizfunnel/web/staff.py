"""Who may see the analysts' pages: the machine itself, or who knows the staff password; pure."""

import hmac
from collections import OrderedDict, deque
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Lock
from urllib.parse import urlsplit

from quizfunnel.kit.ids import new_id
from quizfunnel.kit.signing import Signer

PURPOSE = "staff"
SESSION_MS = 12 * 3600 * 1000
TRIES = 5
WITHIN_MS = 15 * 60 * 1000
_MOST_ADDRESSES = 10_000
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1", "[::1]")


def is_local(address: str | None, host: str, *, forwarded: bool, proxies: int, public_url: str) -> bool:
    """Tell whether a request comes from this machine itself.

    Behind a proxy every request seems to: so not where one is configured, has left its headers, or
    must stand in front because the deployment has a public address.
    """
    if forwarded or proxies or not _is_loopback(address):
        return False
    public = urlsplit(public_url).hostname
    return (public is None or public in _LOCAL_NAMES) and _name(host) in _LOCAL_NAMES


def is_password(given: str, configured: str) -> bool:
    """Compare in constant time; nothing matches where no password is configured."""
    return bool(configured) and hmac.compare_digest(given.encode("utf-8", "replace"), configured.encode())


def new_session(signer: Signer, password: str, *, now_ms: int) -> str:
    """Return a new session's cookie: it ends after twelve hours, and when the password is changed."""
    return signer.sign(PURPOSE, f"{new_id()}.{now_ms + SESSION_MS:x}.{_mark(signer, password)}")


def is_session(signer: Signer, cookie: str | None, password: str, *, now_ms: int) -> bool:
    """Tell whether a cookie is a session that we signed, under this password, and not over."""
    payload = signer.verify(PURPOSE, cookie)
    if payload is None or not password:
        return False
    _, ends, mark = payload.split(".")
    return now_ms < int(ends, 16) and hmac.compare_digest(mark, _mark(signer, password))


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
            failed = self._recent(_network(address), now_ms)
            if len(failed) < self._tries:
                return 0
            return max(1, -(-(failed[0] + self._within - now_ms) // 1000))

    def failed(self, address: str | None, *, now_ms: int) -> None:
        """Count one wrong password."""
        with self._lock:
            key = _network(address)
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


def _mark(signer: Signer, password: str) -> str:
    return signer.digest("staff-password", password)[:8].hex()


def _parsed(address: str | None) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address or "")
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _is_loopback(address: str | None) -> bool:
    found = _parsed(address)
    return found is not None and found.is_loopback


def _network(address: str | None) -> str:
    """Return whom to count together: an IPv4 address, or the 64 bits that one IPv6 line is given."""
    found = _parsed(address)
    if isinstance(found, IPv6Address):
        return f"{int(found) >> 64:x}"
    return str(found)


def _name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""


def onward(path: str | None, allowed: Collection[str] = ("/insight",)) -> str:
    """Return where to go on after signing in: one of our staff pages, else their list."""
    if path and path.isprintable() and "\\" not in path and any(path == a or path.startswith(f"{a}/") for a in allowed):
        return path
    return "/insight"

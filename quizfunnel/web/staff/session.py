"""Staff session: a signed cookie that the staff password opens, for twelve hours; pure."""

import hmac

from quizfunnel.kit.ids import new_id
from quizfunnel.kit.signing import Signer

PURPOSE = "staff"
SESSION_MS = 12 * 3600 * 1000


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


def _mark(signer: Signer, password: str) -> str:
    return signer.digest("staff-password", password)[:8].hex()

"""Signed tokens: HMAC-SHA256 over a purpose and a payload, with keys that can rotate."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from quizfunnel.kit.ids import is_id

COOKIE = "visitor-cookie"  # the visitor's id in its own browser
VISITOR = "visitor-token"  # the visitor's id in the store's cart and back with the order
CLICK = "click-token"  # which click on an offer led to the cart
ATTEMPT = "attempt-token"  # the right to go on with an attempt where there is no cookie
SESSION = "attempt-cookie"  # the same right, as a cookie of the browser's session
VIEW = "view-token"  # one rendered question and when
CHOICE = "consent-choice"  # that a browser was just given the cookie of its choice
RESULT = "result-link"  # reading one offer, without any right over its attempt

SHORTEST_KEY = 16  # bytes
_SIZE = 16  # bytes of the tag kept: 128 bits
_ID = 32  # letters of an id


class Signer:
    """Signs and verifies short texts; a token made for one purpose is no good for another.

    The first key signs, every key verifies, so that a new key can be put in front of the old one.
    A token reads ``payload.tag``, that of an id ``id_tag``; the payload is in clear and must not hold a secret.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Take at least one key of 16 bytes or more."""
        if not keys or any(len(key) < SHORTEST_KEY for key in keys):
            raise ValueError("a signing key needs 16 bytes or more")
        self._keys = tuple(keys)

    def sign(self, purpose: str, payload: str) -> str:
        """Return `payload` with a tag that holds for `purpose` alone."""
        return f"{payload}.{_tag(self._keys[0], purpose, payload)}"

    def verify(self, purpose: str, token: str | None) -> str | None:
        """Return the payload of a token that one of the keys signed for `purpose`, else None."""
        if not token or not token.isascii():
            return None
        payload, dot, tag = token.rpartition(".")
        if not dot:
            return None
        for key in self._keys:
            if hmac.compare_digest(_tag(key, purpose, payload), tag):
                return payload
        return None

    def sign_id(self, purpose: str, id: str) -> str:
        """Return an id with its tag in letters, digits, `_` and `-` alone, which every platform's fields carry."""
        return f"{id}_{_tag(self._keys[0], purpose, id)}"

    def verify_id(self, purpose: str, token: str | None) -> str | None:
        """Return the id of a token of `sign_id`, or of `sign`, which made such tokens before; else None.

        White space around it is passed over: people copy tokens, and forms wrap them.
        """
        bare = (token or "").strip()
        if bare[_ID : _ID + 1] == "_":
            bare = f"{bare[:_ID]}.{bare[_ID + 1 :]}"
        id = self.verify(purpose, bare)
        return id if is_id(id) else None

    def digest(self, purpose: str, text: str) -> bytes:
        """Return 32 keyed bytes for `text`, for draws that nobody outside can foresee."""
        return hmac.digest(self._keys[-1], f"{purpose}\0{text}".encode(), hashlib.sha256)


def _tag(key: bytes, purpose: str, payload: str) -> str:
    # A purpose may hold what a stranger sent, a lone surrogate too: it verifies nothing, and is no error.
    mac = hmac.digest(key, f"{purpose}\0{payload}".encode(errors="surrogatepass"), hashlib.sha256)
    return base64.urlsafe_b64encode(mac[:_SIZE]).rstrip(b"=").decode("ascii")

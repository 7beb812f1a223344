"""Keys of sessions and one-time links: random, known to their holder alone, kept as digests; pure."""

import hashlib
import secrets

_BYTES = 32


def new_key() -> str:
    """Return 256 random bits as text for a cookie or an address."""
    return secrets.token_urlsafe(_BYTES)


def digest(key: str) -> str:
    """Return the digest that a key is kept as: who reads the database can neither sign in nor use a link."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()

"""Identifiers that cannot be guessed."""

import re
import secrets

_ID = re.compile(r"[0-9a-f]{32}\Z")


def new_id() -> str:
    """Return 128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def is_id(text: object) -> bool:
    """Tell whether `text` has the form that `new_id` gives."""
    return isinstance(text, str) and _ID.match(text) is not None

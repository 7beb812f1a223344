"""Account names: what staff sign in with, an e-mail address or a short name, in one spelling; pure."""

import re

LONGEST = 200
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]*", re.ASCII)


class StaffError(ValueError):
    """A change to staff that cannot be made; the text says why, and the remedy."""


def spelled(text: str) -> str:
    """Return a name as it is compared and kept: without space around it, in small letters."""
    return text.strip().lower()


def new_name(text: str) -> str:
    """Return the name of a new account, or raise StaffError for one that could not be typed or told from others."""
    name = spelled(text)
    if not name:
        raise StaffError("A name is needed: an e-mail address, or a short name such as ana.")
    if len(name) > LONGEST:
        raise StaffError(f"The name is too long: {LONGEST} characters at most.")
    if not _NAME.fullmatch(name):
        raise StaffError(
            "A name has letters from a to z, digits and . _ @ + - alone, and begins with a letter or digit."
        )
    return name

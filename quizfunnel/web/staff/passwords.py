"""Passwords: argon2id hashes of them, and the rules that a new one is held to; pure."""

import unicodedata
from contextlib import suppress

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from quizfunnel.web.staff.names import StaffError

SHORTEST, LONGEST = 12, 1000  # characters; longer ones are refused before they are hashed
_FEWEST_DIFFERENT = 5
_BESIDE_NAME = 8


class Passwords:
    """Hashes and verifies passwords; whoever has none takes as long to refuse as anybody else."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Take argon2id with the library's parameters (RFC 9106's for little memory), or a hasher with others."""
        self._hasher = hasher or PasswordHasher()
        self._nobodys = ""

    def hash(self, password: str) -> str:
        """Return a password's hash, with its salt and parameters."""
        return self._hasher.hash(_normal(password))

    def is_right(self, kept: str, password: str) -> bool:
        """Tell whether `password` is the one of a kept hash, "" where the account has none or is none.

        The same work is done in every case: time tells nobody which accounts there are.
        """
        self._nobodys = self._nobodys or self.hash("nobody's password")
        typed = _normal(password) if len(password) <= LONGEST else ""
        with suppress(VerificationError, InvalidHashError):
            return self._hasher.verify(kept or self._nobodys, typed) and bool(kept)
        return False

    def is_outdated(self, kept: str) -> bool:
        """Tell whether a hash was made with other parameters than new ones are."""
        return self._hasher.check_needs_rehash(kept)


def refuse_weak(password: str, name: str) -> None:
    """Raise StaffError for a new password that is too short, too long, or easily guessed from the name or itself."""
    text = _normal(password)
    if len(text) < SHORTEST:
        raise StaffError(
            f"The password is too short: {SHORTEST} characters or more. Four unrelated words are a good one."
        )
    if len(text) > LONGEST:
        raise StaffError(f"The password is too long: {LONGEST} characters at most.")
    if len(set(text.lower())) < _FEWEST_DIFFERENT:
        raise StaffError("The password repeats a few characters. Four unrelated words are a good one.")
    if (own := name.partition("@")[0]) in text.lower() and len(text) - len(own) < _BESIDE_NAME:
        raise StaffError("The password is little more than the name. Four unrelated words are a good one.")


def _normal(password: str) -> str:
    """Return one spelling of what keyboards send differently (NFKC, NIST SP 800-63B), and no half of a character."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()

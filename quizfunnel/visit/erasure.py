"""Erasure digests: keyed hashes by which one who was erased is known again, and nothing else of them is kept.

The key lies beside the list of erasures, outside the database, and is never changed: with another one nobody on
the list would be known any more.
"""

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, select

from quizfunnel.kit import files
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Erasure

ErasedKind = Literal["visitor", "order", "attempt", "lead"]

LIST, KEY = "erasures.jsonl", "key"
_BYTES = 32
_erasure = columns(Erasure)


class KeyMissing(Exception):  # noqa: N818 - it is a state of the disk
    """A list of erasures without the key that it was written with, or a damaged key; the text says the remedy."""


class ErasureKey:
    """Key of erasure digests in the folder of the list, made with the first erasure; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; nothing is read or made yet."""
        self.folder = folder
        self._key: bytes | None = None

    def digest(self, kind: ErasedKind, *ids: str) -> str | None:
        """Return the digest of one visitor, order (source and id), attempt or lead; None while nobody was erased."""
        key = self._key or self._read()
        if key is None:
            return None
        return hmac.new(key, "\0".join((kind, *ids)).encode(errors="surrogatepass"), hashlib.sha256).hexdigest()

    def is_made(self) -> bool:
        """Tell whether there is a key; KeyMissing where a list lost its own."""
        if self._key or self._read():
            return True
        if (self.folder / LIST).exists():
            raise KeyMissing(f"{self.folder / KEY} is missing, {self._remedy()}")
        return False

    def made(self) -> "ErasureKey":
        """Make the key where there is none yet, and return self; KeyMissing where a list lost its own."""
        if self.is_made():
            return self
        with files.locked(self.folder):
            if self._read() is None:  # another process may have been first
                path = self.folder / KEY
                path.with_name(f".new-{KEY}").touch(mode=0o600)
                files.replace(path, secrets.token_hex(_BYTES) + "\n")
        self._read()
        return self

    def _read(self) -> bytes | None:
        try:
            key = bytes.fromhex((self.folder / KEY).read_text("ascii").strip())
        except FileNotFoundError:
            return None
        except ValueError:
            key = b""
        if len(key) != _BYTES:  # a shorter one would be taken, and know nobody
            raise KeyMissing(f"{self.folder / KEY} is damaged, {self._remedy()}")
        self._key = key
        return key

    def _remedy(self) -> str:
        return (
            f"with which {self.folder / LIST} was written: put it back from a copy. With another key nobody on the "
            "list would be known again"
        )


def is_erased(connection: Connection, key: ErasureKey | None, kind: ErasedKind, *ids: str) -> bool:
    """Tell whether one was erased, so that nothing is ever kept of them again."""
    digest = key.digest(kind, *ids) if key else None
    if digest is None:
        return False
    mine = (_erasure.digest == digest, _erasure.kind == kind)
    return connection.execute(select(_erasure.kind).where(*mine)).first() is not None

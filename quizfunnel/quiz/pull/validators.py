"""Validators of a pulled catalogue: the ETag and the moment that its server gave, kept until the file changes."""

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Self

from quizfunnel.kit import files

MOST_LETTERS = 500  # of a header that is sent back


class Validators(NamedTuple):
    """Headers by which a server tells whether a file has changed, as it sent them."""

    etag: str = ""
    last_modified: str = ""

    def as_headers(self) -> dict[str, str]:
        """Return the headers that ask for the file only where it has changed."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value and _can_be_sent(value)}


def _can_be_sent(value: str) -> bool:
    return value.isascii() and value.isprintable() and len(value) <= MOST_LETTERS


class ValidatorFile:
    """The validators of one catalogue, in a file of the store's var/.

    They are of one source and of one body: where the settings name another source, or somebody has changed the
    catalogue here, the whole file is asked for.
    """

    def __init__(self, path: Path, source: str) -> None:
        """Take the file and the source's address, of which only a digest is kept: it may hold a key."""
        self._path, self._source = path, hashlib.sha256(source.encode()).hexdigest()

    @classmethod
    def of(cls, folder: Path, catalog: str, source: str) -> Self:
        """Return the file of a catalogue."""
        return cls(folder / f"{hashlib.sha256(catalog.encode()).hexdigest()[:16]}.json", source)

    def read(self, body: str) -> Validators:
        """Return the validators that came with a body, by its digest; none where they came with another one."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            kept = json.loads(self._path.read_text("utf-8"))
            if (kept["source"], kept["body"]) == (self._source, body):
                return Validators(str(kept["etag"]), str(kept["last_modified"]))
        return Validators()

    def write(self, body: str, validators: Validators) -> None:
        """Keep the validators of a body."""
        kept = {"source": self._source, "body": body, **validators._asdict()}
        files.replace(self._path, json.dumps(kept) + "\n")

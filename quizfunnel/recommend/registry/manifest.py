"""Manifest of a stored model: its quiz, when it was made, and the digest of each of its files; pure."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

FORMAT = 1
# Names begin with the moment, so that they sort by it.
_VERSION = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}\Z")


class RegistryError(Exception):
    """A model that cannot be stored, read or promoted; the text says what, where and what to do."""


class Stored(NamedTuple):
    """One file of a model as it was saved."""

    sha256: str
    size: int


class Manifest(NamedTuple):
    """One model version: the quiz it was trained for, and its files by name."""

    version: str
    quiz: str
    quiz_version: str
    meaning: str
    made_at: datetime
    simulated: bool
    files: Mapping[str, Stored]

    def as_json(self) -> str:
        """Return the manifest as it is stored."""
        facts = self._asdict() | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(facts | {"files": {name: file._asdict() for name, file in self.files.items()}}, indent=2)


def is_version(name: str) -> bool:
    """Tell whether a name has the form of a model version: ``20261124-153012-ab12cd``."""
    return _VERSION.match(name) is not None


def read_manifest(text: str | bytes) -> Manifest:
    """Return the manifest that `as_json` wrote; raise ValueError for anything else."""
    try:
        stored = json.loads(text)
        if stored["format"] != FORMAT:
            raise ValueError(f"it is of format {stored['format']!r}, and this program reads {FORMAT}")
        return Manifest(
            version=str(stored["version"]),
            quiz=str(stored["quiz"]),
            quiz_version=str(stored["quiz_version"]),
            meaning=str(stored["meaning"]),
            made_at=datetime.fromisoformat(stored["made_at"]),
            simulated=stored["simulated"] is True,
            files={name: Stored(str(file["sha256"]), int(file["size"])) for name, file in stored["files"].items()},
        )
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"it lacks {error}" if isinstance(error, KeyError) else "it has another shape") from error

"""Published pairs: which version of a quiz is live with which catalogue at a moment; pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

LIVE, SCHEDULED, ENDED, WITHDRAWN = "live", "scheduled", "ended", "withdrawn"
_HALF = 32  # digits of each version in a pair's key
GONE = ""
"""The pair that a disk shows once the quiz's file is deleted."""


class PublishedPair(NamedTuple):
    """One publication: a quiz version and a catalogue version, and from when to when they are served."""

    id: str
    quiz: str
    quiz_version: str
    catalog_version: str
    state: str
    published_at: datetime
    starts_at: datetime
    ends_at: datetime | None
    who: str = ""
    message: str = ""

    @property
    def versions(self) -> tuple[str, str]:
        """Both versions."""
        return self.quiz_version, self.catalog_version

    @property
    def was_cancelled(self) -> bool:
        """Tell whether it was withdrawn before its moment came, so that nobody was ever served it."""
        return self.state == WITHDRAWN and self.published_at < self.starts_at == self.ends_at


def live_at(pairs: Iterable[PublishedPair], now: datetime) -> dict[str, PublishedPair]:
    """Return the pair of each quiz that is served at a moment.

    A live one has begun, whatever this machine's clock says: another one may have published it.
    """
    begun = (pair for pair in pairs if pair.state == LIVE or (pair.state == SCHEDULED and pair.starts_at <= now))
    newest: dict[str, PublishedPair] = {}
    for pair in sorted(begun, key=lambda pair: (pair.starts_at, pair.state == LIVE, pair.published_at)):
        newest[pair.quiz] = pair
    return {quiz: pair for quiz, pair in newest.items() if pair.ends_at is None or pair.ends_at > now}


def is_due(pairs: Iterable[PublishedPair], now: datetime) -> bool:
    """Tell whether a scheduled pair has begun, or a live one has ended, and its row does not say so yet."""
    return any(
        (pair.state == SCHEDULED and pair.starts_at <= now)
        or (pair.state == LIVE and pair.ends_at is not None and pair.ends_at <= now)
        for pair in pairs
    )


def is_of_quiz(shown: str, version: str) -> bool:
    """Tell whether a pair, as a disk shows it, is of a quiz version."""
    return shown[:_HALF] == version[:_HALF]


def is_of_catalog(shown: str, version: str) -> bool:
    """Tell whether a pair, as a disk shows it, is of a catalogue version."""
    return shown[_HALF:] == version[:_HALF]

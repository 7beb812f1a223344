"""Serving state of a quiz: the model that serves, its challenger, and the history of both; pure.

`serving` is a model version, or "rules". A challenger is given a share of the shoppers until as many
have been offered something as was planned.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from quizfunnel.recommend.registry.manifest import is_version
from quizfunnel.recommend.serving.score_model import RULES

FORMAT = 1
PROMOTED, ROLLED_BACK, CHALLENGED, ENDED = "promoted", "rolled back", "challenged", "challenge ended"


@dataclass(frozen=True)
class Challenge:
    """A model version that chooses for a share of the shoppers, from `since` until `size` offers were chosen."""

    version: str
    share: float
    size: int
    since: datetime

    def __post_init__(self) -> None:
        """Refuse what is no challenge."""
        if not is_version(self.version):
            raise ValueError(f"a challenger is a model version, and `{self.version}` is none")
        if not 0 < self.share < 1 or self.size < 1:
            raise ValueError("a challenger needs a share between 0 and 1, and a planned size of 1 or more")


@dataclass(frozen=True)
class ServingChange:
    """One change of the serving state: `version` serves after it, `was` before it."""

    at: datetime
    what: str
    version: str
    was: str
    why: str


@dataclass(frozen=True)
class State:
    """The serving model of a quiz, its challenger, and the changes that led to both, oldest first."""

    serving: str = RULES
    challenger: Challenge | None = None
    history: tuple[ServingChange, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a name that is no version."""
        if self.serving != RULES and not is_version(self.serving):
            raise ValueError(f"what serves is a model version or the rules, and `{self.serving}` is neither")

    def promoted(self, version: str, *, why: str, at: datetime, what: str = PROMOTED) -> "State":
        """Return the state in which `version` serves; a challenge that was running has ended."""
        # Its challenger was compared with what no longer serves.
        ended = self.unchallenged(why=f"{version} serves: {what}", at=at)
        event = ServingChange(at, what, version, self.serving, why)
        return State(version, None, (*ended.history, event))

    def before(self) -> str | None:
        """Return the version that served before the present one was promoted, None where the history has none."""
        # Promotions alone: rolling back twice goes two of them back, and not to and fro.
        mine = (
            event.was for event in reversed(self.history) if (event.what, event.version) == (PROMOTED, self.serving)
        )
        return next(mine, None)

    def challenged(self, challenge: Challenge, *, why: str) -> "State":
        """Return the state in which a challenger has its share; another one's challenge has ended."""
        ended = self.unchallenged(why=f"{challenge.version} challenges instead", at=challenge.since)
        event = ServingChange(challenge.since, CHALLENGED, challenge.version, self.serving, why)
        return State(self.serving, challenge, (*ended.history, event))

    def unchallenged(self, *, why: str, at: datetime) -> "State":
        """Return the state without a challenger."""
        if self.challenger is None:
            return self
        event = ServingChange(at, ENDED, self.serving, self.challenger.version, why)
        return replace(self, challenger=None, history=(*self.history, event))

    def as_json(self) -> str:
        """Return the state as it is stored."""
        return json.dumps({"format": FORMAT} | asdict(self), default=datetime.isoformat, indent=2)


def read_state(text: str | bytes) -> State:
    """Return the state that `as_json` wrote; raise ValueError for anything else."""
    try:
        stored = json.loads(text)
        if stored["format"] != FORMAT:
            raise ValueError(f"it is of format {stored['format']!r}, and this program reads {FORMAT}")
        challenger = stored["challenger"] and _dated(Challenge, stored["challenger"], "since")
        history = tuple(_dated(ServingChange, each, "at") for each in stored["history"])
        return State(str(stored["serving"]), challenger, history)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"it lacks {error}" if isinstance(error, KeyError) else "it has another shape") from error


def _dated(make: Callable[..., Any], stored: dict[str, Any], moment: str) -> Any:
    return make(**stored | {moment: datetime.fromisoformat(stored[moment])})

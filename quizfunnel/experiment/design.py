"""What an experiment is set to measure: its arms and their shares, its window, its metric, its planned size; pure.

It is frozen when the first visitor enters, with a fingerprint, so that nothing of it can be fitted to what was seen.
"""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, Self

STORE = "*"  # in a quiz's place: an experiment of the whole store
METRIC = "itt_ratio"  # buyers of visitors, one arm against the other


class Design(NamedTuple):
    """One experiment's design.

    `quiz` is a slug or STORE; `holdout_share` the share of the arm that the other one is compared with, `window_days`
    how long after t0 a purchase counts. `planned` visitors of both arms show a change of `minimum_effect` in four of
    five cases, at a purchase rate of `base_rate`. A comparison names its two `quizzes`, the one that stands first.
    """

    quiz: str
    experiment: str
    holdout_share: float
    window_days: int
    minimum_effect: float = 0.0
    base_rate: float = 0.0
    planned: int = 0
    quizzes: tuple[str, ...] = ()

    @property
    def arms(self) -> dict[str, float]:
        """Return the share of each arm: the one that is tried, then the one it is compared with."""
        tried, standing = ("second", "first") if self.quizzes else ("invited", "holdout")
        return {tried: round(1 - self.holdout_share, 12), standing: self.holdout_share}

    def text(self) -> str:
        """Return the design as the JSON that is frozen."""
        describe_setting = self._asdict() | {"arms": self.arms, "metric": METRIC, "unit": "visitor"}
        return json.dumps(describe_setting, sort_keys=True, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the design that `text` gave."""
        describe_setting: dict[str, Any] = json.loads(text)
        fields = {name: describe_setting[name] for name in cls._fields if name in describe_setting}
        return cls(**fields | {"quizzes": tuple(describe_setting.get("quizzes", ()))})


class FrozenDesign(NamedTuple):
    """A design as it was frozen, with when that was, its text as it is kept, and that text's fingerprint."""

    design: Design
    started_at: datetime
    fingerprint: str
    text: str


class Enrolment(NamedTuple):
    """A page that invites to `quiz`, and what its view enters: a holdout first, then a comparison of quizzes."""

    quiz: str
    holdout: Design | None = None
    comparison: Design | None = None


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a frozen design, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def differing_settings(now: Design, frozen: Design) -> tuple[str, ...]:
    """Return which settings differ from those frozen, by the names that the files have for them."""
    names = ("holdout_share", "window_days", "minimum_effect", "quizzes")
    return tuple(name for name in names if getattr(now, name) != getattr(frozen, name))


def describe_setting(design: Design, name: str) -> str:
    """Return a setting with the name and value that it has in its file: of the store's they are other ones."""
    if name == "quizzes":
        return f"the quizzes {' and '.join(design.quizzes)}" if design.quizzes else "no quizzes, as the store's holdout"
    value = getattr(design, name)
    if name == "holdout_share" and design.quiz == STORE:
        return f"share {round(1 - value, 12) if design.quizzes else value:g}"
    return f"{name} {value:g}"

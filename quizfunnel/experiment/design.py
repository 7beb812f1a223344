"""The design of an experiment: its arms and their shares, its window, its metric, its planned size; pure.

It is frozen when the first visitor enters, with a fingerprint, so that nothing of it can be fitted to what was seen.
"""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, Self

STORE = "*"  # in a quiz's place: an experiment of the whole store
METRIC = "itt_ratio"  # buyers of visitors, one arm against the other
SETTINGS = ("holdout_share", "window_days", "minimum_effect")  # that a quiz file and the store's settings share

_LATER = ("outcome", "guards", "claim")  # unset they stand in no text, so that fingerprints of old designs hold


class Design(NamedTuple):
    """One experiment's design.

    `quiz` is a slug or STORE; `holdout_share` the share of the arm that the other one is compared with, `window_days`
    how long after t0 a purchase counts. `planned` visitors of both arms show a change of `minimum_effect` in four of
    five cases, at a purchase rate of `base_rate`. A comparison names its two `quizzes`, the one that stands first.
    `outcome` is what counts instead of a purchase, `guards` are outcomes that must not get worse, and `claim` is the
    ratio, low to high, that somebody published and the experiment is held against.
    """

    quiz: str
    experiment: str
    holdout_share: float
    window_days: int
    minimum_effect: float = 0.0
    base_rate: float = 0.0
    planned: int = 0
    quizzes: tuple[str, ...] = ()
    outcome: str = ""
    guards: tuple[str, ...] = ()
    claim: tuple[float, float] | None = None

    @property
    def arms(self) -> dict[str, float]:
        """Return the share of each arm: the treatment, then the control that it is compared with."""
        treatment, control = ("second", "first") if self.quizzes else ("invited", "holdout")
        return {treatment: round(1 - self.holdout_share, 12), control: self.holdout_share}

    def settings(self) -> dict[str, Any]:
        """Return the fields by name, without those of a later release that are not set."""
        return {name: value for name, value in self._asdict().items() if value or name not in _LATER}

    def text(self) -> str:
        """Return the design as the JSON that is frozen."""
        whole = self.settings() | {"arms": self.arms, "metric": METRIC, "unit": "visitor"}
        return json.dumps(whole, sort_keys=True, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the design that `text` gave."""
        whole: dict[str, Any] = json.loads(text)
        fields = {name: whole[name] for name in cls._fields if name in whole}
        return cls(**fields | {name: tuple(fields[name]) for name in ("quizzes", "guards", "claim") if name in fields})


class FrozenDesign(NamedTuple):
    """A design as it was frozen, with when that was, its text as it is kept, and that text's fingerprint."""

    design: Design
    started_at: datetime
    fingerprint: str
    text: str


class Enrolment(NamedTuple):
    """The experiments that a view of a page that invites to `quiz` enters: a holdout first, then a comparison."""

    quiz: str
    holdout: Design | None = None
    comparison: Design | None = None


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a frozen design, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def differing_settings(now: Design, frozen: Design) -> tuple[str, ...]:
    """Return which settings differ from those frozen, by the names that the files have for them."""
    return tuple(name for name in (*SETTINGS, "quizzes", *_LATER) if getattr(now, name) != getattr(frozen, name))


def describe_setting(design: Design, name: str) -> str:
    """Return a setting with the name and value that it has in its file: of the store's they are other ones."""
    if name == "quizzes":
        return f"the quizzes {' and '.join(design.quizzes)}" if design.quizzes else "no quizzes, as the store's holdout"
    value = getattr(design, name)
    if name in _LATER:
        return f"{name} {_in_words(value)}" if value else f"no {name}"
    if name == "holdout_share" and design.quiz == STORE:
        return f"share {round(1 - value, 12) if design.quizzes else value:g}"
    return f"{name} {value:g}"


def _in_words(value: str | tuple[str, ...] | tuple[float, float]) -> str:
    if isinstance(value, str):
        return value
    return " and ".join(each if isinstance(each, str) else f"{each:g}" for each in value)

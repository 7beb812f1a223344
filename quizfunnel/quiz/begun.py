"""Experiments that began: what they are set to is frozen, and a file that says otherwise is told so; pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from quizfunnel.catalog.finding import Finding
from quizfunnel.quiz.load import LoadedQuiz

_SETTINGS = ("holdout_share", "window_days", "minimum_effect")


class Begun(NamedTuple):
    """One experiment of a quiz, as it was when its first visitor entered."""

    name: str
    started_at: datetime
    holdout_share: float
    window_days: int
    minimum_effect: float


def check(loaded: LoadedQuiz, begun: Iterable[Begun]) -> Iterator[Finding]:
    """Find every setting of the quiz's experiment that is not what it began with."""
    said = loaded.quiz.experiment
    for each in begun if said else ():
        changed = [name for name in _SETTINGS if getattr(said, name) != getattr(each, name)]
        for name in changed if said and said.name == each.name else ():
            yield loaded.finding(("experiment", name), told(each.name, each.started_at, f"{name} {_plain(each, name)}"))


def told(name: str, started_at: datetime, setting: str) -> str:
    """Return what to do about a setting that was changed under way."""
    day = f"{started_at:%d %b %Y}".lstrip("0")
    return (
        f"the experiment `{name}` began on {day} with {setting}, which is frozen; put that back, or give the "
        "experiment a new name, which starts a new one with new arms"
    )


def _plain(each: Begun, name: str) -> str:
    return f"{getattr(each, name):g}"

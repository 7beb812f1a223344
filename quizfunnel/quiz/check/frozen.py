"""Experiments that began: what they are set to is frozen, and a file that says otherwise is told so; pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.spec import Experiment

_SETTINGS = ("holdout_share", "window_days", "minimum_effect")


class FrozenSettings(NamedTuple):
    """One experiment of a quiz or of the store, as it was when its first visitor entered."""

    name: str
    started_at: datetime
    holdout_share: float
    window_days: int
    minimum_effect: float
    of_store: bool = False


def check(loaded: LoadedQuiz, begun: Iterable[FrozenSettings]) -> Iterator[Finding]:
    """Find every setting of the quiz's experiment that is not what it began with."""
    said = loaded.quiz.experiment
    same = [each for each in begun if said and each.name == said.name]
    for each in same:
        if each.of_store:
            yield loaded.finding(("experiment", "name"), taken_name_words(each.name, each.started_at, "the store"))
            return
    found = {name: each for each in reversed(same) for name in _SETTINGS if getattr(said, name) != getattr(each, name)}
    for name, each in found.items():
        yield loaded.finding(
            ("experiment", name), frozen_setting_words(each.name, each.started_at, f"{name} {getattr(each, name):g}")
        )


def as_frozen(experiment: Experiment | None, begun: Iterable[FrozenSettings]) -> Experiment | None:
    """Return a quiz's experiment with the settings that it began with, whatever the file says now."""
    found = next((each for each in begun if experiment and each.name == experiment.name and not each.of_store), None)
    if experiment is None or found is None:
        return experiment
    return experiment.model_copy(update={name: getattr(found, name) for name in _SETTINGS})


def taken_name_words(name: str, started_at: datetime, whose: str) -> str:
    """Return what to do about a name that another experiment has had."""
    return (
        f"`{name}` is the name of an experiment of {whose}, which began on {_day(started_at)}; give this one another "
        "name, since the visitors of that one have their arms"
    )


def frozen_setting_words(name: str, started_at: datetime, setting: str) -> str:
    """Return what to do about a setting that was changed under way."""
    return (
        f"the experiment `{name}` began on {_day(started_at)} with {setting}, which is frozen; put that back, or give "
        "the experiment a new name, which starts a new one with new arms"
    )


def _day(moment: datetime) -> str:
    return f"{moment:%d %b %Y}".lstrip("0")

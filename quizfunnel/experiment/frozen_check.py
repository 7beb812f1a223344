"""Frozen designs against files: a setting that was changed under way is a finding, and goes on as it began; pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from quizfunnel.experiment.design import SETTINGS, STORE, Design, FrozenDesign, describe_setting, differing_settings
from quizfunnel.experiment.planning import as_experiment
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.spec import Experiment


def check(loaded: LoadedQuiz, frozen: Iterable[FrozenDesign]) -> Iterator[Finding]:
    """Find every setting of a quiz file's experiment that is not what it began with."""
    experiment = loaded.quiz.experiment
    same = [each for each in frozen if experiment and each.design.experiment == experiment.name]
    of_store = next((each for each in same if each.design.quiz == STORE), None)
    if of_store is not None:
        message = _taken_name(of_store.design.experiment, of_store.started_at, "the store")
        yield loaded.finding(("experiment", "name"), message)
        return
    # of several the first one is named: real and simulated visitors may have begun with different settings
    changed = {
        name: each
        for each in reversed(same)
        for name in SETTINGS
        if getattr(experiment, name) != getattr(each.design, name)
    }
    for name, each in changed.items():
        yield loaded.finding(("experiment", name), _changed_setting(each, name))


def as_frozen(experiment: Experiment | None, frozen: Iterable[FrozenDesign]) -> Experiment | None:
    """Return a quiz's experiment with the settings that it began with, whatever the file says now."""
    for each in frozen:
        if experiment and each.design.experiment == experiment.name and each.design.quiz != STORE:
            return as_experiment(each.design)
    return experiment


def changes(now: Design, frozen: FrozenDesign) -> dict[str, str]:
    """Return a sentence for every setting of a store's experiment that is not what it began with, by setting.

    And for a name that an experiment of a quiz had: its visitors have their arms already.
    """
    was = frozen.design
    if was.quiz != STORE:
        return {"name": _taken_name(now.experiment, frozen.started_at, f"the quiz {was.quiz}")}
    return {name: _changed_setting(frozen, name) for name in differing_settings(now, was)}


def _taken_name(name: str, started_at: datetime, owner: str) -> str:
    """Return what to do about a name that another experiment has had."""
    return (
        f"`{name}` is the name of an experiment of {owner}, which began on {_day(started_at)}; give this one another "
        "name, since the visitors of that one have their arms"
    )


def _changed_setting(frozen: FrozenDesign, name: str) -> str:
    """Return what to do about a setting that was changed under way."""
    return (
        f"the experiment `{frozen.design.experiment}` began on {_day(frozen.started_at)} with "
        f"{describe_setting(frozen.design, name)}, which is frozen; put that back, or give the experiment a new name, "
        "which starts a new one with new arms"
    )


def _day(moment: datetime) -> str:
    return f"{moment:%d %b %Y}".lstrip("0")

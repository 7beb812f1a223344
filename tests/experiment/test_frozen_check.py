"""A quiz file that departs from its frozen experiment is a finding with its line, and serves as it began."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from quizfunnel.experiment import frozen_check, planning
from quizfunnel.experiment.design import STORE, Design, FrozenDesign, fingerprint
from quizfunnel.experiment.shelf import EnteredExperiment
from quizfunnel.kit.clock import SetClock
from quizfunnel.quiz.check.run import check_file
from quizfunnel.quiz.publishing.publication import publish
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.settings import Holdout
from quizfunnel.store.transaction import writing
from tests.cast import NOON
from tests.quiz.files import QUIZ, lay

EXPERIMENT = "\nexperiment:\n  name: spring\n  holdout_share: 0.2\n  window_days: 14\n"


def began(name: str = "spring", *, quiz: str = "coffee", **settings: Any) -> FrozenDesign:
    """Return an experiment as it was frozen at noon."""
    usual: dict[str, Any] = {"holdout_share": 0.2, "window_days": 14, "minimum_effect": 0.5}
    design = Design(quiz, name, **usual | settings)
    return FrozenDesign(design, NOON, fingerprint(design.text()), design.text())


SPRING = began()


def found(folder: Path, text: str, *frozen: FrozenDesign) -> list[str]:
    """Return the findings about an experiment."""
    lay(folder, QUIZ + text)
    result = check_file(folder / "coffee.yaml", name="coffee.yaml")
    assert result.loaded is not None
    return [finding.text() for finding in frozen_check.check(result.loaded, frozen)]


def test_the_settings_that_it_began_with_are_fine(tmp_path: Path) -> None:
    """Nor does an experiment of another name matter, or having none."""
    assert found(tmp_path, EXPERIMENT, SPRING) == []
    assert found(tmp_path, EXPERIMENT, began("winter", holdout_share=0.5, window_days=1, minimum_effect=2.0)) == []
    assert found(tmp_path, "", SPRING) == []


@pytest.mark.parametrize(
    ("name", "was", "line", "said"),
    [
        ("holdout_share", 0.1, 3, "holdout_share 0.1"),
        ("window_days", 7, 4, "window_days 7"),
        ("minimum_effect", 0.2, 2, "minimum_effect 0.2"),
    ],
)
def test_another_setting_under_the_same_name_is_an_error(
    tmp_path: Path, name: str, was: Any, line: int, said: str
) -> None:
    """At its line, with the day that it began, what it was, and the remedy."""
    (only,) = found(tmp_path, EXPERIMENT, began(**{name: was}))
    start = (QUIZ + EXPERIMENT).splitlines().index("experiment:") + line
    assert only.startswith(f"coffee.yaml:{start}:")
    assert "error: the experiment `spring` began on 2 Mar 2026 with" in only
    assert f"with {said}, which is frozen; put that back, or give the experiment a new name" in only


def shelf(folder: Path, engine: Engine, clock: SetClock, *frozen: FrozenDesign, shared: Holdout | None = None) -> Shelf:
    """Return a shelf of quizzes whose experiments began."""
    holdout = planning.holdout_design(shared) if shared else None

    def entered(_engine: Engine | None, quiz: str) -> EnteredExperiment:
        return EnteredExperiment(holdout, () if holdout or quiz != "coffee" else frozen)

    return Shelf(folder, engine, clock, entered)


def test_what_serves_keeps_the_settings_that_it_began_with(tmp_path: Path, engine: Engine, clock: SetClock) -> None:
    """A file changed under way is told so, and serves with the experiment that began; after a restart too."""
    lay(tmp_path, QUIZ + EXPERIMENT)
    shop = shelf(tmp_path, engine, clock, SPRING)
    assert shop.live("coffee") is not None
    lay(tmp_path, QUIZ.replace("title: Find", "title: Do find", 1) + EXPERIMENT.replace("0.2", "0.5"))
    clock.advance(2)
    for each in (shop, shelf(tmp_path, engine, clock, SPRING)):  # though nobody took it: no version is kept
        served = each.live("coffee")
        assert served is not None
        assert served.quiz.experiment is not None
        assert served.quiz.experiment.holdout_share == 0.2
        (problem,) = each.problems()
        assert "began on" in problem.message
    lay(tmp_path, QUIZ + EXPERIMENT.replace("0.2", "0.5").replace("spring", "summer"))
    clock.advance(2)
    renamed = shop.live("coffee")
    assert renamed is not None
    assert renamed.quiz.experiment is not None
    assert (renamed.quiz.experiment.name, renamed.quiz.experiment.holdout_share) == ("summer", 0.5)
    assert shop.problems() == ()


def test_the_name_of_an_experiment_of_the_store_is_taken(tmp_path: Path) -> None:
    """Visitors have arms under it already."""
    (only,) = found(tmp_path, EXPERIMENT, began(quiz=STORE, holdout_share=0.7))
    assert "`spring` is the name of an experiment of the store, which began on 2 Mar 2026" in only


def test_a_setting_is_told_once(tmp_path: Path) -> None:
    """Though real and simulated visitors both began with another one."""
    assert len(found(tmp_path, EXPERIMENT, began(holdout_share=0.1), began(holdout_share=0.3))) == 1


def test_the_holdout_of_the_store_comes_before_the_files(tmp_path: Path, engine: Engine, clock: SetClock) -> None:
    """Of every quiz and version; the file's own rests, whatever it says and began with."""
    lay(tmp_path, QUIZ + EXPERIMENT)
    shared = Holdout(name="everywhere", share=0.1, window_days=30)
    shop = shelf(tmp_path, engine, clock, began(holdout_share=0.9), shared=shared)
    live = shop.live("coffee")
    assert live is not None
    with writing(engine) as connection:
        publish(connection, live, at=NOON)
    restored = shelf(tmp_path / "gone", engine, clock, shared=shared).pinned(live.version)
    for each in (live, shop.pinned(live.version), restored):
        assert each is not None
        assert each.quiz.experiment is not None
        assert (each.quiz.experiment.name, each.quiz.experiment.holdout_share) == ("everywhere", 0.1)
        assert each.quiz.experiment.window_days == 30
    assert shop.problems() == ()

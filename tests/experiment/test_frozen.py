"""What began is read back as it was frozen, and what the store's settings say otherwise is told."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from quizfunnel.experiment import frozen
from quizfunnel.experiment.design import (
    STORE,
    Design,
    FrozenDesign,
    fingerprint,
)
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON

SPRING = Design("coffee", "spring", 0.2, 7, 0.5, 0.02, 5)
SHARED = Design(STORE, "everywhere", 0.1, 14, 0.5, 0.02, 5)
SHORTER = Design(STORE, "shorter", 0.5, 7, 0.5, 0.02, 5, ("coffee", "short"))


@pytest.fixture(autouse=True)
def _frozen(engine: Engine) -> None:
    with writing(engine) as connection:
        for hours, design in enumerate((SPRING, SHARED, SHORTER)):
            frozen.freeze(connection, design, at=NOON + timedelta(hours=hours), simulated=False)
        frozen.freeze(connection, SPRING._replace(holdout_share=0.4), at=NOON, simulated=True)


def test_a_design_is_read_with_its_day_and_fingerprint(engine: Engine) -> None:
    """Of real and of simulated visitors apart; None before anybody entered."""
    with reading(engine) as connection:
        real = frozen.frozen_design(connection, "coffee", "spring", simulated=False)
        pretended = frozen.frozen_design(connection, "coffee", "spring", simulated=True)
        assert frozen.frozen_design(connection, "coffee", "autumn", simulated=False) is None
    assert real == FrozenDesign(SPRING, NOON, fingerprint(SPRING.text()), SPRING.text())
    assert pretended is not None
    assert pretended.design.holdout_share == 0.4


def test_a_quizs_experiments_are_its_own(engine: Engine) -> None:
    """Those of the store are told as such: their names are not to be had again."""
    found = frozen.frozen_by_quiz(engine, ["coffee", "tea"])
    assert {
        quiz: sorted({each.design.experiment for each in rows if each.design.quiz != STORE})
        for quiz, rows in found.items()
    } == {
        "coffee": ["spring"],
        "tea": [],
    }
    assert {each.design.experiment for each in found["tea"]} == {"everywhere", "shorter"}
    assert {each.design.holdout_share for each in found["coffee"] if each.design.quiz != STORE} == {0.2, 0.4}


def test_a_database_from_before_experiments_were_frozen_has_none() -> None:
    """A check is no reason to migrate."""
    assert frozen.frozen_by_quiz(open_engine("sqlite://", pooled=False), ["coffee"]) == {}


def test_what_the_settings_say_otherwise_is_told(engine: Engine) -> None:
    """With what it began with, by the names and values of the file; the same settings, and a new name, say nothing."""
    with reading(engine) as connection:
        assert frozen.changed_settings(connection, [SHARED, SHORTER]) == []
        assert frozen.changed_settings(connection, [SHARED._replace(experiment="new", holdout_share=0.5)]) == []
        found = frozen.changed_settings(connection, [SHARED._replace(holdout_share=0.2, window_days=7)])
        swapped = frozen.changed_settings(
            connection, [SHORTER._replace(quizzes=("short", "coffee"), holdout_share=0.7)]
        )
        other = frozen.changed_settings(connection, [SHARED._replace(experiment="shorter")])
    assert settings(found) == ["share 0.1", "window_days 14"]
    assert settings(swapped) == ["share 0.5", "the quizzes coffee and short"]
    assert "the quizzes coffee and short" in settings(other)


def settings(found: list[str]) -> list[str]:
    """Return the settings that sentences say to be frozen."""
    return [line.split(", which is frozen")[0].split(" with ")[1] for line in found]


def test_a_name_that_a_quizs_experiment_had_is_taken(engine: Engine) -> None:
    """Its visitors have their arms under that name already."""
    with reading(engine) as connection:
        (line,) = frozen.changed_settings(connection, [SHARED._replace(experiment="spring")])
    assert line.startswith("`spring` is the name of an experiment of the quiz coffee, which began on 2 Mar 2026")


def test_the_stores_experiments_are_known_when_they_have_ended(engine: Engine) -> None:
    """By name, of both sorts of visitors or of one."""
    with reading(engine) as connection:
        assert frozen.frozen_store_designs(connection) == {"everywhere": SHARED, "shorter": SHORTER}
        assert frozen.frozen_store_designs(connection, simulated=True) == {}

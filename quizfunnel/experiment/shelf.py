"""The shelf of the store's quizzes, opened with the experiments that they are part of."""

from sqlalchemy import Engine

from quizfunnel.experiment.frozen import frozen_settings
from quizfunnel.kit.clock import Clock
from quizfunnel.quiz.shelf import Experiments, Shelf
from quizfunnel.settings import Settings


def shelf_of(settings: Settings, engine: Engine, clock: Clock) -> Shelf:
    """Return the store's quizzes, with the experiments that they are part of."""
    return Shelf(settings.store / "quizzes", engine, clock, Experiments(settings.holdout, frozen_settings))

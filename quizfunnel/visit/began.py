"""Which experiments began, and as what: read from where their designs were frozen."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Select, inspect, select

from quizfunnel.kit.clock import Clock
from quizfunnel.quiz import begun
from quizfunnel.quiz.begun import Begun
from quizfunnel.quiz.versions import Experiments, Shelf
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.designs import Design, Frozen, changed
from quizfunnel.visit.tables import Experiment

_e = columns(Experiment)


def shelf_of(settings: Settings, engine: Engine, clock: Clock) -> Shelf:
    """Return the store's quizzes, with the experiments that they are part of."""
    return Shelf(settings.store / "quizzes", engine, clock, Experiments(settings.holdout, of_quiz))


def frozen_design(connection: Connection, quiz: str, name: str, *, simulated: bool) -> Frozen | None:
    """Return the design of one experiment, None where nobody entered it yet."""
    mine = (_e.quiz == quiz, _e.name == name, _e.simulated == simulated)
    row = connection.execute(select(_e.design, _e.started_at, _e.fingerprint).where(*mine)).first()
    return Frozen(Design.read(row[0]), row[1], row[2]) if row else None


def of_quiz(connection: Connection, quiz: str) -> list[Begun]:
    """Return the experiments of a quiz (STORE for the store's) that began, of real and of simulated visitors."""
    found = [Frozen(Design.read(text), at, "") for text, at in connection.execute(_of(quiz))]
    return [
        Begun(design.experiment, at, design.holdout_share, design.window_days, design.minimum_effect)
        for design, at, _ in found
    ]


def by_quiz(engine: Engine) -> Mapping[str, list[Begun]]:
    """Return every experiment that began, by quiz; none where the database is not there or too old to know."""
    with reading(engine) as connection:
        if not inspect(connection).has_table(str(Experiment.__tablename__)):
            return {}
        quizzes = connection.execute(select(_e.quiz).distinct()).scalars().all()
        return {quiz: of_quiz(connection, quiz) for quiz in quizzes}


def changes(connection: Connection, designs: Iterable[Design]) -> list[str]:
    """Return a sentence for every setting of the store's experiments that is not what it began with."""
    found = []
    for now in designs:
        for text, at in connection.execute(_of(now.quiz).where(_e.name == now.experiment)):
            was = Design.read(text)
            settings = (f"{name} {_said(was, name)}" for name in changed(now, was))
            found += [begun.told(now.experiment, at, setting) for setting in settings]
    return list(dict.fromkeys(found))


def _of(quiz: str) -> Select[Any]:
    return select(_e.design, _e.started_at).where(_e.quiz == quiz).order_by(_e.started_at)


def _said(design: Design, name: str) -> str:
    value = getattr(design, name)
    return " against ".join(value) if isinstance(value, tuple) else f"{value:g}"

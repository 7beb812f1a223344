"""Which experiments began, and as what: read from where their designs were frozen."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, inspect, select

from quizfunnel.experiment.design import (
    STORE,
    Design,
    FrozenDesign,
    describe_setting,
    differing_settings,
)
from quizfunnel.experiment.tables import FrozenExperiment
from quizfunnel.quiz.check import frozen
from quizfunnel.quiz.check.frozen import FrozenSettings
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns

_e = columns(FrozenExperiment)


def frozen_design(connection: Connection, quiz: str, name: str, *, simulated: bool) -> FrozenDesign | None:
    """Return the design of one experiment, None where nobody entered it yet."""
    mine = (_e.quiz == quiz, _e.name == name, _e.simulated == simulated)
    row = connection.execute(select(_e.design, _e.started_at, _e.fingerprint).where(*mine)).first()
    return FrozenDesign(Design.read(row[0]), row[1], row[2], row[0]) if row else None


def frozen_store_designs(connection: Connection, *, simulated: bool | None = None) -> dict[str, Design]:
    """Return the store's experiments that ever began, by name, whether they still run or have ended."""
    sort = () if simulated is None else (_e.simulated == simulated,)
    return {each.experiment: each for each, _ in _read(connection, _e.quiz == STORE, *sort)}


def frozen_settings(connection: Connection, quiz: str) -> list[FrozenSettings]:
    """Return the experiments of a quiz that began, of real and of simulated visitors, and those of the store."""
    return [
        FrozenSettings(
            each.experiment, at, each.holdout_share, each.window_days, each.minimum_effect, each.quiz == STORE
        )
        for each, at in _read(connection, _e.quiz.in_((quiz, STORE)))
    ]


def frozen_by_quiz(engine: Engine, quizzes: Iterable[str]) -> Mapping[str, list[FrozenSettings]]:
    """Return the experiments of each quiz that began; none where the database is not there or too old to know."""
    with reading(engine) as connection:
        if not inspect(connection).has_table(str(FrozenExperiment.__tablename__)):
            return {}
        return {quiz: frozen_settings(connection, quiz) for quiz in quizzes}


def changed_settings(connection: Connection, designs: Iterable[Design]) -> list[str]:
    """Return a sentence for every setting of the store's experiments that is not what it began with.

    And for a name that an experiment of a quiz had: its visitors have their arms already.
    """
    if not inspect(connection).has_table(str(FrozenExperiment.__tablename__)):
        return []
    found: dict[tuple[str, str], str] = {}
    for now in designs:
        for was, at in _read(connection, _e.name == now.experiment):
            if was.quiz != STORE:
                found.setdefault(
                    (now.experiment, "name"), frozen.taken_name_words(now.experiment, at, f"the quiz {was.quiz}")
                )
                continue
            for name in differing_settings(now, was):
                found.setdefault(
                    (now.experiment, name), frozen.frozen_setting_words(now.experiment, at, describe_setting(was, name))
                )
    return list(found.values())


def _read(connection: Connection, *where: Any) -> list[tuple[Design, datetime]]:
    found = select(_e.design, _e.started_at).where(*where).order_by(_e.started_at, _e.quiz, _e.simulated)
    return [(Design.read(text), at) for text, at in connection.execute(found)]

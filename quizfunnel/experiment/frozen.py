"""Freezing: a design is stored when its first visitor enters, and read from there ever after."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, inspect, select

from quizfunnel.experiment import frozen_check
from quizfunnel.experiment.design import STORE, Design, FrozenDesign, fingerprint
from quizfunnel.experiment.tables import FrozenExperiment
from quizfunnel.store.prepared import Prepared
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.store.upsert import insert_once

_e = columns(FrozenExperiment)
_FROZEN = (_e.design, _e.started_at, _e.fingerprint)

# Prepared, since every page view that invites reads it
_text = Prepared(
    select(_e.design).where(
        _e.quiz == bindparam("quiz"), _e.name == bindparam("name"), _e.simulated == bindparam("simulated")
    )
)


def freeze(connection: Connection, design: Design, *, at: datetime, simulated: bool) -> Design:
    """Return the design as it was when the first visitor entered, which is now where nobody did."""
    key = {"quiz": design.quiz, "name": design.experiment, "simulated": simulated}
    row = _text.run(connection, **key).fetchone()
    if row is None:
        text = design.text()
        values = key | {"started_at": at, "design": text, "fingerprint": fingerprint(text)}
        _insert_frozen(connection.dialect.name).run(connection, **values)
        row = _text.run(connection, **key).fetchone()  # another worker's may have come first
    return Design.read(row[0])


def frozen_design(connection: Connection, quiz: str, name: str, *, simulated: bool) -> FrozenDesign | None:
    """Return the design of one experiment, None where nobody entered it yet."""
    rows = _read(connection, _e.quiz == quiz, _e.name == name, _e.simulated == simulated)
    return rows[0] if rows else None


def frozen_designs(connection: Connection, quiz: str) -> list[FrozenDesign]:
    """Return the experiments of a quiz that began, of real and of simulated visitors, and those of the store."""
    return _read(connection, _e.quiz.in_((quiz, STORE)))


def frozen_store_designs(connection: Connection, *, simulated: bool | None = None) -> dict[str, Design]:
    """Return the store's experiments that ever began, by name, whether they still run or have ended."""
    sort = () if simulated is None else (_e.simulated == simulated,)
    return {each.design.experiment: each.design for each in _read(connection, _e.quiz == STORE, *sort)}


def frozen_by_quiz(engine: Engine, quizzes: Iterable[str]) -> Mapping[str, list[FrozenDesign]]:
    """Return the experiments of each quiz that began; none where the database is not there or too old to know."""
    with reading(engine) as connection:
        if not _is_known(connection):
            return {}
        return {quiz: frozen_designs(connection, quiz) for quiz in quizzes}


def changed_settings(connection: Connection, designs: Iterable[Design]) -> list[str]:
    """Return a sentence for every setting of the store's experiments that is not what it began with."""
    if not _is_known(connection):
        return []
    sentences: dict[tuple[str, str], str] = {}
    for now in designs:
        for was in _read(connection, _e.name == now.experiment):
            for name, sentence in frozen_check.changes(now, was).items():
                sentences.setdefault((now.experiment, name), sentence)
    return list(sentences.values())


def _read(connection: Connection, *where: Any) -> list[FrozenDesign]:
    statement = select(*_FROZEN).where(*where).order_by(_e.started_at, _e.quiz, _e.simulated)
    return [FrozenDesign(Design.read(text), at, mark, text) for text, at, mark in connection.execute(statement)]


def _is_known(connection: Connection) -> bool:
    return inspect(connection).has_table(str(FrozenExperiment.__tablename__))


@lru_cache(maxsize=2)
def _insert_frozen(dialect: str) -> Prepared:
    names = ("quiz", "name", "simulated", "started_at", "design", "fingerprint")
    values: dict[str, Any] = {name: bindparam(name, type_=_e[name].type) for name in names}
    return Prepared(insert_once(dialect, FrozenExperiment).values(values))

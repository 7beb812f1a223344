"""Designs frozen in a store's database, as its first visitor would have."""

from pathlib import Path

from quizfunnel.experiment.design import Design
from quizfunnel.experiment.frozen import freeze
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import writing
from tests.cast import NOON
from tests.commands import run


def frozen(folder: Path, *designs: Design) -> None:
    """Freeze designs in the store's database."""
    assert run("migrate").exit_code == 0
    engine = open_engine(f"sqlite:///{folder / 'var' / 'quizfunnel.sqlite3'}", pooled=False)
    with writing(engine) as connection:
        for design in designs:
            freeze(connection, design, at=NOON, simulated=False)
    engine.dispose()

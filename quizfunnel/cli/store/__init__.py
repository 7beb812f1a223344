"""Store that a command works on: its settings, its database, its quizzes; and the libraries that it needs."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from quizfunnel.cli.group import Refused

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from quizfunnel.quiz.live_quiz import LiveQuiz
    from quizfunnel.quiz.shelf import Shelf
    from quizfunnel.settings import Settings


@contextmanager
def database(*, migrated: bool = True, forgets: bool = False) -> "Iterator[tuple[Settings, Engine]]":
    """Yield the settings and the store's database, refused where it is not of this program's version.

    `forgets` tells that the command replays the list of erasures itself, so that it need not be done first.
    """
    from quizfunnel import server
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.store.engine import open_engine

    settings = StoreSettings.load()
    engine = open_engine(settings.database, pooled=False, making=not migrated)
    try:
        if migrated:
            server.refuse_old(engine)
            if not forgets:
                server.forget_again(settings, engine)
        yield settings, engine
    finally:
        engine.dispose()


def open_shelf(settings: "Settings", engine: "Engine") -> "Shelf":
    """Return the store's quizzes."""
    from quizfunnel.experiment.shelf import shelf_of
    from quizfunnel.kit.clock import SystemClock

    return shelf_of(settings, engine, SystemClock())


def live_quiz(shelf: "Shelf", quiz: str) -> "LiveQuiz":
    """Return a quiz that can be taken, or refuse."""
    live = shelf.live(quiz)
    if live is None:
        raise Refused(f"no quiz `{quiz}` can be taken here; there is: {', '.join(shelf.slugs()) or 'none'}")
    return live


def needs(*names: str) -> None:
    """Refuse where the libraries are missing that only exports, and rollups of them, need."""
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        raise Refused(f"this needs {', '.join(missing)}: pip install 'quizfunnel[warehouse]'")

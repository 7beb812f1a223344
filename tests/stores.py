"""Stores of tests: an empty database, settings, and the demo store's application, for as long as they are needed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from pydantic import SecretStr

from quizfunnel.app import create_app
from quizfunnel.demo import INVITATIONS
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings, Shop
from quizfunnel.shipped import shipped_folder
from tests import cast
from tests.postgres import PostgresDatabases

SHOP = "http://localhost:8001"  # of the demo, beside its quizzes


@contextmanager
def empty_database(databases: PostgresDatabases | Path, folder: Path) -> Iterator[str]:
    """Give the URL of a database with every table and no row, SQLite's in a folder."""
    if isinstance(databases, Path):
        path = folder / "test.sqlite3"
        shutil.copyfile(databases, path)
        yield f"sqlite:///{path}"
        return
    with databases.empty() as url:
        yield url


def store_settings(store: Path, database_url: str) -> Settings:
    """Return the settings of a store that has its own legal ground for remembering visitors."""
    return Settings(
        store=store,
        database_url=database_url,
        secret_key=SecretStr(cast.KEY.decode()),
        sources=cast.SOURCES,
        consent="off",
        shop_url="/shop",
        auto_publish=True,
    )


def connected(settings: Settings, **changes: Any) -> Settings:
    """Return the settings of quizzes that the demo's shop is connected to."""
    own = {"shop_url": f"{SHOP}/shop", "shop": Shop(origins=(SHOP, "https://shop.example"), new_visitors_a_minute=1000)}
    return settings.model_copy(update=own | {"invitations": INVITATIONS} | changes)


@contextmanager
def demo_app(settings: Settings, clock: SetClock, folder: Path) -> Iterator[Flask]:
    """Give the application of the demo store, in a folder, over the shipped quizzes; it has every route there is."""
    folder.mkdir()
    (folder / "quizzes").symlink_to(shipped_folder() / "quizzes")
    app = create_app(connected(settings, store=folder), clock=clock, demo=True)
    yield app
    app.extensions["quizfunnel"].engine.dispose()

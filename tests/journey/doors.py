"""A door of tests: the coffee shop with a shorter quiz beside its own, compared with each other."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Comparison, Settings
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment
from tests.cast import write_store
from tests.pages import Tab

SHORTER = Comparison(quizzes=("coffee", "short"))
TITLES = {"coffee": "Find your coffee", "short": "Coffee in a minute"}

_a = columns(Assignment)


def compared(settings: Settings, clock: SetClock, **changes: Any) -> Flask:
    """Return the store with two quizzes and their comparison `shorter`, more settings changed."""
    write_short(settings)
    whole = {"comparisons": {"shorter": SHORTER}} | changes
    return create_app(settings.model_copy(update=whole), clock=clock, demo=False)


def write_short(settings: Settings) -> None:
    """Write the second quiz: the coffee quiz under another title, and without an experiment as the first is then."""
    quizzes = settings.store / "quizzes"
    write_store(settings.store, experiment=None)
    first = (quizzes / "coffee.yaml").read_text(encoding="utf-8")
    (quizzes / "short.yaml").write_text(first.replace(TITLES["coffee"], TITLES["short"]), encoding="utf-8")


def seen(tab: Tab, path: str = "/c/shorter") -> str:
    """Return which quiz a page shows, "" for none."""
    text = tab.get(path).text
    return next((quiz for quiz, title in TITLES.items() if f"<h1>{title}</h1>" in text), "")


def arms(app: Flask) -> list[str]:
    """Return the arms that were drawn, the first drawn first."""
    with reading(app.extensions["quizfunnel"].engine) as connection:
        return list(connection.execute(select(_a.arm).order_by(_a.t0)).scalars())


def come(app: Flask, quiz: str, **more: Any) -> Tab:
    """Return a visitor whom the door showed a quiz."""
    tabs = (Tab(app, **more) for _ in range(60))
    return next(tab for tab in tabs if seen(tab) == quiz)

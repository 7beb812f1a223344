"""Machines of one store: each with a disk of its own, and as many processes as a test wants."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from quizfunnel.kit.clock import SetClock
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing.disk import disk_id
from quizfunnel.quiz.publishing.look import Role
from quizfunnel.quiz.shelf import Shelf
from tests.quiz.files import CATALOG, QUIZ, changed, lay


@dataclass
class Machine:
    """One machine: its store's folder, and the database and clock that it shares."""

    store: Path
    engine: Engine
    clock: SetClock
    publishes: bool = True

    @property
    def folder(self) -> Path:
        """Return the folder of its quiz files."""
        return self.store / "quizzes"

    def process(self) -> Shelf:
        """Start a process that serves."""
        role = Role(disk=disk_id(self.store / "var")) if self.publishes else Role(strict=True)
        return Shelf(self.folder, self.engine, self.clock, role=role)

    def save(self, title: str = "", *, text: str = QUIZ, catalog: str = CATALOG, slug: str = "coffee") -> None:
        """Save a quiz file, with another title, and its catalogue."""
        text = text.replace("title: Find your coffee", f"title: {title}") if title else text
        lay(self.folder, text, catalog=catalog, slug=slug)


BROKEN = changed(("minutes: 1", "minuts: 1"))


def title(shelf: Shelf, slug: str = "coffee") -> str:
    """Return the title of what a process serves, a second after it looked last; "" where it serves nothing."""
    live = later(shelf, slug)
    return live.quiz.title if live else ""


def later(shelf: Shelf, slug: str = "coffee") -> LiveQuiz | None:
    """Return what a process serves a second after it looked last."""
    clock = shelf._look._clock
    assert isinstance(clock, SetClock)
    clock.advance(1.1)
    return shelf.live(slug)


def price(shelf: Shelf, product: str = "dark-bean") -> int:
    """Return a product's price as it is served."""
    live = later(shelf)
    assert live is not None
    return live.catalog.by_id[product].price


def cheaper(pence: int) -> str:
    """Return the catalogue with the first product at another price."""
    return CATALOG.replace("9.00", f"{pence / 100:.2f}")

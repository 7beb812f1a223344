"""Two workers of a real server serve one version; so does the next server, whatever was killed or broken between."""

import os
import re
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.quiz.files import CATALOG, changed, lay
from tests.servers import free_port, get, started, wait_for

pytestmark = pytest.mark.slow

ASKED = 12  # connections: as good as surely both workers are among those who answer


class Shop:
    """A store's folder and the server over it."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, in which the coffee quiz is laid."""
        self.folder, self.port, self.pid = folder, free_port(), 0
        (folder / "quizzes").mkdir()

    @contextmanager
    def served(self) -> Iterator[list[str]]:
        """Serve it by two workers; give the server's lines up to the one that says that it serves."""
        env = {"QUIZFUNNEL_STORE": str(self.folder), "QUIZFUNNEL_DATABASE_URL": ""}
        command = (sys.executable, "-m", "quizfunnel", "serve", "--workers", "2", "--port", str(self.port))
        with started(*command, cwd=self.folder, env=env) as (process, said):
            self.pid = process.pid
            get(f"http://127.0.0.1:{self.port}/healthz")
            yield said

    def save(self, title: str) -> None:
        """Save the quiz with another title."""
        lay(self.folder / "quizzes", changed(("Find your coffee", title)))

    def titles(self) -> set[str]:
        """Return the titles that all who ask now are shown."""
        return {self.title() for _ in range(ASKED)}

    def title(self) -> str:
        """Return the title that one who asks now is shown."""
        (title,) = re.findall(r"<h1[^>]*>([^<]+)", get(f"http://127.0.0.1:{self.port}/q/coffee")[1])
        return str(title)

    def publications(self) -> list[str]:
        """Return the states of all publications, the live one first."""
        with closing(sqlite3.connect(self.folder / "var" / "quizfunnel.sqlite3")) as database:
            return sorted((state for (state,) in database.execute("SELECT state FROM publication")), reverse=True)

    def shows(self, title: str) -> None:
        """Wait until everybody is shown one title; fail where that never comes."""
        wait_for(
            lambda: all(self.title() == title for _ in range(ASKED)) or None, f"{title} is not what everybody is shown"
        )


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Give a store that is not served yet."""
    return Shop(tmp_path)


def test_after_a_good_save_and_a_broken_one_there_is_one_version(shop: Shop) -> None:
    """In both workers, and after a restart over the broken file and over an empty folder."""
    shop.save("First")
    with shop.served():
        shop.shows("First")
        shop.save("Second")
        shop.shows("Second")
        lay(shop.folder / "quizzes", changed(("minutes: 1", "minuts: 1")), catalog=CATALOG.replace("9.00", "8.00"))
        assert shop.titles() == {"Second"}
    with shop.served() as said:
        assert shop.titles() == {"Second"}
        assert any("unknown key `minuts`" in line for line in said)
    (shop.folder / "quizzes").rename(shop.folder / "away")
    with shop.served():
        assert shop.titles() == {"Second"}


def test_a_save_survives_whatever_is_killed_between_it_and_its_publication(shop: Shop) -> None:
    """The file is there and the server is not: the next one publishes it, once."""
    shop.save("First")
    for number in range(2):
        with shop.served():
            before = "First" if number == 0 else f"Save {number - 1}"
            shop.shows(before)
            shop.save(f"Save {number}")
            os.killpg(shop.pid, signal.SIGKILL)
    with shop.served():
        shop.shows("Save 1")
        assert shop.titles() == {"Save 1"}
        assert shop.publications() == ["live", "ended", "ended"]  # of the two saves and the first, each once


def test_a_file_that_is_written_in_pieces_is_served_whole_or_not_at_all(shop: Shop) -> None:
    """A look in between finds it broken, and what is published serves on."""
    shop.save("First")
    with shop.served():
        shop.shows("First")
        path = shop.folder / "quizzes" / "coffee.yaml"
        text = changed(("Find your coffee", "Second")).encode()
        with path.open("wb", buffering=0) as file:
            for start in range(0, len(text), 200):
                file.write(text[start : start + 200])
                assert shop.titles() <= {"First", "Second"}
        shop.shows("Second")

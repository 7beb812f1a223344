"""Laws of a database file that is lost under two workers: nothing is acknowledged that is in no file of that name."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import cast
from tests.servers import free_port, get, started
from tests.shoppers import Shopper, acknowledged, answers, shopping, wait_for_more, wait_until_told

pytestmark = pytest.mark.slow

MORE = 20  # answers that are acknowledged before and after each fault


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """Serve the coffee store by two workers; give the port and the database's file."""
    folder = tmp_path_factory.mktemp("store")
    cast.write_store(folder)
    port = free_port()
    env = {"QUIZFUNNEL_STORE": str(folder), "QUIZFUNNEL_CONSENT": "off", "QUIZFUNNEL_DATABASE_URL": ""}
    with started(sys.executable, "-m", "quizfunnel", "serve", "--port", str(port), cwd=folder, env=env):
        get(f"http://127.0.0.1:{port}/healthz")
        yield port, folder / "var" / "quizfunnel.sqlite3"


@pytest.fixture
def shop(port: tuple[int, Path]) -> Iterator[tuple[list[Shopper], Path]]:
    """Give shoppers on their way, and the database's file."""
    with shopping(port[0], 4) as shoppers:
        wait_for_more(shoppers, MORE)
        yield shoppers, port[1]


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_that_is_moved_away_and_back_has_every_answer(shop: tuple[list[Shopper], Path], times: int) -> None:
    """While it is away everybody is told so; when it is back work goes on, without a restart."""
    shoppers, file = shop
    for _ in range(times):
        away = file.rename(file.with_name("away"))
        wait_until_told(shoppers)
        wait_until_told(shoppers)
        before = acknowledged(shoppers)
        wait_until_told(shoppers)
        assert acknowledged(shoppers) == before
        assert not file.exists()
        away.rename(file)
        wait_for_more(shoppers, MORE)
    assert acknowledged(shoppers) <= answers(file)


def test_a_file_that_is_deleted_takes_no_more_answers(shop: tuple[list[Shopper], Path]) -> None:
    """Its last name is gone; whoever still has it open writes nothing to it that anybody is told of."""
    shoppers, file = shop
    kept = file.with_name("kept")
    os.link(file, kept)
    file.unlink()
    wait_until_told(shoppers)
    wait_until_told(shoppers)
    before = acknowledged(shoppers)
    wait_until_told(shoppers)
    assert acknowledged(shoppers) == before
    kept.rename(file)
    wait_for_more(shoppers, MORE)
    assert acknowledged(shoppers) <= answers(file)


def test_another_file_of_the_name_is_taken_up(shop: tuple[list[Shopper], Path]) -> None:
    """Each answer stands in the file that had the name when it was acknowledged: this one, or that before it."""
    shoppers, file = shop
    other, before = file.with_name("other"), file.with_name("before")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(other)) as copy:
        source.backup(copy)
    wait_for_more(shoppers, MORE)
    os.link(file, before)
    other.replace(file)
    wait_for_more(shoppers, MORE)
    (log,) = file.parent.glob("*-wal.of-file-*")
    log.rename(f"{before}-wal")
    assert acknowledged(shoppers) <= answers(file) | answers(before)
    assert acknowledged(shoppers) - answers(before)

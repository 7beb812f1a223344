"""Many processes that look at once publish once, whatever database they share."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select

from quizfunnel.quiz.publishing.disk import disk_id
from quizfunnel.quiz.publishing.publisher import Publisher
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.tables import Publication
from quizfunnel.store.transaction import reading
from tests.quiz.publishing.machines import Machine, title

PROCESSES = 4


def at_once(*asked: Callable[[], Any]) -> list[Any]:
    """Ask all of them in the same moment, each in a thread of its own."""
    barrier = Barrier(len(asked))

    def wait(ask: Callable[[], Any]) -> Any:
        barrier.wait()
        return ask()

    with ThreadPoolExecutor(len(asked)) as threads:
        return list(threads.map(wait, asked))


def published(engine: Engine) -> list[str]:
    """Return the states of all publications, the last one first."""
    with reading(engine) as connection:
        rows = connection.execute(select(Publication.__table__)).all()  # type: ignore[attr-defined]
    return sorted((row.state for row in rows), reverse=True)


def look(shelf: Shelf) -> Callable[[], tuple[str, ...]]:
    """Return what makes a process look."""
    return shelf.slugs


def test_processes_that_start_at_once_publish_once(machine: Machine, other: Machine, engine: Engine) -> None:
    """Of one disk and of two with the same files."""
    processes = [each.process() for each in (machine, other) for _ in range(PROCESSES)]
    assert at_once(*map(look, processes)) == [("coffee",)] * len(processes)
    assert published(engine) == ["live"]


def test_a_save_that_all_see_at_once_is_published_once(machine: Machine, engine: Engine) -> None:
    """And a deleted file is withdrawn once."""
    processes = [machine.process() for _ in range(PROCESSES)]
    at_once(*map(look, processes))
    machine.save("Second")
    machine.clock.advance(1.1)
    at_once(*map(look, processes))
    assert published(engine) == ["live", "ended"]
    assert {title(shelf) for shelf in processes} == {"Second"}
    (machine.folder / "coffee.yaml").unlink()
    machine.clock.advance(1.1)
    at_once(*map(look, processes))
    assert published(engine) == ["withdrawn", "ended"]
    assert {title(shelf) for shelf in processes} == {""}


def test_who_comes_too_late_to_write_serves_what_another_published(
    machine: Machine, other: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the same look on: between two looks nobody is told that there is no such quiz."""
    late, quick = machine.process(), other.process()
    write = Publisher._write

    def beaten(publisher: Publisher, verb: Callable[[Connection], Any]) -> Any:
        if publisher.disk == disk_id(other.store / "var"):
            return write(publisher, verb)
        quick.slugs()
        return None

    monkeypatch.setattr(Publisher, "_write", beaten)
    assert late.slugs() == ("coffee",)


@pytest.mark.parametrize("questions", range(1, 5))
def test_who_looks_while_another_publishes_serves_it_too(machine: Machine, engine: Engine, questions: int) -> None:
    """After any question of the first look: what is known of the disk and of the publication goes together."""
    asked = list[object]()

    def publish(*_: Any) -> None:
        asked.append(None)
        if len(asked) == questions:
            machine.process().slugs()

    event.listen(engine, "after_cursor_execute", publish)
    try:
        assert machine.process().slugs() == ("coffee",)
    finally:
        event.remove(engine, "after_cursor_execute", publish)
    assert published(engine) == ["live"]

"""Publications are rows: a pair once, the one before it ended in that moment, and a moment that others go by."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from quizfunnel.catalog.product import Catalog
from quizfunnel.quiz.catalog_snapshot import products_from_json
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing import publication
from quizfunnel.quiz.publishing.publication import PublicationNote
from quizfunnel.quiz.tables import CatalogVersion, Publication, QuizVersion
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON, coffee_catalog, coffee_quiz, product

FIRST = LiveQuiz("coffee", "a" * 64, coffee_quiz(), coffee_catalog(), "title: Coffee\n")
CHEAPER = replace(FIRST, catalog=Catalog((product("dark-bean", price=800),)))
SECOND = replace(FIRST, version="b" * 64)
HOUR = timedelta(hours=1)


def publish(engine: Engine, live: LiveQuiz, *, at: datetime = NOON, **more: Any) -> str:
    """Publish in a transaction of its own."""
    with writing(engine) as connection:
        return publication.publish(connection, live, at=at, **more)


def rows(engine: Engine, table: Any = Publication) -> list[Any]:
    """Return the rows of a table, the first first."""
    with reading(engine) as connection:
        found = list(connection.execute(select(table.__table__)).all())
    return sorted(found, key=lambda row: (row.starts_at, row.published_at)) if table is Publication else found


def test_publishing_twice_keeps_one_row(engine: Engine) -> None:
    """The rows are the file's text, the products as they were, and the pair with who and why."""
    assert publish(engine, FIRST, note=PublicationNote("Ada", "spring"))
    assert publish(engine, FIRST) == ""
    (version,), (catalog,), (published,) = rows(engine, QuizVersion), rows(engine, CatalogVersion), rows(engine)
    assert (version.id, version.quiz, version.body) == (FIRST.version, "coffee", FIRST.body)
    assert catalog.id == FIRST.catalog_version
    assert products_from_json(catalog.products).products == FIRST.catalog.products
    assert (published.quiz_version, published.catalog_version, published.state) == (version.id, catalog.id, "live")
    assert (published.who, published.message, published.starts_at, published.ends_at) == ("Ada", "spring", NOON, None)


def test_another_catalogue_is_a_publication_of_the_same_version(engine: Engine) -> None:
    """The pair before it ends in that moment; one alone is live, and coming back to it is news again."""
    for hours, live in enumerate((FIRST, CHEAPER, FIRST)):
        assert publish(engine, live, at=NOON + hours * HOUR)
    found = rows(engine)
    assert [each.state for each in found] == ["ended", "ended", "live"]
    assert [each.ends_at for each in found] == [NOON + HOUR, NOON + 2 * HOUR, None]
    assert [each.catalog_version for each in found] == [
        FIRST.catalog_version, CHEAPER.catalog_version, FIRST.catalog_version,
    ]  # fmt: skip
    assert len(rows(engine, QuizVersion)) == 1


def test_a_clock_that_was_set_back_ends_nothing_before_it_began(engine: Engine) -> None:
    """As of a machine whose clock is behind that of the one before."""
    publish(engine, FIRST, at=NOON)
    publish(engine, SECOND, at=NOON - HOUR)
    found = {each.quiz_version: each for each in rows(engine)}
    assert found[FIRST.version].ends_at == NOON
    assert found[SECOND.version].state == "live"


def test_a_moment_that_comes_makes_a_scheduled_pair_live(engine: Engine) -> None:
    """What it takes the place of ended then, however late somebody looks; of two that came the later one is live."""
    publish(engine, FIRST)
    publish(engine, SECOND, starts_at=NOON + HOUR)
    publish(engine, CHEAPER, starts_at=NOON + 2 * HOUR)
    with writing(engine) as connection:
        assert publication.settle(connection, at=NOON + HOUR / 2) == []
        assert publication.settle(connection, at=NOON + 5 * HOUR) == ["coffee", "coffee"]
        assert publication.settle(connection, at=NOON + 5 * HOUR) == []
    found = rows(engine)
    assert [each.state for each in found] == ["ended", "ended", "live"]
    assert [each.ends_at for each in found] == [NOON + HOUR, NOON + 2 * HOUR, None]


def test_a_scheduled_pair_that_was_overtaken_never_begins(engine: Engine) -> None:
    """Somebody published after its moment, before anybody looked."""
    publish(engine, SECOND, starts_at=NOON + HOUR)
    with writing(engine) as connection:
        connection.execute(Publication.__table__.insert().values(  # type: ignore[attr-defined]
            rows(engine)[0]._asdict() | {"id": "f" * 32, "state": "live", "starts_at": NOON + 2 * HOUR}
        ))  # fmt: skip
        assert publication.settle(connection, at=NOON + 3 * HOUR) == []
    assert [(each.state, each.ends_at) for each in rows(engine)] == [("ended", NOON + 2 * HOUR), ("live", None)]


def test_what_has_an_end_ends(engine: Engine) -> None:
    """With nothing in its place."""
    publish(engine, FIRST)
    with writing(engine) as connection:
        connection.execute(Publication.__table__.update().values(ends_at=NOON + HOUR))  # type: ignore[attr-defined]
        publication.settle(connection, at=NOON + HOUR)
    assert [each.state for each in rows(engine)] == ["ended"]


def test_a_withdrawal_ends_what_is_live_and_a_cancellation_what_waits(engine: Engine) -> None:
    """And nothing of another quiz; there may be nothing to end."""
    publish(engine, FIRST)
    publish(engine, replace(SECOND, slug="tea"))
    publish(engine, SECOND, starts_at=NOON + HOUR)
    with writing(engine) as connection:
        assert publication.withdraw(connection, "coffee", at=NOON)
        assert not publication.withdraw(connection, "coffee", at=NOON)
        assert publication.cancel(connection, "coffee", at=NOON) == 1
        assert publication.cancel(connection, "coffee", at=NOON) == 0
    assert sorted((each.quiz, each.state) for each in rows(engine)) == [
        ("coffee", "withdrawn"), ("coffee", "withdrawn"), ("tea", "live"),
    ]  # fmt: skip


def test_an_attempt_keeps_the_version_that_it_begins_on(engine: Engine) -> None:
    """Also where nobody could publish it yet; once, and no publication with it."""
    for live in (FIRST, CHEAPER):
        with writing(engine) as connection:
            publication.keep(connection, live, at=NOON)
    assert len(rows(engine, QuizVersion)) == len(rows(engine, CatalogVersion)) == 1
    assert rows(engine) == []


@pytest.mark.parametrize(
    "verb",
    [
        lambda connection: publication.publish(connection, SECOND, at=NOON + HOUR),
        lambda connection: publication.withdraw(connection, "coffee", at=NOON + HOUR),
    ],
)
def test_a_transaction_that_fails_leaves_nothing(engine: Engine, verb: Callable[[Connection], object]) -> None:
    """Whatever had been written before the fault."""
    publish(engine, FIRST)
    before = rows(engine)

    def failing() -> None:
        with writing(engine) as connection:
            verb(connection)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        failing()
    assert rows(engine) == before

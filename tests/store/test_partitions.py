"""Laws of the months on PostgreSQL: there before they begin, never moved, dropped whole; SQLite has none."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from quizfunnel import server
from quizfunnel.settings.retention import Retention
from quizfunnel.store import partitions
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import REST, columns, is_partition, month_of
from quizfunnel.upkeep import retention
from quizfunnel.upkeep.retention import Purge
from quizfunnel.visit.tables import PageView, Visitor

NOVEMBER, LATER = datetime(2023, 11, 20, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def parted(engine: Engine) -> Engine:
    """Give a database whose tables can be partitioned, with a visitor."""
    if engine.dialect.name != "postgresql":
        assert partitions.make_ahead(engine, now=NOVEMBER) == []
        assert partitions.drop_before(engine, "page_view", 202401) == []
        pytest.skip("SQLite has no partitions")
    row = {"id": "a" * 32, "first_seen": NOVEMBER, "kind": "shopper", "kind_reason": "", "device": "", "channel": ""}
    with writing(engine) as connection:
        connection.execute(insert(Visitor), row | {"landing_page": "", "simulated": False})
    return engine


def view(engine: Engine, at: datetime, id: str = "1") -> None:
    """Write a page view."""
    row = {"id": id * 32, "month": month_of(at), "visitor_id": "a" * 32, "at": at, "path": "/"}
    with writing(engine) as connection:
        connection.execute(insert(PageView), row)


def where(engine: Engine) -> list[str]:
    """Return the partitions that page views lie in."""
    with reading(engine) as connection:
        return list(connection.execute(text("SELECT tableoid::regclass::text FROM page_view ORDER BY 1")).scalars())


def test_the_months_to_come_are_made_once(parted: Engine) -> None:
    """Three of each table, over the end of a year; a second night makes none, the next month one."""
    made = partitions.make_ahead(parted, now=NOVEMBER)
    assert sorted(made) == sorted(
        f"{table}_{month}"
        for table in ("offer_view", "page_view", "question_view")
        for month in (202311, 202312, 202401)
    )
    assert partitions.make_ahead(parted, now=NOVEMBER) == []
    assert len(partitions.make_ahead(parted, now=NOVEMBER.replace(month=12))) == 3
    view(parted, NOVEMBER)
    assert where(parted) == ["page_view_202311"]


def test_a_month_that_has_begun_without_one_stays_where_it_is(parted: Engine) -> None:
    """Its rows lie in the partition of last resort: nothing is moved, and the months after it are made."""
    view(parted, NOVEMBER)
    made = partitions.make_ahead(parted, now=NOVEMBER)
    assert "page_view_202311" not in made
    assert "page_view_202312" in made
    view(parted, NOVEMBER, "2")
    assert where(parted) == ["page_view_rest"] * 2


def test_a_month_that_is_too_old_is_dropped_whole(parted: Engine) -> None:
    """By retention, the rest row by row; a month that is not over everywhere is not dropped."""
    view(parted, NOVEMBER.replace(month=8), "1")
    partitions.make_ahead(parted, now=NOVEMBER.replace(month=9))
    for number, month in enumerate((9, 10, 11), 2):
        view(parted, NOVEMBER.replace(month=month), str(number))
    view(parted, datetime(2024, 2, 1, tzinfo=UTC), "5")
    done = retention.purge(Purge(parted, Retention(views="28 months", visitors="forever"), LATER, lambda _: None))
    assert done.gone["views"] == 6 + 1  # two months of three tables, and the row of last resort
    assert done.kept_back == ()
    with reading(parted) as connection:
        months = set(connection.execute(select(columns(PageView).month)).scalars())
    assert months == {202311, 202402}
    assert partitions.make_ahead(parted, now=LATER)


def test_a_partition_refers_to_its_visitors(parted: Engine) -> None:
    """A view of nobody is refused in a month's partition as anywhere."""
    partitions.make_ahead(parted, now=NOVEMBER)
    row = {"id": "1" * 32, "month": 202311, "visitor_id": "b" * 32, "at": NOVEMBER, "path": "/"}
    statement = insert(PageView).values(**row)
    with writing(parted) as connection, pytest.raises(IntegrityError, match="page_view_visitor_id_fkey"):
        connection.execute(statement)


def test_a_new_database_begins_with_its_months(empty_database_url: str) -> None:
    """What `serve` and `migrate` make has a place for this month's views from the first one on."""
    engine = open_engine(empty_database_url, pooled=False)
    server.migrate(engine)
    parts = [name for name in inspect(engine).get_table_names() if is_partition(name) and not name.endswith(REST)]
    assert len(parts) == (9 if engine.dialect.name == "postgresql" else 0)
    engine.dispose()

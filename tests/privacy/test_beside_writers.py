"""Law of an erasure beside shoppers: what is being written meanwhile is waited for or refused, and nothing stays."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from quizfunnel.kit.ids import new_id
from quizfunnel.privacy import forget
from quizfunnel.privacy.forget import Keeper
from quizfunnel.store.transaction import DatabaseAway, reading, write, writing
from quizfunnel.store.types import columns, month_of
from quizfunnel.visit.erasure import ErasureKey
from quizfunnel.visit.tables import PageView, Visitor
from tests.cast import NOON
from tests.privacy.people import ANNA, plant, store_rows


def test_a_visitor_who_is_seen_meanwhile_goes_whole(engine: Engine, tmp_path: Path) -> None:
    """Four tabs open pages while the visitor is forgotten: no row stays, and no erasure fails."""
    with writing(engine) as connection:
        store_rows(connection)
        plant(connection, ANNA)
    seen, done = Event(), Event()

    def view(connection: Connection) -> None:
        row = {"id": new_id(), "month": month_of(NOON), "visitor_id": ANNA.visitor, "at": NOON, "path": "/"}
        connection.execute(insert(PageView), row)

    def browse(_: int) -> None:
        while not done.is_set():
            try:
                write(engine, view)
            except (IntegrityError, DatabaseAway):
                return
            finally:
                seen.set()

    with ThreadPoolExecutor(4) as pool:
        tabs = [pool.submit(browse, number) for number in range(4)]
        seen.wait()
        try:
            keeper = Keeper(engine, ErasureKey(tmp_path / "erasures"), scrub=False)
            forget.forget_visitor(keeper, ANNA.visitor, now=NOON, by="test")
        finally:
            done.set()
        for tab in tabs:
            tab.result()
    with reading(engine) as connection:
        for table in (PageView, Visitor):
            assert connection.execute(select(columns(table).id)).all() == []

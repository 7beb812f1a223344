"""Laws of forgetting: nothing of the person is left, nobody else loses anything, and it holds after a restore."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, event, select, update

from quizfunnel.orders.tables import Order, OrderEvent
from quizfunnel.privacy import erasure_list, forget, replay
from quizfunnel.privacy.erasure_list import Erased
from quizfunnel.privacy.forget import Keeper
from quizfunnel.privacy.inventory import INVENTORY
from quizfunnel.schema import metadata
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.erasure import KEY, LIST, ErasureKey, KeyMissing, is_erased
from quizfunnel.visit.tables import Erasure
from tests.cast import NOON
from tests.privacy.people import ANNA, BEN, SHORT, Person, plant, row_of, store_rows, texts

LATER = NOON + timedelta(days=1)


@pytest.fixture
def keeper(engine: Engine, tmp_path: Path) -> Keeper:
    """Give a database with two people in every table, and a folder for the list of erasures."""
    with writing(engine) as connection:
        store_rows(connection)
        for person in (ANNA, BEN):
            plant(connection, person)
    return Keeper(engine, ErasureKey(tmp_path / "erasures"))


def rows(engine: Engine, person: Person) -> dict[str, int]:
    """Return how many rows still tell of a person, by table."""
    with reading(engine) as connection:
        counts = {
            table.name: sum(person.mark in str(tuple(row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


def contents(engine: Engine) -> bytes:
    """Return whatever the database has: SQLite's files as they lie on the disk, PostgreSQL's rows."""
    if engine.dialect.name == "sqlite":
        return b"".join(path.read_bytes() for path in Path(str(engine.url.database)).parent.glob("test.sqlite3*"))
    with reading(engine) as connection:
        return texts(connection).encode()


def test_the_canaries_stand_in_every_personal_text(keeper: Keeper) -> None:
    """Else the tests below would prove nothing: each text column that has room for a mark holds one, or an id."""
    for table in metadata.sorted_tables:
        if INVENTORY[table.name].erased == "kept":
            continue
        row = row_of(ANNA, table)
        for name in INVENTORY[table.name].personal_columns:
            value = row[name]
            if isinstance(value, str) and (table.columns[name].type.length or SHORT) >= SHORT:  # type: ignore[attr-defined]
                assert ANNA.mark in value or len(value) in (32, 64) or value in ("lead", "shopify", "visitor"), name
    assert ANNA.mark.encode() in contents(keeper.engine)


@pytest.mark.parametrize("whole", [True, False], ids=["by order", "by visitor"])
def test_nothing_of_who_is_forgotten_is_left(keeper: Keeper, caplog: pytest.LogCaptureFixture, *, whole: bool) -> None:
    """Not in a table, a free page, the log of changes or the program's log; of an order by itself its rows go too."""
    caplog.set_level(logging.DEBUG)
    if whole:
        done = forget.forget_order(keeper, ANNA.order, now=LATER, by="test")
    else:
        done = forget.forget_visitor(keeper, ANNA.visitor, now=LATER, by="test")
    assert done.bodies == 1
    assert done.scrubbed
    kept = {} if whole else {"shop_order": 1, "order_line": 1, "refund": 1}
    assert rows(keeper.engine, ANNA) == kept
    left = contents(keeper.engine)
    for letter in "abcde12":
        assert ANNA.id(letter).encode() not in left, letter
    if whole:
        assert ANNA.mark.encode() not in left
    assert ANNA.mark not in caplog.text


def test_nobody_else_loses_anything(keeper: Keeper) -> None:
    """A bystander has every row as before."""
    before = rows(keeper.engine, BEN)
    assert len(before) > 15
    forget.forget_order(keeper, ANNA.order, now=LATER, by="test")
    assert rows(keeper.engine, BEN) == before


def test_a_visitors_orders_stay_and_are_nobodys(keeper: Keeper) -> None:
    """What was sold stays in the ledger, cut off from the visitor and the click; the body of its event is empty."""
    forget.forget_visitor(keeper, ANNA.visitor, now=LATER, by="test")
    order, delivery = columns(Order), columns(OrderEvent)
    with reading(keeper.engine) as connection:
        statement = select(order.visitor_id, order.click_id, order.total_minor).where(order.order_id == ANNA.order[1])
        assert connection.execute(statement).one() == (None, None, 1)
        kept = connection.execute(
            select(delivery.body, delivery.error, delivery.purged_at).where(delivery.id == ANNA.id("f"))
        )
        body, error, purged = kept.one()
    assert (bytes(body), error, purged) == (b"", "", LATER)


def test_one_attempt_goes_alone(keeper: Keeper) -> None:
    """Its answers, offer, clicks and contact data go; the visitor, its views and its arm stay."""
    forget.forget_attempt(keeper, ANNA.id("b"), now=LATER, by="shopper")
    left = rows(keeper.engine, ANNA)
    assert {"visitor", "page_view", "visitor_event"} <= left.keys()
    assert left.keys().isdisjoint({"attempt", "answer", "question_view", "offer", "offer_item", "click", "lead"})


def test_an_attempt_that_led_to_no_order_reads_no_body(keeper: Keeper) -> None:
    """Nothing that the shop sent can name it, and a shopper waits for the answer."""
    with writing(keeper.engine) as connection:
        connection.execute(update(Order).values(click_id=None))
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(keeper.engine, "before_cursor_execute", note)
    forget.forget_attempt(keeper, ANNA.id("b"), now=LATER, by="shopper")
    assert any("DELETE FROM attempt" in statement for statement in statements)
    assert not any("order_event" in statement for statement in statements)


def test_the_list_comes_first_and_tells_of_nobody(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the database fails after the list was written, the erasure stands there, and a replay carries it out."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(forget, "carry_out", fail)
        with pytest.raises(RuntimeError):
            forget.forget_visitor(keeper, ANNA.visitor, now=LATER, by="test")
    text = (keeper.key.folder / LIST).read_text()
    assert ANNA.visitor not in text
    assert {each.kind for each in erasure_list.read(keeper.key)} == {"visitor", "lead"}
    assert rows(keeper.engine, ANNA)["visitor"] == 1
    replay.replay_erasures(keeper.engine, keeper.key.folder, now=LATER)
    assert "visitor" not in rows(keeper.engine, ANNA)


def test_a_database_from_a_backup_forgets_again(keeper: Keeper, tmp_path: Path) -> None:
    """A row that is back, its body too, goes by the replay; a second replay finds nothing, and Ben keeps everything."""
    forget.forget_order(keeper, ANNA.order, now=LATER, by="test")
    before = rows(keeper.engine, BEN)
    with writing(keeper.engine) as connection:
        connection.execute(Erasure.__table__.delete())  # type: ignore[attr-defined]
        connection.execute(metadata.tables["order_event"].delete().where(columns(OrderEvent).id == ANNA.id("f")))
        plant(connection, ANNA)
    assert replay.is_behind(keeper.engine, keeper.key.folder)
    done = replay.replay_erasures(keeper.engine, keeper.key.folder, now=LATER)
    assert (done.listed, done.unknown, done.forgotten.bodies) == (3, 3, 1)
    assert rows(keeper.engine, ANNA) == {}
    assert rows(keeper.engine, BEN) == before
    assert not replay.is_behind(keeper.engine, keeper.key.folder)
    again = replay.replay_erasures(keeper.engine, keeper.key.folder, now=LATER)
    assert (again.unknown, dict(again.forgotten.rows), again.forgotten.bodies) == (0, {}, 0)


def test_who_was_erased_is_known_again(keeper: Keeper) -> None:
    """By the keyed digest alone, of the kind that was erased."""
    forget.forget_order(keeper, ANNA.order, now=LATER, by="test")
    key = ErasureKey(keeper.key.folder)
    with reading(keeper.engine) as connection:
        assert is_erased(connection, key, "visitor", ANNA.visitor)
        assert is_erased(connection, key, "order", *ANNA.order)
        assert not is_erased(connection, key, "order", "standard", ANNA.order[1])
        assert not is_erased(connection, key, "visitor", BEN.visitor)


def test_a_line_that_was_cut_short_swallows_no_other(keeper: Keeper) -> None:
    """After a loss of power in the middle of a line the next erasure stands on a line of its own."""
    one, two = (Erased("visitor", letter * 64, NOON) for letter in "12")
    erasure_list.append(keeper.key, [one])
    with (keeper.key.folder / LIST).open("ab") as file:
        file.write(b'{"kind": "visi')
    erasure_list.append(keeper.key, [two])
    assert erasure_list.read(keeper.key) == (one, two)


def test_a_list_without_its_key_is_refused(keeper: Keeper) -> None:
    """No other key is made, with which nobody on the list would be known: the remedy is said."""
    forget.forget_visitor(keeper, ANNA.visitor, now=LATER, by="test")
    (keeper.key.folder / KEY).unlink()
    with pytest.raises(KeyMissing, match="put it back"):
        ErasureKey(keeper.key.folder).made()
    with pytest.raises(KeyMissing):
        replay.replay_erasures(keeper.engine, keeper.key.folder)
    with pytest.raises(KeyMissing):  # whoever opens the store asks this
        replay.catch_up(keeper.engine, keeper.key.folder)


@pytest.mark.parametrize("left", ["", "12ab", "no key", "ä"])
def test_a_damaged_key_is_refused(keeper: Keeper, left: str) -> None:
    """Empty, cut short or written over: it is taken for no key, and no other one is made."""
    forget.forget_visitor(keeper, ANNA.visitor, now=LATER, by="test")
    (keeper.key.folder / KEY).write_text(left, "utf-8")
    again = ErasureKey(keeper.key.folder)
    for use in (again.made, lambda: again.digest("visitor", ANNA.visitor)):
        with pytest.raises(KeyMissing, match=r"is damaged.*put it back"):
            use()
    assert (keeper.key.folder / KEY).read_text("utf-8") == left


def test_the_key_is_made_once(tmp_path: Path) -> None:
    """Many at once make one key, which its owner alone can read, and nothing else lies beside it."""
    folder = tmp_path / "erasures"
    start = Barrier(8)

    def make(_: int) -> str | None:
        start.wait()
        return ErasureKey(folder).made().digest("visitor", ANNA.visitor)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(8)))) == 1
    assert (folder / KEY).stat().st_mode & 0o077 == 0
    assert {path.name for path in folder.iterdir()} == {KEY, ".lock"}


def test_without_an_erasure_nothing_is_written(engine: Engine, tmp_path: Path) -> None:
    """Asking whether somebody was erased makes no folder, and a replay without a list does nothing."""
    key = ErasureKey(tmp_path / "none")
    with reading(engine) as connection:
        assert not is_erased(connection, key, "visitor", ANNA.visitor)
    assert replay.replay_erasures(engine, key.folder).listed == 0
    assert not key.folder.exists()

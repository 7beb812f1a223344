"""Laws of the privacy commands, run on a store with two people in every table."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, delete, insert, select, update

from quizfunnel import cli
from quizfunnel.orders.tables import Order
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Erasure, Visitor
from quizfunnel.web.tables import Audit
from tests import cast
from tests.commands import run
from tests.privacy.people import ANNA, BEN, plant, store_rows


@pytest.fixture
def shop(folder: Path, database_url: str) -> Iterator[Engine]:
    """Give the database of a store in the current folder, migrated, with Anna and Ben in every table."""
    cast.write_store(folder)
    os.environ.update(QUIZFUNNEL_DATABASE_URL=database_url, QUIZFUNNEL_SECRET_KEY=cast.KEY.decode())
    engine = open_engine(database_url, pooled=False)
    with writing(engine) as connection:
        store_rows(connection)
        for person in (ANNA, BEN):
            plant(connection, person)
    yield engine
    engine.dispose()


def visitors(engine: Engine) -> set[str]:
    """Return every visitor's id."""
    with reading(engine) as connection:
        return set(connection.execute(select(columns(Visitor).id)).scalars())


def told(result: Result) -> str:
    """Return what a command that ended well said."""
    assert result.exit_code == 0, result.output
    return result.output


def test_an_order_is_forgotten_with_its_visitor(shop: Engine) -> None:
    """By its id or its number; the command says what went, where it is listed, and what it cannot reach."""
    said = told(run("forget", "--order", f"{ANNA.mark}-shop_order-order_number", "--yes"))
    assert visitors(shop) == {BEN.visitor}
    assert "1 of visitor" in said
    assert "1 bodies in the inbox emptied" in said
    assert "Not reached: exports already taken" in said
    assert str(Path("var", "erasures")) in said


@pytest.mark.parametrize("form", ["{}", "{}.some-tag_of-ours", "{}_tag"])
def test_a_visitor_is_forgotten_by_id_or_token(shop: Engine, form: str) -> None:
    """As it stands in a cookie, in a basket, or in the shop's order."""
    told(run("forget", "--visitor", form.format(ANNA.visitor), "--yes"))
    assert visitors(shop) == {BEN.visitor}


def test_it_asks_before_it_erases(shop: Engine) -> None:
    """A no leaves everything as it was, and nobody is listed."""
    result = CliRunner().invoke(cli.main, ["forget", "--visitor", ANNA.visitor], input="n\n")
    assert result.exit_code == 1
    assert visitors(shop) == {ANNA.visitor, BEN.visitor}
    assert not Path("var", "erasures").exists()


@pytest.mark.parametrize(
    ("ending", "meaning"),
    [
        (".before-0007-was-0004", "a copy that a migration made"),
        (".before-restore-20260201T120000.000000Z", "the database that a restore replaced, or its log"),
        ("-wal.of-file-12", "the log of a database that had this name before"),
    ],
)
def test_a_file_beside_the_database_is_named(shop: Engine, ending: str, meaning: str) -> None:
    """It still holds who was forgotten, so that its path and origin are said; only SQLite has such files."""
    if shop.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no file that is copied")
    copy = Path(f"{shop.url.database}{ending}")
    copy.touch()
    said = told(run("forget", "--visitor", ANNA.visitor, "--yes"))
    assert f"Not reached: {copy.absolute()}, {meaning}; delete it" in said


@pytest.mark.parametrize(("number", "given"), [("#2001", "2001"), ("2001", "#2001"), ("#2001", "#2001")])
@pytest.mark.parametrize("command", ["disclose", "forget"])
def test_an_order_is_found_with_or_without_the_sign_of_its_number(
    shop: Engine, command: str, number: str, given: str
) -> None:
    """Shopify writes "#2001", its people say "2001"."""
    with writing(shop) as connection:
        mine = columns(Order).order_id == ANNA.order[1]
        connection.execute(update(Order).where(mine).values(order_number=number))
    said = told(run(command, "--order", given, *(("--yes",) if command == "forget" else ())))
    assert "Erased: " in said if command == "forget" else ANNA.visitor in said


def test_an_exact_name_comes_before_others(shop: Engine) -> None:
    """Of an order "2001" and another "#2001" the one that was named is meant."""
    with writing(shop) as connection:
        for person, number in ((ANNA, "#2001"), (BEN, "2001")):
            mine = columns(Order).order_id == person.order[1]
            connection.execute(update(Order).where(mine).values(order_number=number))
    told(run("forget", "--order", "2001", "--yes"))
    assert visitors(shop) == {ANNA.visitor}


def test_an_order_that_is_not_there_is_not_disclosed(shop: Engine) -> None:
    """In words of its own: nobody who wants to see a record is told how to erase one."""
    result = run("disclose", "--order", "1")
    assert (result.exit_code, "the ledger has none of this id or number" in result.output) == (2, True)
    assert "to look for it in what the shop sent" in result.output
    assert "erased" not in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "say whom"),
        (("--visitor", "1", "--order", "1"), "say whom"),
        (("--visitor", "somebody"), "is no visitor's id"),
        (("--order", "1"), "the ledger has none"),
        (("--order", "1", "--source", "ebay"), "is no source of orders; there is: shopify, standard"),
    ],
)
def test_who_cannot_be_told_is_refused(shop: Engine, arguments: tuple[str, ...], message: str) -> None:
    """With what is wrong and what to do; nobody is erased."""
    result = run("forget", *arguments, "--yes")
    assert (result.exit_code, message in result.output) == (2, True), result.output
    assert visitors(shop) == {ANNA.visitor, BEN.visitor}


def test_an_order_that_is_not_there_can_be_listed(shop: Engine) -> None:
    """A backup may hold it: with its source it stands on the list, though no row was there."""
    assert "none was there" in told(run("forget", "--order", "1", "--source", "standard", "--yes"))
    with reading(shop) as connection:
        assert connection.execute(select(columns(Erasure).kind)).scalars().all() == ["order"]


def test_every_command_forgets_again_what_a_backup_brought_back(shop: Engine) -> None:
    """A database that was put back by hand: the next command says so and erases before it reads anything."""
    told(run("forget", "--visitor", ANNA.visitor, "--yes"))
    with writing(shop) as connection:
        connection.execute(delete(Erasure))
        connection.execute(
            insert(Visitor),
            {
                "id": ANNA.visitor,
                "first_seen": cast.NOON,
                "kind": "shopper",
                "kind_reason": "",
                "device": "",
                "channel": "",
                "landing_page": "",
                "simulated": False,
            },
        )
    result = run("orders", "replay")
    assert "forgets again" in result.output + result.stderr
    assert visitors(shop) == {BEN.visitor}


def test_a_list_without_its_key_stops_the_program(shop: Engine) -> None:
    """Nobody on it would be known: the remedy is said."""
    told(run("forget", "--visitor", ANNA.visitor, "--yes"))
    Path("var", "erasures", "key").unlink()
    with writing(shop) as connection:
        connection.execute(delete(Erasure))
    result = run("orders", "replay")
    assert (result.exit_code, "QUIZFUNNEL_ERASURES" in result.output) == (2, True)


@pytest.mark.parametrize(
    "whom", [("--visitor", ANNA.visitor), ("--order", ANNA.order[1]), ("--order", ANNA.order[1], "--source", "shopify")]
)
def test_a_record_is_disclosed(shop: Engine, whom: tuple[str, ...]) -> None:
    """As JSON, of that person alone; that it was shown is written down by digest."""
    found = json.loads(told(run("disclose", *whom)))
    assert found["visitors"][0]["visitor"][0]["id"] == ANNA.visitor
    assert BEN.mark not in json.dumps(found)
    with reading(shop) as connection:
        rows = connection.execute(select(columns(Audit).action, columns(Audit).subject)).all()
    assert {row[0] for row in rows} == {"privacy.disclose"}
    assert ANNA.visitor not in {row[1] for row in rows}


def test_of_nobody_nothing_is_disclosed(shop: Engine) -> None:
    """A visitor of whom nothing is kept is told as that."""
    result = run("disclose", "--visitor", "9" * 32)
    assert (result.exit_code, "nothing is kept of" in result.output) == (2, True)


@pytest.mark.thorough
def test_no_later_export_and_no_rollup_of_an_older_one_has_who_was_erased(shop: Engine) -> None:
    """An export into the same folder is written anew; until then a rollup from it is refused, with the remedy."""
    assert "4 visits, 2 attempts" in told(run("export", "--to", "out"))
    told(run("forget", "--visitor", ANNA.visitor, "--yes"))
    refused = run("rollup", "--from-export", "out")
    assert (refused.exit_code, "export anew: quizfunnel export --to out" in refused.output) == (2, True)
    assert "2 visits, 1 attempts" in told(run("export", "--to", "out"))
    told(run("rollup", "--from-export", "out"))

"""Laws of disclosure: everything that is kept of the person is in it, nothing of anybody else, and it is readable."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine, update

from quizfunnel.privacy import disclose
from quizfunnel.privacy.inventory import INVENTORY
from quizfunnel.privacy.subjects import Subjects
from quizfunnel.schema import metadata
from quizfunnel.store.transaction import writing
from tests.cast import NOON
from tests.privacy.people import ANNA, BEN, plant, row_of, store_rows


@pytest.fixture
def people(engine: Engine) -> Engine:
    """Give a database with two people in every table."""
    with writing(engine) as connection:
        store_rows(connection)
        for person in (ANNA, BEN):
            plant(connection, person)
        answer = metadata.tables["answer"]
        connection.execute(update(answer).values(value='["espresso"]'))
    return engine


def record(engine: Engine, wanted: Subjects) -> Any:
    """Return a disclosure as JSON reads it."""
    found = disclose.disclose(engine, wanted, in_words=lambda *asked: (f"Question {asked[1]}", str(asked[2])), now=NOON)
    return json.loads(json.dumps(found))


@pytest.mark.parametrize(
    "wanted",
    [Subjects(visitors=frozenset({ANNA.visitor})), Subjects(frozenset({ANNA.visitor}), orders=frozenset({ANNA.order}))],
    ids=["visitor", "order"],
)
def test_whatever_is_kept_is_disclosed(people: Engine, wanted: Subjects) -> None:
    """Every personal column of every table: its text, its number, its moment."""
    text = json.dumps(record(people, wanted), ensure_ascii=False)
    for table in metadata.sorted_tables:
        if INVENTORY[table.name].erased == "kept":
            continue
        row = row_of(ANNA, table)
        for name in INVENTORY[table.name].personal_columns:
            assert f'"{name}": ' in text, (table.name, name)
            if isinstance(row[name], str) and (table.name, name) != ("answer", "value"):
                assert row[name].strip('{}[]" ') in text.replace("\\", ""), (table.name, name)
    assert f"{ANNA.mark}@example.org" in text


def test_nothing_of_anybody_else_is_in_it(people: Engine) -> None:
    """Neither an id nor a text of a bystander."""
    text = json.dumps(record(people, Subjects(visitors=frozenset({ANNA.visitor}))))
    assert BEN.mark not in text
    assert not any(BEN.id(letter) in text for letter in "abcdef12")


def test_it_is_nested_and_in_words(people: Engine) -> None:
    """An attempt has its answers, in words too, its offers with products and clicks; an order has its lines."""
    found = record(people, Subjects(visitors=frozenset({ANNA.visitor})))
    (attempt,) = found["attempts"]
    (answer,) = attempt["answers"]
    assert answer["value"] == ["espresso"]
    assert answer["question_in_words"] == f"Question {answer['question']}"
    (offer,) = attempt["offers"]
    assert offer["answers"] == {"brew": ANNA.mark}
    assert [len(offer[part]) for part in ("products", "views", "clicks")] == [1, 1, 1]
    assert [len(found["orders"][0][part]) for part in ("lines", "refunds")] == [1, 1]
    assert found["deliveries"][0]["body"]["email"] == f"{ANNA.mark}@example.org"
    assert found["contact"][0]["values"][0]["lead_id"] == ANNA.id("1")
    assert found["made_at"] == NOON.isoformat()


def test_of_nobody_there_is_nothing(people: Engine) -> None:
    """A disclosure of a visitor who is not there says so."""
    assert disclose.is_empty(record(people, Subjects(visitors=frozenset({"9" * 32}))))
    assert not disclose.is_empty(record(people, Subjects(visitors=frozenset({BEN.visitor}))))

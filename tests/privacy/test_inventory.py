"""Law of the inventory: no column is without a word, so that none can be added that erasure does not know of."""

import pytest
from sqlalchemy import Table

from quizfunnel.privacy import inventory
from quizfunnel.privacy.inventory import INVENTORY
from quizfunnel.schema import metadata
from tests.docs import markdown

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)


def test_every_table_has_a_word() -> None:
    """The inventory lists the schema's tables and no other one."""
    assert INVENTORY.keys() == metadata.tables.keys()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_has_a_word(table: Table) -> None:
    """A column tells of a person or does not; where a new one has no word here, think of how it is erased."""
    assert sorted(INVENTORY[table.name].columns) == sorted(column.name for column in table.columns)


def test_a_table_that_tells_of_a_person_is_erased() -> None:
    """Personal columns stand in tables whose rows are deleted or cut, and in no other ones."""
    for name, table in INVENTORY.items():
        assert (table.erased == "kept") == (not table.personal_columns), name


def test_the_docs_list_the_tables_that_tell_of_people() -> None:
    """The page's table is the inventory's."""
    assert inventory.as_markdown() in markdown.read("docs/privacy.md")

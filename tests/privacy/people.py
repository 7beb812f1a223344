"""People with a row in every table that can hold one of theirs, each text of it marked so that it is found again."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Connection, LargeBinary, Table, insert, select
from sqlmodel import AutoString

from quizfunnel.privacy.inventory import INVENTORY
from quizfunnel.schema import metadata
from quizfunnel.store.types import UtcDateTime, month_of
from quizfunnel.visit.withdrawal import NEVER, token_digest
from tests.cast import NOON

VERSION, CATALOG = "v" * 64, "c" * 64
SHORT = 16  # characters that a mark needs


class Person(NamedTuple):
    """Somebody by their ids, and the mark that stands in whatever is told of them."""

    mark: str

    def id(self, letter: str) -> str:
        """Return one of their ids, 32 hexadecimal digits."""
        return f"{letter}{self.mark.encode().hex()}".ljust(32, "0")[:32]

    @property
    def visitor(self) -> str:
        """Return their id as a visitor."""
        return self.id("a")

    @property
    def order(self) -> tuple[str, str]:
        """Return the key of their order."""
        return "shopify", f"order-{self.mark}"


ANNA, BEN = Person("canary"), Person("bystander")


def store_rows(connection: Connection) -> None:
    """Write a quiz version and a catalogue version."""
    connection.execute(
        insert(metadata.tables["quiz_version"]),
        {"id": VERSION, "quiz": "coffee", "body": "{}", "published_at": NOON, "languages": "{}"},
    )
    row = {"id": CATALOG, "products": "[]", "first_seen_at": NOON}
    connection.execute(insert(metadata.tables["catalog_version"]), row)


def plant(connection: Connection, person: Person, *, at: datetime = NOON) -> None:
    """Write a row of a person into every table that can hold one, all of one moment, in the order of foreign keys."""
    for table in metadata.sorted_tables:
        if INVENTORY[table.name].erased != "kept":
            connection.execute(insert(table), row_of(person, table, at))


def row_of(person: Person, table: Table, at: datetime = NOON) -> dict[str, Any]:
    """Return a row of a table: its keys and what CHECKs hold, and the person's mark in every other text."""
    mine = FIXED[table.name](person)
    return {
        column.name: mine[column.name] if column.name in mine else _any(person, column, at) for column in table.columns
    }


def _any(person: Person, column: Any, at: datetime) -> Any:
    if column.name == "month":
        return month_of(at)
    text = f"{person.mark}-{column.table.name}-{column.name}"
    if isinstance(column.type, LargeBinary):
        return text.encode()
    if isinstance(column.type, AutoString):
        short = column.type.length is not None and column.type.length < SHORT
        return (
            ""
            if short or column.name not in INVENTORY[column.table.name].personal_columns
            else text[: column.type.length]
        )
    if isinstance(column.type, UtcDateTime):
        return at
    return False if isinstance(column.type, Boolean) else 1


def texts(connection: Connection) -> str:
    """Return every value of every table as text."""
    rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return "\n".join(
        " ".join(value.hex() + str(value) if isinstance(value, bytes) else str(value) for value in row) for row in rows
    )


def body(person: Person) -> bytes:
    """Return an order as the shop sends it, with a name, an address and the token of the basket."""
    return json.dumps(
        {
            "id": person.order[1],
            "currency": "GBP",
            "line_items": [],
            "email": f"{person.mark}@example.org",
            "note_attributes": [{"name": "qf_visitor", "value": f"{person.visitor}.tag"}],
        }
    ).encode()


FIXED: dict[str, Any] = {
    "visitor": lambda one: {"id": one.visitor, "kind": "shopper"},
    "page_view": lambda one: {"id": one.id("1"), "visitor_id": one.visitor},
    "assignment": lambda one: {
        "visitor_id": one.visitor,
        "quiz": "coffee",
        "experiment": "spring",
        "arm": "invited",
        "holdout_share": 0.2,
        "window_days": 7,
    },
    "visitor_event": lambda one: {"source": "shop", "visitor_id": one.visitor, "currency": "GBP"},
    "revoked_token": lambda one: {
        "digest": token_digest(one.visitor),
        "kind": "visitor",
        "expires_at": NEVER,
    },
    "attempt": lambda one: {
        "id": one.id("b"),
        "quiz": "coffee",
        "version": VERSION,
        "visitor_id": one.visitor,
        "kind": "shopper",
        "entry": "page",
        "token_kind": "visitor",
    },
    "answer": lambda one: {"attempt_id": one.id("b"), "source": "client", "wall_clock": ""},
    "question_view": lambda one: {"attempt_id": one.id("b"), "source": "client"},
    "offer": lambda one: {
        "id": one.id("c"),
        "attempt_id": one.id("b"),
        "model_share": 1.0,
        "catalog_version": CATALOG,
        "model": "rules",
        "answers": json.dumps({"brew": one.mark}),
        "eligible": json.dumps([one.mark]),
        "policy": "{}",
    },
    "offer_item": lambda one: {"offer_id": one.id("c"), "propensity": 1.0, "currency": "GBP"},
    "offer_view": lambda one: {"id": one.id("d"), "offer_id": one.id("c")},
    "click": lambda one: {"id": one.id("e"), "offer_id": one.id("c")},
    "order_event": lambda one: {
        "id": one.id("f"),
        "source": "shopify",
        "delivery": f"delivery {one.id('f')}",
        "topic": "order",
        "body": body(one),
        "state": "applied",
        "purged_at": None,
    },
    "shop_order": lambda one: {
        "source": one.order[0],
        "order_id": one.order[1],
        "visitor_id": one.visitor,
        "click_id": one.id("e"),
        "currency": "GBP",
        "presentment_currency": "GBP",
        "minor_digits": 2,
        "paid": True,
        "event": one.id("f"),
    },
    "order_line": lambda one: {"source": one.order[0], "order_id": one.order[1], "matched_by": ""},
    "refund": lambda one: {"source": one.order[0], "order_id": one.order[1], "currency": "GBP"},
    "lead": lambda one: {"id": one.id("1"), "attempt_id": one.id("b"), "quiz": "coffee", "version": VERSION},
    "lead_value": lambda one: {"lead_id": one.id("1")},
    "lead_consent": lambda one: {"lead_id": one.id("1")},
    "outbox": lambda one: {"id": one.id("2"), "subject_id": one.id("1"), "state": "due", "subject_kind": "lead"},
}

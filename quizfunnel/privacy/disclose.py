"""Disclosure: the whole record of one person, every row of theirs nested in what it belongs to, to be read as JSON."""

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, select

from quizfunnel.contact.tables import Lead, LeadConsent, LeadValue
from quizfunnel.journey.tables import Answer, Attempt, QuestionView
from quizfunnel.offer.tables import Click, Offer, OfferItem, OfferView
from quizfunnel.orders import marks
from quizfunnel.orders.tables import Order, OrderEvent, OrderLine, Refund
from quizfunnel.outbox.tables import Outbox
from quizfunnel.privacy import bodies, subjects
from quizfunnel.privacy.forget import SHORT
from quizfunnel.privacy.subjects import OrderKey, Subjects
from quizfunnel.store.transaction import reading, write
from quizfunnel.store.types import columns
from quizfunnel.visit.erasure import ErasureKey
from quizfunnel.visit.tables import Assignment, PageView, RevokedToken, Visitor, VisitorEvent
from quizfunnel.visit.withdrawal import token_digest
from quizfunnel.web.staff import audit
from quizfunnel.web.staff.audit import Actor

ACTION = "privacy.disclose"
_JSON = {("answer", "value"), ("offer", "answers"), ("offer", "eligible"), ("offer", "policy"), ("offer", "sections")}
_JSON |= {("offer_item", "reasons")}

Row = dict[str, Any]
InWords = Callable[[str, str, Any], tuple[str, str]]
"""Returns a question of a quiz version and an answer, as JSON has it, in words; empty where they cannot be read."""


class Discloser(NamedTuple):
    """Reader of records: the connection, and answers in words."""

    connection: Connection
    in_words: InWords = lambda _version, _question, _value: ("", "")

    def rows(self, table: Any, condition: Any) -> list[Row]:
        """Return a table's rows, in the order of their keys, moments and JSON as JSON has them."""
        key = [columns(table)[column.name] for column in table.__table__.primary_key]
        mappings = self.connection.execute(select(*columns(table)).where(condition).order_by(*key)).mappings()
        return [{name: _plain(table.__tablename__, name, value) for name, value in row.items()} for row in mappings]

    def visitor(self, id: str) -> Row:
        """Return a visitor with what is told of it, but for its attempts and orders."""
        of = partial(_of_visitor, id)
        return {
            "visitor": self.rows(Visitor, columns(Visitor).id == id),
            "consent_withdrawn": self.rows(RevokedToken, columns(RevokedToken).digest == token_digest(id)),
            "arms": self.rows(Assignment, of(Assignment)),
            "page_views": self.rows(PageView, of(PageView)),
            "events": self.rows(VisitorEvent, of(VisitorEvent)),
        }

    def attempts(self, ids: frozenset[str]) -> list[Row]:
        """Return attempts with their answers in words, times, offers and contact data."""
        attempts = []
        for id in sorted(ids):
            for row in self.rows(Attempt, columns(Attempt).id == id):
                mine = {
                    "answers": [
                        self._told(row["version"], each) for each in self.rows(Answer, columns(Answer).attempt_id == id)
                    ],
                    "question_views": self.rows(QuestionView, columns(QuestionView).attempt_id == id),
                    "offers": [self._with_items(each) for each in self.rows(Offer, columns(Offer).attempt_id == id)],
                }
                attempts.append(row | mine)
        return sorted(attempts, key=lambda row: str(row["started_at"]))

    def leads(self, ids: frozenset[str]) -> list[Row]:
        """Return contact data with their values and consents."""
        return [
            row
            | {
                "values": self.rows(LeadValue, columns(LeadValue).lead_id == row["id"]),
                "consents": self.rows(LeadConsent, columns(LeadConsent).lead_id == row["id"]),
            }
            for id in sorted(ids)
            for row in self.rows(Lead, columns(Lead).id == id)
        ]

    def orders(self, keys: frozenset[OrderKey]) -> list[Row]:
        """Return orders with their lines and refunds."""
        orders = []
        for source, id in sorted(keys):
            for row in self.rows(Order, (columns(Order).source == source) & (columns(Order).order_id == id)):
                mine = {
                    name: self.rows(table, (columns(table).source == source) & (columns(table).order_id == id))
                    for name, table in (("lines", OrderLine), ("refunds", Refund))
                }
                orders.append(row | mine)
        return orders

    def _told(self, version: str, answer: Row) -> Row:
        question, words = self.in_words(version, answer["question"], answer["value"])
        return answer | {"question_in_words": question, "answer_in_words": words}

    def _with_items(self, offer: Row) -> Row:
        parts = (("products", OfferItem), ("views", OfferView), ("clicks", Click))
        return offer | {name: self.rows(table, columns(table).offer_id == offer["id"]) for name, table in parts}


def disclose(engine: Engine, wanted: Subjects, *, in_words: InWords, now: datetime) -> Row:
    """Return everything that is kept of subjects; who asked for it is no part of it."""
    with reading(engine) as connection:
        whole = subjects.expanded(connection, wanted)
        discloser = Discloser(connection, in_words)
        keys = whole.orders | whole.linked
        named = marks.known_by(connection, keys)
        ids = {*whole.visitors, *whole.attempts, *whole.leads, *(id for _, id in keys)}
        record = {
            "made_at": now.isoformat(timespec="seconds"),
            "visitors": [row for id in sorted(whole.visitors) if any((row := discloser.visitor(id)).values())],
            "attempts": discloser.attempts(whole.attempts),
            "contact": discloser.leads(whole.leads),
            "orders": discloser.orders(keys),
            "messages": discloser.rows(Outbox, columns(Outbox).subject_id.in_(ids)),
        }
    concern = bodies.Concern(whole.visitors, named)
    deliveries = [body.id for body in bodies.kept(engine, concern.needles) if concern.holds(body)]
    with reading(engine) as connection:
        of_them = columns(OrderEvent).id.in_(deliveries)
        record["deliveries"] = Discloser(connection).rows(OrderEvent, of_them)
    return record


def is_empty(record: Row) -> bool:
    """Tell whether a disclosure has nothing of anybody."""
    return not any(value for name, value in record.items() if name != "made_at")


def leave_trail(engine: Engine, key: ErasureKey, shown: Subjects, *, at: datetime, by: str) -> None:
    """Write down that somebody's record was shown."""
    key = key.made()
    digests = [key.digest("visitor", id) for id in sorted(shown.visitors)]
    digests += [key.digest("order", *order) for order in sorted(shown.orders)]

    def verb(connection: Connection) -> None:
        for digest in filter(None, digests):
            audit.record(connection, Actor(None, at), ACTION, digest[:SHORT], {"by": by})

    write(engine, verb)


def _of_visitor(id: str, table: Any) -> Any:
    return columns(table).visitor_id == id


def _plain(table: str, name: str, value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return _json_or_text(value.decode("utf-8", "replace"))
    return _json_or_text(value) if (table, name) in _JSON and value else value


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text

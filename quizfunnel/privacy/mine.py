"""A shopper's own record: what is kept of an attempt, and of the visitor where the browser itself is remembered."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from quizfunnel.i18n.words import Words
from quizfunnel.journey import record
from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.offer.tables import Offer, OfferItem, OfferView
from quizfunnel.orders.tables import Order
from quizfunnel.privacy import subjects
from quizfunnel.privacy.pages import KeptAnswer, KeptOrder
from quizfunnel.privacy.subjects import Subjects
from quizfunnel.quiz.kinds.answer import AnswerValue
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import Answers
from quizfunnel.quiz.texts.mentions import filled
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import PageView

_MINUTE_MS = 60_000

_answer, _attempt, _order = columns(Answer), columns(Attempt), columns(Order)
_offer, _item, _view = columns(Offer), columns(OfferItem), columns(OfferView)


class OwnRecord(NamedTuple):
    """Record of a shopper, in words and numbers."""

    day: str
    minutes: int | None
    answers: tuple[KeptAnswer, ...]
    products: tuple[str, ...]
    orders: tuple[KeptOrder, ...]
    page_views: int


def own_record(
    connection: Connection, attempt: str, live: LiveQuiz | None, *, visitor: str | None, say: Words
) -> OwnRecord:
    """Return what is kept of an attempt and, unless it is None, of its visitor."""
    started = connection.execute(select(_attempt.started_at).where(_attempt.id == attempt)).scalar_one()
    spent = connection.execute(select(func.sum(_answer.active_ms)).where(_answer.attempt_id == attempt)).scalar()
    views = select(func.count()).select_from(PageView).where(columns(PageView).visitor_id == visitor)
    return OwnRecord(
        day=say.day(started.date()),
        minutes=None if spent is None else round(int(spent) / _MINUTE_MS),
        answers=_answers(record.answers(connection, attempt), live, say),
        products=_products(connection, attempt, live),
        orders=_orders(connection, attempt, visitor, say),
        page_views=int(connection.execute(views).scalar_one()) if visitor else 0,
    )


def _answers(given: dict[str, AnswerValue], live: LiveQuiz | None, say: Words) -> tuple[KeptAnswer, ...]:
    """Return answers in the order in which they are asked."""
    order = list(live.quiz.by_id) if live else []
    asked = sorted(given, key=lambda question: order.index(question) if question in order else len(order))
    return tuple(KeptAnswer(*_in_words(live, question, given, say)) for question in asked)


def _in_words(live: LiveQuiz | None, question: str, given: Answers, say: Words) -> tuple[str, str]:
    """Return a question and its answer; of a sensitive one only that it was given, since it is never repeated.

    One of a version that cannot be read any more may be sensitive.
    """
    spec = live.quiz.by_id.get(question) if live else None
    asked, value = filled(spec.ask, live.quiz, given) if live and spec else question, given[question]
    if value is None:
        return asked, say("Skipped")
    if live is None or spec is None or spec.sensitive:
        return asked, say("Answered")
    return asked, spec.as_given(value, say)


def _products(connection: Connection, attempt: str, live: LiveQuiz | None) -> tuple[str, ...]:
    """Return the titles of the products that were put before the shopper, those of a section together."""
    seen = select(func.max(_view.up_to)).where(_view.offer_id == _offer.id).correlate(Offer).scalar_subquery()
    statement = select(_offer.revision, _item.section, _item.rank, _item.product).join(
        Offer, _offer.id == _item.offer_id
    )
    rows = connection.execute(statement.where(_offer.attempt_id == attempt, _item.rank <= seen)).all()
    sections = [section.id for section in live.quiz.offer.sections] if live else []
    place = {id: number for number, id in enumerate(sections)}
    rows = sorted(rows, key=lambda row: (row.revision, place.get(row.section, len(place)), row.rank))
    known = live.catalog.by_id if live else {}
    return tuple(dict.fromkeys(known[row.product].title if row.product in known else row.product for row in rows))


def _orders(connection: Connection, attempt: str, visitor: str | None, say: Words) -> tuple[KeptOrder, ...]:
    wanted = Subjects(frozenset({visitor} if visitor else ()), frozenset({attempt}))
    keys = subjects.expanded(connection, wanted).linked
    rows: list[Any] = [
        connection.execute(select(*_order).where(_order.source == source, _order.order_id == id)).one()
        for source, id in keys
    ]
    return tuple(
        KeptOrder(row.order_number or row.order_id, say.day(row.placed_at.date()), row.total_minor, row.currency)
        for row in sorted(rows, key=lambda row: (row.placed_at, row.order_id))
    )

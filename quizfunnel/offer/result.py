"""Stored offers: reading one as it can be shown now, recording its views and clicks, rejecting it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from quizfunnel.journey import progress, record
from quizfunnel.kit.ids import new_id
from quizfunnel.offer.choose import answers_hash
from quizfunnel.offer.products import CurrentOffer, ShownProduct
from quizfunnel.offer.sections import logged_sections
from quizfunnel.offer.tables import Click, Offer, OfferItem, OfferView
from quizfunnel.quiz.kinds.rule import Rule
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.rules import rules
from quizfunnel.quiz.spec import Answers
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment

_offer, _item, _assignment = columns(Offer), columns(OfferItem), columns(Assignment)
_COLUMNS = (
    *(_offer.id, _offer.attempt_id, _offer.answers_hash, _offer.show, _offer.model),
    *(_offer.rejected_at, _offer.rejected_why, _offer.sections),
)


def current_offer(connection: Connection, attempt: str, answers: Answers, live: LiveQuiz) -> CurrentOffer | None:
    """Return the offer for these answers of an attempt, None where none was chosen."""
    row = connection.execute(
        select(*_COLUMNS).where(_offer.attempt_id == attempt, _offer.answers_hash == answers_hash(answers))
    ).first()
    return _current(connection, row, live, rules(live.quiz, answers)) if row else None


def by_id(connection: Connection, offer: str, live: LiveQuiz) -> CurrentOffer | None:
    """Return an offer by its id, as it can be shown now."""
    row = connection.execute(select(*_COLUMNS).where(_offer.id == offer)).first()
    if row is None:
        return None
    answers = progress.live_answers(live.quiz, record.answers(connection, row.attempt_id))
    # answers changed since belong to a later offer
    hard = rules(live.quiz, answers) if answers_hash(answers) == row.answers_hash else ()
    return _current(connection, row, live, hard)


def record_view(connection: Connection, offer: CurrentOffer, *, at: datetime) -> None:
    """Remember that an offer was put before the shopper, and up to which rank."""
    if offer.up_to:
        connection.execute(insert(OfferView).values(id=new_id(), offer_id=offer.id, at=at, up_to=offer.up_to))


def record_click(connection: Connection, *, offer_id: str, product: str, at: datetime) -> str:
    """Remember a way from an offer to a product's page; return the click's id."""
    click = new_id()
    connection.execute(insert(Click).values(id=click, offer_id=offer_id, product=product, at=at))
    return click


def is_in_holdout(connection: Connection, visitor: str) -> bool:
    """Tell whether a visitor is in an arm of a holdout, invited or not."""
    arms = _assignment.visitor_id == visitor, _assignment.arm.in_(("invited", "holdout"))
    return connection.execute(select(_assignment.arm).where(*arms).limit(1)).first() is not None


def reject(connection: Connection, offer: str, *, why: str, at: datetime) -> None:
    """Remember that none of the products suited; a later reason is added, the moment stays."""
    connection.execute(update(Offer).where(_offer.id == offer, _offer.rejected_at.is_(None)).values(rejected_at=at))
    if why:
        connection.execute(update(Offer).where(_offer.id == offer).values(rejected_why=why[:500]))


def _current(connection: Connection, row: Row[*tuple[Any, ...]], live: LiveQuiz, hard: Sequence[Rule]) -> CurrentOffer:
    """Return what of an offer can still be bought, and keeps every rule at its price and with its tags of now."""
    items = connection.execute(
        select(_item.rank, _item.product, _item.reasons, _item.section)
        .where(_item.offer_id == row.id)
        .order_by(_item.rank)
    ).all()
    shown = [
        ShownProduct(rank, product, json.loads(reasons), section)
        for rank, name, reasons, section in items
        if (product := live.catalog.by_id.get(name)) is not None
        and product.available
        and all(rule.allows(product) for rule in hard)
    ]
    sections = {each.section: each.show for each in logged_sections(row.sections)}
    of = {id: [item for item in shown if item.section == id] for id in sections or [""]}
    first = tuple(item for id, mine in of.items() for item in mine[: sections.get(id, row.show)])
    more = tuple(item for id, mine in of.items() for item in mine[sections.get(id, row.show) :])
    rejected, why_said = row.rejected_at is not None, bool(row.rejected_why)
    page = max(sections.values(), default=0)
    return CurrentOffer(row.id, row.attempt_id, row.model, rejected, why_said, first, more, page)

"""Linkage of orders to people: none to who was erased, and none to who withdrew their consent before they bought."""

from datetime import datetime

from sqlalchemy import Connection, select

from quizfunnel.journey.tables import Attempt
from quizfunnel.offer.tables import Click, Offer
from quizfunnel.orders.attribution import Attribution
from quizfunnel.store.types import columns
from quizfunnel.visit.erasure import ErasureKey, is_erased
from quizfunnel.visit.withdrawal import withdrawn_at

_click, _offer, _attempt = columns(Click), columns(Offer), columns(Attempt)


class Linkage:
    """Permission to link an order, by the erasures and withdrawals that the database knows."""

    def __init__(self, key: ErasureKey) -> None:
        """Take the key of erasures."""
        self._key = key

    def permitted(self, connection: Connection, proven: Attribution, *, placed_at: datetime) -> Attribution:
        """Return of what an order's tokens prove that which may be kept.

        An order that was placed before a withdrawal stays linked, however late its events come.
        """
        visitor = proven.visitor_id
        if visitor is not None and not self._may_link(connection, visitor, placed_at):
            visitor = None
        click = proven.click_id
        if click is not None and not self._may_link(connection, _visitor_of(connection, click), placed_at):
            click = None
        return Attribution(visitor, click)

    def is_erased(self, connection: Connection, source: str, order_id: str) -> bool:
        """Tell whether an order was erased."""
        return is_erased(connection, self._key, "order", source, order_id)

    def is_forgotten(self, connection: Connection, visitor_id: str) -> bool:
        """Tell whether a visitor was erased."""
        return is_erased(connection, self._key, "visitor", visitor_id)

    def _may_link(self, connection: Connection, visitor: str | None, placed_at: datetime) -> bool:
        if visitor is None or self.is_forgotten(connection, visitor):
            return False
        withdrawn = withdrawn_at(connection, visitor)
        return withdrawn is None or placed_at < withdrawn


def _visitor_of(connection: Connection, click: str) -> str | None:
    """Return the visitor who made a click; None where the attempt was without consent, or is gone."""
    statement = select(_attempt.visitor_id).join(Offer, _offer.attempt_id == _attempt.id)
    return connection.execute(statement.join(Click, _click.offer_id == _offer.id).where(_click.id == click)).scalar()

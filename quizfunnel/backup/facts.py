"""Facts of a database, by which a person knows a backup: its version, how much is in it, and until when."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select

from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.orders.tables import Order
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Visitor


class Facts(NamedTuple):
    """Rows of the kinds that a shop counts, and the moments of the newest answer and order."""

    visitors: int
    attempts: int
    answers: int
    orders: int
    last_answer: datetime | None
    last_order: datetime | None

    def text(self) -> str:
        """Return the facts in a line."""
        named = zip(("visitor", "attempt", "answer", "order"), self, strict=False)
        counts = ", ".join(f"{count:,} {name}{'' if count == 1 else 's'}" for name, count in named)
        until = (("answer", self.last_answer), ("order", self.last_order))
        return "; ".join([counts, *(f"the last {name} of {at:%Y-%m-%d %H:%M} UTC" for name, at in until if at)])


def facts(engine: Engine) -> Facts:
    """Return the facts of a database of this program's version."""
    answer, order = columns(Answer), columns(Order)
    with reading(engine) as connection:
        visitors, attempts, answers, orders = (_count(connection, table) for table in (Visitor, Attempt, Answer, Order))
        last_answer = connection.execute(select(func.max(answer.answered_at))).scalar()
        last_order = connection.execute(select(func.max(order.placed_at))).scalar()
        return Facts(visitors, attempts, answers, orders, last_answer, last_order)


def _count(connection: Connection, table: type[Visitor | Attempt | Answer | Order]) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())

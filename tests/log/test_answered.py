"""Stored answers are counted by question and answer, each shopper once, bots and other quizzes left out."""

from sqlalchemy import Engine

from quizfunnel.log.answered import answered
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON
from tests.insight.shop import Books


def test_answers_are_counted_once_a_shopper(engine: Engine) -> None:
    """Whoever answers again with the same is counted once, with another answer under both."""
    books = Books()
    for kind, quiz in (("shopper", "coffee"), ("shopper", "coffee"), ("bot", "coffee"), ("shopper", "tea")):
        brew = [{"question": "brew", "at": NOON, "value": '"moka"'}] * 2
        avoid = [{"question": "avoid", "at": NOON, "value": value} for value in ('["acid"]', "[]")]
        books.attempt(None, NOON, [*brew, *avoid], kind=kind, quiz=quiz)
    with writing(engine) as connection:
        books.write(connection)
    with reading(engine) as connection:
        assert answered(connection, "coffee") == {"brew": {"moka": 2}, "avoid": {("acid",): 2, (): 2}}

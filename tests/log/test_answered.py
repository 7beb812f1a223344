"""Stored answers are counted by question and answer, each shopper once, bots and other quizzes left out."""

from datetime import timedelta

from sqlalchemy import Engine

from quizfunnel.log.answered import MOST_FINISHERS, answered, minutes_taken
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON
from tests.insight.shop import VERSION, Books


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


def _answers(*seconds: float, source: str = "client") -> list[dict[str, object]]:
    return [
        {"question": f"q{n}", "at": NOON, "active": int(1000 * each), "source": source}
        for n, each in enumerate(seconds)
    ]


def test_minutes_are_of_finishers_whose_browser_measured_every_answer(engine: Engine) -> None:
    """Of this version alone; the sum over all answers, and nobody whose time was bounded or guessed by the server."""
    books = Books()
    books.version("w" * 64)
    finished = NOON + timedelta(minutes=5)
    books.attempt(None, NOON, _answers(30, 60), finished=finished)
    books.attempt(None, NOON, _answers(30), finished=finished, version="w" * 64)
    books.attempt(None, NOON, _answers(30))
    books.attempt(None, NOON, _answers(30), finished=finished, kind="bot")
    books.attempt(None, NOON, _answers(30), finished=finished, simulated=True)
    books.attempt(None, NOON, [*_answers(30), *_answers(9, source="clamped")], finished=finished)
    with writing(engine) as connection:
        books.write(connection)
    with reading(engine) as connection:
        assert minutes_taken(connection, "coffee", VERSION) == [1.5]


def test_the_last_finishers_are_enough(engine: Engine) -> None:
    """A long log is not read to its beginning."""
    books = Books()
    for number in range(MOST_FINISHERS + 1):
        at = NOON + timedelta(minutes=number)
        books.attempt(None, at, _answers(6 if number else 600), finished=at)
    with writing(engine) as connection:
        books.write(connection)
    with reading(engine) as connection:
        assert set(minutes_taken(connection, "coffee", VERSION)) == {0.1}

"""The coffee shop's offer in sections: beans and ground coffee apart, and sections that share products."""

from typing import Any

from sqlalchemy import Connection

from quizfunnel.journey import record
from quizfunnel.journey.attempt import AnswerGiven, Starter
from quizfunnel.journey.attention import UNKNOWN
from quizfunnel.offer.choose import Chooser
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import AnswerValue, Quiz
from tests.cast import COFFEE, NOON, coffee_catalog, coffee_quiz

BEANS = {"id": "beans", "title": "To grind yourself", "only": ["tag:whole-bean"]}
GROUND = {"id": "ground", "title": "Ready to brew", "only": ["tag:ground"], "show": 2}
DARK = {"id": "dark", "title": "Dark", "only": ["tag:dark-roast"], "show": 2}
ANY = {"id": "any", "title": "Beans, or decaf", "only": [{"any": ["tag:whole-bean", "tag:decaf"]}]}


def routine(*sections: dict[str, Any], **offer: Any) -> Quiz:
    """Return the coffee quiz with an offer in sections."""
    given: Any = COFFEE["offer"]
    words = {name: text for name, text in given.items() if name != "show"}
    return coffee_quiz(offer=words | {"sections": sections} | offer)


def live(*sections: dict[str, Any]) -> LiveQuiz:
    """Return that quiz over the eight coffees."""
    return LiveQuiz("coffee", "e" * 64, routine(*sections), coffee_catalog())


def finish(connection: Connection, quiz: LiveQuiz, chooser: Chooser, answers: dict[str, AnswerValue]) -> str:
    """Take a quiz to its end; return the attempt."""
    attempt = record.start(connection, quiz, Starter(), at=NOON)
    for question, value in answers.items():
        row = record.load(connection, attempt)
        assert row is not None
        given = AnswerGiven(question, value, UNKNOWN, NOON)
        record.record_answer(connection, given, attempt=row, live=quiz, on_finish=chooser.on_finish)
    return attempt

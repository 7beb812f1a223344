"""Attempts as plain values: the row of a request, what starts one, an answer given and what it led to; pure."""

from datetime import datetime
from typing import Literal, NamedTuple

from quizfunnel.journey.attention import Timing
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import AnswerValue

Entry = Literal["page", "frame", "popup", "door"]
"""Way by which a shopper came to a quiz: its page, a frame or a popup on the shop's page, or a comparison's door."""


class Finished(NamedTuple):
    """A complete attempt, as what chooses its offer needs it; `answers` are those that count."""

    attempt_id: str
    finished_at: datetime
    live: LiveQuiz
    answers: dict[str, AnswerValue]
    at: datetime


class AttemptRow(NamedTuple):
    """The row of an attempt, as far as a request needs it."""

    id: str
    quiz: str
    version: str
    visitor_id: str | None
    first_question: str
    finished: bool
    kind: str
    simulated: bool
    entry: Entry = "page"
    language: str = ""


class Starter(NamedTuple):
    """The visitor who starts an attempt, if it may be known, and its kind.

    `brought` tells that the browser brought the visitor's cookie, by which it can go on; one that is only sent to
    it may never come back. `attempt` is the new attempt's id; it is drawn where none is given, which only a
    simulation does.
    """

    visitor_id: str | None = None
    kind: str = "shopper"
    simulated: bool = False
    attempt: str = ""
    brought: bool = True
    entry: Entry = "page"


class AnswerGiven(NamedTuple):
    """One answer as it was given."""

    question: str
    value: AnswerValue
    timing: Timing
    at: datetime


class Recorded(NamedTuple):
    """The outcome of an answer: the question to show next, None when the quiz is complete."""

    next_question: str | None
    finished: bool
    repeated: bool
    answers: dict[str, AnswerValue]


class Latest(NamedTuple):
    """A visitor's latest attempt at a quiz, for going on with it."""

    id: str
    version: str
    finished_at: datetime | None
    answers: dict[str, AnswerValue]

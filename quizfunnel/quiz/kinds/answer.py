"""Answer: its values, their JSON in the log, and the errors of what is none; pure."""

import json
from collections.abc import Mapping
from functools import lru_cache

from quizfunnel.i18n.languages import SOURCE
from quizfunnel.i18n.words import Words, words_in

AnswerValue = str | tuple[str, ...] | float | None
"""A choice id (one), sorted choice ids (many; empty is "none of these"), a number (scale), None (skipped)."""

Answers = Mapping[str, AnswerValue]
"""Answers by question id; a question that is not a key was not asked or not answered yet."""


class AnswerError(ValueError):
    """The form holds no valid answer; the message tells the shopper what to do, and `said` in its language."""

    def __init__(self, message: str, /, **values: str | float) -> None:
        """Take a message and the values of its places; numbers are written as each language writes them."""
        super().__init__(message, values)
        self.message, self.values = message, values

    def __str__(self) -> str:
        """Return the message in English."""
        return self.said(words_in(SOURCE))

    def said(self, say: Words) -> str:
        """Return the message in a language."""
        texts = {name: value if isinstance(value, str) else say.number(value) for name, value in self.values.items()}
        return say(self.message, **texts)


class TooTangled(Exception):  # noqa: N818 - it names the state of the quiz
    """The answers fall into more distinguishable states than can be walked; `question` passed the bound."""

    def __init__(self, question: str) -> None:
        """Name the question at which the bound was passed."""
        super().__init__(question)
        self.question = question


def as_answer(value: AnswerValue | list[str]) -> AnswerValue:
    """Return a value of parsed JSON as the answer that it was written from: lists were tuples."""
    return tuple(value) if isinstance(value, list) else value


def to_json(value: AnswerValue) -> str:
    """Return an answer as JSON; equal answers are equal texts."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=4096)
def from_json(text: str) -> AnswerValue:
    """Return the answer that `to_json` wrote."""
    return as_answer(json.loads(text))

"""Answer: its values, their JSON in the log, and the errors of what is none; pure."""

import json
from collections.abc import Mapping
from functools import lru_cache

AnswerValue = str | tuple[str, ...] | float | None
"""A choice id (one), sorted choice ids (many; empty is "none of these"), a number (scale), None (skipped)."""

Answers = Mapping[str, AnswerValue]
"""Answers by question id; a question that is not a key was not asked or not answered yet."""


class AnswerError(ValueError):
    """The form holds no valid answer; the text tells the shopper what to do."""


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

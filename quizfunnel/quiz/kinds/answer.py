"""Answer: a value as it is recorded, and the words for one that a form did not hold; pure."""

from collections.abc import Mapping

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

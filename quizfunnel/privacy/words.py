"""Answers in words, by the quiz version that they were given to."""

from typing import Any

from quizfunnel.privacy.disclose import InWords
from quizfunnel.quiz.kinds.answer import as_answer
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.texts.mentions import unfilled


def answers_in_words(shelf: Shelf) -> InWords:
    """Return what puts a question and its answer into words; empty ones where the version cannot be read any more."""

    def in_words(version: str, question: str, value: Any) -> tuple[str, str]:
        live = shelf.pinned(version)
        spec = live.quiz.by_id.get(question) if live else None
        if live is None or spec is None:
            return "", ""
        ask = unfilled(spec.ask, live.quiz)
        if value is None:
            return ask, "Skipped"
        try:
            return ask, spec.as_given(as_answer(value), live.quiz.say)
        except (KeyError, TypeError, ValueError):  # a choice that the version does not have
            return ask, ""

    return in_words

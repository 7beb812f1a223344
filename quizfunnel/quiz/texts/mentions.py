"""Mention: an earlier answer that a text repeats, as its question's id in braces; pure.

"How strong shall your {brew} be?" The check proves that on every way to the text the answer is there and has words, so
that no sentence is ever broken. Where it is not all the same, as on pages that speak of no single shopper, an ellipsis
stands in its place, never a brace.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from quizfunnel.quiz.cache_key import QuizKey
from quizfunnel.quiz.kinds.fields import is_slug
from quizfunnel.quiz.spec import Answers, Question, Quiz

UNSAID = "…"
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")
_MENTION = re.compile(r"\{([a-z0-9-]+)\}")


class Braces(NamedTuple):
    """Braces in a text as they are written, and the question that they name; no name where they name none."""

    written: str
    name: str


def braces(text: str) -> Iterator[Braces]:
    """Yield everything in braces in a text, and braces that stand alone."""
    for match in _BRACES.finditer(text):
        inner = match[0][1:-1]
        yield Braces(match[0], inner if is_slug(inner) else "")


def mentioned(text: str) -> tuple[str, ...]:
    """Return the questions that a text names in braces."""
    return tuple(dict.fromkeys(_MENTION.findall(text))) if "{" in text else ()


def filled(text: str, quiz: Quiz, answers: Answers) -> str:
    """Return a text with the answers that it names, in the words that the shopper chose."""
    return _MENTION.sub(lambda match: _said(match, quiz, answers), text) if "{" in text else text


def unfilled(text: str, quiz: Quiz) -> str:
    """Return a text for pages that speak of no single shopper, an ellipsis in place of each answer."""
    return filled(text, quiz, {})


def has_mentions(question: Question) -> bool:
    """Tell whether what a question's page shows depends on earlier answers."""
    return any(mentioned(text) for path, text in question.texts() if path[-1] != "because")


def public_headline(quiz: Quiz) -> str:
    """Return the headline for whoever has a link to a result: the title, where the headline repeats an answer."""
    return quiz.title if mentioned(quiz.offer.headline) else quiz.offer.headline


def names(quiz: Quiz) -> frozenset[str]:
    """Return the questions that some text of a quiz names; kept for the quizzes last used."""
    return _names(QuizKey(quiz))


@lru_cache(maxsize=256)
def _names(held: QuizKey) -> frozenset[str]:
    texts = [held.quiz.offer.headline, *(text for question in held.quiz.questions for _, text in question.texts())]
    return frozenset(name for text in texts for name in mentioned(text))


def _said(match: re.Match[str], quiz: Quiz, answers: Answers) -> str:
    question = quiz.by_id.get(match[1])
    if question is None:
        return match[0]  # of a version from before braces meant anything
    value = answers.get(question.id)
    # nothing chosen has no words that fit into a sentence, and a sensitive answer is never repeated
    if value is None or value == () or question.sensitive:
        return UNSAID
    return question.as_mentioned(value, quiz.say)

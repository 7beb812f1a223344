"""Question as one attempt shows it: answers in its texts, marks as HTML, choices in the order drawn for it; pure."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any, NamedTuple

from quizfunnel.quiz.kinds.choice import Choice
from quizfunnel.quiz.kinds.choices import ChoiceQuestion
from quizfunnel.quiz.spec import Answers, Question, Quiz
from quizfunnel.quiz.texts import markup, mentions


class Beholder(NamedTuple):
    """The attempt that a question is shown in, its answers so far, and the store's hosts, which texts may link to."""

    attempt: str
    answers: Answers
    hosts: Collection[str] = ()


def shown(quiz: Quiz, question: Question, to: Beholder) -> Question:
    """Return a question as it is shown: its `help` and `why` and its choices' `help` are HTML, `ask` is plain text."""
    say = partial(mentions.filled, quiz=quiz, answers=to.answers)
    changes: dict[str, Any] = {
        key: markup.as_html(text, to.hosts, say=say)
        for key in ("help", "why")
        if _says_more(text := getattr(question, key))
    }
    if "{" in question.ask:
        changes["ask"] = say(question.ask)
    if isinstance(question, ChoiceQuestion) and (question.is_shuffled or any(map(_choice_says_more, question.choices))):
        changes["choices"] = tuple(_choice(choice, say) for choice in question.in_order_of(to.attempt))
    return question.model_copy(update=changes) if changes else question


def is_drawn_for_one(question: Question) -> bool:
    """Tell whether other attempts may see a question otherwise, so that no drawing of it serves them too."""
    is_shuffled = isinstance(question, ChoiceQuestion) and question.is_shuffled
    return is_shuffled or mentions.has_mentions(question)


def order_shown(quiz: Quiz, question: str, attempt: str) -> tuple[str, ...]:
    """Return the choices' ids in the order that an attempt saw; none where every attempt sees the file's."""
    asked = quiz.by_id.get(question)
    if not isinstance(asked, ChoiceQuestion) or not asked.is_shuffled:
        return ()
    return tuple(choice.id for choice in asked.in_order_of(attempt))


def _choice(choice: Choice, say: Callable[[str], str]) -> Choice:
    if not _choice_says_more(choice):
        return choice
    return choice.model_copy(update={"help": markup.as_html(choice.help, (), say=say, links=False)})


def _choice_says_more(choice: Choice) -> bool:
    return _says_more(choice.help)


def _says_more(text: str) -> bool:
    """Tell whether a text is shown otherwise than it is written."""
    return not markup.is_plain(text) or "{" in text

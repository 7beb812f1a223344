"""Laws of private questions: nothing that is asked, or not asked, because of a sensitive answer may tell of it."""

from typing import Any

import pytest

from quizfunnel.quiz.private import private_questions
from quizfunnel.quiz.spec import Quiz
from tests.cast import coffee_quiz

YES_NO = [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}]


def quiz(*questions: tuple[str, bool, str]) -> Quiz:
    """Return a quiz of yes-or-no questions: the id, whether it is sensitive, after which question's yes it is asked."""
    made: list[dict[str, Any]] = []
    for id, sensitive, after in questions:
        question = {"id": id, "ask": f"{id}?", "pick": "one", "choices": YES_NO, "sensitive": sensitive}
        made.append(question | ({"when": {after: ["yes"]}} if after else {}))
    return coffee_quiz(questions=made)


def test_a_quiz_without_a_sensitive_question_has_no_private_one() -> None:
    """Whatever follows whatever may be told."""
    private = private_questions(quiz(("a", False, ""), ("b", False, "a"), ("c", False, "")))
    assert private.ids == frozenset()
    assert not any(private.tells(one, two) for one, two in (("a", "b"), ("a", "c"), ("c", None)))


def test_a_question_after_a_sensitive_one_alone_tells_nothing() -> None:
    """Asked of everybody it says nothing: what follows it is told."""
    private = private_questions(quiz(("a", False, ""), ("s", True, ""), ("c", False, "")))
    assert private.ids == {"s"}
    assert private.tells("s", "c")
    assert not private.tells("a", "s")
    assert not private.tells("c", None)


def test_being_asked_tells_at_any_distance() -> None:
    """A question that hangs on a sensitive one, and one that hangs on that, though neither is sensitive itself."""
    private = private_questions(
        quiz(("a", False, ""), ("s", True, ""), ("b", False, ""), ("d", False, "s"), ("e", False, "d"))
    )
    assert private.telling == {"d", "e"}
    assert private.ids == {"s", "d", "e"}


@pytest.mark.parametrize(
    ("question", "following", "tells"),
    [("a", "b", False), ("b", "s", False), ("s", "c", True), ("c", "d", True), ("c", None, True), ("b", "c", True)],
)
def test_what_followed_may_tell(question: str, following: str | None, tells: bool) -> None:  # noqa: FBT001 - a table
    """Up to the sensitive question nothing does; after it any next one may, since `d` may have been left out."""
    private = private_questions(
        quiz(("a", False, ""), ("b", False, ""), ("s", True, ""), ("c", False, ""), ("d", False, "s"))
    )
    assert private.tells(question, following) == tells

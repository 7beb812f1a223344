"""A posted form becomes an answer or a sentence; never an exception of another kind."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.journey.forms import parse_answer
from quizfunnel.quiz.kinds.answer import AnswerError
from quizfunnel.quiz.spec import Question
from tests.cast import coffee_quiz

QUIZ = coffee_quiz()
ONE, MANY, SCALE, OPTIONAL = (QUIZ.by_id[id] for id in ("brew", "avoid", "budget", "strength"))


def test_valid_answers_are_read() -> None:
    """A choice id, sorted ids, none of these, a number, a skip."""
    assert parse_answer(ONE, ["moka"]) == "moka"
    assert parse_answer(MANY, ["nuts", "caffeine"]) == ("caffeine", "nuts")
    assert parse_answer(MANY, [], none=True) == ()
    assert parse_answer(SCALE, ["12"]) == 12.0
    assert parse_answer(OPTIONAL, [], skip=True) is None


@pytest.mark.parametrize(
    ("question", "values", "says"),
    [
        (ONE, [], "Choose one answer."),
        (ONE, ["teapot"], "Choose one of the answers shown."),
        (ONE, ["moka", "filter"], "Choose one of the answers shown."),
        (MANY, [], "Choose at least one, or choose “Nothing”."),
        (MANY, ["gluten"], "Choose among the answers shown."),
        (SCALE, [], "Choose a number."),
        (SCALE, ["nine"], "Write a number, like 20."),
        (SCALE, ["nan"], "Write a number, like 20."),
        (SCALE, ["9"], "Choose a number in steps of 2, like 8."),
        (SCALE, ["99"], "Choose a number from 8 to 30."),
        (OPTIONAL, [], "Choose a number, or skip this question."),
    ],
)
def test_what_is_missing_is_said(question: object, values: list[str], says: str) -> None:
    """Each refusal tells the shopper what to do."""
    with pytest.raises(AnswerError) as refused:
        parse_answer(question, values)  # type: ignore[arg-type]
    assert says == str(refused.value)


def test_a_required_question_cannot_be_skipped() -> None:
    """Skip is an answer only where the quiz says that the question is optional."""
    with pytest.raises(AnswerError):
        parse_answer(ONE, ["moka"], skip=True)


def test_at_most_is_held() -> None:
    """More choices than `at_most` are refused with both numbers."""
    limited = MANY.model_copy(update={"at_most": 1})
    with pytest.raises(AnswerError, match=r"Choose up to 1; you chose 2\."):
        parse_answer(limited, ["nuts", "caffeine"])


ADMITTED: dict[str, set[object]] = {
    "brew": {"espresso", "filter", "moka"},
    "avoid": {(), ("caffeine",), ("nuts",), ("caffeine", "nuts")},
    "budget": {float(pounds) for pounds in range(8, 31, 2)},
    "strength": {1.0, 2.0, 3.0, 4.0, 5.0},
}
POSTED = st.sampled_from(["espresso", "caffeine", "nuts", "8", "4.0", "9", " 3 ", "1e1", "inf"]) | st.text(max_size=8)


@given(st.sampled_from([ONE, MANY, SCALE, OPTIONAL]), st.lists(POSTED, max_size=4), st.booleans())
def test_any_form_is_answered(question: Question, values: list[str], none: bool) -> None:  # noqa: FBT001
    """Whatever is posted gives an answer that the question admits, or a sentence for the shopper."""
    try:
        answer, sentence = parse_answer(question, values, none=none), ""
    except AnswerError as refused:
        answer, sentence = None, str(refused)
    assert re.fullmatch("[A-Z].*[.”]", sentence) if sentence else answer in ADMITTED[question.id]

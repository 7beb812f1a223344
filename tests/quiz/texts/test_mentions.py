"""Earlier answers are repeated in the words that the shopper chose, and no brace reaches a page."""

from typing import Any

import pytest

from quizfunnel.quiz.spec import Quiz
from quizfunnel.quiz.texts import mentions
from tests.cast import coffee_quiz
from tests.quiz.small import quiz_of

CHOICES = [{"id": "nut", "label": "Nuts"}, {"id": "tea", "label": "Tea & flowers"}, {"id": "red", "label": "Berries"}]
QUESTIONS: list[dict[str, Any]] = [
    {"id": "taste", "ask": "?", "pick": "many", "none_label": "None", "choices": CHOICES},
    {
        "id": "budget",
        "ask": "?",
        "pick": "scale",
        "scale": {"from": 8, "to": 12, "step": 2, "unit": "GBP", "or_more": True},
    },
    {"id": "level", "ask": "?", "pick": "scale", "scale": {"from": 1, "to": 5, "step": 1, "high": "Very strong"}},
    {"id": "secret", "ask": "?", "pick": "one", "sensitive": True, "choices": CHOICES},
]


def _quiz(**changes: str) -> Quiz:
    return quiz_of(QUESTIONS).model_copy(update=changes)


@pytest.mark.parametrize(
    ("text", "answers", "said"),
    [
        ("A {brew} it is", {"brew": "moka"}, "A Moka pot it is"),
        ("{taste} then", {"taste": ("nut",)}, "Nuts then"),
        ("{taste} then", {"taste": ("nut", "tea")}, "Nuts and Tea & flowers then"),
        ("{taste} then", {"taste": ("nut", "red", "tea")}, "Nuts, Tea & flowers, and Berries then"),
        ("For {budget}", {"budget": 10.0}, "For £10"),
        ("For {budget}", {"budget": 12.0}, "For £12 or more"),
        ("Level {level}", {"level": 5.0}, "Level 5"),
    ],
)
def test_an_answer_is_said_as_it_was_given(text: str, answers: dict[str, Any], said: str) -> None:
    """One label; several joined as the language does; a number with its unit and without the meaning of an end."""
    quiz = coffee_quiz() if "brew" in answers else _quiz()
    assert mentions.filled(text, quiz, answers) == said


def test_several_are_joined_as_the_quizs_language_does() -> None:
    """German has no comma before the last of them."""
    given = {"taste": ("nut", "red", "tea")}
    assert mentions.filled("{taste}", _quiz(language="de"), given) == "Nuts, Tea & flowers und Berries"


@pytest.mark.parametrize("answers", [{}, {"taste": ()}, {"taste": None}, {"secret": "nut"}])
def test_an_answer_that_is_not_there_leaves_no_brace(answers: dict[str, Any]) -> None:
    """An ellipsis stands for what was not asked, skipped, none of the choices, or sensitive: it is never repeated."""
    assert mentions.filled("So {taste} and {secret}.", _quiz(), answers) == "So … and …."


def test_a_page_of_no_single_shopper_names_no_answer() -> None:
    """Figures say the question with an ellipsis; a shared result has the title for a headline that does."""
    quiz = coffee_quiz()
    assert mentions.unfilled("Why {brew}?", quiz) == "Why …?"
    assert mentions.public_headline(quiz) == "Your coffees"
    offer = quiz.offer.model_copy(update={"headline": "Coffees for {brew}"})
    assert mentions.public_headline(quiz.model_copy(update={"offer": offer})) == quiz.title


def test_braces_of_an_older_version_stay_as_they_were() -> None:
    """What names no question is what it was before braces meant anything."""
    assert mentions.filled("{x} and {Brew} {", coffee_quiz(), {"brew": "moka"}) == "{x} and {Brew} {"

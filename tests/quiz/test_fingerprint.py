"""A quiz's meaning stays under new words and changes with whatever changes what an answer says."""

import copy
from typing import Any

import pytest

from quizfunnel.quiz.fingerprint import meaning
from quizfunnel.quiz.spec import Quiz
from tests.cast import COFFEE, coffee_quiz

MEANING = meaning(coffee_quiz())


def changed(place: tuple[Any, ...], value: Any) -> Quiz:
    """Return the coffee quiz with one value changed or added."""
    quiz: Any = copy.deepcopy(COFFEE)
    part = quiz
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    return coffee_quiz(**quiz)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("title",), "Coffee"),
        (("promise",), "Another promise"),
        (("minutes",), 2),
        (("language",), "de"),
        (("catalog",), "catalogs/other.csv"),
        (("experiment", "holdout_share"), 0.5),
        (("offer", "headline"), "Yours"),
        (("offer", "show"), 2),
        (("questions", 0, "ask"), "How do you brew?"),
        (("questions", 0, "help"), "At home"),
        (("questions", 0, "image"), "cup.png"),
        (("questions", 0, "video"), "/static/cup.mp4"),
        (("questions", 0, "choices_order"), "shuffled"),
        (("questions", 0, "choices", 0, "help"), "A small and strong one"),
        (("auto_advance",), True),
        (("questions", 0, "choices", 0, "label"), "Espresso machine"),
        (("questions", 0, "choices", 0, "because"), "you like it short"),
        (("questions", 3, "none_label"), "None of them"),
        (("questions", 3, "at_most"), 1),
        (("questions", 4, "optional"), True),
        (("questions", 5, "scale", "low"), "Weak"),
        (("questions", 0, "choices"), list(reversed(COFFEE["questions"][0]["choices"]))),  # type: ignore[index]
        (("questions", 1, "when"), {"brew": ["filter", "espresso"]}),
        (("questions", 4, "scale", "or_more"), False),
        (("questions", 4, "scale", "or_less"), False),
    ],
)
def test_words_do_not_count(place: tuple[Any, ...], value: Any) -> None:
    """A label, a picture, the promise, the order of choices: the answers mean what they meant."""
    assert meaning(changed(place, value)) == MEANING


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("questions", 0, "id"), "making"),
        (("questions", 0, "sensitive"), True),
        (("questions", 0, "pick"), "many"),
        (("questions", 0, "choices", 2, "id"), "pot"),
        (("questions", 0, "choices", 0, "favours"), {"tag:dark-roast": 3}),
        (("questions", 0, "choices", 0, "against"), {"tag:light-roast": 1}),
        (("questions", 0, "choices", 0, "requires"), ["tag:ground"]),
        (("questions", 3, "choices", 0, "excludes"), ["tag:light-roast"]),
        (("questions", 1, "when"), {"brew": ["espresso"]}),
        (("questions", 4, "scale", "to"), 32),
        (("questions", 4, "scale", "step"), 1),
        (("questions", 4, "scale", "or_more"), True),
        (("questions", 4, "scale", "or_less"), True),
        (("questions", 1, "choices", 0, "requires"), [{"any": ["tag:whole-bean", "tag:ground"]}]),
        (("questions", 1, "when"), {"brew": {"not": ["moka"]}}),
        (("questions", 4, "scale", "unit"), "EUR"),
        (("questions", 4, "limits"), "strength"),
        (("questions", 5, "near"), {"strength": 2}),
        (("questions", 5, "near"), {"label": 1}),
    ],
)
def test_what_an_answer_says_counts(place: tuple[Any, ...], value: Any) -> None:
    """Ids, ways to ask, conditions, points, hard rules and scales."""
    assert meaning(changed(place, value)) != MEANING
    assert meaning(changed(("questions", 5, "near"), {"label": 1})) != meaning(changed(("questions", 5, "near"), {}))


def test_a_moved_question_means_the_same() -> None:
    """The order in which questions are asked is no answer."""
    quiz = copy.deepcopy(COFFEE)
    quiz["questions"] = [quiz["questions"][2], *quiz["questions"][:2], *quiz["questions"][3:]]  # type: ignore[index]
    assert meaning(coffee_quiz(**quiz)) == MEANING


def test_an_older_edition_of_the_format_means_what_it_meant() -> None:
    """Models that were trained before the format learnt new keys go on serving: its digest is written down here."""
    assert MEANING == "872707e1dd5d436b98fc792bbf14fea6b91cc86cf70adb4e74548196ce5d80b2"

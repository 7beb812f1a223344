"""Ids under which answers are stored: a question or choice that is gone is told with how many answers it carries."""

import pytest

from quizfunnel.quiz.check.lost_answers import Answered, check
from quizfunnel.quiz.file.load import load_text
from tests.quiz.files import QUIZ, changed

PUBLISHED = load_text(QUIZ, "coffee.yaml").quiz
ANSWERED: Answered = {
    "moment": {"morning": 1200, "evening": 34},
    "avoid": {(): 500, ("acid",): 20, ("acid", "caffeine"): 3},
    "budget": {12.0: 9},
    "strength": {None: 4},
}


GONE = ", which {} shoppers have answered, is gone: results and learning will not see those answers"
RENAMED = "; if `{}` is its new name, write the old one again: words may change, ids may not"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: moment", "id: time-of-day",
         "20:9: warning: the question `moment`" + GONE.format("1,234") + RENAMED.format("time-of-day")),
        ("  - id: moment\n    ask: When do you enjoy it most?", "  - id: drunk\n    ask: When do you drink it?",
         "5:1: warning: the question `moment`" + GONE.format("1,234")),
        ("id: acid, label", "id: acidity, label",
         "32:14: warning: the choice `acid` of `avoid`" + GONE.format("23") + RENAMED.format("acidity")),
        ("id: moka", "id: pot", None),  # which nobody has chosen yet
        ("label: First thing", "label: In the morning", None),
        ("from: 12", "from: 14", None),
    ],
)  # fmt: skip
def test_an_id_that_carries_answers_is_told_when_it_goes(old: str, new: str, said: str | None) -> None:
    """With the name that it seems to have now, at that place."""
    findings = check(load_text(changed((old, new)), "q.yaml"), PUBLISHED, ANSWERED)
    assert [finding.text() for finding in findings] == ([f"q.yaml:{said}"] if said else [])


def test_one_answer_is_told_as_one() -> None:
    """Words are read aloud."""
    (finding,) = check(load_text(changed(("id: moment", "id: when")), "q.yaml"), PUBLISHED, {"moment": {"evening": 1}})
    assert "which 1 shopper has answered" in finding.message

"""Progress: the path, the next question, and an honest range that never jumps back."""

from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.journey import progress
from quizfunnel.quiz.spec import AnswerValue
from tests.cast import coffee_quiz

QUIZ = coffee_quiz()
CHOICES: dict[str, list[AnswerValue]] = {
    "brew": ["espresso", "filter", "moka"],
    "grinder": ["yes", "no"],
    "moment": ["morning", "evening"],
    "avoid": [(), ("nuts",), ("caffeine", "nuts")],
    "budget": [8.0, 30.0],
    "strength": [None, 1.0, 5.0],
}
some_answers = st.fixed_dictionaries({}, optional={id: st.sampled_from(values) for id, values in CHOICES.items()})


def test_the_first_question_is_next_at_the_start() -> None:
    """Nothing answered: the quiz begins at its first question."""
    assert progress.next_question(QUIZ, {}) == "brew"


def test_a_branch_left_behind_does_not_count() -> None:
    """An answer to a question that is no longer on the path is out of the result."""
    answers: dict[str, AnswerValue] = {"brew": "moka", "grinder": "yes", "moment": "morning"}
    assert progress.live_answers(QUIZ, answers) == {"brew": "moka", "moment": "morning"}
    assert progress.next_question(QUIZ, answers) == "avoid"


@given(some_answers)
def test_next_is_the_first_gap(answers: dict[str, AnswerValue]) -> None:
    """Answering what is next, again and again, completes the quiz in at most six steps."""
    for _ in range(6):
        following = progress.next_question(QUIZ, answers)
        if following is None:
            break
        answers = answers | {following: CHOICES[following][0]}
    assert progress.next_question(QUIZ, answers) is None


@given(st.data())
def test_the_range_narrows_and_never_jumps_back(data: st.DataObject) -> None:
    """Along any way through the quiz: number goes up by one, shortest never falls, longest never grows."""
    answers: dict[str, AnswerValue] = {}
    number, shortest, longest = 0, 0, 99
    while (question := progress.next_question(QUIZ, answers)) is not None:
        place = progress.position(QUIZ, answers, question)
        assert place is not None
        assert place.number == number + 1
        assert place.number <= place.shortest <= place.longest <= longest
        assert place.shortest >= shortest
        number, shortest, longest = place.number, place.shortest, place.longest
        answers[question] = data.draw(st.sampled_from(CHOICES[question]))
    assert shortest <= number <= longest


def test_nobody_stands_ahead_of_the_first_gap() -> None:
    """A question further on cannot be opened before those ahead of it are answered."""
    assert progress.position(QUIZ, {"brew": "moka"}, "moment") == progress.Position(2, 5, 5, "brew")
    assert progress.position(QUIZ, {"brew": "moka"}, "avoid") is None
    assert progress.position(QUIZ, {"brew": "moka"}, "grinder") is None


def test_next_after_going_back_is_the_following_question() -> None:
    """A shopper who went back two steps walks forward one; one who completes the quiz is sent to the offer."""
    answers: dict[str, AnswerValue] = {"brew": "moka", "moment": "morning", "avoid": ()}
    assert progress.following(QUIZ, answers, "brew") == "moment"
    assert progress.following(QUIZ, answers, "avoid") == "budget"
    assert progress.following(QUIZ, answers | {"budget": 8.0, "strength": None}, "brew") is None

"""A question as an attempt shows it: its own answers, its own order, and nothing changed where nothing is asked for."""

import random
from collections import Counter
from itertools import permutations

from markupsafe import Markup

from quizfunnel.quiz.kinds.choices import ChoiceQuestion
from quizfunnel.quiz.spec import Question
from quizfunnel.quiz.texts.shown import Beholder, is_drawn_for_one, shown
from tests.cast import coffee_quiz
from tests.quiz.kinds.examples import question as written

QUIZ = coffee_quiz()
CHOICES = [{"id": id, "label": id.upper(), "help": f"*{id}* of {{brew}}"} for id in "abcd"]
TO = Beholder("f" * 32, {"brew": "moka"}, ("shop.example",))


def _order(question: Question, attempt: str) -> list[str]:
    seen = shown(QUIZ, question, TO._replace(attempt=attempt))
    assert isinstance(seen, ChoiceQuestion)
    return [choice.id for choice in seen.choices]


def test_a_plain_question_is_shown_as_it_is() -> None:
    """Nothing is made anew for an answer that nothing changes."""
    for question in QUIZ.questions:
        assert shown(QUIZ, question, TO) is question
        assert not is_drawn_for_one(question)


def test_texts_are_shown_with_answers_and_marks() -> None:
    """The question is plain text, since titles and reasons say it too; help and why are HTML, escaped already."""
    question = written(
        pick="one", ask="Why *{brew}*?", help="**{brew}** [b](/c)", why="Since <b>", choices=CHOICES, sensitive=True
    )
    seen = shown(QUIZ, question, TO)
    assert isinstance(seen, ChoiceQuestion)
    assert (seen.ask, seen.why) == ("Why *Moka pot*?", "Since <b>")
    assert isinstance(seen.help, Markup)
    assert seen.help == '<strong>Moka pot</strong> <a href="/c" target="_blank" rel="noopener">b</a>'
    assert [choice.help for choice in seen.choices] == [f"<em>{id}</em> of Moka pot" for id in "abcd"]
    assert is_drawn_for_one(question)


def test_shuffled_choices_are_the_same_in_an_attempt_and_differ_between_them() -> None:
    """Every order is about as likely; whatever order the file has; the digest alone decides."""
    draw = random.Random(7)  # noqa: S311 - a simulation, not a secret
    question = written(pick="one", choices=CHOICES[:3], choices_order="shuffled")
    turned = written(pick="one", choices=CHOICES[2::-1], choices_order="shuffled")
    attempts = [f"{draw.getrandbits(128):032x}" for _ in range(600)]
    orders = Counter(tuple(_order(question, attempt)) for attempt in attempts)
    assert set(orders) == set(permutations("abc"))
    assert all(60 < count < 140 for count in orders.values())
    assert [_order(turned, attempt) for attempt in attempts[:20]] == [_order(question, a) for a in attempts[:20]]
    assert is_drawn_for_one(question)


def test_a_choice_that_is_added_moves_no_two_others_past_each_other() -> None:
    """An edit of the file keeps what it can of an order."""
    few = written(pick="many", choices=CHOICES[:3], choices_order="shuffled")
    more = written(pick="many", choices=CHOICES, choices_order="shuffled")
    for attempt in ("a" * 32, "b" * 32, "c" * 32):
        assert [id for id in _order(more, attempt) if id != "d"] == _order(few, attempt)

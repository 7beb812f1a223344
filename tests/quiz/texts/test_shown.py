"""A question as an attempt shows it: its own answers, its own order, and nothing changed where nothing is asked for."""

import random
from collections import Counter
from itertools import permutations
from typing import Any

from markupsafe import Markup

from quizfunnel.quiz.kinds.choices import ChoiceQuestion
from quizfunnel.quiz.spec import Quiz
from quizfunnel.quiz.store_site import StoreSite
from quizfunnel.quiz.texts.shown import Beholder, is_drawn_for_one, order_shown, shown
from tests.cast import COFFEE, coffee_quiz

CHOICES = [{"id": id, "label": id.upper(), "help": f"*{id}* of {{brew}}"} for id in "abcd"]
TO = Beholder("f" * 32, {"brew": "moka"}, StoreSite("https://shop.example", frozenset(("shop.example",))))


def _quiz(**raw: Any) -> Quiz:
    """Return the coffee quiz with a question `q` behind the first."""
    questions: Any = COFFEE["questions"]
    own = {"id": "q", "ask": "Which?", "pick": "one", **raw}
    return coffee_quiz(questions=[questions[0], own, *questions[1:]])


def _order(quiz: Quiz, attempt: str) -> list[str]:
    seen = shown(quiz, quiz.by_id["q"], TO._replace(attempt=attempt))
    assert isinstance(seen, ChoiceQuestion)
    return [choice.id for choice in seen.choices]


def test_a_plain_question_is_shown_as_it_is() -> None:
    """Nothing is made anew for an answer that nothing changes."""
    quiz = coffee_quiz()
    for question in quiz.questions:
        assert shown(quiz, question, TO) is question
        assert not is_drawn_for_one(quiz, question.id)


def test_texts_are_shown_with_answers_and_marks() -> None:
    """The question is plain text, since titles and reasons say it too; help and why are HTML, escaped already."""
    quiz = _quiz(ask="Why *{brew}*?", help="**{brew}** [b](/c)", why="Since <b>", choices=CHOICES, sensitive=True)
    seen = shown(quiz, quiz.by_id["q"], TO)
    assert isinstance(seen, ChoiceQuestion)
    assert (seen.ask, seen.why) == ("Why *Moka pot*?", "Since <b>")
    assert isinstance(seen.help, Markup)
    assert (
        seen.help == '<strong>Moka pot</strong> <a href="https://shop.example/c" target="_blank" rel="noopener">b</a>'
    )
    assert [choice.help for choice in seen.choices] == [f"<em>{id}</em> of Moka pot" for id in "abcd"]
    assert is_drawn_for_one(quiz, "q")


def test_marks_alone_are_the_same_for_everybody() -> None:
    """What one attempt was shown serves the others."""
    quiz = _quiz(help="*So*", choices=[{"id": id, "label": id} for id in "ab"])
    assert shown(quiz, quiz.by_id["q"], TO).help == "<em>So</em>"
    assert not is_drawn_for_one(quiz, "q")


def test_shuffled_choices_are_the_same_in_an_attempt_and_differ_between_them() -> None:
    """Every order is about as likely; whatever order the file has; the digest alone decides, for the export too."""
    draw = random.Random(7)  # noqa: S311 - a simulation, not a secret
    quiz = _quiz(choices=CHOICES[:3], choices_order="shuffled")
    turned = _quiz(choices=CHOICES[2::-1], choices_order="shuffled")
    attempts = [f"{draw.getrandbits(128):032x}" for _ in range(600)]
    orders = Counter(tuple(_order(quiz, attempt)) for attempt in attempts)
    assert set(orders) == set(permutations("abc"))
    assert all(60 < count < 140 for count in orders.values())
    assert [_order(turned, attempt) for attempt in attempts[:20]] == [_order(quiz, a) for a in attempts[:20]]
    assert list(order_shown(quiz, "q", attempts[0])) == _order(quiz, attempts[0])
    assert is_drawn_for_one(quiz, "q")


def test_a_choice_that_is_added_moves_no_two_others_past_each_other() -> None:
    """An edit of the file keeps what it can of an order."""
    few = _quiz(choices=CHOICES[:3], choices_order="shuffled")
    more = _quiz(choices=CHOICES, choices_order="shuffled")
    for attempt in ("a" * 32, "b" * 32, "c" * 32):
        assert [id for id in _order(more, attempt) if id != "d"] == _order(few, attempt)


def test_an_order_that_is_the_files_is_none_to_tell_of() -> None:
    """Of choices as they are written, of a number, of a question that is gone."""
    quiz = coffee_quiz()
    assert [order_shown(quiz, id, "a") for id in ("brew", "budget", "gone")] == [(), (), ()]

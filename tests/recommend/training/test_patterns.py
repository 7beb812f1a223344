"""Many sets of answers at once are read just as one set is."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import AnswerValue, Quiz
from quizfunnel.recommend.learners.code_book import Floats
from quizfunnel.recommend.serving.answer_codes import columns_of, encode, unlike_columns
from quizfunnel.recommend.serving.points import Row, points
from quizfunnel.recommend.training.grouped_log import Pattern
from quizfunnel.recommend.training.patterns import Factors
from tests.cast import coffee_catalog, coffee_quiz
from tests.quiz import small
from tests.recommend.questions import QUESTIONS
from tests.recommend.worlds import World, worlds

PRODUCTS = Products(coffee_catalog().products)


def every_points(factors: Factors, products: Products, patterns: int) -> Floats:
    """Return the points of all pairs, [P, I]."""
    shape = patterns, len(products.all)
    row, product = (index.ravel() for index in np.indices(shape))
    return factors.points(products, row, product).reshape(shape)


def changed(**question: object) -> Quiz:
    """Return the coffee quiz with its first question's fields changed."""
    first, *others = QUESTIONS
    return coffee_quiz(questions=[first | question, *others])


@pytest.mark.thorough
@settings(max_examples=25)
@given(worlds(), st.data())
def test_points_and_codes_are_those_of_one_set_at_a_time(world: World, data: st.DataObject) -> None:
    """For random quizzes, products and answers, with some of them skipped: the prior's points, the encoder's codes."""
    raw, live, answers = world
    sets: list[dict[str, AnswerValue]] = [answers]
    for _ in range(3):
        every = {each["id"]: data.draw(st.sampled_from([None, *small.every_answer(each)])) for each in raw}
        kept = data.draw(st.sets(st.sampled_from(sorted(every))))
        sets.append({id: value for id, value in every.items() if id in kept})
    factors = Factors(live.quiz, [Pattern("now", each) for each in sets], {"now": live.quiz})
    products = Products(live.catalog.products)
    found = every_points(factors, products, len(sets))
    for row, each in enumerate(sets):
        assert found[row] == pytest.approx(points(live.quiz, products, each), abs=1e-9)
        assert tuple(factors.codes[row]) == encode(columns_of(live.quiz), each)
    assert factors.unlike == {"now": {}}


def test_an_older_versions_answers_count_where_they_are_comparable() -> None:
    """Codes are the encoder's with what is unlike left out; points of such a question are none."""
    now, old = coffee_quiz(), changed(pick="many")
    answers: dict[str, AnswerValue] = {"brew": ("espresso",), "moment": "evening", "strength": 4}
    today: dict[str, AnswerValue] = {"brew": "espresso", "moment": "evening"}
    patterns = [Pattern("old", answers), Pattern("now", today)]
    factors = Factors(now, patterns, {"old": old, "now": now, "never taken": changed(pick="many")})
    assert factors.unlike == {"old": unlike_columns(old, now), "now": {}}
    assert set(factors.unlike["old"]) == {"brew"}
    for row, (version, each) in enumerate(patterns):
        assert tuple(factors.codes[row]) == encode(factors.columns, each, factors.unlike[version])
    found = every_points(factors, PRODUCTS, 2)
    comparable: dict[str, AnswerValue] = {"moment": "evening", "strength": 4}
    assert found[0] == pytest.approx(points(now, PRODUCTS, comparable))
    assert found[1] == pytest.approx(points(now, PRODUCTS, today))


def test_a_choice_that_is_new_leaves_the_others_as_they_are() -> None:
    """Of a `many` question the new choice's column alone is never asked; a choice that is gone says nothing."""
    *others, avoid = QUESTIONS[:4]
    milk = {"id": "milk", "label": "Milk", "favours": {"tag:decaf": 1}}
    less = coffee_quiz(questions=[*others, avoid | {"choices": [avoid["choices"][0], milk]}])
    answers: dict[str, AnswerValue] = {"avoid": ("caffeine",)}
    forward = Factors(coffee_quiz(), [Pattern("less", answers)], {"less": less})
    names = [column.name for column in forward.columns]
    assert forward.codes[0, names.index("avoid=caffeine")] == 3
    assert forward.codes[0, names.index("avoid=nuts")] == 0
    back = Factors(less, [Pattern("more", {"avoid": ("caffeine", "nuts")})], {"more": coffee_quiz()})
    assert back.codes[0, [column.name for column in back.columns].index("avoid=caffeine")] == 3


@given(st.sampled_from(["espresso", "filter", "moka", None]))
def test_sensitive_answers_change_nothing(brew: AnswerValue) -> None:
    """Neither a code nor a point knows what was answered to a sensitive question."""
    quiz = changed(sensitive=True, why="So that we know.")
    answers: dict[str, AnswerValue] = {"moment": "morning"}
    factors = Factors(quiz, [Pattern("v", answers), Pattern("v", answers | {"brew": brew})], {"v": quiz})
    assert "brew" not in {column.question for column in factors.columns}
    assert (factors.codes[0] == factors.codes[1]).all()
    found = every_points(factors, PRODUCTS, 2)
    assert (found[0] == found[1]).all()


@given(st.sampled_from(["yes", "no", None]))
def test_what_hangs_on_a_sensitive_answer_changes_nothing(grinder: AnswerValue) -> None:
    """Who was asked for a grinder brews espresso or filter: neither a code nor a point knows who was asked."""
    quiz = changed(sensitive=True, why="So that we know.")
    answers: dict[str, AnswerValue] = {"moment": "morning"}
    factors = Factors(quiz, [Pattern("v", answers), Pattern("v", answers | {"grinder": grinder})], {"v": quiz})
    assert {column.question for column in factors.columns}.isdisjoint({"brew", "grinder"})
    assert (factors.codes[0] == factors.codes[1]).all()
    found = every_points(factors, PRODUCTS, 2)
    assert (found[0] == found[1]).all()


def test_no_pattern_is_no_mistake() -> None:
    """An empty log has codes and points of no rows."""
    factors = Factors(coffee_quiz(), [], {})
    none = np.zeros(0, dtype=np.int64)
    assert factors.codes.shape == (0, len(factors.columns))
    assert factors.points(PRODUCTS, none, none).shape == (0,)


def test_a_distinct_answer_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand shoppers who gave one of three answers cost three rows of points."""
    asked: list[str] = []

    def counted(*given: object) -> Row:
        asked.append(json.dumps(given[2]))
        return (0.0,) * len(PRODUCTS.all)

    monkeypatch.setattr("quizfunnel.recommend.training.patterns.answer_points", counted)
    patterns = [Pattern("v", {"brew": ("espresso", "filter", "moka")[n % 3]}) for n in range(1000)]
    every_points(Factors(coffee_quiz(), patterns, {"v": coffee_quiz()}), PRODUCTS, 1000)
    assert len(asked) == 3

"""The walk over kinds of answers finds what trying every answer finds."""

import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizfunnel.catalog.product import Product
from quizfunnel.quiz import paths
from quizfunnel.quiz.check.coverage import cover
from quizfunnel.quiz.kinds.answer import TooTangled
from quizfunnel.quiz.rules import Products
from tests.cast import coffee_quiz
from tests.quiz import small
from tests.quiz.allowed import allowed, left
from tests.quiz.small import Raw


def _runs(questions: list[Raw]) -> list[Raw]:
    sizes = 1
    for question in questions:
        sizes *= len(small.every_answer(question))
    assume(sizes <= 3000)
    return list(small.every_run(questions))


@pytest.mark.thorough
@given(small.questions())
@settings(max_examples=90, deadline=None)
def test_shortest_longest_and_reached_are_those_of_brute_force(questions: list[Raw]) -> None:
    """The collapsed walk and every answer tried agree, and the examples are real runs."""
    runs = _runs(questions)
    found = paths.explore(small.quiz_of(questions))
    assert len(found.shortest) == min(len(run) for run in runs)
    assert len(found.longest) == max(len(run) for run in runs)
    assert found.reached == {asked for run in runs for asked in run}
    assert found.shortest in runs
    assert found.longest in runs


@pytest.mark.thorough
@given(small.questions(), st.data())
@settings(max_examples=60, deadline=None)
def test_lengths_after_some_answers_are_those_of_brute_force(questions: list[Raw], data: st.DataObject) -> None:
    """Going on from any prefix of any run, the range holds exactly the runs that begin so."""
    runs = _runs(questions)
    run = data.draw(st.sampled_from(runs))
    prefix = dict(list(run.items())[: data.draw(st.integers(0, len(run)))])
    on = [len(other) for other in runs if prefix.items() <= other.items()]
    quiz = small.quiz_of(questions)
    assert paths.lengths(quiz, prefix) == (min(on), max(on))
    assert [question.id for question in paths.asked(quiz, run)] == list(run)


@pytest.mark.thorough
@given(small.questions(), small.products(), st.integers(1, 3))
@settings(max_examples=90, deadline=None)
def test_combinations_left_empty_are_those_of_brute_force(
    questions: list[Raw], products: list[Product], show: int
) -> None:
    """All runs, those that leave nothing or too few, the first such run, and the reachable products."""
    runs = _runs(questions)
    lefts = [[one.id for one in products if small.keeps(one, questions, run)] for run in runs]
    quiz = small.quiz_of(questions, show=show)
    found = cover(quiz, Products(products))
    assert found.total == len(runs)
    assert found.empty == sum(not ids for ids in lefts)
    assert found.few == sum(0 < len(ids) < show for ids in lefts)
    reachable = {one.id for n, one in enumerate(products) if found.reachable >> n & 1}
    assert reachable == {one for ids in lefts for one in ids}
    if found.empty:
        assert not left(products, quiz, found.empty_example)
        assert found.empty_example in runs
    if found.few:
        assert 0 < len(left(products, quiz, found.few_example)) < show
        assert found.few_example in runs


@pytest.mark.thorough
@given(small.questions(), small.products(), st.data())
@settings(max_examples=60, deadline=None)
def test_allowed_is_what_the_format_says(questions: list[Raw], products: list[Product], data: st.DataObject) -> None:
    """A product is allowed exactly when no answer of the run forbids it."""
    run = data.draw(st.sampled_from(_runs(questions)))
    quiz = small.quiz_of(questions)
    for one in products:
        assert allowed(one, quiz, run) == small.keeps(one, questions, run)


def test_the_first_empty_combination_is_first_in_the_files_order() -> None:
    """Among the combinations that leave nothing the one with the earliest choices is named."""
    choices = [{"id": "a", "label": "a"}, {"id": "b", "label": "b", "requires": ["tag:red"]}]
    again = [{"id": "c", "label": "c", "requires": ["tag:blue"]}, {"id": "d", "label": "d"}]
    questions: list[Raw] = [
        {"id": "one", "ask": "?", "pick": "one", "choices": choices},
        {"id": "two", "ask": "?", "pick": "one", "choices": again},
    ]
    found = cover(small.quiz_of(questions), Products([]))
    assert found.empty_example == {"one": "a", "two": "c"}
    assert found.empty == found.total == 4


def test_an_answer_of_a_branch_left_behind_opens_nothing() -> None:
    """A question that hangs on an answer off the path is not asked."""
    quiz = coffee_quiz()
    answers = {"brew": "moka", "grinder": "yes"}
    assert "grinder" not in {question.id for question in paths.asked(quiz, answers)}


def _asked_after(when: Raw, answers: Raw) -> bool:
    """Tell whether a last question is asked, behind `first`, and `second` which only follows `first: a`."""
    choices = [{"id": "a", "label": "a"}, {"id": "b", "label": "b"}, {"id": "c", "label": "c"}]
    questions: list[Raw] = [
        {"id": "first", "ask": "?", "pick": "one", "choices": choices, "optional": True},
        {"id": "second", "ask": "?", "pick": "many", "choices": choices, "none_label": "None", "when": {"first": "a"}},
        {"id": "third", "ask": "?", "pick": "scale", "scale": small.SCALE, "optional": True},
        {"id": "last", "ask": "?", "pick": "one", "choices": choices, "when": when},
    ]
    return "last" in {question.id for question in paths.asked(small.quiz_of(questions), answers)}


@pytest.mark.parametrize(
    ("when", "answers", "asked"),
    [
        ({"first": {"not": "a"}}, {"first": "b"}, True),
        ({"first": {"not": "a"}}, {"first": "a"}, False),
        ({"first": {"not": ["a", "b"]}}, {"first": "b"}, False),
        ({"first": {"not": ["a", "b"]}}, {"first": None}, True),
        ({"first": {"not": ["a", "b"]}}, {}, False),
        ({"second": {"not": ["b"]}}, {"first": "a", "second": ("a", "b")}, False),
        ({"second": {"not": ["b"]}}, {"first": "a", "second": ("a", "c")}, True),
        ({"second": {"not": ["b"]}}, {"first": "a", "second": ()}, True),
        ({"second": {"not": ["b"]}}, {"first": "b"}, False),
        ({"third": {"not": {"at_least": 3}}}, {"third": 2.0}, True),
        ({"third": {"not": {"at_least": 3}}}, {"third": 3.0}, False),
        ({"third": {"not": {"at_least": 3}}}, {"third": None}, True),
        ({"first": "b", "third": {"not": {"at_least": 3}}}, {"first": "c", "third": 1.0}, False),
        ({"first": "b", "third": {"not": {"at_least": 3}}}, {"first": "b", "third": 1.0}, True),
    ],
)
def test_not_asks_unless(when: Raw, answers: Raw, *, asked: bool) -> None:
    """After any other answer and after skipping; a question that was not asked or not answered yet holds nothing."""
    assert _asked_after(when, answers) is asked


def test_a_not_that_bars_every_answer_reaches_nobody() -> None:
    """A question is reached only by an answer that is left: the check then says that nobody can reach it."""
    choices = [{"id": "a", "label": "a"}, {"id": "b", "label": "b"}]
    first: Raw = {"id": "first", "ask": "?", "pick": "one", "choices": choices}
    last: Raw = {"id": "last", "ask": "?", "pick": "one", "choices": choices, "when": {"first": {"not": ["a", "b"]}}}
    assert paths.explore(small.quiz_of([first, last])).reached == {"first"}
    assert paths.explore(small.quiz_of([first | {"optional": True}, last])).reached == {"first", "last"}


def test_a_quiz_too_tangled_is_refused_quickly() -> None:
    """Twenty scales that a last question tells apart at many thresholds end at the bound, not in memory."""
    scales: list[Raw] = [
        {"id": f"s{n}", "ask": "?", "pick": "scale", "scale": {"from": 0, "to": 200, "step": 1}} for n in range(6)
    ]
    whens = [{f"s{n}": {"at_least": bound}} for n in range(6) for bound in range(1, 200)]
    last: Raw = {"id": "z", "ask": "?", "pick": "scale", "scale": {"from": 0, "to": 1, "step": 1}, "when": whens}
    began = time.process_time()
    with pytest.raises(TooTangled) as caught:
        paths.explore(small.quiz_of([*scales, last]))
    assert caught.value.question == "s1"
    assert time.process_time() - began < 5


def test_many_choices_that_whens_name_alike_do_not_multiply() -> None:
    """Twenty named choices are told apart only as far as the conditions do."""
    ids = [f"c{n}" for n in range(20)]
    many: Raw = {"id": "m", "ask": "?", "pick": "many", "choices": [{"id": name, "label": name} for name in ids]}
    last: Raw = {"id": "z", "ask": "?", "pick": "one", "choices": many["choices"][:2], "when": {"m": ids[:19]}}
    found = paths.explore(small.quiz_of([many, last]))
    assert (len(found.shortest), len(found.longest)) == (1, 2)
    assert found.shortest == {"m": ("c19",)}
    assert cover(small.quiz_of([many, last]), Products([])).total == (2**20 - 2) * 2 + 1

"""Every kind of question: whole in its file, its template and the union, and true to what is asked of all kinds."""

import inspect
import json
import random
from collections.abc import Sequence
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.catalog.product import Catalog
from quizfunnel.demo.taste import Market, Taste
from quizfunnel.i18n.words import words_in
from quizfunnel.journey.forms import parse_answer
from quizfunnel.quiz import kinds
from quizfunnel.quiz.file.json_schema import json_schema
from quizfunnel.quiz.kinds import KINDS
from quizfunnel.quiz.kinds.answer import AnswerError
from quizfunnel.quiz.kinds.column import NEVER_ASKED, SKIPPED
from quizfunnel.quiz.kinds.condition import Condition, Threshold
from quizfunnel.quiz.kinds.question import QuestionKind
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import AnswerValue, Question
from tests.cast import product
from tests.quiz import small
from tests.quiz.kinds.examples import EXAMPLES

ENGLISH = words_in("en")

PRODUCTS = [
    product("red", price=200, tags=("red",), attributes={"strength": 2.0}),
    product("blue", price=500, tags=("blue",), attributes={"strength": 5.0}),
    product("both", price=900, tags=("red", "blue")),
]
CONDITIONS: list[Condition] = [
    "a", ("a", "b"), ("c", "d"), Threshold(at_least=3), Threshold(at_most=2), Threshold(at_least=2, at_most=6),
]  # fmt: skip

ROOT = Path(__file__).parents[3]

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
every_example = pytest.mark.parametrize("question", EXAMPLES, ids=lambda question: question.pick)


def _sets(question: Question, value: AnswerValue) -> int:
    return sum(1 << n for n, condition in enumerate(CONDITIONS) if question.meets(condition, value))


def _left(question: Question, value: AnswerValue) -> int:
    rules = question.rules(value)
    return sum(1 << n for n, one in enumerate(PRODUCTS) if all(rule.allows(one) for rule in rules))


def _posted(question: Question, values: list[str], *, none: bool) -> tuple[str, AnswerValue]:
    try:
        return "", parse_answer(question, values, none=none)
    except AnswerError as error:
        return str(error), None


@every_kind
def test_a_kind_is_whole_in_its_own_file(kind: type[QuestionKind]) -> None:
    """The module is called as files write the kind and knows no other one; the class is final and lacks nothing.

    Mypy says of a final class what it lacks.
    """
    module = import_module(f"{kinds.__name__}.{kind.kind_name()}")
    assert kind.__module__ == module.__name__
    assert {other for other in vars(module).values() if other in KINDS.values()} == {kind}
    assert kind.__final__ is True  # type: ignore[attr-defined]
    assert not inspect.isabstract(kind)


@every_kind
def test_a_kind_has_a_template(kind: type[QuestionKind]) -> None:
    """It lies under the kind's name, and its field is what a form is read from."""
    template = ROOT / "templates" / "shopper" / "kind" / f"_{kind.kind_name()}.html"
    assert "answer" in template.read_text("utf-8")


@every_kind
def test_the_schema_explains_a_kind(kind: type[QuestionKind]) -> None:
    """Every key of the kind and of its parts has its words; `pick` says what each kind is."""
    definitions = json.loads(json_schema())["$defs"]
    for model in (kind, *kind.PARTS.values()):
        assert all(part["description"] for part in definitions[model.__name__]["properties"].values())
    pick = definitions[kind.__name__]["properties"]["pick"]["description"]
    assert all(f"{name}: {other.MEANS}" in pick for name, other in KINDS.items())


def test_every_kind_has_examples() -> None:
    """The laws below are tried on all kinds."""
    assert {question.pick for question in EXAMPLES} == set(KINDS)


@every_example
@given(posted=st.lists(st.sampled_from(["a", "b", "c", "z", "", " d ", "3", "2,5", "9", "1e400", "nan"]), max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_form_becomes_one_of_the_answers(question: Question, posted: list[str]) -> None:
    """Or a sentence; whether "none of these" is ticked or not, and skipping needs an optional question."""
    for none in (False, True):
        said, value = _posted(question, posted, none=none)
        assert said.endswith(".") or value in list(question.answers())


@every_example
def test_answers_are_told_apart_as_listing_them_does(question: Question) -> None:
    """Groups of alike answers and ways through conditions are those of all answers, one by one."""
    answers = list(question.answers())
    groups = list(question.groups(lambda value: _sets(question, value), lambda value: _left(question, value), most=999))
    assert sum(group.many for group in groups) == len(answers) == len(set(answers))
    alone = {(_sets(question, value), _left(question, value)) for value in answers}
    assert {(group.sets, group.left) for group in groups} == alone
    assert {(_sets(question, group.first), _left(question, group.first)) for group in groups} == alone
    ways = question.ways(lambda value: _sets(question, value), most=999)
    assert set(ways) == {_sets(question, value) for value in answers}
    assert all(value in answers and _sets(question, value) == bits for bits, value in ways.items())


@every_example
def test_single_answers_bring_every_rule(question: Question) -> None:
    """A rule that some answer brings one of them brings; a question without rules forbids by none."""
    every = set(chain.from_iterable(question.rules(value) for value in question.answers()))
    alone = set(chain.from_iterable(question.rules(value) for _, value in question.single_answers()))
    assert {rule.kind for rule in every} == {rule.kind for rule in alone}
    assert every <= alone or not question.has_rules
    assert bool(every) is question.has_rules
    assert question.rules(None) == ()


@every_example
def test_every_answer_has_points_codes_and_words(question: Question) -> None:
    """A number for every product, a code of its own kind in every column, and a text."""
    columns = question.columns()
    assert len({column.name for column in columns}) == len(columns)
    for value in question.answers():
        points = question.points(PRODUCTS, value)
        assert len(points) == len(PRODUCTS)
        assert all(point.is_integer() for point in points) or not question.WHOLE_POINTS
        for column in columns:
            assert NEVER_ASKED < SKIPPED < column.code({question.id: value}) < column.codes
        assert question.in_words(value, ENGLISH)
        assert question.as_given(value, ENGLISH)
        assert value == () or question.as_mentioned(value, ENGLISH)


@every_example
def test_scores_of_reference_answers_stand_for_the_others(question: Question) -> None:
    """Their mean lies among them, and an answer's addends are reference answers."""
    reference = question.reference_answers()
    scores: Sequence[float] = [float(n) for n in range(len(reference))]
    assert 0 <= question.centre([0.0] * len(scores)) <= question.centre(scores)
    for value in question.answers():
        assert all(addend in reference for addend in question.addends(value))


@every_example
def test_a_broken_rule_is_said(question: Question) -> None:
    """Every rule has its promise in words, and the sentence about what breaks it."""
    for value in question.answers():
        for rule in question.rules(value):
            promise = question.promise(rule, currency="GBP", say=ENGLISH)
            assert promise.words
            assert promise.broken


@every_example
def test_a_simulated_person_gives_one_of_the_answers(question: Question) -> None:
    """Or skips where that is offered."""
    quiz = small.quiz_of([question.model_dump(mode="json", by_alias=True, exclude_defaults=True)])
    market = Market(LiveQuiz("s", "v", quiz, Catalog(tuple(PRODUCTS))))
    draw = random.Random(1)  # noqa: S311 - a simulation, not a secret
    answers = {Taste(draw, market).answer(draw, question) for _ in range(50)}
    assert answers <= {*question.answers(), *([None] if question.optional else [])}
    assert len(answers) > 1


@every_example
def test_an_answer_drawn_evenly_is_one_of_the_answers(question: Question) -> None:
    """Every one of few answers comes, the skipped one exactly where it is offered."""
    draw = random.Random(1).random  # noqa: S311 - a simulation, not a secret
    answers = {question.drawn_answer(draw) for _ in range(500)}
    assert (None in answers) == question.optional
    assert answers - {None} <= set(question.answers())
    skippable = question.model_copy(update={"optional": True})
    assert None in {skippable.drawn_answer(draw) for _ in range(500)}


@every_example
def test_a_rule_is_written_at_its_place(question: Question) -> None:
    """The place leads to what the file says, and the answer that brings the rule has words."""
    for _, value in question.single_answers():
        for rule in question.rules(value):
            written: Any = question.model_dump(by_alias=True)
            for key in question.rule_place(rule):
                written = written[key]
            assert str({"any": rule.names} if len(rule.names) > 1 else rule.names[0]) in str(written)
            assert question.rule_answer(rule)


def test_conditions_are_met_by_their_own_kind_of_answer() -> None:
    """Names of choices by choices, bounds by numbers; a check says so where they do not fit."""
    for question in EXAMPLES:
        for condition in CONDITIONS:
            fits = not list(question.check_condition(condition))
            met = any(question.meets(condition, value) for value in question.answers())
            assert fits or not met or isinstance(condition, tuple)
            assert question.meets(condition, None) is False

"""Answers as codes: every answer has one, and ids carry the meaning from version to version."""

from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.quiz.kinds.column import CHOSEN, FIRST_LEVEL, NEVER_ASKED, NOT_CHOSEN, SKIPPED, AnswerColumn
from quizfunnel.quiz.kinds.many import ManyQuestion
from quizfunnel.quiz.kinds.numbers import MOST_BINS, Scale, bins
from quizfunnel.quiz.kinds.one import OneQuestion
from quizfunnel.quiz.kinds.scale import ScaleQuestion
from quizfunnel.quiz.spec import Question, Quiz
from quizfunnel.recommend.serving.answer_codes import (
    columns_of,
    encode,
    unlike_columns,
)
from tests.cast import coffee_quiz

QUIZ = coffee_quiz()
COLUMNS = {column.name: column for column in columns_of(QUIZ)}


def with_questions(quiz: Quiz, questions: tuple[Question, ...]) -> Quiz:
    """Return a quiz with other questions."""
    return Quiz.model_validate({name: getattr(quiz, name) for name in Quiz.model_fields} | {"questions": questions})


def without(quiz: Quiz, *questions: str) -> Quiz:
    """Return a quiz without some of its questions."""
    return with_questions(quiz, tuple(each for each in quiz.questions if each.id not in questions))


def changed(quiz: Quiz, question: str, **fields: object) -> Quiz:
    """Return a quiz with one question changed."""
    new = (each.model_copy(update=fields) if each.id == question else each for each in quiz.questions)
    return with_questions(quiz, tuple(new))


def test_every_choice_of_a_many_question_is_a_column() -> None:
    """The others are one each."""
    many = [
        f"{each.id}={choice.id}" for each in QUIZ.questions if isinstance(each, ManyQuestion) for choice in each.choices
    ]
    others = [each.id for each in QUIZ.questions if not isinstance(each, ManyQuestion)]
    assert set(COLUMNS) == {*many, *others}


def test_never_asked_and_skipped_are_codes_of_their_own() -> None:
    """In every column, whatever its kind."""
    for column in COLUMNS.values():
        assert column.code({}) == NEVER_ASKED
        assert column.code({column.question: None}) == SKIPPED


def test_each_choice_has_the_code_of_its_level() -> None:
    """For one answer its place; for several whether it is among them."""
    for question in QUIZ.questions:
        if isinstance(question, OneQuestion):
            codes = [COLUMNS[question.id].code({question.id: choice.id}) for choice in question.choices]
            assert codes == list(range(FIRST_LEVEL, FIRST_LEVEL + len(question.choices)))
        if isinstance(question, ManyQuestion):
            first = question.choices[0].id
            column = COLUMNS[f"{question.id}={first}"]
            assert column.levels == (NOT_CHOSEN, CHOSEN)
            assert column.code({question.id: (first,)}) == FIRST_LEVEL + 1
            assert column.code({question.id: ()}) == FIRST_LEVEL


@given(st.integers(1, 200), st.floats(-1e3, 1e3, allow_nan=False), st.sampled_from([0.05, 0.5, 1.0, 2.0]))
def test_bins_cut_a_scale_in_runs_as_long_as_each_other(steps: int, start: float, step: float) -> None:
    """At most five, all of the scale's answers in order, and an answer's code is its run's."""
    start = round(start, 2)
    scale = Scale.model_validate({"from": start, "to": float(f"{start + steps * step:.10g}"), "step": step})
    runs = bins(scale)
    assert [value for run in runs for value in run] == list(scale.values)
    assert len(runs) == min(MOST_BINS, len(scale.values))
    assert max(map(len, runs)) - min(map(len, runs)) <= 1
    column = AnswerColumn("q", "", tuple(map(str, runs)), ordered=True, edges=tuple(run[0] for run in runs[1:]))
    for place, run in enumerate(runs):
        assert {column.code({"q": value}) for value in run} == {FIRST_LEVEL + place}


def test_what_a_column_does_not_know_counts_as_never_asked() -> None:
    """A choice that was removed, or a value of another kind: nothing is made of it."""
    scale = next(each for each in QUIZ.questions if isinstance(each, ScaleQuestion))
    assert COLUMNS["brew"].code({"brew": "percolator"}) == NEVER_ASKED
    assert COLUMNS["brew"].code({"brew": ("espresso",)}) == NEVER_ASKED
    assert COLUMNS[scale.id].code({scale.id: "much"}) == NEVER_ASKED


def test_a_sensitive_question_has_no_column() -> None:
    """Its answers stay out of training."""
    quiz = changed(QUIZ, "brew", sensitive=True)
    assert "brew" not in {column.name for column in columns_of(quiz)}


def test_a_question_that_tells_of_a_sensitive_one_has_no_column() -> None:
    """Who is asked for a grinder has answered how they brew, and older answers to it are not taken."""
    quiz = changed(QUIZ, "brew", sensitive=True)
    assert "grinder" in {column.name for column in columns_of(QUIZ)}
    assert "grinder" not in {column.name for column in columns_of(quiz)}
    assert unlike_columns(quiz, QUIZ)["grinder"] == "the question was asked only after a sensitive one"


def test_words_may_change_and_answers_stay_comparable() -> None:
    """Ids carry the meaning."""
    assert unlike_columns(changed(QUIZ, "brew", ask="How do you brew?"), QUIZ) == {}


def test_a_new_question_says_nothing_of_the_old_log_and_the_others_stay() -> None:
    """Older answers count as never asked there, whatever they hold."""
    unlike = unlike_columns(without(QUIZ, "brew"), QUIZ)
    assert unlike == {"brew": "the question was not there"}
    codes = encode(columns_of(QUIZ), {"brew": "espresso", "moment": "morning"}, unlike)
    assert codes[list(COLUMNS).index("brew")] == NEVER_ASKED
    assert codes[list(COLUMNS).index("moment")] == COLUMNS["moment"].code({"moment": "morning"})


def test_a_choice_that_was_not_there_was_never_asked() -> None:
    """A shopper who could not choose it did not leave it out."""
    many = next(each for each in QUIZ.questions if isinstance(each, ManyQuestion))
    old = changed(QUIZ, many.id, choices=many.choices[1:])
    name = f"{many.id}={many.choices[0].id}"
    assert unlike_columns(old, QUIZ) == {name: "the choice was not there"}


def test_another_way_of_asking_or_another_unit_is_another_question() -> None:
    """And so is one that was sensitive when it was asked."""
    scale = next(each for each in QUIZ.questions if isinstance(each, ScaleQuestion))
    other = scale.scale.model_copy(update={"unit": "kg"})
    assert unlike_columns(changed(QUIZ, scale.id, scale=other), QUIZ) == {scale.id: "the scale had another unit"}
    assert unlike_columns(changed(QUIZ, "brew", sensitive=True), QUIZ)["brew"] == "the question was a sensitive one"
    many = ManyQuestion.model_validate(QUIZ.by_id["brew"].model_dump() | {"pick": "many"})
    old = with_questions(QUIZ, (many, *QUIZ.questions[1:]))
    assert unlike_columns(old, QUIZ) == {"brew": "the question was asked in another way"}

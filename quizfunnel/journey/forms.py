"""A posted form becomes an answer, or a sentence that says what is missing; pure."""

import math
from collections.abc import Callable, Sequence
from typing import assert_never

from quizfunnel.quiz.spec import AnswerValue, ManyQuestion, OneQuestion, Question, ScaleQuestion

_LONGEST = 100  # characters of one posted value worth reading


class AnswerError(ValueError):
    """The form holds no valid answer; the text tells the shopper what to do."""


def parse_answer(question: Question, values: Sequence[str], *, skip: bool = False, none: bool = False) -> AnswerValue:
    """Return the answer in a form's `answer` values; raise AnswerError in the shopper's words.

    `skip` is the press of "Skip this question", `none` the tick of "none of these".
    """
    if skip:
        if question.optional:
            return None
        raise AnswerError("This question needs an answer.")
    given = [value.strip()[:_LONGEST] for value in values if value.strip()]
    if isinstance(question, OneQuestion):
        return _one(question, given)
    if isinstance(question, ManyQuestion):
        return _many(question, given, none=none)
    if isinstance(question, ScaleQuestion):
        return _scale(question, given)
    assert_never(question)


def _one(question: OneQuestion, given: list[str]) -> str:
    if not given:
        raise AnswerError("Choose one answer, or skip this question." if question.optional else "Choose one answer.")
    if len(given) > 1 or given[0] not in {choice.id for choice in question.choices}:
        raise AnswerError("Choose one of the answers shown.")
    return given[0]


def _many(question: ManyQuestion, given: list[str], *, none: bool) -> tuple[str, ...]:
    chosen = tuple(sorted(set(given)))
    if not set(chosen) <= {choice.id for choice in question.choices}:
        raise AnswerError("Choose among the answers shown.")
    if none and chosen:
        raise AnswerError(f"Choose either “{question.none_label}” or some of the others.")
    if none and question.none_label:
        return ()
    if not chosen:
        raise AnswerError(_ask_for_some(question))
    if question.at_most is not None and len(chosen) > question.at_most:
        raise AnswerError(f"Choose up to {question.at_most}; you chose {len(chosen)}.")
    return chosen


def _ask_for_some(question: ManyQuestion) -> str:
    ways = ["Choose at least one"]
    if question.none_label:
        ways.append(f"choose “{question.none_label}”")
    if question.optional:
        ways.append("skip this question")
    return f"{', or '.join(ways)}."


def _scale(question: ScaleQuestion, given: list[str]) -> float:
    scale = question.scale
    if not given:
        raise AnswerError("Choose a number." if not question.optional else "Choose a number, or skip this question.")
    value = _number(given[0])
    if len(given) > 1 or value is None:
        raise AnswerError("Write a number, like " + number(scale.values[len(scale.values) // 2]) + ".")
    if not scale.from_ <= value <= scale.to:
        raise AnswerError(f"Choose a number from {number(scale.from_)} to {number(scale.to)}.")
    nearest = min(scale.values, key=_distance_to(value))
    if not math.isclose(nearest, value, abs_tol=1e-9):
        raise AnswerError(f"Choose a number in steps of {number(scale.step)}, like {number(nearest)}.")
    return nearest


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def _distance_to(value: float) -> Callable[[float], float]:
    return lambda other: abs(other - value)


def number(value: float) -> str:
    """Return a number without a needless decimal: ``number(8.0) == "8"``."""
    return str(int(value)) if value == int(value) else str(value)

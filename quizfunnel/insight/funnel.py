"""Where attempts end and how long each question takes; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import NamedTuple

from quizfunnel.insight.definitions import IDLE_MS
from quizfunnel.insight.intervals import Interval, wilson


class Run(NamedTuple):
    """One attempt; moments in milliseconds since 1970."""

    id: str
    visitor: str | None
    started: int
    finished: int | None
    first_question: str


class Step(NamedTuple):
    """One revision of an answer; times in milliseconds, None where there is no timing."""

    attempt: str
    question: str
    at: int
    wall: int | None
    active: int | None
    source: str
    following: str | None


class Quantiles(NamedTuple):
    """Median and 90 % point of `n` times, in milliseconds; None where there is none."""

    n: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """One question: the attempts that reached it and those that ended there, with the time it takes."""

    question: str
    ask: str
    reached: int
    left: int
    drop: Interval
    active: Quantiles
    wall: Quantiles


@dataclass(frozen=True, slots=True)
class Funnel:
    """Attempts from the start to the product page; `going` are unfinished, recent and not in any other figure."""

    started: int
    finished: int
    opened: int
    clicked: int
    going: int
    steps: tuple[StepRow, ...]


class Stages(NamedTuple):
    """Attempts by id that came as far as the offer's page, and as far as a product."""

    opened: frozenset[str]
    clicked: frozenset[str]


def count(runs: Iterable[Run], steps: Iterable[Step], *, asks: Mapping[str, str], stages: Stages, now: int) -> Funnel:
    """Return the funnel over `asks` (question id to its words, in the quiz's order).

    A question was reached where it was shown: as the first, or as what followed an answer. Questions
    that are no longer in the quiz come last, by their id.
    """
    every = list(runs)
    given: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        given[step.attempt].append(step)
    order = {question: place for place, question in enumerate(asks)}
    lasts = {run.id: _last(given.get(run.id, ()), order) for run in every}
    settled = [run for run in every if run.finished is not None or _idle(run, lasts[run.id], now)]
    reached = Counter(question for run in settled for question in _shown(run, given.get(run.id, ())))
    left = Counter(_left_at(run, lasts[run.id]) for run in settled if run.finished is None)
    active, wall = _times(step for run in settled for step in given.get(run.id, ()))
    rows = [
        StepRow(
            question,
            asks.get(question, f"{question} (no longer in the quiz)"),
            reached[question],
            left[question],
            wilson(left[question], reached[question]),
            quantiles(active[question]),
            quantiles(wall[question]),
        )
        for question in [*asks, *sorted(set(reached) - set(asks))]
    ]
    ids = {run.id for run in settled}
    finished = sum(run.finished is not None for run in settled)
    opened, clicked = len(ids & stages.opened), len(ids & stages.clicked)
    return Funnel(len(settled), finished, opened, clicked, len(every) - len(settled), tuple(rows))


def quantiles(times: Sequence[int]) -> Quantiles:
    """Return the median and the 90 % point, between two values by their distance (type 7)."""
    ordered = sorted(times)
    return Quantiles(len(ordered), _at(ordered, 0.5), _at(ordered, 0.9))


def _at(ordered: Sequence[int], share: float) -> float | None:
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _last(given: Iterable[Step], order: Mapping[str, int]) -> Step | None:
    return max(given, key=lambda step: (step.at, order.get(step.question, -1)), default=None)


def _idle(run: Run, last: Step | None, now: int) -> bool:
    return now - (last.at if last else run.started) >= IDLE_MS


def _shown(run: Run, given: Iterable[Step]) -> set[str]:
    shown = {run.first_question}
    for step in given:
        shown.add(step.question)
        if step.following is not None:
            shown.add(step.following)
    return shown


def _left_at(run: Run, last: Step | None) -> str:
    return run.first_question if last is None else last.following or last.question


def _times(steps: Iterable[Step]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Return each question's times, one an attempt: active where the browser measured it, wall wherever known."""
    actives: dict[tuple[str, str], int] = {}
    walls: dict[tuple[str, str], int] = {}
    for step in steps:
        key = (step.attempt, step.question)
        if step.wall is not None:
            walls[key] = walls.get(key, 0) + step.wall
        if step.source == "client" and step.active is not None:
            actives[key] = actives.get(key, 0) + step.active
    return _by_question(actives), _by_question(walls)


def _by_question(times: Mapping[tuple[str, str], int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for (_, question), time in times.items():
        found[question].append(time)
    return found

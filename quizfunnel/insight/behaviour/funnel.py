"""Funnel: the questions at which attempts end, and the time that each takes; pure."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from quizfunnel.log.definitions import IDLE_MS
from quizfunnel.log.rows import AnswerRevision, AttemptTimes, Stages
from quizfunnel.stats.intervals import Interval, wilson
from quizfunnel.stats.quantiles import Quantiles, quantiles

_LONGEST = 3600  # seconds told apart


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


class End(NamedTuple):
    """Attempts whose last place is the same: those that were left there, and those that finished."""

    at: int
    left: int
    followed: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Attempts from the start to the product page; `going` are unfinished, recent and not in any other figure.

    Their ends are given by how many questions were asked and, where a browser measured it, by seconds of active time
    (rounded up, an hour at most).
    """

    started: int
    finished: int
    opened: int
    clicked: int
    going: int
    steps: tuple[StepRow, ...]
    by_question: tuple[End, ...] = ()
    by_second: tuple[End, ...] = ()


class Counting:
    """A funnel over attempts that come in parts, so that only one part has to lie in memory."""

    def __init__(self, question_texts: Mapping[str, str], now: int) -> None:
        """Begin with nobody."""
        self._asks, self._now = question_texts, now
        self._order = {question: place for place, question in enumerate(question_texts)}
        self._reached: Counter[str] = Counter()
        self._left: Counter[str] = Counter()
        self._ends: Counter[str] = Counter()
        # arrays of machine integers: a list of a million answers takes four times the memory
        self._active: dict[str, array[int]] = defaultdict(lambda: array("q"))
        self._wall: dict[str, array[int]] = defaultdict(lambda: array("q"))
        self._asked: Counter[tuple[int, bool]] = Counter()
        self._seconds: Counter[tuple[int, bool]] = Counter()

    def add(self, runs: Iterable[AttemptTimes], steps: Iterable[AnswerRevision], stages: Stages) -> None:
        """Count some attempts with all of their answers."""
        by_attempt: dict[str, list[AnswerRevision]] = defaultdict(list)
        for step in steps:
            by_attempt[step.attempt].append(step)
        for run in runs:
            self._add_one(run, by_attempt.get(run.id, ()), stages)

    def funnel(self) -> Funnel:
        """Return the funnel over all attempts that were added."""
        rows = (self._row(question) for question in (*self._asks, *sorted(set(self._reached) - set(self._asks))))
        ends = self._ends
        came = (ends["started"], ends["finished"], ends["opened"], ends["clicked"], ends["going"])
        return Funnel(*came, tuple(rows), _ends(self._asked), _ends(self._seconds))

    def _add_one(self, run: AttemptTimes, revisions: Sequence[AnswerRevision], stages: Stages) -> None:
        last = _last(revisions, self._order)
        if run.finished is None and not _idle(run, last, self._now):
            self._ends["going"] += 1
            return
        came = {
            "started": True,
            "finished": run.finished is not None,
            "opened": run.id in stages.opened,
            "clicked": run.id in stages.clicked,
        }
        self._ends.update(name for name, did in came.items() if did)
        shown = _shown(run, revisions)
        self._reached.update(shown)
        self._asked[len(shown), run.finished is None] += 1
        seconds = _seconds(revisions)
        if seconds is not None:
            self._seconds[seconds, run.finished is None] += 1
        if run.finished is None:
            self._left[_left_at(run, last)] += 1
        _add_times(revisions, self._active, self._wall)

    def _row(self, question: str) -> StepRow:
        reached, left = self._reached[question], self._left[question]
        ask = self._asks.get(question, f"{question} (no longer in the quiz)")
        times = quantiles(self._active.get(question, ())), quantiles(self._wall.get(question, ()))
        return StepRow(question, ask, reached, left, wilson(left, reached), *times)


def _last(revisions: Iterable[AnswerRevision], order: Mapping[str, int]) -> AnswerRevision | None:
    # answers of one moment (a page that came back) are told apart by the quiz's order
    return max(revisions, key=lambda step: (step.at, order.get(step.question, -1)), default=None)


def _idle(run: AttemptTimes, last: AnswerRevision | None, now: int) -> bool:
    return now - (last.at if last else run.started) >= IDLE_MS


def _shown(run: AttemptTimes, revisions: Iterable[AnswerRevision]) -> set[str]:
    shown = {run.first_question}
    for step in revisions:
        shown.add(step.question)
        if step.following is not None:
            shown.add(step.following)
    return shown


def _left_at(run: AttemptTimes, last: AnswerRevision | None) -> str:
    # who answered and was shown the next question left at that one, which has no answer
    return run.first_question if last is None else last.following or last.question


def _ends(counts: Mapping[tuple[int, bool], int]) -> tuple[End, ...]:
    places = sorted({at for at, _ in counts})
    return tuple(End(at, counts.get((at, True), 0), counts.get((at, False), 0)) for at in places)


def _seconds(revisions: Iterable[AnswerRevision]) -> int | None:
    """Return the active seconds of an attempt, None where nothing was measured or a claim was cut."""
    times = [step.active for step in revisions if step.source == "client" and step.active is not None]
    # a claim that was cut says that the clock of this browser cannot be believed, of its other answers neither
    if not times or any(step.source == "clamped" for step in revisions):
        return None
    return min(_LONGEST, ceil(sum(times) / 1000))


def _add_times(
    revisions: Iterable[AnswerRevision], active: dict[str, "array[int]"], wall: dict[str, "array[int]"]
) -> None:
    """Add an attempt's times, one a question: active where the browser measured it, wall wherever known."""
    actives: dict[str, int] = {}
    walls: dict[str, int] = {}
    for step in revisions:
        if step.wall is not None:
            walls[step.question] = walls.get(step.question, 0) + step.wall
        if step.source == "client" and step.active is not None:
            actives[step.question] = actives.get(step.question, 0) + step.active
    for times, into in ((actives, active), (walls, wall)):
        for question, time in times.items():
            into[question].append(time)

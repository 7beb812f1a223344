"""List of the quizzes and of the store's experiments, with their links; pure."""

from collections.abc import Iterable

from quizfunnel.experiment.design import Design
from quizfunnel.insight.present.pages import Link, QuizEntry
from quizfunnel.insight.words.numbers import percent
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import Settings


def quizzes(live: Iterable[LiveQuiz], settings: Settings) -> tuple[QuizEntry, ...]:
    """Return the quizzes with figures."""
    return tuple(
        QuizEntry(f"/insight/{each.slug}", each.quiz.title, each.quiz.language, _trial(each.quiz, settings))
        for each in live
    )


def experiments(designs: Iterable[Design], running: Iterable[str]) -> tuple[QuizEntry, ...]:
    """Return the store's experiments, those that ended too."""
    still = set(running)
    return tuple(
        QuizEntry(address(each), words(each), "en", set_to(each) + ("" if each.experiment in still else "; ended"))
        for each in designs
    )


def links(slug: str, designs: Iterable[Design], *, data: str) -> tuple[Link, ...]:
    """Return the ways to those of the store's experiments that a quiz is part of."""
    mine = (each for each in designs if not each.quizzes or slug in each.quizzes)
    return tuple(Link(f"{address(each)}?data={data}", f"{words(each)}: {_meaning(each)}") for each in mine)


def address(design: Design) -> str:
    """Return where an experiment's results are."""
    return f"/insight/experiments/{design.experiment}"


def words(design: Design) -> str:
    """Return what an experiment compares."""
    if design.quizzes:
        return f"{design.quizzes[1]} against {design.quizzes[0]}"
    return "The holdout of the whole store"


def set_to(design: Design) -> str:
    """Return an experiment's name and share."""
    if design.quizzes:
        return f"comparison {design.experiment}, {percent(1 - design.holdout_share)} are invited to {design.quizzes[1]}"
    return f"experiment {design.experiment}, holdout {percent(design.holdout_share)}"


def _meaning(design: Design) -> str:
    """Return what an experiment of the store means for the figures of one of its quizzes."""
    if design.quizzes:
        return "who is invited to the other quiz counts here as invited, and as not having started this one"
    return "one draw for all quizzes; here are the visitors who came in by a page that invites to this one"


def _trial(quiz: Quiz, settings: Settings) -> str:
    if quiz.experiment is None:
        return "no holdout is running"
    share = percent(quiz.experiment.holdout_share)
    if settings.holdout:
        return f"the store's holdout {quiz.experiment.name}, {share}"
    return f"experiment {quiz.experiment.name}, holdout {share}"

"""What the analyst sees: from the log to figures that can be defended, as pages, as files, and for a notebook."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from quizfunnel.insight.figures import ExperimentReport
    from quizfunnel.insight.notebook import Insight

__all__ = ["load", "load_experiment"]


def load(
    quiz: str, *, store: "str | PathLike[str] | None" = None, database_url: str = "", simulated: bool = False
) -> "Insight":
    """Return what a quiz does for its store, as typed values: ``load("coffee", store="shop").report``.

    Args:
        quiz: The quiz, by the name of its file without `.yaml`.
        store: The store's folder; without it QUIZFUNNEL_STORE, else the current folder.
        database_url: Where the database is, if not where the store's settings say.
        simulated: Of the demo's simulated visitors instead of real ones.

    Raises:
        LoadError: where there is no such store, quiz or log; its text says what to do.
    """
    from quizfunnel.insight.notebook import loaded

    return loaded(quiz, store=store, database_url=database_url, simulated=simulated)


def load_experiment(
    name: str, *, store: "str | PathLike[str] | None" = None, database_url: str = "", simulated: bool = False
) -> "ExperimentReport":
    """Return the figures of an experiment of the whole store: its holdout, or two quizzes against each other.

    Args:
        name: The experiment, as the store's settings name it.
        store: The store's folder; without it QUIZFUNNEL_STORE, else the current folder.
        database_url: Where the database is, if not where the store's settings say.
        simulated: Of the demo's simulated visitors instead of real ones.

    Raises:
        LoadError: where there is no such store, experiment or log; its text says what to do.
    """
    from quizfunnel.insight.notebook import loaded_experiment

    return loaded_experiment(name, store=store, database_url=database_url, simulated=simulated)

"""Insight, for analysts: from the log to figures that can be defended, as pages, as files, and for a notebook."""

from typing import TYPE_CHECKING

from quizfunnel.kit.lazy import lazy

if TYPE_CHECKING:
    from os import PathLike

    from quizfunnel.insight.notebook import Insight, LoadError
    from quizfunnel.insight.report.figures import ExperimentReport
    from quizfunnel.stats.aggregates import Key, Sums, between, by, select, total

__all__ = ["Key", "LoadError", "Sums", "between", "by", "load", "load_experiment", "select", "total"]

_AGGREGATES = "quizfunnel.stats.aggregates"
__getattr__ = lazy(
    __name__,
    {
        "Key": _AGGREGATES,
        "LoadError": "quizfunnel.insight.notebook",
        "Sums": _AGGREGATES,
        "between": _AGGREGATES,
        "by": _AGGREGATES,
        "select": _AGGREGATES,
        "total": _AGGREGATES,
    },
)


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

"""The scope of a reading of the log: a quiz or the whole store, an experiment, simulated or real visitors."""

from typing import NamedTuple


class Scope(NamedTuple):
    """Whose log is read: of one quiz or, as STORE, of all, its experiment if it has one, simulated or real visitors."""

    quiz: str
    experiment: str | None
    simulated: bool

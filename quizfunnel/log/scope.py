"""The scope of a reading of the log: a quiz or the whole store, an experiment, simulated or real visitors; pure."""

from typing import NamedTuple


class Scope(NamedTuple):
    """Scope of the log that is read: one quiz or, as STORE, all, its experiment if any, simulated or real visitors."""

    quiz: str
    experiment: str | None
    simulated: bool

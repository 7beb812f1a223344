"""The outcome of a training as a plain value; pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from quizfunnel.recommend.offpolicy.challenge import Decision


class TrainingOutcome(NamedTuple):
    """Outcome of a training: the stored model and its card, its place, and the decision on the challenge before it."""

    version: str
    became: str
    why: str
    decision: Decision | None
    card: Mapping[str, Any]
    note: str = ""  # what else there is to say of the challenge

"""The outcome of a training as a plain value; pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from quizfunnel.recommend.offpolicy.challenge import Decision


class TrainingOutcome(NamedTuple):
    """What training came to: the model that was stored, its card, what became of it, and of the challenge before it."""

    version: str
    became: str
    why: str
    decision: Decision | None
    card: Mapping[str, Any]
    note: str = ""  # what else there is to say of the challenge

"""The shopper's way through a quiz over HTTP, by noun: the promise, the door, the questions, access to an attempt."""

from flask import Blueprint

from quizfunnel.journey.views import door, promise, question
from quizfunnel.journey.views.access import (
    OwnAttempt,
    Parts,
    carries_needless_token,
    hand_over_visitors,
    open_attempt,
    own_attempt,
)

__all__ = [
    "OwnAttempt",
    "Parts",
    "blueprint",
    "carries_needless_token",
    "hand_over_visitors",
    "open_attempt",
    "own_attempt",
]

blueprint = Blueprint("journey", __name__)
for noun in (promise, door, question):
    blueprint.register_blueprint(noun.blueprint)

"""What app.py hands to every view: settings, database, clock and signer."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Engine

from quizfunnel.kit.clock import Clock
from quizfunnel.kit.signing import Signer
from quizfunnel.settings import Settings


@dataclass(frozen=True, slots=True)
class Wiring:
    """The four things that every view may need."""

    settings: Settings
    engine: Engine
    clock: Clock
    signer: Signer
    demo: bool = False


def wiring() -> Wiring:
    """Return the running app's wiring."""
    found: Wiring = current_app.extensions["quizfunnel"]
    return found

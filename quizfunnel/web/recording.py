"""Recording of a view: a page that only wants to be written down is shown without it where nothing can be written."""

import logging
from collections.abc import Callable
from typing import TypeVar

from flask import g
from sqlalchemy import Connection, Engine

from quizfunnel.store import patience
from quizfunnel.store.transaction import DatabaseAway, reading, write
from quizfunnel.web.fault_log import FaultLog

T = TypeVar("T")

SECONDS = 0.5  # nobody waits longer for a page because of what is written down about it

_log = FaultLog(logging.getLogger(__name__))


def recorded(engine: Engine, verb: Callable[[Connection], T], *, otherwise: Callable[[Connection], T]) -> T:
    """Return what `verb` returns when it has written; where the database takes no writing, what `otherwise` reads."""
    try:
        with patience.at_most(SECONDS):
            return write(engine, verb)
    except DatabaseAway as away:
        _log.line("unrecorded", f"a page is shown and its view not recorded: {away}")
    g.unrecorded = True
    with reading(engine) as connection:
        return otherwise(connection)


def has_failed() -> bool:
    """Tell whether the view of this request could not be recorded: a new visitor is not known then."""
    return bool(g.get("unrecorded"))

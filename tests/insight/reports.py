"""Quiz reports over a log that is written first, or that is there already."""

from datetime import datetime

from sqlalchemy import Engine

from quizfunnel.insight.report.figures import Report
from quizfunnel.insight.report.quiz import build
from quizfunnel.insight.rollup.current import Extent
from quizfunnel.log.definitions import WAIT_LIMITS, WaitLimits
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON
from tests.insight.shop import Books, live


def told(engine: Engine, books: Books, *, simulated: bool = False, now: datetime = NOON, **changes: object) -> Report:
    """Write the books and return the report over them."""
    with writing(engine) as connection:
        books.write(connection)
    return again(engine, simulated=simulated, now=now, **changes)  # type: ignore[arg-type]


def again(
    engine: Engine,
    *,
    simulated: bool = False,
    now: datetime = NOON,
    limits: WaitLimits = WAIT_LIMITS,
    **changes: object,
) -> Report:
    """Return the report over what is written."""
    with reading(engine) as connection:
        return build(connection, live(**changes), simulated=simulated, now=now, extent=Extent(limits=limits))

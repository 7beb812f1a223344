"""Simulation of a history of visitors, only through the verbs that real traffic uses.

Every visitor, attempt and order of it is marked as simulated. What happens is drawn from
`demo.world` and `demo.taste` with a seed, so that one seed gives one history; the clock is set from
event to event. Nothing here knows a verdict.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select

from quizfunnel.demo import world
from quizfunnel.demo.stage import Stage
from quizfunnel.demo.walk import Walk, simulated_id
from quizfunnel.experiment.frozen import freeze
from quizfunnel.store.transaction import reading, writing
from quizfunnel.visit.identity import Guest
from quizfunnel.visit.tables import Visitor

DAYS = 60
BATCH = 50
LONGEST_LOOK = timedelta(minutes=5)  # around the shop


class Summary(NamedTuple):
    """Size of the history now, and of the part that this call made."""

    visitors: int
    added: int
    attempts: int
    orders: int


def fill(
    engine: Engine,
    stage: Stage,
    *,
    visitors: int,
    now: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> Summary:
    """Simulate up to `visitors` visitors over the 60 days before `now`, in batches of one transaction each.

    What stands there already is not made again: a second call goes on where the first one stopped.
    """
    begun, markets = count(engine), stage.markets()
    if visitors > begun:
        _freeze(engine, stage, at=now - timedelta(days=DAYS) - LONGEST_LOOK)
    attempts = orders = 0
    for start in range(begun, visitors if markets else begun, BATCH):
        end = min(start + BATCH, visitors)
        with writing(engine) as connection:
            for number in range(start, end):
                made = _come(connection, stage, number, now=now).run()
                attempts, orders = attempts + made.attempts, orders + made.orders
        progress(end)
    total = count(engine)
    return Summary(total, total - begun, attempts, orders)


def _freeze(engine: Engine, stage: Stage, *, at: datetime) -> None:
    """Freeze the designs before the first visitor: the visitors are not simulated in the order in which they come."""
    with writing(engine) as connection:
        for market in stage.markets():
            enrolment = stage.host.enrolment(market.live)
            for design in (enrolment.holdout, enrolment.comparison) if enrolment else ():
                if design is not None:
                    freeze(connection, design, at=at, simulated=True)


def count(engine: Engine) -> int:
    """Return how many simulated visitors there are."""
    with reading(engine) as connection:
        query = select(func.count()).select_from(Visitor).where(Visitor.simulated)  # type: ignore[arg-type]
        return int(connection.execute(query).scalar_one())


def _come(connection: Connection, stage: Stage, number: int, *, now: datetime) -> Walk:
    """Draw one visitor: its traits, when it comes, and the quiz it will meet."""
    name = f"{stage.seed}:{number}"
    draw = random.Random(name)  # noqa: S311 - a simulation, not a secret
    who = world.person(draw)
    at = now - LONGEST_LOOK - timedelta(days=DAYS * (1 - draw.random()))
    kind = ("bot", "crawler list") if who.bot else ("shopper", "")
    guest = Guest(simulated_id(name, "visitor"), False, *kind, True, who.device, who.channel)
    market = draw.choice(stage.markets())
    return Walk(connection, stage, name, draw, who, guest, market, at=at, until=now)

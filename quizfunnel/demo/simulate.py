"""Filling a history of simulated visitors, only through the verbs that real traffic uses.

Every visitor, attempt and order of it is marked as simulated. What happens is drawn from
`demo.world` with a seed; the clock is set from event to event. Nothing here knows a verdict.
"""

import base64
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select

from quizfunnel.catalog.product import Product
from quizfunnel.demo import checkout, world
from quizfunnel.journey import record
from quizfunnel.journey.attention import Timing
from quizfunnel.journey.record import Given, OnFinish, Starter
from quizfunnel.kit import signing
from quizfunnel.kit.signing import Signer
from quizfunnel.offer import result
from quizfunnel.orders import inbox
from quizfunnel.orders.ledger import Clerk
from quizfunnel.orders.sources.standard import StandardSource, sign
from quizfunnel.quiz.versions import LiveQuiz, Shelf
from quizfunnel.store.transaction import reading, writing
from quizfunnel.visit import collect
from quizfunnel.visit.arms import Invitation
from quizfunnel.visit.identity import Guest, cart_token
from quizfunnel.visit.tables import Visitor

DAYS = 60
BATCH = 50
_SECRET = "whsec_" + base64.b64encode(b"of simulated orders only").decode()  # signs and verifies in this process alone


class Summary(NamedTuple):
    """How much history there is now, and how much of it this call made."""

    visitors: int
    added: int
    attempts: int
    orders: int


@dataclass(frozen=True)
class Stage:
    """What the simulation acts on: the rooms' verbs and the truth behind them."""

    shelf: Shelf
    signer: Signer
    clerk: Clerk
    on_finish: OnFinish
    world: str
    seed: int

    def quizzes(self) -> list[LiveQuiz]:
        """Return the quizzes that the visitors meet."""
        return [live for slug in self.shelf.slugs() if (live := self.shelf.live(slug))]


@dataclass
class _Tally:
    attempts: int = 0
    orders: int = 0


@dataclass
class _Visit:
    """One visitor on the way: its dice, its truth, and what it has done."""

    id: str
    draw: random.Random
    who: world.Person
    guest: Guest
    live: LiveQuiz
    at: datetime
    finished: bool = False
    offered: tuple[Product, ...] = ()
    click_token: str = ""
    tokens: dict[str, str] = field(default_factory=dict)


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
    begun = count(engine)
    tally = _Tally()
    for start in range(begun, visitors if stage.quizzes() else begun, BATCH):
        end = min(start + BATCH, visitors)
        with writing(engine) as connection:
            for number in range(start, end):
                _simulate(connection, stage, number, now=now, tally=tally)
        progress(end)
    total = count(engine)
    return Summary(total, total - begun, tally.attempts, tally.orders)


def count(engine: Engine) -> int:
    """Return how many simulated visitors there are."""
    with reading(engine) as connection:
        query = select(func.count()).select_from(Visitor).where(Visitor.simulated)  # type: ignore[arg-type]
        return int(connection.execute(query).scalar_one())


def _simulate(connection: Connection, stage: Stage, number: int, *, now: datetime, tally: _Tally) -> None:
    draw = random.Random(f"{stage.seed}:{number}")  # noqa: S311 - a simulation, not a secret
    who = world.person(draw)
    at = now - timedelta(days=DAYS * (1 - draw.random()), seconds=1)
    id = hashlib.sha256(f"{stage.seed}:{number}:visitor".encode()).hexdigest()[:32]
    kind = ("bot", "crawler list") if who.bot else ("shopper", "")
    guest = Guest(id, False, *kind, True, who.device, who.channel)
    visit = _Visit(id, draw, who, guest, draw.choice(stage.quizzes()), at)
    arm = None if who.direct else _look_around(connection, stage, visit)
    if who.direct:
        collect.page_view(
            connection, collect.Viewing(guest, f"/q/{visit.live.slug}", at, simulated=True), draw=_dice(stage)
        )
    if who.bot:
        return
    if who.direct or world.takes_quiz(draw, who, invited=arm == "invited"):
        _take_quiz(connection, stage, visit, now=now)
        tally.attempts += 1
    if world.buys(draw, who, finished=visit.finished, world=stage.world):
        tally.orders += _buy(connection, stage, visit, now=now)


def _look_around(connection: Connection, stage: Stage, visit: _Visit) -> str | None:
    """View pages of the shop; the first one that invites is t0."""
    slug, experiment = visit.live.slug, visit.live.quiz.experiment
    invitation = (
        Invitation(slug, experiment.name, experiment.holdout_share, experiment.window_days) if experiment else None
    )
    pages = 1 if visit.who.bouncer else visit.draw.randint(1, 4)
    arm = None
    for number in range(pages):
        product = visit.draw.choice(visit.live.catalog.products).id
        path = f"/shop/{slug}" if number == 0 else f"/shop/{slug}/{product}"
        found = collect.page_view(
            connection,
            collect.Viewing(visit.guest._replace(known=number > 0), path, visit.at, simulated=True),
            invitation=invitation,
            draw=_dice(stage),
        )
        arm = arm or found
        visit.at += timedelta(seconds=visit.draw.uniform(6, 70))
    return arm or ("invited" if experiment is None else None)


def _take_quiz(connection: Connection, stage: Stage, visit: _Visit, *, now: datetime) -> None:
    live = visit.live
    attempt = record.start(connection, live, Starter(visit.id, "shopper", simulated=True), at=visit.at)
    answers: dict[str, object] = {}
    number = 0
    while (question := world.next_unanswered(live.quiz, answers)) is not None:  # type: ignore[arg-type]
        number += 1
        step = world.step(visit.draw, visit.who, number)
        shown = visit.at
        visit.at += timedelta(milliseconds=step.wall_ms)
        timing = _timing(visit, step, shown, nonce=f"{number:x}{visit.id[:11]}")
        if visit.at >= now:
            return
        if not step.answered:
            if timing.source == "client":
                record.beat(connection, timing, attempt=attempt, question=question.id, at=visit.at)
            return
        value = world.answer(visit.draw, question)
        row = record.load(connection, attempt)
        if row is None:
            return
        given = Given(question.id, value, timing, visit.at)
        record.record(connection, given, attempt=row, live=live, on_finish=stage.on_finish)
        answers[question.id] = value
    visit.finished = True
    _see_offer(connection, stage, visit, attempt)


def _see_offer(connection: Connection, stage: Stage, visit: _Visit, attempt: str) -> None:
    answers = record.answers(connection, attempt)
    standing = result.standing(connection, attempt, answers, visit.live)
    if standing is None or not standing.first:
        return
    visit.at += timedelta(seconds=1)
    result.record_view(connection, standing, at=visit.at)
    visit.offered = tuple(item.product for item in standing.first)
    if visit.draw.random() < world.CLICK_SHARE:
        visit.at += timedelta(seconds=visit.draw.uniform(5, 60))
        chosen = visit.draw.choices(visit.offered, [1 / rank for rank in range(1, len(visit.offered) + 1)])[0]
        click = result.record_click(connection, offer_id=standing.id, product=chosen.id, at=visit.at)
        visit.click_token = stage.signer.sign(signing.CLICK, click)
        visit.offered = (chosen,)


def _buy(connection: Connection, stage: Stage, visit: _Visit, *, now: datetime) -> int:
    """Order what was offered, else something from the shelf; most at once, some days later."""
    draw = visit.draw
    delay = (
        timedelta(minutes=draw.uniform(2, 40))
        if draw.random() < world.AT_ONCE_SHARE
        else timedelta(days=draw.expovariate(0.4))
    )
    at = visit.at + delay
    if at >= now:
        return 0
    shelf = [product for product in visit.live.catalog.products if product.available]
    product = draw.choice(visit.offered or shelf)
    token = "" if draw.random() < world.LOST_TOKEN_SHARE else cart_token(stage.signer, visit.id)
    lines = [checkout.Bought(product, 1)]
    if draw.random() < world.SECOND_ITEM_SHARE:
        lines.append(checkout.Bought(draw.choice([other for other in shelf if other is not product]), 1))
    order_id = f"S-{visit.id[:12]}"
    placed = checkout.Placed(order_id, tuple(lines), token, visit.click_token, at)
    for kind, moment, body in _events(draw, placed):
        if moment < now:
            _deliver(connection, stage, f"msg_{order_id}_{kind}", body, at=moment)
    return 1


def _events(draw: random.Random, placed: checkout.Placed) -> Iterator[tuple[str, datetime, bytes]]:
    order_id, at = placed.order_id, placed.at
    paid = checkout.order_body(placed)
    yield "order.paid", at, paid
    chance = draw.random()
    later = at + timedelta(days=draw.uniform(0.1, 6))
    envelope = json.loads(paid)
    data = envelope["data"] | {"updated_at": later.isoformat()}
    if chance < world.CANCEL_SHARE:
        yield "order.cancelled", later, json.dumps(envelope | {"type": "order.cancelled", "data": data}).encode()
    elif chance < world.CANCEL_SHARE + world.REFUND_SHARE:
        data["refunds"] = [{"refund_id": f"R-{order_id}", "amount": data["total"], "at": later.isoformat()}]
        yield "order.refunded", later, json.dumps(envelope | {"type": "order.refunded", "data": data}).encode()


def _deliver(connection: Connection, stage: Stage, delivery: str, body: bytes, *, at: datetime) -> None:
    source = StandardSource(_SECRET)
    headers = sign(_SECRET, delivery=delivery, at=at, body=body)
    sent = inbox.Delivery(source, body, headers, at, simulated=True)
    if inbox.refuse(sent) is None:
        event = inbox.keep(connection, sent)
        if event is not None:
            inbox.read(connection, event, source=source, clerk=stage.clerk)


def _timing(visit: _Visit, step: world.Step, shown: datetime, *, nonce: str) -> Timing:
    if visit.who.scripted:
        return Timing(nonce, shown, step.wall_ms, step.active_ms, step.active10_ms, "client", 1)
    active = min(step.wall_ms, 60_000)
    return Timing(nonce, shown, step.wall_ms, active, min(step.wall_ms, 10_000), "server", 0)


def _dice(stage: Stage) -> Callable[[str], bytes]:
    key = f"arms of seed {stage.seed}".encode()
    return lambda text: hashlib.blake2b(text.encode(), key=key[:64]).digest()

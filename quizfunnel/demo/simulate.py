"""Simulation of a history of visitors, only through the verbs that real traffic uses.

Every visitor, attempt and order of it is marked as simulated. What happens is drawn from
`demo.world` and `demo.taste` with a seed, so that one seed gives one history; the clock is set from
event to event. Nothing here knows a verdict.
"""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select

from quizfunnel.catalog.product import Product
from quizfunnel.demo import checkout, deliveries, world
from quizfunnel.demo.invite import Host, Plan
from quizfunnel.demo.taste import Market, Taste
from quizfunnel.experiment.arms import Invited
from quizfunnel.experiment.design import Enrolment
from quizfunnel.experiment.frozen import freeze
from quizfunnel.journey import progress, record
from quizfunnel.journey.attempt import AnswerGiven, Starter
from quizfunnel.journey.attention import Timing
from quizfunnel.journey.record import OnFinish
from quizfunnel.kit import signing
from quizfunnel.kit.signing import Signer
from quizfunnel.offer import result
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import AnswerValue, Question
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import reading, writing
from quizfunnel.visit import collect
from quizfunnel.visit.identity import Guest, cart_token
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


@dataclass(frozen=True)
class Stage:
    """Setting of a simulation: the rooms' verbs, and the world and seed behind them."""

    shelf: Shelf
    settings: Settings
    plan: Plan
    signer: Signer
    clerk: AttributionKeys
    on_finish: OnFinish
    world: str
    seed: int

    @cached_property
    def host(self) -> Host:
        """Return the store that invites them, with a digest of the seed's own."""
        key = f"arms of seed {self.seed}".encode()
        return Host(
            self.shelf, self.settings, self.plan, lambda text: hashlib.blake2b(text.encode(), key=key[:64]).digest()
        )

    @cached_property
    def of_slug(self) -> dict[str, Market]:
        """Return the quizzes that the visitors meet, by slug."""
        live = [quiz for slug in self.shelf.slugs() if (quiz := self.shelf.live(slug))]
        return {each.slug: Market(each) for each in live}

    def markets(self) -> list[Market]:
        """Return the quizzes with something to sell."""
        return [market for market in self.of_slug.values() if market.shelf]


class _Tally(NamedTuple):
    attempts: int = 0
    orders: int = 0


@dataclass
class _Visit:
    """One visitor on the way: its random stream, its traits, and its doings so far."""

    name: str
    draw: random.Random
    who: world.Person
    guest: Guest
    market: Market
    at: datetime
    until: datetime  # the present: nothing later has happened yet
    known: bool = False
    steps: int = 0
    answers: dict[str, AnswerValue] = field(default_factory=dict)
    looked_at: list[Product] = field(default_factory=list)
    finished: bool = False
    offered: tuple[Product, ...] = ()
    clicked: Product | None = None
    click_token: str = ""

    @property
    def id(self) -> str:
        """Return the visitor's id."""
        return self.guest.visitor_id or ""

    @property
    def attempt(self) -> str:
        """Return the id of the visitor's attempt."""
        return _id(self.name, "attempt")

    @cached_property
    def taste(self) -> Taste:
        """Return the visitor's taste, drawn from a stream of its own."""
        return Taste(random.Random(f"{self.name}:taste"), self.market)  # noqa: S311 - as in _come


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
                made = _simulate(connection, stage, _come(stage, markets, number, now=now))
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


def _come(stage: Stage, markets: Sequence[Market], number: int, *, now: datetime) -> _Visit:
    """Draw one visitor: its traits, when it comes, and the quiz it will meet."""
    name = f"{stage.seed}:{number}"
    draw = random.Random(name)  # noqa: S311 - a simulation, not a secret
    who = world.person(draw)
    at = now - LONGEST_LOOK - timedelta(days=DAYS * (1 - draw.random()))
    kind = ("bot", "crawler list") if who.bot else ("shopper", "")
    guest = Guest(_id(name, "visitor"), False, *kind, True, who.device, who.channel)
    return _Visit(name, draw, who, guest, draw.choice(markets), at, until=now)


def _simulate(connection: Connection, stage: Stage, visit: _Visit) -> _Tally:
    draw, who = visit.draw, visit.who
    invited = not who.direct and _look_around(connection, stage, visit)
    takes = who.direct or (not who.bot and world.takes_quiz(draw, who, invited=invited))
    if takes:
        _view(connection, stage, visit, f"/q/{visit.market.live.slug}")
    if who.bot:
        return _Tally()
    if takes:
        _take_quiz(connection, stage, visit)
    effect = world.effect(stage.world, visit.taste.fit(visit.offered)) if visit.finished else 0.0
    orders = _buy(connection, stage, visit) if world.buys(draw, who, effect=effect) else 0
    return _Tally(int(takes), orders)


def _view(
    connection: Connection, stage: Stage, visit: _Visit, path: str, *, enrolment: Enrolment | None = None
) -> Invited | None:
    view = collect.ViewContext(visit.guest._replace(known=visit.known), path, visit.at, simulated=True)
    visit.known = True
    return collect.page_view(connection, view, draw=stage.host.draw(connection, visit.id), enrolment=enrolment)


def _look_around(connection: Connection, stage: Stage, visit: _Visit) -> bool:
    """View pages of the shop, of which the first one that invites is t0; tell whether a quiz invites the visitor."""
    draw, live = visit.draw, visit.market.live
    path = f"/shop/{live.slug}"
    page = stage.host.page_of(path) or live
    enrolment = stage.host.enrolment(page)
    invited = _view(connection, stage, visit, path, enrolment=enrolment)
    visit.at += timedelta(seconds=draw.uniform(6, 70))
    for _ in range(0 if visit.who.bouncer else draw.randint(0, 3)):
        product = draw.choice(visit.market.shelf)
        visit.looked_at.append(product)
        _view(connection, stage, visit, f"/shop/{live.slug}/{product.id}", enrolment=enrolment)
        visit.at += timedelta(seconds=draw.uniform(6, 70))
    shown = stage.host.shown(page, invited)
    if shown is not None and shown.slug != live.slug:
        visit.market = stage.of_slug[shown.slug]
    return shown is not None


def _take_quiz(connection: Connection, stage: Stage, visit: _Visit) -> None:
    live = visit.market.live
    starter = Starter(visit.id, "shopper", simulated=True, attempt=visit.attempt)
    record.start(connection, live, starter, at=visit.at)
    before: Question | None = None
    while (question := world.next_unanswered(live.quiz, visit.answers)) is not None:
        if not _answer(connection, stage, visit, question):
            return
        goes_back = before is not None and visit.draw.random() < world.BACK_SHARE
        if before and goes_back and not _answer(connection, stage, visit, before):
            return
        before = question
    visit.finished = True
    _see_offer(connection, visit, stage.signer)


def _answer(connection: Connection, stage: Stage, visit: _Visit, question: Question) -> bool:
    """Look at one question and answer it; False where the visitor leaves instead."""
    visit.steps += 1
    step = world.step(visit.draw, visit.who, visit.steps)
    shown = visit.at
    visit.at += timedelta(milliseconds=step.wall_ms)
    timing = _timing(visit, step, shown)
    if visit.at >= visit.until:
        return False
    if not step.answered:
        if timing.source == "client":
            record.record_heartbeat(connection, timing, attempt=visit.attempt, question=question.id, at=visit.at)
        return False
    row = record.load(connection, visit.attempt)
    if row is None:
        return False
    value = visit.taste.answer(visit.draw, question)
    given = AnswerGiven(question.id, value, timing, visit.at)
    record.record_answer(connection, given, attempt=row, live=visit.market.live, on_finish=stage.on_finish)
    visit.answers[question.id] = value
    return True


def _see_offer(connection: Connection, visit: _Visit, signer: Signer) -> None:
    """Look at the offer; ask for more where nothing suits; look at a product in the shop or do not."""
    draw, live = visit.draw, visit.market.live
    answers = progress.live_answers(live.quiz, visit.answers)
    standing = result.standing(connection, visit.attempt, answers, live)
    if standing is None or not standing.first:
        return
    visit.at += timedelta(seconds=1)
    result.record_view(connection, standing, at=visit.at)
    shown = standing.first
    if world.rejects(draw, fit=visit.taste.fit([item.product for item in shown])):
        visit.at += timedelta(seconds=draw.uniform(5, 40))
        result.reject(connection, standing.id, why="", at=visit.at)
        result.record_view(connection, standing._replace(rejected=True), at=visit.at)
        shown += standing.more
    visit.offered = tuple(item.product for item in shown)
    if world.clicks(draw, fit=visit.taste.fit(visit.offered)):
        visit.at += timedelta(seconds=draw.uniform(5, 60))
        visit.clicked = visit.taste.click(draw, visit.offered)
        click = result.record_click(connection, offer_id=standing.id, product=visit.clicked.id, at=visit.at)
        visit.click_token = signer.sign(signing.CLICK, click)


def _buy(connection: Connection, stage: Stage, visit: _Visit) -> int:
    """Order one of the products that were seen, the best liked most likely; most at once, some days later."""
    draw, shelf = visit.draw, visit.market.shelf
    at = visit.at + deliveries.delay(draw)
    if at >= visit.until:
        return 0
    seen = [*visit.offered, *visit.looked_at] or draw.sample(shelf, min(3, len(shelf)))
    product = visit.taste.choose(draw, seen, clicked=visit.clicked)
    lines = [checkout.Bought(product, 1)]
    others = [other for other in shelf if other is not product]
    if others and draw.random() < world.SECOND_ITEM_SHARE:
        lines.append(checkout.Bought(visit.taste.choose(draw, others), 1))
    token = "" if draw.random() < world.LOST_TOKEN_SHARE else cart_token(stage.signer, visit.id)
    placed = checkout.Placed(f"S-{visit.id[:12]}", tuple(lines), token, visit.click_token, at)
    for event in deliveries.events(draw, placed):
        if event.at < visit.until:
            deliveries.deliver(connection, stage.clerk, event)
    return 1


def _timing(visit: _Visit, step: world.SimulatedStep, shown: datetime) -> Timing:
    nonce = f"{visit.steps:x}{visit.id[:11]}"
    if visit.who.scripted:
        return Timing(nonce, shown, step.wall_ms, step.active_ms, step.active10_ms, "client", 1)
    active = min(step.wall_ms, 60_000)
    return Timing(nonce, shown, step.wall_ms, active, min(step.wall_ms, 10_000), "server", 0)


def _id(name: str, what: str) -> str:
    return hashlib.sha256(f"{name}:{what}".encode()).hexdigest()[:32]

"""Walk of one simulated visitor: through the shop, the quiz and the offer to a purchase, by the real verbs."""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import Connection

from quizfunnel.demo import deliveries, world
from quizfunnel.demo.purchase import SeenProducts, purchase
from quizfunnel.demo.shop import order
from quizfunnel.demo.stage import Stage
from quizfunnel.demo.taste import Market, Taste
from quizfunnel.experiment.arms import Allocation
from quizfunnel.experiment.design import Enrolment
from quizfunnel.journey import progress, record
from quizfunnel.journey.attempt import AnswerGiven, Starter
from quizfunnel.journey.attention import Timing
from quizfunnel.kit import signing
from quizfunnel.offer import result
from quizfunnel.quiz.spec import AnswerValue, Question
from quizfunnel.visit import collect
from quizfunnel.visit.identity import Guest, cart_token


class Tally(NamedTuple):
    """Attempts and orders that a visitor made."""

    attempts: int = 0
    orders: int = 0


@dataclass
class Walk:
    """One visitor on the way: its random stream, its traits, and its doings so far."""

    connection: Connection
    stage: Stage
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
    seen: SeenProducts = field(default_factory=SeenProducts)
    finished: bool = False
    click_token: str = ""

    @property
    def id(self) -> str:
        """Return the visitor's id."""
        return self.guest.visitor_id or ""

    @property
    def attempt(self) -> str:
        """Return the id of the visitor's attempt."""
        return simulated_id(self.name, "attempt")

    @cached_property
    def taste(self) -> Taste:
        """Return the visitor's taste, drawn from a stream of its own."""
        return Taste(random.Random(f"{self.name}:taste"), self.market)  # noqa: S311 - a simulation, not a secret

    def run(self) -> Tally:
        """Go the whole way; return the attempts and orders that it made."""
        draw, who = self.draw, self.who
        invited = not who.direct and self._look_around()
        takes = who.direct or (not who.bot and world.takes_quiz(draw, who, invited=invited))
        if takes:
            self._view(f"/q/{self.market.live.slug}")
        if who.bot:
            return Tally()
        if takes:
            self._take_quiz()
        effect = world.effect(self.stage.world, self.taste.fit(self.seen.offered)) if self.finished else 0.0
        orders = self._buy() if world.buys(draw, who, effect=effect) else 0
        return Tally(int(takes), orders)

    def _view(self, path: str, *, enrolment: Enrolment | None = None) -> Allocation | None:
        view = collect.ViewContext(self.guest._replace(known=self.known), path, self.at, simulated=True)
        self.known = True
        return collect.page_view(
            self.connection, view, draw=self.stage.host.draw(self.connection, self.id), enrolment=enrolment
        )

    def _look_around(self) -> bool:
        """View pages of the shop, of which the first that invites is t0; tell whether a quiz invites the visitor."""
        draw, live = self.draw, self.market.live
        path = f"/shop/{live.slug}"
        page = self.stage.host.page_of(path) or live
        enrolment = self.stage.host.enrolment(page)
        invited = self._view(path, enrolment=enrolment)
        self.at += timedelta(seconds=draw.uniform(6, 70))
        for _ in range(0 if self.who.bouncer else draw.randint(0, 3)):
            product = draw.choice(self.market.shelf)
            self.seen.looked_at.append(product)
            self._view(f"/shop/{live.slug}/{product.id}", enrolment=enrolment)
            self.at += timedelta(seconds=draw.uniform(6, 70))
        shown = self.stage.host.shown(page, invited)
        if shown is not None and shown.slug != live.slug:
            self.market = self.stage.of_slug[shown.slug]
        return shown is not None

    def _take_quiz(self) -> None:
        live = self.market.live
        starter = Starter(self.id, "shopper", simulated=True, attempt=self.attempt)
        record.start(self.connection, live, starter, at=self.at)
        before: Question | None = None
        while (question := world.next_unanswered(live.quiz, self.answers)) is not None:
            if not self._answer(question):
                return
            goes_back = before is not None and self.draw.random() < world.BACK_SHARE
            if before and goes_back and not self._answer(before):
                return
            before = question
        self.finished = True
        self._see_offer()

    def _answer(self, question: Question) -> bool:
        """Look at one question and answer it; False where the visitor leaves instead."""
        self.steps += 1
        step = world.step(self.draw, self.who, self.steps)
        shown = self.at
        self.at += timedelta(milliseconds=step.wall_ms)
        timing = self._timing(step, shown)
        if self.at >= self.until:
            return False
        if not step.answered:
            if timing.source == "client":
                record.record_heartbeat(self.connection, timing, attempt=self.attempt, question=question.id, at=self.at)
            return False
        row = record.load(self.connection, self.attempt)
        if row is None:
            return False
        value = self.taste.answer(self.draw, question)
        answer = AnswerGiven(question.id, value, timing, self.at)
        record.record_answer(
            self.connection, answer, attempt=row, live=self.market.live, on_finish=self.stage.on_finish
        )
        self.answers[question.id] = value
        return True

    def _see_offer(self) -> None:
        """Look at the offer; ask for more where nothing suits; look at a product in the shop or do not."""
        draw, live = self.draw, self.market.live
        answers = progress.live_answers(live.quiz, self.answers)
        standing = result.current_offer(self.connection, self.attempt, answers, live)
        if standing is None or not standing.first:
            return
        self.at += timedelta(seconds=1)
        result.record_view(self.connection, standing, at=self.at)
        shown = standing.first
        if world.rejects(draw, fit=self.taste.fit([item.product for item in shown])):
            self.at += timedelta(seconds=draw.uniform(5, 40))
            result.reject(self.connection, standing.id, why="", at=self.at)
            result.record_view(self.connection, standing._replace(rejected=True), at=self.at)
            shown += standing.more
        self.seen.offered = tuple(item.product for item in shown)
        self.seen.routine = tuple(
            tuple(item.product for item in shown if item.section == section.id) for section in live.quiz.offer.sections
        )
        if world.clicks(draw, fit=self.taste.fit(self.seen.offered)):
            self.at += timedelta(seconds=draw.uniform(5, 60))
            self.seen.clicked = self.taste.click(draw, self.seen.offered)
            click = result.record_click(self.connection, offer_id=standing.id, product=self.seen.clicked.id, at=self.at)
            self.click_token = self.stage.signer.sign_id(signing.CLICK, click)

    def _buy(self) -> int:
        """Place an order: most at once, some days later; return how many were placed before the present."""
        draw = self.draw
        at = self.at + deliveries.delay(draw)
        if at >= self.until:
            return 0
        products = purchase(draw, self.taste, seen=self.seen, shelf=self.market.shelf)
        lines = [order.Bought(product, 1) for product in products]
        token = "" if draw.random() < world.LOST_TOKEN_SHARE else cart_token(self.stage.signer, self.id)
        placed = order.Placed(f"S-{self.id[:12]}", tuple(lines), token, self.click_token, at)
        for event in deliveries.events(draw, placed):
            if event.at < self.until:
                deliveries.deliver(self.connection, self.stage.keys, event)
        return 1

    def _timing(self, step: world.SimulatedStep, shown: datetime) -> Timing:
        nonce = f"{self.steps:x}{self.id[:11]}"
        if self.who.scripted:
            return Timing(nonce, shown, step.wall_ms, step.active_ms, step.active10_ms, "client", 1)
        active = min(step.wall_ms, 60_000)
        return Timing(nonce, shown, step.wall_ms, active, min(step.wall_ms, 10_000), "server", 0)


def simulated_id(name: str, thing: str) -> str:
    """Return the id that a simulated visitor's thing always has."""
    return hashlib.sha256(f"{name}:{thing}".encode()).hexdigest()[:32]

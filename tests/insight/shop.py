"""A small log written straight into the tables, drawn from a seed: every case that the figures must tell apart."""

import json
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from quizfunnel.catalog.product import Catalog
from quizfunnel.journey.tables import Answer, Attempt
from quizfunnel.kit.ids import is_id
from quizfunnel.offer.choose import answers_hash, answers_text
from quizfunnel.offer.tables import Click, Offer, OfferItem, OfferView
from quizfunnel.orders.tables import Order, OrderLine, Refund
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import Answers
from quizfunnel.quiz.tables import CatalogVersion, Publication, QuizVersion
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.visit.tables import Assignment, PageView, Visitor
from tests import cast

QUIZ = "coffee"
VERSION = "v" * 64
CATALOG_VERSION = "c" * 64


def live(**changes: object) -> LiveQuiz:
    """Return the coffee quiz as it would serve."""
    return LiveQuiz(QUIZ, VERSION, cast.coffee_quiz(**changes), Catalog(()))


class Books:
    """Rows for every table, collected and then written at once."""

    def __init__(self, seed: int = 0) -> None:
        """Start empty, with the quiz version that every attempt needs."""
        self.draw = random.Random(seed)  # noqa: S311 - a test's draw
        self.rows: dict[Any, list[dict[str, Any]]] = {
            table: []
            for table in (
                QuizVersion,
                CatalogVersion,
                Publication,
                Visitor,
                PageView,
                Assignment,
                Attempt,
                Answer,
                Offer,
                OfferItem,
                OfferView,
                Click,
                Order,
                OrderLine,
                Refund,
            )
        }
        self.rows[CatalogVersion].append({"id": CATALOG_VERSION, "products": "[]", "first_seen_at": cast.NOON})
        self.version(VERSION)

    def version(self, id: str, body: str = "") -> None:
        """Add a version of the quiz that was served with a catalogue of no products."""
        self.rows[QuizVersion].append({"id": id, "quiz": QUIZ, "body": body, "published_at": cast.NOON})
        self.rows[Publication].append(
            {
                "id": id[:32],
                "quiz": QUIZ,
                "quiz_version": id,
                "catalog_version": CATALOG_VERSION,
                "published_at": cast.NOON,
                "starts_at": cast.NOON,
                "ends_at": cast.NOON,
                "state": "ended",
            }
        )

    def id(self) -> str:
        """Return an id of the usual form, drawn from the seed."""
        made = f"{self.draw.getrandbits(128):032x}"
        assert is_id(made)
        return made

    def visitor(self, at: datetime, *, arm: str | None = "invited", kind: str = "shopper", **more: Any) -> str:
        """Add a visitor with a page view and, unless `arm` is None, an assignment."""
        visitor, simulated = self.id(), more.get("simulated", False)
        self.rows[Visitor].append(
            {
                "id": visitor,
                "first_seen": at,
                "kind": kind,
                "kind_reason": "",
                "device": "",
                "channel": "",
                "landing_page": "/shop",
                "simulated": simulated,
            }
        )
        self.view(visitor, at)
        if arm is not None:
            self.rows[Assignment].append(
                {
                    "visitor_id": visitor,
                    "quiz": QUIZ,
                    "experiment": more.get("experiment", "spring"),
                    "arm": arm,
                    "t0": at,
                    "holdout_share": more.get("share", 0.2),
                    "window_days": more.get("window", 7),
                }
            )
        return visitor

    def view(self, visitor: str, at: datetime, path: str = "/shop") -> None:
        """Add a page view."""
        self.rows[PageView].append({"id": self.id(), "visitor_id": visitor, "at": at, "path": path, "visible_ms": None})

    def attempt(self, visitor: str | None, at: datetime, answers: list[dict[str, Any]], **more: Any) -> str:
        """Add an attempt with answers, each ``{question, at, active, wall, source, following}``."""
        attempt = self.id()
        self.rows[Attempt].append(
            {
                "id": attempt,
                "quiz": more.get("quiz", QUIZ),
                "version": more.get("version", VERSION),
                "visitor_id": visitor,
                "first_question": "brew",
                "started_at": at,
                "finished_at": more.get("finished"),
                "kind": more.get("kind", "shopper"),
                "simulated": more.get("simulated", False),
            }
        )
        revisions: dict[str, int] = {}
        for answer in answers:
            question = answer["question"]
            revisions[question] = revisions.get(question, 0) + 1
            active = answer.get("active")
            wall = answer.get("wall", active)
            self.rows[Answer].append(
                {
                    "attempt_id": attempt,
                    "question": question,
                    "revision": revisions[question],
                    "value": answer.get("value", "null"),
                    "nonce": None,
                    "shown_at": None,
                    "answered_at": answer["at"],
                    "wall_ms": wall,
                    "active_ms": active,
                    "active10_ms": None if active is None else active // 2,
                    "source": answer.get("source", "client"),
                    "next_question": answer.get("following"),
                }
            )
        return attempt

    def offer(self, attempt: str, finished: datetime, *, opened: bool = True, clicked: bool = False) -> str:
        """Add an attempt's offer, perhaps seen, perhaps clicked; return the click's id."""
        offer, click = self.id(), self.id()
        self.rows[Offer].append(
            {
                "id": offer,
                "attempt_id": attempt,
                "finished_at": finished,
                "answers_hash": offer,
                "revision": 1,
                "chosen_at": finished,
                "show": 3,
                "answers": "{}",
                "model": "rules",
                "fallback": "",
                "rival": "",
                "model_share": 1.0,
                "policy": "{}",
                "seed": "",
                "eligible": "[]",
                "rejected_at": None,
                "rejected_why": "",
            }
        )
        if opened:
            self.rows[OfferView].append({"id": self.id(), "offer_id": offer, "at": finished, "up_to": 3})
        if clicked:
            self.rows[Click].append({"id": click, "offer_id": offer, "product": "dark-bean", "at": finished})
        return click

    def chosen(
        self,
        attempt: str,
        finished: datetime,
        products: Sequence[str],
        *,
        views: Sequence[tuple[datetime, int]],
        answers: Answers | None = None,
        **more: Any,
    ) -> str:
        """Add an offer of products in their order, with the times it was seen and up to which rank; return its id."""
        offer, given = self.id(), answers or {}
        # scores so far apart that the log tells nothing of how much a place is looked at
        slots = more.get("slots") or [(-9.0 * n, 1.0) for n in range(len(products))]
        self.rows[Offer].append(
            {
                "id": offer,
                "attempt_id": attempt,
                "finished_at": finished,
                "answers_hash": answers_hash(given),
                "revision": more.get("revision", 1),
                "chosen_at": more.get("chosen", finished),
                "show": 3,
                "answers": answers_text(given),
                "model": more.get("model", "rules"),
                "fallback": "",
                "rival": more.get("rival", ""),
                "model_share": more.get("share", 1.0),
                "policy": more.get("policy", PlackettLucePolicy().as_json()),
                "seed": "",
                "eligible": json.dumps(list(more.get("eligible", products))),
                "rejected_at": None,
                "rejected_why": "",
                "sections": more.get("sections", ""),
            }
        )
        places = more.get("places") or [("", n + 1) for n in range(len(products))]  # section and rank in it
        for (section, rank), product, (score, propensity) in zip(places, products, slots, strict=True):
            item = {"offer_id": offer, "section": section, "rank": rank, "product": product, "score": score}
            item["propensity"] = propensity
            self.rows[OfferItem].append(item | {"price_minor": 900, "currency": "GBP", "reasons": "[]"})
        for at, up_to in views:
            self.rows[OfferView].append({"id": self.id(), "offer_id": offer, "at": at, "up_to": up_to})
        return offer

    def order(self, visitor: str | None, at: datetime, **more: Any) -> str:
        """Add an order of 25.00 with a line for each of `products`, or one; `refund` gives minor units back."""
        order = self.id()
        self.rows[Order].append(
            {
                "source": "standard",
                "order_id": order,
                "visitor_id": visitor,
                "click_id": more.get("click"),
                "placed_at": at,
                "updated_at": at,
                "event": order,
                "currency": "GBP",
                "total_minor": 2500,
                "paid": more.get("paid", True),
                "cancelled": more.get("cancelled", False),
                "test": more.get("test", False),
                "simulated": more.get("simulated", False),
            }
        )
        for position, product in enumerate(more.get("products", [more.get("product")]), 1):
            self.rows[OrderLine].append(
                {
                    "source": "standard",
                    "order_id": order,
                    "position": position,
                    "product_id": "",
                    "sku": "",
                    "title": "Beans",
                    "quantity_micro": 1_000_000,
                    "unit_price_minor": 2500,
                    "product": product,
                    "matched_by": "",
                    "cost_minor": more.get("cost"),
                }
            )
        if more.get("refund"):
            self.rows[Refund].append(
                {
                    "source": "standard",
                    "refund_id": self.id(),
                    "order_id": order,
                    "amount_minor": more["refund"],
                    "currency": more.get("refund_currency", "GBP"),
                    "at": at,
                }
            )
        return order

    def write(self, connection: Connection) -> None:
        """Write every row."""
        for table, rows in self.rows.items():
            if rows:
                connection.execute(insert(table), rows)


def shoppers(books: Books, count: int, *, start: datetime, days: int, **more: Any) -> None:
    """Add shoppers of a plausible shop: some take the quiz, the keen more often, and some buy."""
    draw, gain = books.draw, more.get("gain", 1.0)
    simulated = more.get("simulated", False)
    end = start + timedelta(days=days)
    for _ in range(count):
        at = start + timedelta(seconds=draw.randrange(days * 86_400))
        holdout = draw.random() < more.get("share", 0.2)
        visitor = books.visitor(
            at, arm="holdout" if holdout else "invited", simulated=simulated, share=more.get("share", 0.2)
        )
        keen = draw.random() < 0.2
        if keen or draw.random() < 0.4:
            books.view(visitor, at + timedelta(seconds=draw.randrange(5, 900)), "/shop/p/beans")
        chance = more.get("base", 0.03) * (2.5 if keen else 0.6)
        done = None
        if not holdout and draw.random() < (0.5 if keen else 0.2):
            done = _take(books, visitor, at, keen=keen, simulated=simulated)
            chance *= gain
        if draw.random() < chance:
            later = timedelta(seconds=draw.randrange(400, 3 * 86_400))
            placed = min((done or at) + later, end)
            books.order(visitor, placed, simulated=simulated, product="dark-bean")


def _take(books: Books, visitor: str, at: datetime, *, keen: bool, simulated: bool) -> datetime | None:
    draw = books.draw
    path = ["brew", *(["grinder"] if draw.random() < 0.7 else []), "moment", "avoid", "budget", "strength"]
    stops = len(path) if draw.random() < (0.8 if keen else 0.6) else draw.randrange(len(path))
    started = moment = at + timedelta(seconds=20)
    answers = []
    for place in range(stops):
        active = int(draw.lognormvariate(9.9 if keen else 9.4, 0.6))
        moment += timedelta(milliseconds=active + draw.randrange(2000))
        following = path[place + 1] if place + 1 < len(path) else None
        answers.append(
            {"question": path[place], "at": moment, "active": active, "wall": active + 900, "following": following}
        )
    finished = moment if stops == len(path) else None
    attempt = books.attempt(visitor, started, answers, finished=finished, simulated=simulated)
    if finished:
        books.offer(attempt, finished, clicked=draw.random() < 0.4)
    return finished

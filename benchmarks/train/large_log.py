"""Large log: a quiz of seven questions, its 50 products, and a database of shoppers whose taste is additive."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import insert

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Quiz
from quizfunnel.schema import metadata
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import writing

LEVELS = (4, 3, 4, 2, 5, 3, 4)
PRODUCTS = 50
SHOWN = 3
WINDOW = 7
NOW = datetime(2026, 6, 1, tzinfo=UTC)
BATCH = 20_000
POLICY = json.dumps({"temperature": 0.1, "epsilon": 0.02, "k": SHOWN})

Row = dict[str, Any]


class Batch(NamedTuple):
    """Some shoppers: ids, moments, answers as JSON, the products shown to each [n, 3] and which were bought."""

    ids: list[str]
    at: list[datetime]
    answers: list[str]
    order: npt.NDArray[np.int64]
    bought: npt.NDArray[np.bool_]


def large_quiz() -> Quiz:
    """Return the quiz: each choice favours one of five tags."""
    questions = [
        {
            "id": f"q{number}",
            "ask": f"Question {number}?",
            "pick": "one",
            "choices": [
                {
                    "id": f"c{level}",
                    "label": f"Choice {level}",
                    "favours": {f"tag:t{(number + level) % 5}": 1 + level % 2},
                }
                for level in range(levels)
            ],
        }
        for number, levels in enumerate(LEVELS)
    ]
    return Quiz.model_validate_json(
        json.dumps(
            {
                "title": "Large",
                "promise": "Three of fifty.",
                "minutes": 2,
                "catalog": "catalogs/large.csv",
                "questions": questions,
                "offer": {"show": SHOWN, "headline": "Yours", "skip_label": "See all"},
            }
        )
    )


def large_products() -> Products:
    """Return the 50 products, with one of five tags and one of three others."""
    products = tuple(
        Product(
            f"p{n:02}",
            f"Product {n}",
            1000 + 50 * n,
            "EUR",
            f"/p{n}",
            tags=frozenset({f"t{n % 5}", f"u{n % 3}"}),
            variants=(Variant(f"s{n}", 1000 + 50 * n),),
        )
        for n in range(PRODUCTS)
    )
    return Products(products)


def write_log(file: Path, shoppers: int) -> None:
    """Write visitors, attempts, offers, views and orders; the taste is additive in the answers."""
    engine = open_engine(f"sqlite:///{file}", pooled=False)
    metadata.create_all(engine)
    rng = np.random.default_rng(7)
    taste = [rng.normal(size=(levels, PRODUCTS)) * 0.4 for levels in LEVELS]
    version = {"id": "v", "quiz": "large", "body": "", "published_at": NOW - timedelta(days=100)}
    with writing(engine) as connection:
        connection.execute(insert(metadata.tables["quiz_version"]), version)
    for start in range(0, shoppers, BATCH):
        batch = _drawn(rng, taste, start, min(BATCH, shoppers - start))
        with writing(engine) as connection:
            for name, rows in _rows(batch):
                if rows:
                    connection.execute(insert(metadata.tables[name]), rows)
    engine.dispose()


def _drawn(rng: np.random.Generator, taste: list[Any], start: int, count: int) -> Batch:
    """Draw shoppers: answers evenly, an order around their taste, purchases by it."""
    answers = np.column_stack([rng.integers(0, levels, count) for levels in LEVELS])
    likes = sum(table[answers[:, j]] for j, table in enumerate(taste))
    order = np.argsort(-(0.5 * likes + rng.gumbel(size=likes.shape)), axis=1)[:, :SHOWN]
    chance = 1 / (1 + np.exp(4.5 - np.take_along_axis(likes, order, axis=1)))
    bought = rng.random(order.shape) < chance
    seconds = rng.integers(8 * 86400, 90 * 86400, count)
    texts = [
        json.dumps({f"q{j}": f"c{level}" for j, level in enumerate(row)}, separators=(",", ":")) for row in answers
    ]
    ids = [f"{start + n:032x}" for n in range(count)]
    return Batch(ids, [NOW - timedelta(seconds=int(each)) for each in seconds], texts, order, bought)


def _rows(batch: Batch) -> Iterator[tuple[str, list[Row]]]:
    """Yield the rows of each table, in an order that foreign keys allow."""
    shoppers = list(zip(batch.ids, batch.at, strict=True))
    yield "visitor", [_visitor(id, at) for id, at in shoppers]
    yield "attempt", [_attempt(id, at) for id, at in shoppers]
    eligible = json.dumps([f"p{n:02}" for n in range(PRODUCTS)])
    yield "offer", [_offer(id, at, text, eligible) for (id, at), text in zip(shoppers, batch.answers, strict=True)]
    yield "offer_view", [{"id": id, "offer_id": id, "at": at, "up_to": SHOWN} for id, at in shoppers]
    places = [(n, rank) for n in range(len(shoppers)) for rank in range(SHOWN)]
    yield "offer_item", [_item(batch.ids[n], rank, batch.order[n, rank]) for n, rank in places]
    bought = list(zip(*np.nonzero(batch.bought), strict=True))
    yield "shop_order", [_order(*shoppers[n]) for n in sorted({n for n, _ in bought})]
    yield "order_line", [_line(batch.ids[n], int(rank), batch.order[n, rank]) for n, rank in bought]


def _visitor(id: str, at: datetime) -> Row:
    blank = dict.fromkeys(("kind_reason", "device", "channel", "landing_page"), "")
    return {"id": id, "first_seen": at, "simulated": False, "kind": "shopper"} | blank


def _attempt(id: str, at: datetime) -> Row:
    quiz = {"quiz": "large", "version": "v", "first_question": "q0", "simulated": False, "kind": "shopper"}
    return quiz | {"id": id, "visitor_id": id, "started_at": at, "finished_at": at}


def _offer(id: str, at: datetime, answers: str, eligible: str) -> Row:
    model = {"model": "rules", "fallback": "", "rival": "", "model_share": 1.0, "policy": POLICY, "seed": id}
    state = {"revision": 1, "show": SHOWN, "eligible": eligible, "rejected_at": None, "rejected_why": ""}
    digest = f"{hash(answers) & (2**128 - 1):064x}"
    moments = {"finished_at": at, "chosen_at": at}
    return {"id": id, "attempt_id": id, "answers": answers, "answers_hash": digest} | moments | model | state


def _item(offer: str, rank: int, product: int) -> Row:
    price = {"price_minor": 1000, "currency": "EUR"}
    place = {"rank": rank + 1, "score": 0.0, "propensity": 0.1, "reasons": "[]"}
    return {"offer_id": offer, "product": f"p{product:02}"} | place | price


def _order(id: str, at: datetime) -> Row:
    state = {"paid": True, "cancelled": False, "test": False, "simulated": False, "event": ""}
    money = {"currency": "EUR", "total_minor": 1000}
    visitor = {"visitor_id": id, "click_id": None}
    return {"source": "standard", "order_id": id, "placed_at": at, "updated_at": at} | visitor | money | state


def _line(order: str, position: int, product: int) -> Row:
    goods = {"product": f"p{product:02}", "matched_by": "id", "quantity_micro": 1_000_000, "unit_price_minor": 1000}
    blank = dict.fromkeys(("product_id", "sku", "title"), "")
    return {"source": "standard", "order_id": order, "position": position} | goods | blank

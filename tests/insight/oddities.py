"""Logs of every oddity: the coffee shop with crawlers, late orders, refunds, and answers out of order."""

from datetime import timedelta
from typing import Any

from quizfunnel.orders.tables import Order, OrderLine, Refund
from quizfunnel.visit.tables import Assignment, Visitor
from tests.cast import NOON
from tests.insight.shop import Books, shoppers


def muddle(seed: int) -> Books:
    """Return a small shop with every kind of oddity, from a seed."""
    books = Books(seed)
    draw = books.draw
    shoppers(books, 150, start=NOON - timedelta(days=20), days=20, base=0.25)
    shoppers(books, 20, start=NOON - timedelta(days=20), days=20, base=0.5, simulated=True)
    for row in list(books.rows[Visitor]):
        visitor, at = row["id"], row["first_seen"]
        if draw.random() < 0.08:
            row["kind"] = draw.choice(("bot", "staff", "test"))
        if draw.random() < 0.15:
            placed = at + timedelta(hours=draw.randrange(-48, 240))
            oddity: dict[str, Any] = draw.choice(
                ({}, {"paid": False}, {"cancelled": True}, {"test": True}, {"refund": 2500}, {"refund": 100})
            )
            books.order(visitor, placed, simulated=row["simulated"], **oddity)
        if draw.random() < 0.1:
            start = at + timedelta(minutes=draw.randrange(-300, 300))
            answers = [
                {"question": "brew", "at": start + timedelta(seconds=50), "active": draw.randrange(200_000),
                 "source": draw.choice(("client", "server", "clamped")), "following": "moment"},
                {"question": "moment", "at": start + timedelta(seconds=90), "source": "none"},
            ]  # fmt: skip
            books.attempt(
                visitor,
                start,
                answers,
                finished=draw.choice((None, start + timedelta(seconds=90))),
                simulated=row["simulated"],
            )
    for row in books.rows[Assignment]:
        if draw.random() < 0.05:
            row.update(share=row.pop("holdout_share"), holdout_share=0.4)
            del row["share"]
    books.order(None, NOON - timedelta(days=2))
    return books


def varied(seed: int) -> Books:
    """Return a muddled shop with covariates, earlier views and orders, two currencies, and orders of two visitors."""
    books = muddle(seed)
    draw = books.draw
    for row in books.rows[Assignment]:
        row["window_days"] = draw.choice((7, 7, 7, 1, 30))
    for row in list(books.rows[Visitor]):
        row["device"] = draw.choice(("phone", "desktop"))
        row["channel"] = draw.choice(("", "paid", "direct"))
        row["landing_page"] = draw.choice(("/shop", "/shop/p/beans"))
        if draw.random() < 0.2:
            row["first_seen"] -= timedelta(minutes=draw.choice((5, 29, 31, 4000)))
        for _ in range(draw.choice((0, 0, 0, 1, 2))):
            placed = row["first_seen"] + timedelta(seconds=draw.randrange(-9 * 86_400, 40 * 86_400))
            refund = draw.choice((0, 0, 100))
            books.order(row["id"], placed, simulated=row["simulated"], refund=refund)
            money = {"currency": draw.choice(("GBP", "EUR")), "total_minor": draw.randrange(1, 9000)}
            books.rows[Order][-1].update(money, conflict=draw.random() < 0.2)
            if refund:
                books.rows[Refund][-1]["currency"] = draw.choice(("GBP", "EUR"))
    for row in books.rows[Order]:
        row.setdefault("conflict", False)
    for row in list(books.rows[OrderLine]):
        row |= {
            "quantity_micro": draw.choice((1_000_000, 1_000_000, 500_000, 3_000_000)),
            "cost_minor": draw.choice((None, 0, 333, 700, 1100)),
        }
        if draw.random() < 0.3:
            books.rows[OrderLine].append(row | {"position": 2, "cost_minor": draw.choice((None, 250))})
    return books

"""Offers in sections as they are learnt from: ranks within a section, levels of their own, offers counted once."""

import json
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from quizfunnel.learning import attribution, offer_log
from quizfunnel.learning.logged_offers import logged_offers
from quizfunnel.learning.offer_log import LogQuery
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.log.scope import Scope
from quizfunnel.recommend.offpolicy.section_draws import Draw
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.training.grouped_log import Counts
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON
from tests.insight.shop import QUIZ, Books

pytestmark = pytest.mark.thorough

WINDOW = 7
SCOPE = Scope(QUIZ, "spring", simulated=False)
POLICY = PlackettLucePolicy()
BEANS, GROUND = ("dark-bean", "light-bean"), ("dark-ground", "light-ground", "decaf-ground", "nutty")
PLACES = [("beans", 1), ("ground", 1), ("ground", 2), ("beans", 3), ("ground", 3), ("ground", 4)]
PRODUCTS = ("dark-bean", "dark-ground", "light-ground", "light-bean", "decaf-ground", "nutty")


def sections(*, shared: bool = False) -> str:
    """Return the logged text of two sections, of which the second can show a bean too where they are shared."""
    could = {"beans": BEANS, "ground": (*GROUND, "light-bean") if shared else GROUND}
    parts = [(id, 1 if id == "beans" else 2, ids) for id, ids in could.items()]
    policy = {"temperature": POLICY.temperature, "epsilon": POLICY.epsilon}
    return json.dumps(
        [{"section": id, "show": show, "policy": policy | {"k": show}, "eligible": ids} for id, show, ids in parts]
    )


def offered(books: Books, *, up_to: int = 2, shared: bool = False, buys: tuple[str, ...] = ()) -> str:
    """Add a visitor with an offer in sections, seen up to a rank, who buys something an hour later."""
    visitor = books.visitor(NOON - timedelta(minutes=5), arm=None)
    attempt = books.attempt(visitor, NOON - timedelta(minutes=1), [], finished=NOON)
    facts: dict[str, Any] = {"eligible": (*BEANS, *GROUND), "sections": sections(shared=shared), "places": PLACES}
    offer = books.chosen(attempt, NOON, PRODUCTS, views=[(NOON, up_to)], policy=POLICY.as_json(), **facts)
    if buys:
        books.order(visitor, NOON + timedelta(hours=1), products=buys)
    return offer


def query() -> LogQuery:
    """Return the part of the log whose windows have closed two months later."""
    until = int((NOON + timedelta(days=60)).timestamp() * 1000) - WINDOW * DAY_MS
    return LogQuery(SCOPE, WINDOW, until)


def counted(engine: Engine, books: Books) -> Counts:
    """Write the books and return what is read of them."""
    with writing(engine) as connection:
        books.write(connection)
    with reading(engine) as connection:
        return offer_log.counts(connection, query(), progress=lambda _: None)


def by_section(found: Counts) -> dict[tuple[str, str], tuple[float, float]]:
    """Return (trials, purchases) by section and product."""
    rows = zip(found.section, found.product, found.trials, found.bought, strict=True)
    return {(found.sections[s], found.products[p]): (trials, bought) for s, p, trials, bought in rows}


def test_the_first_page_is_counted_by_section(engine: Engine) -> None:
    """Everything on it and nothing of the next; the offer is one, not one a section."""
    books = Books()
    offered(books, buys=("light-ground",))
    found = counted(engine, books)
    assert by_section(found) == {
        ("beans", "dark-bean"): (1, 0),
        ("ground", "dark-ground"): (1, 0),
        ("ground", "light-ground"): (1, 1),
    }
    assert (found.facts.offers, found.facts.elsewhere) == (1, 0)


def test_offers_with_and_without_sections_are_counted_apart(engine: Engine) -> None:
    """The quiz had none once: a product is compared with what stood beside it."""
    books = Books()
    offered(books, up_to=4)
    visitor = books.visitor(NOON, arm=None)
    attempt = books.attempt(visitor, NOON, [], finished=NOON)
    books.chosen(attempt, NOON, ("dark-bean", "dark-ground"), views=[(NOON, 2)])
    found = counted(engine, books)
    assert set(found.sections) == {"", "beans", "ground"}
    assert by_section(found)["", "dark-bean"] == (1, 0)
    assert len(by_section(found)) == len(PRODUCTS) + 2
    assert found.facts.offers == 2


def test_a_purchase_from_two_sections_counts_in_both(engine: Engine) -> None:
    """And each section is credited by itself, with what its first slot was drawn from."""
    books = Books()
    offered(books, up_to=4, shared=True, buys=("dark-bean", "decaf-ground"))
    assert by_section(counted(engine, books))["beans", "dark-bean"] == (1, 1)
    with reading(engine) as connection:
        seen = attribution.last_seen(connection, SCOPE, window_days=WINDOW)
        credited, elsewhere = attribution.credited_offers(connection, SCOPE, seen, until=query().until)
    assert elsewhere == 0
    beans, ground = sorted(credited, key=lambda each: each.section)
    assert (beans.section, beans.eligible, beans.bought) == ("beans", 2, frozenset({"dark-bean"}))
    assert (ground.section, ground.eligible, ground.bought) == ("ground", 5, frozenset({"decaf-ground"}))
    # between the two pages a section that shares products may have lost some to the other
    assert (beans.comparable, ground.comparable) == (1, 2)
    assert len(attribution.positions(credited)) == 4


def test_offers_are_replayed_in_the_order_of_their_draws(engine: Engine) -> None:
    """Page by page, of each the sections, with what each could show."""
    books = Books()
    offered(books, up_to=4, buys=("light-ground", "dark-bean"))
    offered(books, up_to=2)
    counted(engine, books)
    with reading(engine) as connection:
        whole, first = sorted(logged_offers(connection, query()), key=lambda offer: -len(offer.order))
    text = {show: json.dumps({"epsilon": 0.02, "k": show, "temperature": 0.1}) for show in (1, 2)}
    draws = [Draw(text[1], BEANS, 1, True), Draw(text[2], GROUND, 2, True)]
    assert (first.order, first.draws) == (PRODUCTS[:3], tuple(draws))
    assert (whole.order, whole.bought) == (PRODUCTS, frozenset({"light-ground", "dark-bean"}))
    assert whole.draws == (*draws, Draw(text[1], BEANS, 1, False), Draw(text[2], GROUND, 2, False))
    assert np.prod(whole.propensities) == 1

"""Offers and purchases, read from the tables: every case by hand, and random logs counted again in Python."""

import json
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import pytest
from sqlalchemy import Engine

from quizfunnel.journey.tables import Attempt
from quizfunnel.learning import offer_log
from quizfunnel.learning.logged_offers import logged_offers
from quizfunnel.learning.offer_log import LIMITS, LogQuery, ReadLimits
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.log.scope import Scope
from quizfunnel.offer.choose import answers_text
from quizfunnel.offer.tables import Offer, OfferItem, OfferView
from quizfunnel.orders.tables import Order, OrderLine, Refund
from quizfunnel.quiz.spec import Answers, AnswerValue
from quizfunnel.recommend.offpolicy.replay import Logged
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.training.grouped_log import SLICES, Counts
from quizfunnel.store.transaction import reading, writing
from quizfunnel.visit.tables import Visitor
from tests import cast
from tests.cast import NOON
from tests.insight.shop import QUIZ, VERSION, Books

pytestmark = pytest.mark.thorough


NOW = NOON + timedelta(days=60)
WINDOW = 7
THREE = ("dark-bean", "light-bean", "decaf-bean")
SIX = (*THREE, "dark-ground", "light-ground", "decaf-ground")
REAL, SIMULATED = Scope(QUIZ, "spring", simulated=False), Scope(QUIZ, "spring", simulated=True)

Cell = tuple[str, str, str]  # answers, version, product


def counted(engine: Engine, books: Books, asked: Scope = REAL, *, now: datetime = NOW) -> Counts:
    """Write the books and return what is read of them."""
    with writing(engine) as connection:
        books.write(connection)
    return again(engine, asked, now=now)


def again(engine: Engine, asked: Scope = REAL, *, now: datetime = NOW, limits: ReadLimits = LIMITS) -> Counts:
    """Return what is read of what stands there."""
    with reading(engine) as connection:
        query = LogQuery(asked, WINDOW, _ms(now) - WINDOW * DAY_MS)
        return offer_log.counts(connection, query, progress=lambda _: None, limits=limits)


def logged(engine: Engine, times: tuple[datetime, datetime] = (NOON, NOW), **more: Any) -> list[Logged]:
    """Return the offers seen within times, one by one."""
    with reading(engine) as connection:
        return logged_offers(connection, LogQuery(REAL, WINDOW, _ms(times[1]), _ms(times[0])), **more)


def cells(found: Counts) -> dict[Cell, tuple[float, float]]:
    """Return (trials, purchases) by answers, version and product, over all parts of the time."""
    total: dict[Cell, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for pattern, product, trials, bought in zip(found.pattern, found.product, found.trials, found.bought, strict=True):
        version, answers = found.patterns[pattern]
        key = answers_text(answers), version, found.products[product]
        total[key] = total[key][0] + trials, total[key][1] + bought
    return dict(total)


def by_product(found: Counts) -> dict[str, tuple[float, float]]:
    """Return (trials, purchases) by product."""
    total: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for (_, _, product), (trials, bought) in cells(found).items():
        total[product] = total[product][0] + trials, total[product][1] + bought
    return dict(total)


class Taken(NamedTuple):
    """A visitor who has taken the quiz, with the attempt and the moment of its end."""

    visitor: str
    attempt: str
    at: datetime


def taken(books: Books, at: datetime = NOON, **more: Any) -> Taken:
    """Add a visitor who finishes the quiz at a moment."""
    person = {name: more[name] for name in ("kind", "simulated") if name in more}
    visitor = books.visitor(at - timedelta(minutes=5), arm=None, **person)
    return Taken(visitor, books.attempt(visitor, at - timedelta(minutes=1), [], finished=at, **more), at)


def offered(books: Books, who: Taken, products: tuple[str, ...] = THREE, **more: Any) -> str:
    """Add an offer that was seen whole when the quiz was finished."""
    return books.chosen(who.attempt, who.at, products, **{"views": [(who.at, len(products))]} | more)


def bought(books: Books, who: Taken, *products: str, after: timedelta = timedelta(hours=1), **more: Any) -> str:
    """Add an order of products, a while after the quiz was finished."""
    return books.order(who.visitor, who.at + after, products=products, **more)


def test_it_works(engine: Engine) -> None:
    """One shopper, three products shown, one bought."""
    books = Books()
    who = taken(books)
    offered(books, who, answers={"brew": "moka", "avoid": ("nuts",), "strength": 3})
    bought(books, who, "light-bean")
    found = counted(engine, books)
    assert by_product(found) == {"dark-bean": (1, 0), "light-bean": (1, 1), "decaf-bean": (1, 0)}
    assert found.patterns == ((VERSION, {"brew": "moka", "avoid": ("nuts",), "strength": 3}),)
    facts = found.facts
    assert (facts.offers, facts.waiting, facts.elsewhere, facts.window_days) == (1, 0, 0, WINDOW)
    assert (facts.lines, facts.lines_without_product, facts.simulated) == (1, 0, False)


def test_an_empty_log_has_nothing(engine: Engine) -> None:
    """And no error; its parts of the time are empty ones."""
    found = counted(engine, Books())
    assert (found.patterns, found.products, found.purchases) == ((), (), 0)
    assert len(found.bounds) == SLICES + 1
    assert logged(engine) == []


@pytest.mark.parametrize(
    ("seen_again", "credited"),
    [([], "filter"), ([timedelta(minutes=30)], "moka"), ([timedelta(hours=2)], "filter")],
)
def test_a_purchase_is_credited_to_the_revision_last_seen_before_it(
    seen_again: list[timedelta], credited: str, engine: Engine
) -> None:
    """Not to the one before, not to one seen after; seeing an older one again makes it the last."""
    books = Books()
    who = taken(books)
    views = [(who.at, 3), *((who.at + again, 3) for again in seen_again)]
    offered(books, who, answers={"brew": "moka"}, views=views)
    offered(books, who, answers={"brew": "filter"}, revision=2, views=[(who.at + timedelta(minutes=10), 3)])
    bought(books, who, "dark-bean")
    got = {answers: n for (answers, _, _), (_, n) in cells(counted(engine, books)).items() if n}
    assert got == {f'{{"brew":"{credited}"}}': 1}


def test_the_newer_of_two_revisions_seen_in_one_moment_is_the_last(engine: Engine) -> None:
    """Their order is that in which they were chosen."""
    books = Books()
    who = taken(books)
    offered(books, who, answers={"brew": "moka"})
    offered(books, who, answers={"brew": "filter"}, revision=2)
    bought(books, who, "dark-bean")
    assert cells(counted(engine, books))['{"brew":"filter"}', VERSION, "dark-bean"] == (1, 1)


@pytest.mark.parametrize(
    ("after", "counts"),
    [
        (timedelta(0), True),
        (timedelta(days=WINDOW) - timedelta(milliseconds=1), True),
        (timedelta(days=WINDOW), False),
        (timedelta(milliseconds=-1), False),
    ],
)
def test_the_window_begins_with_the_view_and_ends(after: timedelta, engine: Engine, *, counts: bool) -> None:
    """A purchase in its first moment counts, one at its end or before it does not."""
    books = Books()
    who = taken(books)
    offered(books, who)
    bought(books, who, "dark-bean", after=after)
    assert counted(engine, books).purchases == counts


@pytest.mark.parametrize(
    "flaw",
    [
        {"paid": False},
        {"cancelled": True},
        {"test": True},
        {"refund": 2500},
        {"simulated": True},
    ],
)
def test_what_is_no_purchase_is_none(flaw: dict[str, Any], engine: Engine) -> None:
    """Unpaid, cancelled, a test, wholly given back, or of the demo's shoppers."""
    books = Books()
    who = taken(books)
    offered(books, who)
    bought(books, who, "dark-bean", **flaw)
    assert counted(engine, books).purchases == 0


def test_a_part_given_back_leaves_a_purchase(engine: Engine) -> None:
    """And so does money in another currency."""
    books = Books()
    for more in ({"refund": 2499}, {"refund": 2500, "refund_currency": "EUR"}):
        who = taken(books)
        offered(books, who)
        bought(books, who, "dark-bean", **more)
    assert counted(engine, books).purchases == 2


def test_real_and_simulated_shoppers_are_apart(engine: Engine) -> None:
    """Each log is read as if the other were not there."""
    books = Books()
    for simulated, product in ((False, "dark-bean"), (True, "light-bean"), (True, "light-bean")):
        who = taken(books, simulated=simulated)
        offered(books, who)
        bought(books, who, product, simulated=simulated)
    real, simulated_ = counted(engine, books), again(engine, SIMULATED)
    assert {name: n for name, (_, n) in by_product(real).items() if n} == {"dark-bean": 1}
    assert {name: n for name, (_, n) in by_product(simulated_).items() if n} == {"light-bean": 2}
    assert (real.facts.offers, simulated_.facts.offers) == (1, 2)
    assert simulated_.facts.simulated


@pytest.mark.parametrize("kind", ["bot", "staff"])
def test_who_is_no_shopper_is_left_out(kind: str, engine: Engine) -> None:
    """Flagged with the attempt, or later: neither their offers nor their orders count."""
    books = Books()
    for each in (kind, "shopper"):
        who = taken(books, kind=each)
        offered(books, who)
        bought(books, who, "dark-bean")
    flagged = taken(books)
    books.rows[Visitor][-1]["kind"] = kind  # the visitor is, and the attempt began before that was known
    offered(books, flagged)
    bought(books, flagged, "dark-bean")
    found = counted(engine, books)
    assert by_product(found)["dark-bean"] == (1, 1)
    assert found.facts.offers == 1
    assert len(logged(engine)) == 1


def test_another_quiz_is_another_log(engine: Engine) -> None:
    """Its offers are not read, and what was bought after them is theirs."""
    books = Books()
    who = taken(books, quiz="tea")
    offered(books, who)
    bought(books, who, "dark-bean")
    assert counted(engine, books).patterns == ()


def test_offers_wait_until_their_window_has_closed(engine: Engine) -> None:
    """Neither trials nor purchases of theirs count before, to the millisecond; they are told as waiting."""
    books = Books()
    for later in (timedelta(0), timedelta(milliseconds=1)):
        who = taken(books, NOON + later)
        offered(books, who, answers={"strength": later.microseconds})
        bought(books, who, "dark-bean", after=timedelta(hours=1))
    found = counted(engine, books, now=NOON + timedelta(days=WINDOW))
    assert {answers for answers, _, _ in cells(found)} == {'{"strength":0}'}
    assert (found.facts.offers, found.facts.waiting, found.purchases) == (1, 1, 1)
    assert len(found.patterns) == 1


def test_what_was_not_in_the_offer_was_bought_elsewhere(engine: Engine) -> None:
    """It is counted as that, and is no purchase; so is what stood further down than was seen."""
    books = Books()
    who = taken(books)
    offered(books, who, SIX, views=[(who.at, 3)])
    bought(books, who, "nutty", "dark-ground", "dark-bean")
    found = counted(engine, books)
    assert found.facts.elsewhere == 2
    assert by_product(found) == {"dark-bean": (1, 1), "light-bean": (1, 0), "decaf-bean": (1, 0)}


def test_a_shopper_without_an_offer_bought_nothing_of_it(engine: Engine) -> None:
    """Their purchases are not even elsewhere; and a line that found no product is counted."""
    books = Books()
    offered(books, taken(books))
    books.order(books.visitor(NOON), NOON + timedelta(hours=1), products=["dark-bean", None])
    books.order(None, NOON + timedelta(hours=1), product="dark-bean")
    found = counted(engine, books)
    assert (found.facts.elsewhere, found.purchases) == (0, 0)
    assert (found.facts.lines, found.facts.lines_without_product) == (3, 1)


def test_ranks_beyond_what_was_seen_are_no_trials(engine: Engine) -> None:
    """Three at first; whoever asked for more saw six; an offer that nobody opened has none."""
    books = Books()
    first, more, closed = taken(books), taken(books), taken(books)
    offered(books, first, SIX, views=[(first.at, 3)])
    offered(books, more, SIX, views=[(more.at, 3), (more.at + timedelta(minutes=1), 6), (more.at, 3)])
    offered(books, closed, SIX, views=[])
    found = counted(engine, books)
    assert {name: n for name, (n, _) in by_product(found).items()} == {name: 2 if name in THREE else 1 for name in SIX}
    assert found.facts.offers == 2


def test_two_orders_of_one_offer_count_a_product_once(engine: Engine) -> None:
    """As do two lines of one order: the trial is one."""
    books = Books()
    who = taken(books)
    offered(books, who)
    bought(books, who, "dark-bean", "dark-bean")
    bought(books, who, "dark-bean", "light-bean", after=timedelta(hours=2))
    assert by_product(counted(engine, books)) == {"dark-bean": (1, 1), "light-bean": (1, 1), "decaf-bean": (1, 0)}


def test_a_place_that_is_looked_at_less_is_less_of_a_trial(engine: Engine) -> None:
    """By the weights that the log itself tells; what was bought was looked at and is a whole one."""
    books = Books()
    for n in range(400):
        who = taken(books, NOON + timedelta(minutes=n))
        offered(books, who, slots=[(0.0, 1 / 3), (0.0, 1 / 2), (0.0, 1.0)])
        if n % 8 < 5:
            bought(books, who, THREE[0 if n % 8 < 4 else 1])
    found = counted(engine, books)
    weights = found.facts.positions
    assert weights[0] == 1
    assert 0.2 < weights[1] < 0.6
    assert weights[2] < weights[1]
    trials = by_product(found)
    assert trials["dark-bean"] == (400, 200)
    assert trials["light-bean"] == pytest.approx((50 + 350 * weights[1], 50))
    assert trials["decaf-bean"] == pytest.approx((400 * weights[2], 0))
    assert (found.trials >= found.bought - 1e-9).all()


def test_versions_and_answers_are_patterns_of_their_own(engine: Engine) -> None:
    """The same answers to two versions are two; to one version they are one, however many gave them."""
    books = Books()
    books.version("w" * 64)
    for version in (VERSION, VERSION, "w" * 64):
        offered(books, taken(books, version=version), answers={"brew": "moka"})
    found = counted(engine, books)
    assert sorted(pattern.version for pattern in found.patterns) == [VERSION, "w" * 64]
    assert {name: n for name, (n, _) in by_product(found).items()} == dict.fromkeys(THREE, 3)


def test_offers_are_the_newest_oldest_first(engine: Engine) -> None:
    """Those seen within the times, both ends among them, no more than may be; with what was bought of each."""
    books = Books()
    for n in range(6):
        who = taken(books, NOON + timedelta(hours=n))
        slots = [(1.0, 0.25), (0.5, 0.5), (0.0, 1.0)]
        offered(books, who, SIX[n % 3 :][:3], answers={"strength": n}, slots=slots, eligible=SIX)
        bought(books, who, SIX[n % 3])
    counted(engine, books)
    found = logged(engine, (NOON + timedelta(hours=1), NOON + timedelta(hours=4)))
    assert [each.pattern.answers["strength"] for each in found] == [1, 2, 3, 4]
    for each in found:
        assert each.bought == {each.order[0]}
        assert each.order == SIX[int(str(each.pattern.answers["strength"])) % 3 :][:3]
        assert (each.propensities, each.eligible) == ((0.25, 0.5, 1.0), SIX)
        assert (each.model, each.rival, each.share) == ("rules", "", 1.0)
        assert PlackettLucePolicy(**json.loads(each.policy)) == PlackettLucePolicy()
    newest = logged(engine, limits=ReadLimits(replayed=2))
    assert [each.pattern.answers["strength"] for each in newest] == [4, 5]


def test_offers_have_what_was_seen_of_them(engine: Engine) -> None:
    """Up to the last rank; one that was seen to hold nothing has nothing, and breaks nothing."""
    books = Books()
    whole, part, empty = taken(books), taken(books, NOON + timedelta(1)), taken(books, NOON + timedelta(2))
    offered(books, whole, SIX)
    offered(books, part, SIX, views=[(part.at, 2)])
    offered(books, empty, (), views=[(empty.at, 0)])
    bought(books, part, "decaf-bean")
    counted(engine, books)
    assert [each.order for each in logged(engine)] == [SIX, SIX[:2], ()]
    assert [each.bought for each in logged(engine)] == [frozenset()] * 3


def test_rivals_are_those_chosen_while_just_two_were_compared(engine: Engine) -> None:
    """Either of them against the other; the oldest come first, and are those that are kept."""
    books = Books()
    pairs = [("rules", "m1"), ("m1", "rules"), ("m1", ""), ("rules", ""), ("m2", "rules"), ("rules", "m2")]
    for n, (model, rival) in enumerate([*pairs, ("m1", "rules")]):
        offered(books, taken(books, NOON + timedelta(hours=n)), model=model, rival=rival, share=0.5)
    counted(engine, books)
    found = logged(engine, rivals=("m1", "rules"))
    assert [(each.model, each.rival) for each in found] == [("rules", "m1"), ("m1", "rules"), ("m1", "rules")]
    assert len({each.attempt for each in found}) == 3
    oldest = logged(engine, rivals=("m1", "rules"), limits=ReadLimits(compared=2))
    assert [each.model for each in oldest] == ["rules", "m1"]


def test_many_offers_are_read_in_chunks(engine: Engine) -> None:
    """A chunk more or less changes nothing."""
    books = Books()
    for n in range(7):
        who = taken(books, NOON + timedelta(hours=n))
        offered(books, who, answers={"strength": n})
        bought(books, who, THREE[n % 3])
    whole, each = cells(counted(engine, books)), logged(engine)
    assert cells(again(engine, limits=ReadLimits(chunk=3))) == whole
    assert logged(engine, limits=ReadLimits(chunk=3)) == each


def test_the_window_is_the_experiments_or_a_week() -> None:
    """As in the report."""
    fortnight = {"name": "s", "holdout_share": 0.1, "window_days": 14}
    assert offer_log.window_days(cast.coffee_quiz(experiment=fortnight)) == 14
    assert offer_log.window_days(cast.coffee_quiz(experiment=None)) == 7


def random_books(seed: int, count: int = 150) -> Books:
    """Return a log with everything that can happen, at any microsecond."""
    books = Books(seed)
    draw = books.draw
    books.version("w" * 64)

    def later(at: datetime, days: float) -> datetime:
        return at + timedelta(microseconds=draw.randrange(1, int(days * 86_400_000_000)))

    for _ in range(count):
        simulated = draw.random() < 0.2
        at = later(NOON, 58)
        kind = draw.choice(["shopper"] * 6 + ["bot", "staff"])
        visitor = books.visitor(at, arm=None, kind=draw.choice([kind, kind, "shopper"]), simulated=simulated)
        for _ in range(draw.randrange(1, 3)):
            at = later(at, 4)
            facts = {"kind": kind, "simulated": simulated, "version": draw.choice([VERSION, "w" * 64])}
            facts["quiz"] = draw.choice([QUIZ] * 8 + ["tea"])
            attempt = books.attempt(draw.choice([visitor] * 9 + [None]), at, [], finished=at, **facts)
            for revision in range(1, draw.randrange(2, 5)):
                size = draw.randrange(1, 7)
                answers: dict[str, AnswerValue] = {"strength": revision, "brew": draw.choice(["moka", "filter"])}
                moments = [later(at, draw.choice([0.01, 9])) for _ in range(draw.randrange(4))]
                views = [(moment, draw.randrange(1, size + 1)) for moment in moments]
                products = tuple(draw.sample(SIX, size))
                books.chosen(attempt, at, products, views=views, answers=answers, revision=revision)
        for _ in range(draw.randrange(4)):
            flags = {name: draw.random() < 0.1 for name in ("cancelled", "test")} | {"paid": draw.random() < 0.9}
            back = {"refund": draw.choice([100, 2500])} if draw.random() < 0.2 else {}
            lines = [draw.choice([*SIX, "nutty", None]) for _ in range(draw.randrange(1, 4))]
            owner = draw.choice([visitor] * 9 + [None])
            books.order(owner, later(at, 9), products=lines, simulated=simulated, **flags, **back)
    return books


class Again:
    """The same figures from the rows themselves, in the plainest way."""

    def __init__(self, books: Books, asked: Scope, now: datetime) -> None:
        """Take the rows that are of whose log is asked for."""
        rows = books.rows
        people = {row["id"] for row in rows[Visitor] if row["kind"] == "shopper"}
        self.attempts = {
            row["id"]: row
            for row in rows[Attempt]
            if (row["quiz"], row["simulated"], row["kind"]) == (asked.quiz, asked.simulated, "shopper")
            and (row["visitor_id"] is None or row["visitor_id"] in people)
        }
        self.offers = {row["id"]: row for row in rows[Offer] if row["attempt_id"] in self.attempts}
        self.views: dict[str, list[tuple[int, datetime, int]]] = defaultdict(list)
        for row in rows[OfferView]:
            if row["offer_id"] in self.offers:
                self.views[row["offer_id"]].append((_ms(row["at"]), row["at"], row["up_to"]))
        self.items: dict[str, list[str]] = defaultdict(list)
        for row in sorted(rows[OfferItem], key=lambda row: int(row["rank"])):
            self.items[row["offer_id"]].append(row["product"])
        back: Counter[str] = Counter()
        for row in rows[Refund]:
            back[row["order_id"]] += row["amount_minor"]
        self.orders = [
            row
            for row in rows[Order]
            if row["visitor_id"] in people and row["simulated"] == asked.simulated
            if row["paid"] and not row["cancelled"] and not row["test"] and back[row["order_id"]] < row["total_minor"]
        ]
        self.lines: dict[str, set[str]] = defaultdict(set)
        for row in rows[OrderLine]:
            if row["product"]:
                self.lines[row["order_id"]].add(row["product"])
        self.until = _ms(now) - WINDOW * DAY_MS

    def credit(self) -> tuple[dict[str, set[str]], int]:
        """Return what was bought from each offer, and how much elsewhere."""
        wanted: dict[str, set[str]] = defaultdict(set)
        limit: Counter[str] = Counter()
        for order in self.orders:
            placed = order["placed_at"]
            seen = [
                (at, self.offers[offer]["revision"], offer)
                for offer, views in self.views.items()
                for ms, at, _ in views
                if self.attempts[self.offers[offer]["attempt_id"]]["visitor_id"] == order["visitor_id"]
                if at <= placed and _ms(placed) - ms < WINDOW * DAY_MS
            ]
            if seen and self.lines[order["order_id"]]:
                offer = max(seen)[2]
                known = [
                    up_to for ms, at, up_to in self.views[offer] if at <= placed and _ms(placed) - ms < WINDOW * DAY_MS
                ]
                wanted[offer] |= self.lines[order["order_id"]]
                limit[offer] = max(limit[offer], *known)
        got = {offer: products & set(self.items[offer][: limit[offer]]) for offer, products in wanted.items()}
        return got, sum(len(products - got[offer]) for offer, products in wanted.items())

    def cells(self, weights: tuple[float, ...]) -> dict[Cell, tuple[float, float]]:
        """Return (trials, purchases) of offers whose window has closed."""
        got, _ = self.credit()
        total: dict[Cell, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        for offer, views in self.views.items():
            if min(ms for ms, _, _ in views) > self.until:
                continue
            row = self.offers[offer]
            for rank, product in enumerate(self.items[offer][: max(up_to for _, _, up_to in views)]):
                bought = product in got.get(offer, ())
                weight = 1.0 if bought else weights[min(rank, len(weights) - 1)]
                key = row["answers"], self.attempts[row["attempt_id"]]["version"], product
                total[key] = total[key][0] + weight, total[key][1] + bought
        return dict(total)


@pytest.mark.parametrize("seed", range(6))
def test_a_random_log_counted_again(seed: int, engine: Engine) -> None:
    """Cell by cell, real and simulated, and so are the facts."""
    books = random_books(seed)
    counted(engine, books)
    for asked in (REAL, SIMULATED):
        found, plain = again(engine, asked), Again(books, asked, NOW)
        wanted, cells_ = plain.cells(found.facts.positions), cells(found)
        assert cells_.keys() == wanted.keys()
        for key, figures in wanted.items():
            assert cells_[key] == pytest.approx(figures)
        assert found.purchases > 0
        closed = [offer for offer, views in plain.views.items() if min(views)[0] <= plain.until]
        assert (found.facts.offers, found.facts.waiting) == (len(closed), len(plain.views) - len(closed))
        assert found.facts.elsewhere == plain.credit()[1]


@pytest.mark.parametrize("seed", range(3))
def test_parts_of_the_time_hold_every_offer_once(seed: int, engine: Engine) -> None:
    """Each in the part whose bounds are around its first view; with about as many purchases each."""
    books = random_books(seed)
    found, plain = counted(engine, books), Again(books, REAL, NOW)
    assert list(found.bounds) == sorted(found.bounds)
    assert found.bounds[-1] == plain.until + 1
    assert len({tuple(row) for row in np.stack([found.pattern, found.product, found.part]).T}) == len(found.part)
    got, _ = plain.credit()
    wanted: Counter[tuple[Answers | str, str, str, int]] = Counter()
    for offer, views in plain.views.items():
        first, row = min(views)[0], plain.offers[offer]
        if first <= plain.until:
            (part,) = (n for n in range(SLICES) if found.bounds[n] <= first < found.bounds[n + 1])
            for product in got.get(offer, ()):
                wanted[row["answers"], plain.attempts[row["attempt_id"]]["version"], product, part] += 1
    parts = {}
    for pattern, product, part, n in zip(found.pattern, found.product, found.part.tolist(), found.bought, strict=True):
        version, answers = found.patterns[pattern]
        if n:
            parts[answers_text(answers), version, found.products[product], part] = n
    assert parts == dict(wanted)
    each = np.bincount(found.part, weights=found.bought, minlength=SLICES)
    assert each.min() > 0.3 * each.mean()


def _ms(moment: datetime) -> int:
    since = moment - datetime(1970, 1, 1, tzinfo=moment.tzinfo)
    return (since // timedelta(microseconds=1) + 500) // 1000

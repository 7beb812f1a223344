"""Laws of the benchmark of worlds: it sees what the page sees of a filled database, and counts verdicts rightly."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Self

import pytest
from sqlalchemy import Engine

from benchmarks.studies import worlds
from benchmarks.studies.worlds import count, play, quizzes, summary
from benchmarks.studies.worlds.play import Setup
from benchmarks.studies.worlds.walk import Bought, Shop, Shopper
from quizfunnel.demo import simulate, world
from quizfunnel.demo.taste import Market
from quizfunnel.insight.report import quiz
from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.signing import Signer
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.shipped import shipped_folder
from quizfunnel.stats import confidence_sequence
from quizfunnel.stats.confidence_sequence import ArmPurchases
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading
from tests.cast import NOON
from tests.demo.stages import stage

DAY = timedelta(days=1)
FEW = Setup("half", "coffee", 1200)
MANY = 1000  # of whom some hundred are in the experiment for long enough
ALIKE = dict.fromkeys(world.EFFECTS, 0.5)


@cache
def few() -> list[play.Played]:
    """Return two small histories."""
    return [play.played(FEW, seed) for seed in (1, 2)]


@pytest.fixture
def folder(shop: str, tmp_path: Path) -> Path:
    """Give the folder of a shop's quizzes."""
    if shop == quizzes.SHIPPED:
        return shipped_folder() / "quizzes"
    quizzes.write_half(tmp_path, "coffee")
    return tmp_path


@pytest.fixture
def small_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """Give an empty database of SQLite: that both count alike is a law of theirs, and not of the benchmark."""
    shutil.copyfile(sqlite_template, tmp_path / "test.sqlite3")
    engine = open_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    yield engine
    engine.dispose()


@pytest.mark.thorough
@pytest.mark.parametrize("name", world.EFFECTS)
@pytest.mark.parametrize(("shop", "seed"), [("half", 1), ("shipped", 3)])
def test_it_sees_what_the_page_sees(
    small_database: Engine, signer: Signer, clock: SetClock, folder: Path, *, name: str, shop: str, seed: int
) -> None:
    """Verdict, limits and every observed rate equal the report's of a database that the demo filled by the seed."""
    shelf, engine = Shelf(folder, None, clock), small_database
    simulate.fill(engine, stage(shelf, signer, seed=seed, truth=name), visitors=MANY, now=NOON)
    live = shelf.live("coffee")
    assert live is not None
    with reading(engine) as connection:
        page = quiz.build(connection, live, simulated=True, now=NOON)
    assert page.arms is not None
    seen = play.played(Setup(shop, "coffee", MANY), seed, NOON)[name]
    assert (seen.kind, seen.ratio, seen.visitors) == (page.verdict.kind, page.arms.ratio, page.mature)
    assert seen.takers == page.takers
    assert page.arms.invited.buyers + page.arms.holdout.buyers > 10


@pytest.mark.thorough
def test_the_worlds_differ_by_what_the_quiz_does_alone() -> None:
    """The same visitors come; who is not invited, and who does not finish, buys alike in all worlds."""
    for each in few():
        helps, nothing, hurts = (each[name] for name in ("helps", "nothing", "hurts"))
        assert helps.takers.cold == nothing.takers.cold == hurts.takers.cold
        one, two, three = (each.chances["invited"][0] for each in (helps, nothing, hurts))
        assert one > two > three
        assert helps.visitors == nothing.visitors == hurts.visitors > 100


def shopper(days: int, *, arm: str = "invited", bought: Bought | None = None, luck: float = 0.1) -> Shopper:
    """Return somebody who came so many days before the end."""
    t0 = NOON - days * DAY
    return Shopper(
        arm=arm,
        t0=t0,
        last_view=t0,
        started=False,
        finished=False,
        active=None,
        chances=ALIKE,
        luck=luck,
        bought=bought,
    )


def order(days: float, *, undone: float | None = None, token: bool = True) -> Bought:
    """Return an order of so many days before the end, and undone later."""
    return Bought(NOON - days * DAY, None if undone is None else NOON - undone * DAY, token, False)


def seen(*who: Shopper) -> count.Seen:
    """Return what the page says of them."""
    return count.seen(Shop(quizzes.markets("shipped", "coffee"), "coffee", 1, NOON), who, "nothing")


def limits(invited: int, holdout: int) -> confidence_sequence.Sequence:
    """Return the limits for so many buyers, of whom four in five should be invited."""
    return confidence_sequence.sequence(ArmPurchases(invited, holdout, 0.8))


def test_what_counts_as_a_purchase() -> None:
    """Within seven days of t0, with the token, standing at the end, of a visitor whose window has closed."""
    held = shopper(20, arm="holdout", bought=order(19))
    assert seen(held, shopper(20, bought=order(13.5))).ratio == limits(1, 1)
    for none in (order(12.5), order(19, undone=15), order(19, token=False)):
        assert seen(held, shopper(20, bought=none)).ratio == limits(0, 1)
    assert seen(held, shopper(20, bought=order(19), luck=0.6)).ratio == limits(0, 1)
    assert seen(held, shopper(6, bought=order(5))).ratio == limits(0, 1)


def test_a_purchase_counts_on_the_days_on_which_it_stood() -> None:
    """Sixty buyers whose windows close ten days before the end, and whose orders are undone four days before it."""
    many = [shopper(17, arm="holdout", bought=order(16, undone=4)) for _ in range(60)]
    found = seen(*many, *[shopper(17) for _ in range(240)])
    assert found.looks == ("unclear",) * 50 + ("less",) * 6 + ("unclear",) * 5
    assert limits(0, 60).high == found.lowest_high < 1
    assert found.kind == "unclear"


@pytest.mark.thorough
def test_verdicts_are_counted_world_by_world() -> None:
    """A yes on any day counts where the end is open; the truth is the ratio of the arms' chances."""
    quiet = few()[0]["nothing"]
    loud = quiet._replace(looks=("yes", "unclear"), chances={"invited": (6.0, 100), "holdout": (10.0, 200)})
    still = quiet._replace(looks=("unclear",), chances={"invited": (6.0, 100), "holdout": (10.0, 200)})
    figures = summary.figures([dict.fromkeys(summary.SAYS, each) for each in (loud, still, still, still)])
    of_nothing = figures["worlds"]["nothing"]
    assert of_nothing["true_ratio"] == pytest.approx(1.2)
    assert of_nothing["on_any_day"]["yes"]["count"] == 1
    assert of_nothing["at_the_end"]["yes"]["count"] == 0
    assert [row["met"] for row in figures["targets"][:2]] == [False, False]
    assert figures["targets"][0]["measured"] == 0.25


@pytest.mark.thorough
def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every figure is printed, as simulated and beside its target, and JSON holds all."""
    monkeypatch.setattr(worlds, "ProcessPoolExecutor", Here)
    figures = worlds.run(seeds=2, visitors=FEW.visitors)
    same = FEW._asdict() | {"holdout_share": 0.5, "seeds": 2, "seconds": 0}
    printed = worlds.table(figures)
    assert json.loads(json.dumps(figures)) == figures
    assert figures | {"seconds": 0} == summary.figures(few()) | same
    assert "SIMULATED" in printed
    assert all(row["what"] in printed for row in figures["targets"])
    assert all(said in printed for said in summary.SAYS.values())


class Here:
    """Stands for the processes: a test has no time to start them."""

    def __init__(self, processes: int, *, initializer: object) -> None:
        """Need none."""

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""

    map = staticmethod(map)


@pytest.mark.thorough
def test_without_ratios_nothing_is_told() -> None:
    """One history has no spread, and none of a few visitors has a buyer of each kind."""
    with pytest.raises(RuntimeError, match="fewer than two"):
        summary.figures(few()[:1])


def test_half_of_all_visitors_are_held_out_from_the_one_quiz() -> None:
    """The copy differs from the shipped quiz by its share alone, and nobody meets another one."""
    (half,), shipped = (quizzes.markets(shop, "coffee") for shop in ("half", "shipped"))
    whole = next(market for market in shipped if market.live.slug == "coffee").live
    assert (whole.quiz.experiment is not None, half.live.slug, len(shipped)) == (True, "coffee", 2)
    experiment = whole.quiz.experiment.model_copy(update={"holdout_share": 0.5})  # type: ignore[union-attr]
    assert half.live.quiz == whole.quiz.model_copy(update={"experiment": experiment})
    assert half.live.catalog.products == whole.catalog.products
    assert play.held_out(FEW) == 0.5
    assert play.held_out(Setup("shipped", "coffee", 1)) == 0.2


def test_a_quiz_without_an_experiment_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no verdict to be counted, in a shop as it is shipped and in the copy."""
    live = quizzes.markets("shipped", "coffee")[0].live
    bare = live.quiz.model_copy(update={"experiment": None})
    market = Market(replace(live, quiz=bare))
    with pytest.raises(RuntimeError, match="has no experiment"):
        _ = Shop([market], live.slug, 1, NOON).experiment
    monkeypatch.setattr(quizzes, "shipped_folder", lambda: tmp_path)
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "quizzes" / "bare.yaml").write_text("title: Bare\n", "utf-8")
    with pytest.raises(RuntimeError, match="has no experiment"):
        quizzes.write_half(tmp_path / "copy", "bare")


@pytest.mark.parametrize("shop", quizzes.SHOPS)
def test_a_quiz_that_is_not_there_is_refused(shop: str) -> None:
    """Its name is said, in either shop."""
    with pytest.raises(RuntimeError, match="quiz absent"):
        worlds.run(seeds=1, visitors=10, quiz="absent", shop=shop)

"""Laws of the benchmark of worlds: it sees what the page sees of a filled database, and counts verdicts rightly."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Self

import pytest
from sqlalchemy import Engine

from benchmarks import worlds
from benchmarks.worlds import count, play, told
from benchmarks.worlds.walk import Bought, Shop, Shopper
from quizfunnel.demo import simulate, world
from quizfunnel.insight import anytime, report
from quizfunnel.insight.anytime import ArmPurchases
from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.signing import Signer
from quizfunnel.quiz.versions import Shelf
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.transaction import reading
from tests.cast import NOON
from tests.demo.test_simulate import stage

DAY = timedelta(days=1)
ALIKE = dict.fromkeys(world.EFFECTS, 0.5)


@cache
def few() -> list[play.Played]:
    """Return two small histories."""
    return [play.played("coffee", seed, 400) for seed in (1, 2)]


@pytest.mark.thorough
@pytest.mark.parametrize("name", world.EFFECTS)
@pytest.mark.parametrize("seed", [1, 3])
def test_it_sees_what_the_page_sees(engine: Engine, signer: Signer, clock: SetClock, name: str, seed: int) -> None:
    """Verdict, limits and every observed rate equal the report's of a database that the demo filled by the seed."""
    shelf = Shelf(shipped_folder() / "quizzes", None, clock)
    simulate.fill(engine, stage(shelf, signer, seed=seed, truth=name), visitors=1500, now=NOON)
    live = shelf.live("coffee")
    assert live is not None
    with reading(engine) as connection:
        page = report.build(connection, live, simulated=True, now=NOON)
    assert page.arms is not None
    seen = play.played("coffee", seed, 1500, NOON)[name]
    assert (seen.kind, seen.ratio, seen.visitors) == (page.verdict.kind, page.arms.ratio, page.mature)
    assert seen.takers == page.takers
    assert page.arms.invited.buyers + page.arms.holdout.buyers > 10


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
    return Shopper(arm, t0, t0, False, False, None, ALIKE, luck, bought)


def order(days: float, *, undone: float | None = None, token: bool = True) -> Bought:
    """Return an order of so many days before the end, and undone later."""
    return Bought(NOON - days * DAY, None if undone is None else NOON - undone * DAY, token, False)


def seen(*who: Shopper) -> count.Seen:
    """Return what the page says of them."""
    return count.seen(Shop(play.markets(), "coffee", 1, NOON), who, "nothing")


def limits(invited: int, holdout: int) -> anytime.Sequence:
    """Return the limits for so many buyers, of whom four in five should be invited."""
    return anytime.sequence(ArmPurchases(invited, holdout, 0.8))


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


def test_verdicts_are_counted_world_by_world() -> None:
    """A yes on any day counts where the end is open; the truth is the ratio of the arms' chances."""
    quiet = few()[0]["nothing"]
    loud = quiet._replace(looks=("yes", "unclear"), chances={"invited": (6.0, 100), "holdout": (10.0, 200)})
    still = quiet._replace(looks=("unclear",), chances={"invited": (6.0, 100), "holdout": (10.0, 200)})
    figures = told.figures([dict.fromkeys(told.SAYS, each) for each in (loud, still, still, still)])
    of_nothing = figures["worlds"]["nothing"]
    assert of_nothing["true_ratio"] == pytest.approx(1.2)
    assert of_nothing["on_any_day"]["yes"]["count"] == 1
    assert of_nothing["at_the_end"]["yes"]["count"] == 0
    assert [row["met"] for row in figures["targets"][:2]] == [False, False]
    assert figures["targets"][0]["measured"] == 0.25


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every figure is printed, as simulated and beside its target, and JSON holds all."""
    monkeypatch.setattr(worlds, "ProcessPoolExecutor", Here)
    figures = worlds.run(seeds=2, visitors=400)
    printed = worlds.table(figures)
    assert json.loads(json.dumps(figures)) == figures
    assert figures | {"seconds": 0} == told.figures(few()) | {
        "quiz": "coffee",
        "seeds": 2,
        "visitors": 400,
        "seconds": 0,
    }
    assert "SIMULATED" in printed
    assert all(row["what"] in printed for row in figures["targets"])
    assert all(said in printed for said in told.SAYS.values())


class Here:
    """Stands for the processes: a test has no time to start them."""

    def __init__(self, processes: int) -> None:
        """Need none."""

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""

    map = staticmethod(map)


def test_a_quiz_without_an_experiment_is_refused() -> None:
    """There is no verdict to be counted."""
    live = play.markets()[0].live
    bare = live.quiz.model_copy(update={"experiment": None})
    without: Mapping[str, object] = {**vars(live), "quiz": bare}
    market = type(play.markets()[0])(type(live)(**without))  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="has no experiment"):
        _ = Shop([market], live.slug, 1, NOON).experiment

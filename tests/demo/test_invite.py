"""The demo store invites as its experiments drew: by the holdout of the store, to one of two quizzes, on every page."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.orders.tables import Order
from quizfunnel.settings import Comparison, Holdout, Settings
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment
from tests.demo.visits import Passer, shop_of
from tests.pages import ORIGIN
from tests.stores import connected

SHELVES = ("/shop/coffee", "/shop/skin-care", "/shop/coffee/night-ferry-beans")
EITHER = {"either": Comparison(quizzes=("coffee", "skin-care"))}
HELD = Holdout(name="everywhere", share=0.3)

_a = columns(Assignment)


def shop(settings: Settings, clock: SetClock, folder: Path, **experiments: Any) -> Flask:
    """Return the demo store over the shipped quizzes with these experiments."""
    folder.mkdir()
    (folder / "quizzes").symlink_to(shipped_folder() / "quizzes")
    return create_app(connected(settings, store=folder, **experiments), clock=clock, demo=True)


@pytest.fixture
def store_front(both: Flask, tmp_path: Path) -> Flask:
    """Give the demo's shop, whose orders that store is told of."""
    return shop_of(both, tmp_path)


@pytest.fixture
def both(settings: Settings, clock: SetClock, tmp_path: Path) -> Iterator[Flask]:
    """Give a store with a holdout and a comparison."""
    app = shop(settings, clock, tmp_path / "demo", holdout=HELD, comparisons=EITHER)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


def arms(app: Flask) -> dict[str, dict[tuple[str, str], str]]:
    """Return the arms by visitor, each by its quiz and experiment."""
    found: dict[str, dict[tuple[str, str], str]] = {}
    with reading(app.extensions["quizfunnel"].engine) as connection:
        for row in connection.execute(select(_a.visitor_id, _a.quiz, _a.experiment, _a.arm).order_by(_a.t0)):
            found.setdefault(row[0], {})[row[1], row[2]] = row[3]
    return found


@pytest.mark.once
@pytest.mark.thorough
def test_a_visitor_is_invited_everywhere_to_what_was_drawn(both: Flask, store_front: Flask) -> None:
    """Or nowhere: on every page alike, on each visit; the page by which one came decides whose figures one is in."""
    seen: list[set[str]] = []
    for number in range(60):
        passer = Passer(both, store_front)
        pages = [SHELVES[number % 2], *SHELVES, SHELVES[0]]
        shown = [passer.invited_to(page) for page in pages]
        assert shown == [shown[0]] * len(pages)
        seen.append(shown[0])
    drawn = list(arms(both).values())
    assert len(drawn) == 60
    expected = []
    for of in drawn:
        held = of["*", "everywhere"]
        assert sorted(arm for (quiz, _), arm in of.items() if quiz != "*") == [held]
        assert ("*", "either") not in of or held == "invited"
        quiz = {"first": "coffee", "second": "skin-care"}.get(of.get(("*", "either"), ""))
        expected.append(frozenset({quiz} if quiz else ()))
    assert Counter(map(frozenset, seen)) == Counter(expected)
    assert len(set(expected)) == 3
    came_by = Counter(quiz for of in drawn for quiz, _ in of if quiz != "*")
    assert came_by == {"coffee": 30, "skin-care": 30}


@pytest.mark.once
@pytest.mark.thorough
def test_an_order_of_every_arm_is_matched(both: Flask, store_front: Flask) -> None:
    """The token is in the cart at t0 whatever was drawn, so that no arm's orders are found more easily."""
    for _ in range(60):
        passer = Passer(both, store_front)
        passer.look(SHELVES[0])
        passer.shop.buy()
    with reading(both.extensions["quizfunnel"].engine) as connection:
        buyers = set(connection.execute(select(columns(Order).visitor_id)).scalars())
    drawn = arms(both)
    assert buyers == set(drawn)
    assert {arm for of in drawn.values() for arm in of.values()} == {"invited", "holdout", "first", "second"}


def test_who_took_a_quiz_before_is_in_no_experiment_of_the_store(both: Flask, store_front: Flask) -> None:
    """Of whichever quiz: their t0 would come after what is to be measured; they see no invitation."""
    passer = Passer(both, store_front)
    passer.quiz.get("/q/skin-care", headers=ORIGIN)
    passer.quiz.post("/q/skin-care/start", headers=ORIGIN)
    assert passer.invited_to(SHELVES[0]) == set()
    assert arms(both) == {}


def test_a_comparison_with_a_quiz_that_is_not_there_draws_nobody(
    settings: Settings, clock: SetClock, tmp_path: Path
) -> None:
    """The shop goes on inviting to the quiz of each page, by the quiz's own experiment."""
    gone = {"either": Comparison(quizzes=("coffee", "tea"))}
    app = shop(settings, clock, tmp_path / "demo", comparisons=gone)
    front = shop_of(app, tmp_path)
    for _ in range(12):
        assert Passer(app, front).invited_to(SHELVES[0]) <= {"coffee"}
    assert {place for of in arms(app).values() for place in of} == {("coffee", "first-holdout")}
    app.extensions["quizfunnel"].engine.dispose()


@pytest.mark.parametrize(("held", "seen"), [(None, {"skin-care"}), (HELD, set())])
def test_a_comparison_alone_takes_no_invitation_away(
    settings: Settings, clock: SetClock, tmp_path: Path, held: Holdout | None, seen: set[str]
) -> None:
    """A visitor who may not be remembered is in no arm, and is invited to the page's quiz where nobody is held out."""
    folder = tmp_path / "demo"
    shutil.copytree(shipped_folder() / "quizzes", folder / "quizzes")
    for file in (folder / "quizzes").glob("*.yaml"):
        file.write_text(file.read_text("utf-8").split("\nexperiment:")[0] + "\n", "utf-8")
    changes = {"store": folder, "consent": "ask", "holdout": held, "comparisons": EITHER}
    app = create_app(connected(settings, **changes), clock=clock, demo=True)
    passer = Passer(app, shop_of(app, tmp_path), {"Sec-GPC": "1"})
    assert passer.invited_to(SHELVES[1]) == seen
    assert passer.token == ""
    app.extensions["quizfunnel"].engine.dispose()

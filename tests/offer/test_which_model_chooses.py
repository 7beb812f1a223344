"""Over HTTP with a store's own folder: whatever befalls its model, shoppers are served and offers say by whom."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.kit.clock import SetClock
from quizfunnel.offer.tables import Offer
from quizfunnel.recommend.registry.folder import Registry
from quizfunnel.recommend.registry.state import Challenge
from quizfunnel.recommend.serving.score_model import RULES
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from tests import cast
from tests.cast import NOON
from tests.journey.answers import ANSWERS
from tests.pages import Shopper, step
from tests.recommend.trained import coffee_model, package
from tests.staff import sign_in

pytestmark = pytest.mark.thorough


Spoil = Callable[[Path, str], object]


@pytest.fixture
def registry(settings: Settings) -> Registry:
    """Give the registry of the store."""
    return Registry(settings.store / "models")


@pytest.fixture
def shopper(app: Flask) -> Shopper:
    """Give somebody who takes the quiz."""
    return Shopper(app)


def last_offer(app: Flask) -> Any:
    """Return the offer that was chosen last."""
    with reading(app.extensions["quizfunnel"].engine) as connection:
        return connection.execute(select(*columns(Offer)).order_by(columns(Offer).chosen_at.desc())).first()


def health(app: Flask) -> list[tuple[str, str]]:
    """Return what health tells of the models."""
    answer = sign_in(app.test_client()).get("/healthz")
    assert answer.status_code == 200
    return [(part["state"], part["say"]) for part in answer.json["parts"] if part["name"] == "model"]  # type: ignore[index]


def test_a_promoted_model_serves_and_is_logged(
    shopper: Shopper, app: Flask, registry: Registry, clock: SetClock
) -> None:
    """The same worker, a second after the promotion: another product leads, and the offer names the version."""
    shopper.finish(ANSWERS)
    assert last_offer(app).model == RULES
    assert health(app) == [("ok", "`coffee`: rules")]
    version = registry.save(package(coffee_model(best="light-bean")))
    registry.promote("coffee", version, why="", at=NOON)
    clock.advance(1)
    page = shopper.get(shopper.finish(ANSWERS)).text
    assert page.index("Light Bean") < page.index("Dark Bean")
    offer = last_offer(app)
    assert (offer.model, offer.fallback, offer.rival, offer.model_share) == (version, "", "", 1.0)
    assert json.loads(offer.answers) == {
        "avoid": [], "brew": "espresso", "budget": 30.0, "grinder": "yes", "moment": "morning", "strength": None,
    }  # fmt: skip
    assert health(app) == [("ok", f"`coffee`: {version}")]


def test_in_a_challenge_both_sides_say_so(shopper: Shopper, app: Flask, registry: Registry) -> None:
    """Each offer names its own model, the other one and the chance that it had."""
    old, new = registry.save(package()), registry.save(package(coffee_model(0.3)))
    registry.promote("coffee", old, why="", at=NOON)
    registry.challenge("coffee", Challenge(new, 0.4, 100, NOON))
    seen: set[tuple[str, str, float]] = set()
    for _ in range(100):  # at 0.4 one side alone comes once in 10 ** 22 times
        if len(seen) == 2:
            break
        shopper.get(shopper.finish(ANSWERS))
        offer = last_offer(app)
        seen.add((offer.model, offer.rival, offer.model_share))
        app.extensions["quizfunnel"].clock.advance(1)
    assert seen == {(new, old, 0.4), (old, new, 0.6)}


SPOILED: dict[str, tuple[str, Spoil]] = {
    "gone": ("missing", lambda models, version: shutil.rmtree(models / version)),
    "all models gone": ("", lambda models, _: shutil.rmtree(models)),
    "truncated": ("broken", lambda models, version: _edit(models / version / "table.json", lambda body: body[:-20])),
    "wrong hash": (
        "broken",
        lambda models, version: _edit(models / version / "table.json", lambda body: body.replace(b"0.0", b"9.0")),
    ),
    "not JSON": ("broken", lambda models, version: (models / version / "table.json").write_bytes(b"\xff\0")),
    "no manifest": ("broken", lambda models, version: (models / version / "manifest.json").unlink()),
    "odd manifest": ("broken", lambda models, version: (models / version / "manifest.json").write_text("[]")),
    "unreadable state": ("state", lambda models, _: (models / "state.json").write_bytes(b"\x80")),
    "odd state": ("state", lambda models, _: (models / "state.json").write_text('{"format": 1, "serving": "../../x"}')),
}


def _edit(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.once
@pytest.mark.parametrize("fault", SPOILED)
@pytest.mark.parametrize("when", ["while it serves", "before the first shopper"])
def test_whatever_befalls_a_model_the_rules_serve(
    fault: str, when: str, *, shopper: Shopper, app: Flask, registry: Registry, clock: SetClock
) -> None:
    """Never an error page; the offer says why, health says what to do, and the pages work."""
    version = registry.save(package(coffee_model(best="light-bean")))
    registry.promote("coffee", version, why="", at=NOON)
    if when == "while it serves":
        shopper.finish(ANSWERS)
        assert last_offer(app).model == version
        clock.advance(1)
    word, spoil = SPOILED[fault]
    spoil(registry._folder / "coffee", version)
    page = shopper.get(shopper.finish(ANSWERS))
    assert page.status_code == 200
    assert "Dark Bean" in page.text
    offer = last_offer(app)
    assert (offer.model, offer.fallback, offer.rival, offer.model_share) == (RULES, word, "", 1.0)
    ((state, say),) = health(app)
    assert state == ("degraded" if word else "ok")
    assert not word or "quizfunnel models coffee" in say


def test_a_quiz_of_another_meaning_is_answered_by_the_rules(
    app: Flask, settings: Settings, registry: Registry, clock: SetClock
) -> None:
    """The file's points change: new attempts have the rules, those that began before keep the model."""
    version = registry.save(package())
    registry.promote("coffee", version, why="", at=NOON)
    before, after = Shopper(app), Shopper(app)
    began = before.start()
    questions = [dict(question) for question in cast.COFFEE["questions"]]  # type: ignore[attr-defined]
    questions[5] = questions[5] | {"near": {"strength": 2}}
    cast.write_store(settings.store, questions=questions)
    clock.advance(2)
    after.finish(ANSWERS)
    assert (last_offer(app).model, last_offer(app).fallback) == (RULES, "meaning")
    ((state, say),) = health(app)
    assert state == "degraded"
    assert "quizfunnel train" in say
    clock.advance(2)
    address = began
    for _ in range(len(ANSWERS)):
        if step(address) == "offer":
            break
        values = ANSWERS[step(address)]
        fields = {"skip": "1"} if values == ("skip",) else {"none": "1"} if values == () else {}
        address = str(before.answer(address, *(() if fields else values), fields=fields).location)
    assert (last_offer(app).model, last_offer(app).fallback) == (version, "")


def test_products_that_are_gone_are_told_and_none_left_lets_the_rules_serve(
    shopper: Shopper, app: Flask, registry: Registry, clock: SetClock
) -> None:
    """Some of a model's products gone: it serves on; all of them: the rules, and the offer says so."""
    some = ("dark-bean", "light-bean", "gone-1", "gone-2")
    version = registry.save(package(coffee_model(products=some)))
    registry.promote("coffee", version, why="", at=NOON)
    shopper.finish(ANSWERS)
    assert (last_offer(app).model, last_offer(app).fallback) == (version, "")
    ((state, say),) = health(app)
    assert (state, "2 of the 4 products" in say) == ("ok", True)
    other = registry.save(package(coffee_model(products=("gone-1", "gone-2"))))
    registry.promote("coffee", other, why="", at=NOON)
    clock.advance(2)
    shopper.finish(ANSWERS)
    assert (last_offer(app).model, last_offer(app).fallback) == (RULES, "products")
    assert [state for state, _ in health(app)] == ["degraded"]


def test_a_spoiled_challenger_costs_nobody_anything(shopper: Shopper, app: Flask, registry: Registry) -> None:
    """The model that it challenges serves everybody, and health tells."""
    old, new = registry.save(package()), registry.save(package(coffee_model(0.3)))
    registry.promote("coffee", old, why="", at=NOON)
    registry.challenge("coffee", Challenge(new, 0.9, 100, NOON))
    shutil.rmtree(registry._folder / "coffee" / new)
    shopper.finish(ANSWERS)
    offer = last_offer(app)
    assert (offer.model, offer.fallback, offer.rival, offer.model_share) == (old, "", "", 1.0)
    assert [state for state, _ in health(app)] == ["degraded"]

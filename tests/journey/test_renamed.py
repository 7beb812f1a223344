"""A renamed quiz keeps its old address, and whoever began there goes on."""

import json
from pathlib import Path

import pytest
from flask import Flask

from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from tests.journey.answers import ANSWERS
from tests.pages import Shopper, step


@pytest.fixture
def quizzes(settings: Settings) -> Path:
    """Give the folder of the quiz files."""
    return settings.store / "quizzes"


def rename(quizzes: Path, *was: str) -> None:
    """Rename the coffee quiz, with its earlier names or without."""
    quiz = json.loads((quizzes / "coffee.yaml").read_text(encoding="utf-8"))
    (quizzes / "coffee.yaml").unlink()
    (quizzes / "kaffee.yaml").write_text(json.dumps(quiz | {"was": was}), encoding="utf-8")


def test_the_old_address_leads_to_the_new_one(app: Flask, quizzes: Path, clock: SetClock) -> None:
    """With whatever stands behind the question mark, a start as a start; and nothing of it is kept by a browser."""
    shopper = Shopper(app)
    shopper.get("/q/coffee")
    rename(quizzes, "coffee")
    clock.advance(2)
    moved = shopper.get("/q/coffee?utm_source=news&t=%C3%A9")
    assert (moved.status_code, moved.location) == (301, "/q/kaffee?utm_source=news&t=%C3%A9")
    assert "no-store" in moved.headers["Cache-Control"]
    start = shopper.post("/q/coffee/start")
    assert (start.status_code, start.location) == (308, "/q/kaffee/start")
    assert shopper.get("/q/kaffee").status_code == 200
    assert step(shopper.start("kaffee")) == "brew"


def test_who_began_under_the_old_name_finishes_days_later(app: Flask, quizzes: Path, clock: SetClock) -> None:
    """The attempt stays on its version, and is offered the products of now."""
    shopper = Shopper(app)
    address = str(shopper.answer(shopper.start(), *ANSWERS["brew"]).location)
    rename(quizzes, "coffee")
    clock.advance(3 * 86400)
    for _ in range(len(ANSWERS)):
        if step(address) == "offer":
            break
        values = ANSWERS[step(address)]
        fields = {"skip": "1"} if values == ("skip",) else {"none": "1"} if values == () else {}
        address = str(shopper.answer(address, *(() if fields else values), fields=fields).location)
    assert step(address) == "offer"
    assert shopper.get(address).status_code == 200


def test_without_a_word_the_old_address_is_gone(app: Flask, quizzes: Path, clock: SetClock) -> None:
    """As that of any quiz that is withdrawn."""
    shopper = Shopper(app)
    shopper.get("/q/coffee")
    rename(quizzes)
    clock.advance(2)
    assert shopper.get("/q/coffee").status_code == 410
    assert shopper.post("/q/coffee/start").status_code == 410
    assert shopper.get("/q/kaffee").status_code == 200

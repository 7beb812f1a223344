"""Laws of a quiz in several languages: which one a shopper sees, that it stays, and that all are one version."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.app import create_app
from quizfunnel.journey.tables import Attempt
from quizfunnel.kit.clock import SetClock
from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.settings import Settings
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.types import columns
from tests.pages import Shopper, step

GERMAN, ENGLISH = "Finde deinen Kaffee", "Find your coffee"
ANSWERS = {
    "brew": ("espresso",),
    "grinder": ("yes",),
    "milk": ("always",),
    "taste": ("chocolate",),
    "strength": ("5",),
    "avoid": (),
    "budget": ("20",),
}


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Give the settings of a store with the shipped quizzes, of which coffee is in German too and in nothing else."""
    folder = tmp_path / "shipped"
    shutil.copytree(shipped_folder() / "quizzes", folder / "quizzes")
    for path in (folder / "quizzes").glob("coffee.*.yaml"):
        if path.name != "coffee.de.yaml":
            path.unlink()
    return settings.model_copy(update={"store": folder})


def heading(shopper: Shopper, address: str, **headers: str) -> str:
    """Return the heading of a page."""
    text = shopper.get(address, headers=headers).text
    return str(re.search(r"<h1>(.*?)</h1>", text)[1])  # type: ignore[index]


@pytest.mark.parametrize(
    ("address", "asked", "heads"),
    [
        ("/q/coffee", "", ENGLISH),
        ("/q/coffee", "de-AT, en;q=0.8", GERMAN),
        ("/q/coffee", "fr, de;q=0.5", GERMAN),
        ("/q/coffee", "fr", ENGLISH),
        ("/q/coffee?lang=de", "en", GERMAN),
        ("/q/coffee?lang=de-CH", "en", GERMAN),
        ("/q/coffee?lang=fr", "de", GERMAN),
        ("/q/skin-care?lang=de", "de", "Find your skin care"),
    ],
)
def test_the_address_and_then_the_browser_choose(app: Flask, address: str, asked: str, heads: str) -> None:
    """Among the languages of the quiz, and else its file's own; the page says that it varies by what was asked for."""
    response = Shopper(app).get(address, headers={"Accept-Language": asked} if asked else {})
    assert f"<h1>{heads}" in response.text
    several = address.startswith("/q/coffee")
    assert ("Accept-Language" in response.headers["Vary"]) is several
    assert ("hreflang" in response.text) is several


def test_a_shop_sets_the_language_of_its_shoppers(settings: Settings, clock: SetClock) -> None:
    """Its setting comes before what a browser asks for, and after the address."""
    app = create_app(settings.model_copy(update={"language": "de"}), clock=clock, demo=False)
    shopper = Shopper(app)
    assert heading(shopper, "/q/coffee", **{"Accept-Language": "en"}) == GERMAN
    assert heading(shopper, "/q/coffee?lang=en") == ENGLISH
    assert '<html lang="de"' in shopper.get("/nothing", headers={"Accept-Language": "en"}).text
    app.extensions["quizfunnel"].engine.dispose()


@pytest.mark.parametrize("cookies", [True, False])
def test_an_attempt_stays_in_its_language(app: Flask, cookies: bool) -> None:  # noqa: FBT001
    """Questions, errors, offer and record, whatever the browser asks for later; products are called as in German."""
    shopper = Shopper(app, cookies=cookies)
    page = shopper.get("/q/coffee?lang=de").text
    start = str(re.search(r'action="(/q/coffee/start[^"]*)"', page)[1])  # type: ignore[index]
    address = str(shopper.post(start).location)
    while step(address) != "offer":
        assert '<html lang="de"' in shopper.get(address).text
        values = ANSWERS[step(address)]
        address = str(shopper.answer(address, *values, fields={} if values else {"none": "1"}).location)
    offer = shopper.get(address).text
    assert "<h1>Deine Kaffees</h1>" in offer
    assert "ganze Bohnen" in offer
    assert "Whole bean" not in offer
    assert f"/q/coffee/start?{'' if cookies else 't='}" in offer
    assert "lang=de" in str(re.search(r'action="(/q/coffee/start[^"]*)"', offer)[1])  # type: ignore[index]
    with app.extensions["quizfunnel"].engine.connect() as connection:
        assert connection.execute(select(columns(Attempt).language)).scalars().all() == ["de"]


def test_a_switch_takes_the_attempt_along(app: Flask) -> None:
    """Whoever began in English and chooses German goes on in German, where no offer was made yet."""
    shopper = Shopper(app)
    address = shopper.start()
    shopper.answer(address, "espresso")
    page = shopper.get("/q/coffee?lang=de").text
    resume = str(re.search(r'href="(/a/[^"]+lang=de)"', page)[1])  # type: ignore[index]
    on = shopper.follow(resume)
    assert '<html lang="de"' in shopper.get(on).text
    again = str(shopper.post("/q/coffee/start?lang=en").location)
    assert '<html lang="en"' in shopper.get(again).text
    assert '<html lang="de"' in shopper.get(on).text


def test_all_languages_are_one_version(app: Flask, settings: Settings, clock: SetClock) -> None:
    """Attempts of either language are of one version, which keeps the German texts; it is served without the files."""
    shopper = Shopper(app)
    for language in ("en", "de"):
        shopper.post(f"/q/coffee/start?lang={language}")
        Shopper(app).post(f"/q/coffee/start?lang={language}")
    with app.extensions["quizfunnel"].engine.connect() as connection:
        assert len(set(connection.execute(select(columns(Attempt).version)).scalars())) == 1
        kept = connection.execute(
            select(columns(QuizVersion).languages).where(columns(QuizVersion).quiz == "coffee")
        ).scalars()
        assert [list(json.loads(each)) for each in kept] == [["de"]]
    shutil.rmtree(settings.store / "quizzes")
    later = create_app(settings, clock=clock, demo=False)
    assert heading(Shopper(later), "/q/coffee?lang=de") == GERMAN
    later.extensions["quizfunnel"].engine.dispose()


@pytest.fixture
def app(settings: Settings, clock: SetClock) -> Iterator[Flask]:
    """Give the application of that store."""
    app = create_app(settings, clock=clock, demo=False)
    yield app
    app.extensions["quizfunnel"].engine.dispose()

"""A routine over HTTP: a heading each step, near misses and the next ones of each, the shared result, explain, mine."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from quizfunnel.offer.explained.explain import as_json, explain
from quizfunnel.offer.explained.output import as_text
from quizfunnel.offer.tables import Click, OfferItem
from quizfunnel.recommend.registry.folder import Registry
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from tests.cast import COFFEE
from tests.journey.answers import ANSWERS
from tests.offer.routines import BEANS, GROUND
from tests.pages import Shopper

DECAF = {"id": "decaf", "title": "For the evening", "only": ["tag:decaf"], "show": 3}
MOKA = {name: values for name, values in ANSWERS.items() if name != "grinder"} | {"brew": ("moka",)}


@pytest.fixture
def sections() -> list[dict[str, Any]]:
    """Give the sections of the offer."""
    return [BEANS, GROUND, DECAF]


@pytest.fixture
def shopper(store: Path, sections: list[dict[str, Any]], request: pytest.FixtureRequest) -> Shopper:
    """Give somebody who takes the coffee quiz, whose offer has sections."""
    given: Any = COFFEE["offer"]
    words = {name: text for name, text in given.items() if name != "show"}
    quiz = COFFEE | {"offer": words | {"sections": sections}}
    (store / "quizzes" / "coffee.yaml").write_text(json.dumps(quiz), "utf-8")
    return Shopper(request.getfixturevalue("app"))


def parts(page: str) -> dict[str, list[str]]:
    """Return the titles of the products below each heading of a section, in the page's order."""
    found = re.findall(r'aria-labelledby="(part|next)-([^"]+)"(.*?)</(?:section|ol)>', page, re.DOTALL)
    return {f"{kind} {id}": re.findall(r"<h3>([^<]+)", body) for kind, id, body in found}


def test_each_section_has_its_heading_its_products_and_a_product_stands_once(shopper: Shopper) -> None:
    """In the file's order; fewer than promised is said where it is so; shared reasons stand before all of them."""
    page = shopper.get(shopper.finish(MOKA | {"budget": ("30",)})).text
    shown = parts(page)
    assert list(shown) == ["part beans", "part ground", "part decaf"]
    assert [len(titles) for titles in shown.values()][:2] == [1, 2]
    everything = [title for titles in shown.values() for title in titles]
    assert len(everything) == len(set(everything))
    assert re.search("Only [12] products? fits? all your answers here.", page)
    assert [re.search(f">{title}</h2>", page) is not None for title in ("To grind yourself", "Ready to brew")] == [
        True
    ] * 2
    assert "Chosen from 7 products by your" in page


def test_a_section_that_nothing_fits_shows_what_is_closest_and_the_others_stand(shopper: Shopper) -> None:
    """Beans alone for who grinds: of ground coffee nothing fits, and what is near is in no other section."""
    offer = shopper.finish(ANSWERS)
    page = shopper.get(offer).text
    shown = parts(page)
    assert len(shown["part beans"]) == 1
    assert page.count("No product fits all your answers here.") == 1
    assert "Closest if you relax “Do you own a grinder?”:" in page
    assert set(shown["part ground"]) & {"Dark Ground", "Light Ground", "Decaf Ground", "Nutty"}
    (link, *_) = re.findall(r'href="(/go/[^"]+-ground)"', page)
    assert shopper.get(link).status_code == 303


def test_others_are_shown_in_every_section_on_request(shopper: Shopper, engine: Engine) -> None:
    """One click for all; the next ones stand by their section, and a click on one is its own."""
    offer = shopper.finish(MOKA)
    first = parts(shopper.get(offer).text)
    assert "Show me others" in shopper.get(offer).text
    page = shopper.post(f"{offer}/none").location or offer
    more = parts(shopper.get(page).text)
    assert {name: titles for name, titles in more.items() if name.startswith("part")} == first
    assert len(more["next beans"]) == 1
    assert 1 <= len(more["next ground"]) <= 2
    assert not set(more["next beans"]) & set(first["part beans"])
    with reading(engine) as connection:
        products = connection.execute(select(columns(OfferItem).section, columns(OfferItem).product)).all()
    assert {section for section, _ in products} == {"beans", "ground", "decaf"}
    beans = [product for section, product in products if section == "beans"]
    assert shopper.get(offer.replace("/a/", "/go/").replace("/offer", f"/{beans[-1]}")).status_code == 303
    with reading(engine) as connection:
        assert connection.execute(select(columns(Click).product)).scalars().all() == [beans[-1]]


def test_a_shared_result_stands_in_sections_too(shopper: Shopper) -> None:
    """With properties in place of reasons, and no answers."""
    offer = shopper.finish(MOKA)
    page = shopper.get(offer).text
    link = re.search(r'href="(/r/[^"]+)"', page)
    assert link
    other = Shopper(shopper.client.application).get(link.group(1)).text
    assert parts(other) == parts(page)
    assert "Because" not in other


@pytest.mark.parametrize("sections", [[BEANS, GROUND]])
def test_explain_takes_each_section_apart(shopper: Shopper, app: Flask, tmp_path: Path, engine: Engine) -> None:
    """Who was compared with whom: chances to lead a section sum to 1, and means are those of its products."""
    attempt = shopper.finish(MOKA).split("/")[2]
    with reading(engine) as connection:
        told = explain(connection, attempt, app.extensions["offer"].shelf, Registry(tmp_path))
    assert [(each.section, each.show) for each in told.sections] == [("beans", 1), ("ground", 2)]
    allowed = [each for each in (*told.chosen, *told.others) if each.section == "beans"]
    assert sum(each.first or 0 for each in allowed) == pytest.approx(1)
    for part in range(len(allowed[0].parts)):
        assert sum(each.parts[part].beside for each in allowed) == pytest.approx(0, abs=1e-9)
    text = as_text(told)
    assert "Shown in `beans`, 1 of 3 that it could show" in text
    assert text.index("Shown in `beans`") < text.index("Shown in `ground`")
    assert as_json(told)["sections"][1] == {"section": "ground", "show": 2, "eligible": 4}


def test_ones_own_record_names_what_was_shown_and_nothing_else(shopper: Shopper) -> None:
    """The products of the first page, section by section; the next ones are not told before they are seen."""
    offer = shopper.finish(MOKA)
    page = shopper.get(offer).text
    mine = re.search(r'href="(/mine/[^"]+)"', page)
    assert mine
    kept = re.search(r"Products you were shown</h2>(.*?)</ul>", shopper.get(mine.group(1)).text, re.DOTALL)
    assert kept
    shown = [title for titles in parts(page).values() for title in titles]
    assert re.findall(r"<li>([^<]+)", kept.group(1)) == shown

"""A sensitive answer is never repeated: not in reasons, on the page of near misses, by a shared link, in a shell."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.kit.clock import SetClock
from quizfunnel.offer import describe
from quizfunnel.offer.explained.explain import as_json, explain
from quizfunnel.offer.explained.output import as_text
from quizfunnel.offer.tables import OfferItem
from quizfunnel.recommend.registry.folder import Registry
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from tests import cast
from tests.journey.answers import ANSWERS
from tests.pages import HTMX, Shopper, Tab

TELLING = ("espresso", "first thing", "morning", "nut traces", "no nuts", "ground", "zzymurgy", "£12", "up to £8")
"""Words of the labels and reasons of the answers below, and the budgets; no product's, tag's or random token's own."""


def _quiz(*, sensitive: bool) -> list[dict[str, Any]]:
    """Return the coffee quiz's questions, all of them sensitive or none; every choice has telling words."""
    questions: list[dict[str, Any]] = json.loads(json.dumps(cast.COFFEE["questions"]))
    words = {
        "morning": "you like zzymurgy mornings",
        "nuts": "no nuts",
        "yes": "you zzymurgy grind",
        "espresso": "you pull espresso",
    }
    for question in questions:
        question |= {"sensitive": sensitive, "why": "So that it fits."}
        for choice in question.get("choices", ()):
            if choice["id"] in words:
                choice["because"] = words[choice["id"]]
    return questions


@pytest.fixture
def shopper(app: Flask, settings: Settings, clock: SetClock) -> Shopper:
    """Give somebody who takes a quiz that asks sensitive questions alone."""
    cast.write_store(settings.store, questions=_quiz(sensitive=True))
    clock.advance(2)
    return Shopper(app)


def _told(text: str) -> list[str]:
    """Return the telling words of a page, apart from the questions themselves and the products."""
    for question in _quiz(sensitive=True):
        text = text.replace(question["ask"], "")
    text = re.sub(
        r"<h3>[^<]*</h3>|aria-label=\"[^\"]*\"|class=\"price\">[^<]*|(?:href|action|hx-post)=\"[^\"]*\"", "", text
    )
    return [words for words in TELLING if words in text.lower()]


ANSWERED = ANSWERS | {"avoid": ("nuts",), "budget": ("12",), "strength": ("4",)}
NONE_LEFT = ANSWERED | {"budget": ("8",)}


@pytest.mark.parametrize("answers", [ANSWERED, NONE_LEFT])
def test_pages_say_that_a_question_was_answered_and_not_how(
    shopper: Shopper, app: Flask, answers: dict[str, tuple[str, ...]]
) -> None:
    """The offer or the near misses, none of these, and the shared link; what was stored has no words either."""
    offer = shopper.finish(answers)
    page = shopper.get(offer).text
    assert page.count(" Answered</span>") == len(answers)
    shared = re.search(r'href="(/r/[^"]+)"', page)
    assert shared
    texts = [page, Tab(app).get(shared.group(1)).text, shopper.post(f"{offer}/none", headers=HTMX).text]
    assert [_told(text) for text in texts] == [[], [], []]
    with reading(app.extensions["quizfunnel"].engine) as connection:
        assert set(connection.execute(select(columns(OfferItem).reasons)).scalars()) <= {"[]"}


def test_the_same_words_are_told_where_nothing_is_sensitive(app: Flask, settings: Settings, clock: SetClock) -> None:
    """The words above would be seen: the search for them is no empty one."""
    cast.write_store(settings.store, questions=_quiz(sensitive=False))
    clock.advance(2)
    shopper = Shopper(app)
    text = shopper.get(shopper.finish(ANSWERED)).text + shopper.get(shopper.finish(NONE_LEFT)).text
    assert {"espresso", "£12", "up to £8", "no nuts"} <= set(_told(text))


def test_an_explanation_for_staff_repeats_it_neither(shopper: Shopper, app: Flask, settings: Settings) -> None:
    """As text and as JSON: the question, that it was answered, and points; neither answer nor rule."""
    attempt = shopper.finish(ANSWERED).split("/")[2]
    with reading(app.extensions["quizfunnel"].engine) as connection:
        explanation = explain(connection, attempt, app.extensions["offer"].shelf, Registry(settings.store / "models"))
    assert set(explanation.answers.values()) == {f"{each['ask']} Answered" for each in _quiz(sensitive=True)}
    for text in (as_text(explanation), json.dumps(as_json(explanation), ensure_ascii=False)):
        assert not re.search(r"nut traces|no nuts|you pull|requires|excludes|limits|(within|up to) £", text.lower())


def test_a_shared_card_is_the_same_whatever_was_answered(app: Flask) -> None:
    """Properties of the product and no reason: nobody can tell from the card which answers led to it."""
    pages = []
    for answers in (ANSWERS, ANSWERS | {"moment": ("evening",), "budget": ("10",), "strength": ("5",)}):
        shopper = Shopper(app)
        link = re.search(r'href="(/r/[^"]+)"', shopper.get(shopper.finish(answers)).text)
        assert link
        pages.append(Tab(app).get(link.group(1)).text)
    cards = [dict(re.findall(r'<h3>([^<]+)</h3>(.*?)<a class="go"', page, re.DOTALL)) for page in pages]
    assert cards[0]["Dark Bean"] == cards[1]["Dark Bean"]
    properties = re.findall(r"<li>([^<]+)</li>", cards[0]["Dark Bean"])
    assert properties == ["Whole bean", "Dark roast", "Strength 5 of 5"]
    assert not any(
        "Because" in page or "as you asked" in page or "within" in page or "p to £" in page for page in pages
    )


def test_what_some_answer_insists_on_is_the_first_property() -> None:
    """Fragrance-free stands before what some skins like, in the quiz's order within each, each once, three at most."""
    choices = [
        {"id": "a", "label": "A", "favours": {"tag:good_for-dry": 1, "vendor:acme": 1, "product:balm": 3}},
        {"id": "b", "label": "B", "requires": ["tag:fragrance-free"], "excludes": ["tag:alcohol"]},
        {"id": "c", "label": "C", "favours": {"tag:fragrance-free": 1, "texture:light": 1}},
    ]
    brew = cast.COFFEE["questions"][0] | {"choices": choices, "sensitive": True}  # type: ignore[index]
    quiz = cast.coffee_quiz(questions=[brew])
    tags = ("fragrance-free", "good_for-dry", "alcohol")
    balm = cast.product("balm", tags=tags, vendor="acme", attributes={"texture": "light"})
    assert describe.properties(quiz, balm) == ["Fragrance-free", "Good for dry", "Acme"]
    assert describe.properties(quiz, cast.product("other", attributes={"texture": "light"})) == ["Texture light"]

"""Texts, order and help on the pages of one attempt, and on those of nobody in particular."""

import copy
import html
import re
from typing import Any

import pytest
from flask import Flask

from quizfunnel.kit.clock import SetClock
from quizfunnel.quiz.kinds.choices import ChoiceQuestion
from quizfunnel.settings import Settings
from tests import cast
from tests.pages import Shopper, Tab


def _changed() -> dict[str, Any]:
    """Return the coffee quiz with an answer in every text that may say one, marks, and shuffled choices."""
    quiz: Any = copy.deepcopy(cast.COFFEE)
    brew, grinder, moment, avoid, budget, strength = quiz["questions"]
    brew |= {"choices_order": "shuffled"}
    grinder |= {
        "ask": "A grinder for your {brew}?",
        "help": "*Any* kind. [More](/grind) or [not](https://evil.example)",
    }
    moment["choices"][0] |= {"because": "you take {brew} early"}
    avoid |= {"ask": "Anything you avoid at {moment}?", "choices_order": "shuffled"}
    avoid["choices"][0] |= {"help": "As in *most* of {brew}"}
    budget |= {"help": "For {brew} at {moment}."}
    strength |= {"ask": "How strong shall {brew} be?", "why": "It is **{budget}** a bag."}
    quiz["offer"] |= {"headline": "Coffees for {brew}"}
    quiz["promise"] = "*Three* coffees, [chosen](/how)."
    return quiz  # type: ignore[no-any-return]


@pytest.fixture
def shopper(app: Flask, settings: Settings, clock: SetClock) -> Shopper:
    """Give somebody who comes to a shop whose quiz repeats answers."""
    cast.write_store(settings.store, **_changed())
    clock.advance(2)
    return Shopper(app)


def _order(page: str) -> list[str]:
    return re.findall(r'name="answer" value="([^"]+)"', page)


def test_every_page_of_an_attempt_says_its_answers(shopper: Shopper, app: Flask) -> None:
    """Questions, reasons, chips, what is kept: no brace anywhere; the shared result names no answer."""
    address = shopper.start()
    attempt = address.removesuffix("/brew")
    shopper.answer(address, "espresso", htmx=True)
    page = shopper.get(f"{attempt}/grinder").text
    assert "A grinder for your Espresso?" in page
    assert '<em>Any</em> kind. <a href="/grind" target="_blank" rel="noopener">More</a> or not' in page
    part = shopper.answer(f"{attempt}/grinder", "yes", htmx=True).text
    part += shopper.answer(f"{attempt}/moment", "morning", htmx=True).text
    assert "Anything you avoid at First thing?" in part
    part += shopper.answer(f"{attempt}/avoid", "caffeine", htmx=True).text
    assert "For Espresso at First thing." in part
    part += shopper.answer(f"{attempt}/budget", "12", htmx=True).text
    assert "How strong shall Espresso be?" in part
    assert "It is <strong>£12</strong> a bag." in part
    shopper.answer(f"{attempt}/strength", "3")
    offer = shopper.get(f"{attempt}/offer").text
    assert "<h1>Coffees for Espresso</h1>" in offer
    mine = shopper.get(f"/mine/{attempt.rpartition('/')[2]}").text
    assert "Anything you avoid at First thing?" in mine
    shared = Tab(app).get(html.unescape(re.search(r'href="(/r/[^"]+)"', offer)[1])).text  # type: ignore[index]
    assert "<h1>Find your coffee</h1>" in shared
    assert "Espresso" not in shared
    texts = (page, part, offer, mine, shared, shopper.get("/q/coffee").text, shopper.get("/").text)
    assert not any("{" in re.sub(r"content='\{[^']*'", "", text) for text in texts)


def test_another_answer_is_another_text(shopper: Shopper) -> None:
    """Nothing that was drawn for one shopper is shown to another, nor after going back."""
    address = shopper.start()
    assert "A grinder for your Filter?" in shopper.answer(address, "filter", htmx=True).text
    assert "A grinder for your Espresso?" in shopper.answer(address, "espresso", htmx=True).text


def test_a_promise_without_its_marks_describes_the_page(shopper: Shopper) -> None:
    """A description is no HTML, and neither is the list of quizzes."""
    page = shopper.get("/q/coffee").text
    assert '<meta name="description" content="Three coffees, chosen.">' in page


def test_shuffled_choices_stay_in_place(shopper: Shopper, app: Flask, settings: Settings) -> None:
    """The same order after a reload, going back, without htmx, in a second tab; none of these stays last."""
    quiz = cast.coffee_quiz(**_changed())
    brew, avoid = quiz.by_id["brew"], quiz.by_id["avoid"]
    assert isinstance(brew, ChoiceQuestion)
    assert isinstance(avoid, ChoiceQuestion)
    address = shopper.start()
    attempt = address.split("/")[2]
    drawn = [choice.id for choice in brew.in_order_of(attempt)]
    assert _order(shopper.get(address).text) == drawn
    shopper.answer(address, "espresso")
    assert _order(shopper.get(address).text) == drawn
    shopper.answer(address.replace("brew", "grinder"), "yes")
    part = shopper.answer(address.replace("brew", "moment"), "morning", htmx=True).text
    whole = shopper.get(address.replace("brew", "avoid")).text
    assert _order(part) == _order(whole) == [choice.id for choice in avoid.in_order_of(attempt)]
    assert whole.index('name="none"') > whole.rindex('name="answer"')
    orders = set()
    for _ in range(40):
        other = Shopper(app)
        orders.add(tuple(_order(other.get(other.start()).text)))
    assert len(orders) > 3

"""Behind the last answer every question has a way back to the offer, and progress is full only there."""

import re

import pytest
from flask import Flask

from tests.journey.answers import ANSWERS
from tests.pages import Shopper, step

WAY = re.compile(r'<a href="([^"]+)">Back to your products</a>')


@pytest.mark.parametrize("headers", [{}, {"Sec-GPC": "1"}])
def test_every_chip_leads_to_a_question_and_back_unchanged(app: Flask, headers: dict[str, str]) -> None:
    """With the cookie or with the token in the address; before the last answer no such way is there."""
    shopper = Shopper(app, headers)
    assert not WAY.search(shopper.get(shopper.start()).text)
    offer = shopper.finish(ANSWERS)
    chips = re.findall(r'<li><a href="(/a/[^"]+)"', shopper.get(offer).text)
    assert [step(chip) for chip in chips] == list(ANSWERS)
    for chip in chips:
        assert WAY.findall(shopper.get(chip).text) == [offer]
    assert shopper.get(offer).status_code == 200


def test_a_refused_change_keeps_the_way_back(app: Flask) -> None:
    """422 with the question as it was; what was answered before stands."""
    shopper = Shopper(app)
    offer = shopper.finish(ANSWERS)
    refused = shopper.answer(offer.replace("offer", "budget"), "7", htmx=True)
    assert (refused.status_code, WAY.findall(refused.text)) == (422, [offer])


def test_a_change_that_asks_more_has_its_question_first(app: Flask) -> None:
    """No way back past a question that waits; after its answer the offer follows at once."""
    shopper = Shopper(app)
    offer = shopper.finish(ANSWERS | {"brew": ("moka",)})
    part = shopper.answer(offer.replace("offer", "brew"), "espresso", htmx=True)
    assert "Do you own a grinder?" in part.text
    assert not WAY.search(part.text)
    assert shopper.answer(part.headers["HX-Push-Url"], "yes").location == offer


def test_progress_counts_answers_and_is_never_full_at_a_question(app: Flask) -> None:
    """From nothing at the first question up to all but one at the last."""
    shopper = Shopper(app)
    address, bars = shopper.start(), []
    while step(address) != "offer":
        bar = re.search(r'<progress value="(\d+)" max="(\d+)">', shopper.get(address).text)
        assert bar
        bars.append((int(bar.group(1)), int(bar.group(2))))
        values = ANSWERS[step(address)]
        fields = {"skip": "1"} if values == ("skip",) else {"none": "1"} if values == () else {}
        address = str(shopper.answer(address, *(() if fields else values), fields=fields).location)
    assert bars == [(0, 6), (1, 6), (2, 6), (3, 6), (4, 6), (5, 6)]

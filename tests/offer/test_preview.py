"""A shared result as a messenger shows it: whole addresses, products by name, a picture that is drawn, no answer."""

import re
from html import unescape

import pytest
from flask import Flask

from quizfunnel.app import create_app
from quizfunnel.i18n.words import words_in
from quizfunnel.kit.clock import SetClock
from quizfunnel.offer.preview import preview
from quizfunnel.settings import Settings
from tests.cast import product
from tests.journey.answers import ANSWERS
from tests.pages import Shopper

HERE = "https://quiz.example/r/token"
EN = words_in("en")


@pytest.mark.parametrize(
    ("pictures", "image", "alt"),
    [
        (["/static/a.webp"], "https://quiz.example/static/a.webp", "P0"),
        (["/static/a.svg", "https://cdn.example/b.JPG?v=1"], "https://cdn.example/b.JPG?v=1", "P1"),
        (["/static/a.svg", ""], "", ""),
        ([], "", ""),
    ],
)
def test_the_picture_is_the_first_that_messengers_draw(pictures: list[str], image: str, alt: str) -> None:
    """At its whole address; they draw no SVG."""
    shown = [product(f"p{place}", image=picture) for place, picture in enumerate(pictures)]
    drawn = preview(HERE, shown, EN, without="Find your coffee")
    assert (drawn.image, drawn.alt, drawn.home) == (image, alt, "https://quiz.example")


def test_the_words_are_the_products_names() -> None:
    """Or what the quiz is called, where none is left."""
    assert preview(HERE, [product("a"), product("b")], EN, without="x").text == "A and B"
    assert preview(HERE, [], EN, without="Find your coffee").text == "Find your coffee"


@pytest.fixture
def public(settings: Settings, clock: SetClock) -> Flask:
    """Give the shop at its public address, asked by another one of the machine's."""
    changed = settings.model_copy(update={"public_url": "http://quiz.localhost,http://localhost"})
    return create_app(changed, clock=clock, demo=False)


def test_a_shared_result_has_a_preview_and_no_answers(public: Flask) -> None:
    """Its addresses are of the public address, search engines leave it out, and what was answered is nowhere."""
    shopper = Shopper(public)
    offer = shopper.get(shopper.finish(ANSWERS)).text
    link = re.search(r'href="(/r/[^"]+)"', offer)
    assert link is not None
    assert f"http://quiz.localhost{link[1]}</p>" in offer
    page = Shopper(public).get(link[1]).text
    tags = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page))
    assert tags["og:url"] == f"http://quiz.localhost{link[1]}"
    assert tags["og:title"] == unescape(re.findall("<title>(.*?)</title>", page)[0])
    assert tags["og:image"].startswith("http://quiz.localhost/static/img/share.png?v=")
    assert tags["robots"] == "noindex"
    assert tags["og:description"] == EN.all_of(re.findall("<h3>(.*?)</h3>", page))
    assert "First thing" not in page
    assert "£30" not in page
    assert 'property="og:' not in offer

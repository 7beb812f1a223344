"""Laws of the demo's landing page: it leads to the shop, the quizzes and the results, and says what is simulated."""

from dataclasses import fields
from pathlib import Path

from flask import Flask
from jinja2 import meta

from quizfunnel.demo.pages import LandingPage
from quizfunnel.shipped import shipped_folder
from tests.pages import Tab

GLOBALS = {"asset", "money", "demo"}


def test_it_leads_everywhere(demo: Flask) -> None:
    """To the shop, which stands elsewhere, to each quiz and to its results."""
    page = Tab(demo).get("/").text
    shop = demo.extensions["quizfunnel"].settings.shop_url
    for address in (shop, "/q/coffee", "/q/skin-care", "/insight/coffee", "/insight/skin-care"):
        assert f'href="{address}"' in page
    assert "never mix" in page


def test_it_stands_at_the_name_of_its_shop(demo: Flask) -> None:
    """Another name of this machine has other cookies, and the shop would know nothing of what was chosen here."""
    other = Tab(demo).get("/", base_url="http://127.0.0.1:8000")
    assert (other.status_code, other.location) == (303, "http://localhost:8000/")


def test_it_uses_every_field_of_its_page(demo: Flask) -> None:
    """And nothing else but the globals."""
    text = Path(shipped_folder() / "templates" / "demo" / "landing.html").read_text("utf-8")
    names = meta.find_undeclared_variables(demo.extensions["templates"].parse(text))
    assert names - GLOBALS == {field.name for field in fields(LandingPage)} - {"lang"}


def test_the_shop_is_not_on_the_quiz_server(demo: Flask) -> None:
    """It stands on an origin of its own."""
    assert Tab(demo).get("/shop").status_code == 404

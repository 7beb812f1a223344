"""Laws of the pages that belong to no room: a template uses its page's fields and nothing else, and is sound."""

from dataclasses import fields
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from jinja2 import meta

from quizfunnel.web import environment
from quizfunnel.web.pages import FrontPage, MessagePage, QuizLink
from quizfunnel.web.render import render_text

ROOT = Path(__file__).parents[2]
GLOBALS = {"asset", "money", "demo"}
LINK = QuizLink("/q/coffee", "Which coffee?", "Six questions.")
CASES: dict[str, tuple[FrontPage, ...] | tuple[MessagePage, ...]] = {
    "web/front.html": (FrontPage("en", "Quizzes", (LINK,)), FrontPage("en", "Quizzes", ())),
    "shopper/message.html": (
        MessagePage("en", "Not found", "The link may be old.", "/", "Go to the shop"),
        MessagePage("en", "Away", "Try again.", "/", "Go to the shop", "/q/coffee"),
    ),
}


@pytest.fixture(scope="module")
def app() -> Flask:
    """Give an application that knows the shipped templates and nothing else."""
    app = Flask("pages", static_folder=None)
    environment.install(app, (ROOT,))
    return app


def names_of(app: Flask, template: str) -> set[str]:
    """Return the names that a template and all that it extends or includes ask for."""
    tree = app.extensions["templates"].parse((ROOT / "templates" / template).read_text("utf-8"))
    names = meta.find_undeclared_variables(tree)
    return names.union(*(names_of(app, name) for name in meta.find_referenced_templates(tree) if name))


@pytest.mark.parametrize("template", CASES)
def test_names_are_the_declared_fields(app: Flask, template: str) -> None:
    """A template uses every field of its page, and nothing else but the globals."""
    declared = {field.name for field in fields(CASES[template][0])}
    assert names_of(app, template) - GLOBALS == declared


@pytest.mark.parametrize("template", CASES)
def test_a_page_is_sound(app: Flask, template: str) -> None:
    """Valid markup with one h1 that is the title, whatever the page holds."""
    for page in CASES[template]:
        with app.app_context():
            html = render_text(template, page)
        root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
        assert [heading.text for heading in root.iter("h1")] == [page.title]
        assert root.findtext(".//title") == page.title

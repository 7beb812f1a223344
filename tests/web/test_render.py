"""Laws of rendering: a whole page to a browser, its part alone to htmx, and caches that tell them apart."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from quizfunnel.web import environment, render


@dataclass(frozen=True, slots=True)
class Greeting:
    """A page with one field."""

    name: str


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """Give a client of an app with one page and its part."""
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "page.html").write_text('<h1>Hello</h1>{% include "_part.html" %}', "utf-8")
    (templates / "_part.html").write_text("<p>{{ name }}</p>", "utf-8")
    app = Flask("render", static_folder=None)
    render.htmx.init_app(app)
    environment.install(app, (tmp_path,))

    def page() -> Response:
        return render.render("page.html", Greeting("<Anna>"), status=422, partial="_part.html")

    app.add_url_rule("/", "page", page)
    return app.test_client()


@pytest.mark.parametrize(
    ("headers", "whole"),
    [
        ({}, True),
        ({"HX-Request": "true"}, False),
        ({"HX-Request": "true", "HX-Boosted": "true"}, True),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, True),
    ],
)
def test_only_a_swap_gets_the_part(client: FlaskClient, headers: dict[str, str], whole: bool) -> None:  # noqa: FBT001
    """A first visit, a boosted link and a restored history get the page; each says what it varies by."""
    response = client.get("/", headers=headers)
    assert response.text == ("<h1>Hello</h1>" if whole else "") + "<p>&lt;Anna&gt;</p>"
    assert response.status_code == 422
    assert response.headers["Vary"] == "HX-Request, HX-History-Restore-Request, HX-Boosted"

"""Laws of templates and static files: the store's own first, nothing from outside the folders, and a sandbox."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from quizfunnel.web import environment
from quizfunnel.web.render import render_text


@dataclass(frozen=True, slots=True)
class Page:
    """A page with one field."""

    name: str = "Anna"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Give the store's folder and the shipped one, with one template and one style in the latter."""
    for name in ("store", "shipped"):
        for sub in ("templates", "static"):
            (tmp_path / name / sub).mkdir(parents=True)
    (tmp_path / "shipped" / "templates" / "a.html").write_text("{% block a %}shipped {{ name }}{% endblock %}", "utf-8")
    (tmp_path / "shipped" / "static" / "a.css").write_text("a{}", "utf-8")
    (tmp_path / "secret.css").write_text("secret", "utf-8")
    return tmp_path / "store", tmp_path / "shipped"


@pytest.fixture
def app(folders: tuple[Path, Path]) -> Flask:
    """Give an app over both folders."""
    app = Flask("environment", static_folder=None)
    environment.install(app, folders)
    return app


def drawn(app: Flask, template: str = "a.html") -> str:
    """Return the text of a template."""
    with app.app_context():
        return render_text(template, Page())


def test_a_stores_template_wins_and_may_extend_the_shipped_one(app: Flask, folders: tuple[Path, Path]) -> None:
    """Without one of its own the shipped one serves; with one, that one, around the shipped one where it wants."""
    assert drawn(app) == "shipped Anna"
    own = '{% extends "shipped:a.html" %}{% block a %}own, {{ super() }}{% endblock %}'
    (folders[0] / "templates" / "a.html").write_text(own, "utf-8")
    again = Flask("environment", static_folder=None)
    environment.install(again, folders)
    assert drawn(again) == "own, shipped Anna"


@pytest.mark.parametrize(
    ("text", "error"),
    [("{{ nmae }}", UndefinedError), ("{{ name.__class__.__mro__ }}", SecurityError)],
)
def test_a_template_sees_its_pages_fields_alone(
    app: Flask, folders: tuple[Path, Path], text: str, error: type[Exception]
) -> None:
    """A misspelt field is an error and no blank, and nothing leads out of the sandbox."""
    (folders[0] / "templates" / "b.html").write_text(text, "utf-8")
    with pytest.raises(error):
        drawn(app, "b.html")


def test_a_file_changes_its_address_with_its_content(app: Flask, folders: tuple[Path, Path]) -> None:
    """The address carries a hash, may be kept for a year, and the store's own file has another one."""
    asset = app.extensions["templates"].globals["asset"]
    shipped = asset("a.css")
    response = app.test_client().get(shipped, buffered=True)
    assert (response.text, response.cache_control.max_age, response.cache_control.immutable) == ("a{}", 31536000, True)
    assert app.test_client().get("/static/a.css", buffered=True).cache_control.max_age == 300
    (folders[0] / "static" / "a.css").write_text("b{}", "utf-8")
    assert asset("a.css") != shipped
    assert app.test_client().get(asset("a.css"), buffered=True).text == "b{}"
    assert asset("nothing.css") == "/static/nothing.css"


@pytest.mark.parametrize("path", ["../secret.css", "%2e%2e/secret.css", "../../secret.css", "a.css%00", "", "nothing"])
def test_nothing_outside_is_sent(app: Flask, path: str) -> None:
    """404 for whatever lies elsewhere, links out of the folder included."""
    assert app.test_client().get(f"/static/{path}").status_code == 404


def test_no_link_leads_out(app: Flask, folders: tuple[Path, Path]) -> None:
    """A symbolic link to a file outside is not followed."""
    (folders[0] / "static" / "link.css").symlink_to(folders[0].parent / "secret.css")
    assert app.test_client().get("/static/link.css").status_code == 404

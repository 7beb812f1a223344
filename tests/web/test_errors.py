"""Laws of errors: plain words for people, JSON or a line for programs, a way on, and never a traceback."""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Blueprint, Flask, abort, g
from flask.testing import FlaskClient

from quizfunnel.store.transaction import DatabaseAway
from quizfunnel.web import environment, errors, render

ROOT = Path(__file__).parents[2]
WORDS = "This product is not in the shop."


def away() -> NoReturn:
    """Fail as a database does that is not there."""
    raise DatabaseAway("no such host: db.internal")


def broken() -> NoReturn:
    """Fail as our own mistakes do."""
    raise RuntimeError("a secret detail")


VIEWS: dict[str, Callable[[], NoReturn]] = {
    "away": away,
    "broken": broken,
    "gone": lambda: abort(410),
    "told": lambda: abort(404, WORDS),
    "busy": lambda: abort(429),
}


@pytest.fixture
def client() -> FlaskClient:
    """Give a client of an app whose views fail."""
    app = Flask("errors", static_folder=None)
    render.htmx.init_app(app)
    environment.install(app, (ROOT,))
    errors.install(app, home="/shop", staff_rooms=("office",))
    office = Blueprint("office", __name__)
    for name, view in VIEWS.items():
        for path in (f"/{name}", f"/hooks/{name}", f"/{name}.json", f"/{name}.csv"):
            app.add_url_rule(path, path, view, methods=["GET", "POST"])
    for name, view in VIEWS.items():
        office.add_url_rule(f"/office/{name}", name, view)
    app.register_blueprint(office)
    app.add_url_rule("/form", "form", away, methods=["POST"])
    app.add_url_rule("/hooks/form", "hook", away, methods=["POST"])
    return app.test_client()


@pytest.mark.parametrize(
    ("name", "status"), [("away", 503), ("broken", 500), ("gone", 410), ("told", 404), ("busy", 429), ("nothing", 404)]
)
def test_people_get_a_page_and_programs_a_line(client: FlaskClient, name: str, status: int) -> None:
    """The same sentence as a page with a way on, as JSON, and as text; no detail of ours in any of them."""
    page = client.get(f"/{name}")
    program = client.get(f"/{name}.json")
    line = client.get(f"/{name}.csv")
    part = client.post(f"/{name}", headers={"HX-Request": "true"})
    hook = client.post(f"/hooks/{name}")
    assert {each.status_code for each in (page, program, line, part, hook)} == {status}
    assert 'href="/shop"' in page.text
    assert program.get_json() == hook.get_json()
    assert line.text == part.text == f"{program.get_json()['error']}. {program.get_json()['message']}"
    assert line.mimetype == "text/plain"
    for each in (page, program, line, part, hook):
        assert "secret" not in each.text
        assert "db.internal" not in each.text
        assert "Traceback" not in each.text


def test_a_views_own_words_come_before_ours(client: FlaskClient) -> None:
    """A view that says what happened is quoted; where it says nothing the library's words are not."""
    assert client.get("/told.json").get_json()["message"] == WORDS
    assert client.get("/gone.json").get_json() == {
        "error": "This quiz has ended",
        "message": "This quiz isn't running any more. The products are still in the shop.",
    }


def test_only_what_passes_is_tried_again(client: FlaskClient) -> None:
    """Too many tries and a database that is away offer the same address again; a database says when."""
    assert 'href="/busy?page=2"' in client.get("/busy?page=2").text
    response = client.get("/away")
    assert 'href="/away"' in response.text
    assert response.headers["Retry-After"] == str(errors.RETRY_SECONDS)
    assert 'href="/gone"' not in client.get("/gone").text
    assert 'href="/away"' not in client.post("/away").text


def test_the_allowed_methods_are_kept(client: FlaskClient) -> None:
    """405 keeps the library's Allow header, as HTTP asks for."""
    response = client.put("/told")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_staff_are_told_in_their_own_words(client: FlaskClient) -> None:
    """Nobody of them has answers that are kept, or a shop to go on to; what is missing is no other page for them."""
    for name, words in (("away", "quizfunnel health"), ("broken", "log")):
        page = client.get(f"/office/{name}").text
        assert words in page
        assert 'href="/insight"' in page
        assert "Your earlier answers" not in page
        assert "Your earlier answers" in client.get(f"/{name}").text
    assert "secret" not in client.get("/office/broken").text
    assert 'href="/shop"' in client.get("/office/gone").text


@pytest.mark.parametrize(
    ("method", "path", "says"),
    [
        ("PUT", "/told.json", "This address takes GET and POST, not PUT. Nothing was changed."),
        ("DELETE", "/office/told", "This address takes GET, not DELETE."),
        ("GET", "/hooks/form", "This address takes POST, not GET."),
        ("GET", "/form", "This address only takes a form from one of our pages."),
        ("DELETE", "/form", "This address takes POST, not DELETE."),
    ],
)
def test_what_is_not_allowed_is_told_with_what_is(client: FlaskClient, method: str, path: str, says: str) -> None:
    """An address that is there is not "not found", and only a page's form is a form."""
    answer = client.open(path, method=method)
    assert answer.status_code == 405
    assert "Not allowed" in answer.text
    assert says in answer.text


def test_a_database_that_is_back_is_in_the_log_once(caplog: pytest.LogCaptureFixture) -> None:
    """When a page of a room was answered well and the database takes writing; a later outage is told anew."""
    app, state = Flask("errors", static_folder=None), {"view": True, "probe": True}

    def page() -> str:
        if not state["view"]:
            raise DatabaseAway("a lock of this test")
        return "well"

    environment.install(app, (ROOT,))
    render.htmx.init_app(app)
    errors.install(app, home="/", is_back=lambda: state["probe"])
    room = Blueprint("room", __name__)
    room.add_url_rule("/page", "page", page)
    app.register_blueprint(room)
    app.add_url_rule("/static", "asset", lambda: "well")
    for view, probe, path in [
        (True, True, "/page"),
        (False, False, "/page"),
        (True, False, "/page"),
        (True, True, "/static"),
        (True, True, "/page"),
        (True, True, "/page"),
        (False, False, "/page"),
    ]:
        state.update(view=view, probe=probe)
        app.test_client().get(path)
    lost = "database away: a lock of this test"
    assert [record.getMessage() for record in caplog.records] == [lost, "the database is back", lost]


def test_a_view_that_was_not_recorded_is_an_outage_too(caplog: pytest.LogCaptureFixture) -> None:
    """Most shoppers only look: their pages are shown without a 503, and the log tells of both ends all the same."""
    app, state = Flask("errors", static_folder=None), {"unrecorded": False}
    environment.install(app, (ROOT,))
    errors.install(app, home="/", is_back=lambda: not state["unrecorded"])
    room = Blueprint("room", __name__)

    @room.route("/page")
    def page() -> str:
        g.unrecorded = state["unrecorded"]
        return "well"

    app.register_blueprint(room)
    for unrecorded in (False, True, True, False, False):
        state["unrecorded"] = unrecorded
        assert app.test_client().get("/page").status_code == 200
    assert [record.getMessage() for record in caplog.records] == ["the database is back"]

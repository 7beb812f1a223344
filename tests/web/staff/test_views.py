"""Laws of signing in over HTTP: a session that only this browser has, slow guessing, and no way to another site."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine

from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.signing import Signer
from quizfunnel.settings import Settings
from quizfunnel.web import environment, errors, render, security
from quizfunnel.web.staff import gate, views
from quizfunnel.web.staff.throttle import TRIES
from quizfunnel.web.wiring import Wiring

ROOT = Path(__file__).parents[3]
AWAY = {"REMOTE_ADDR": "10.1.2.3"}
PASSWORD = "tall ship"

Open = Callable[..., FlaskClient]


def guarded() -> Blueprint:
    """Return pages of a room of their own, behind the gate."""
    blueprint = Blueprint("secret", __name__, url_prefix="/insight")
    gate.guard(blueprint)
    blueprint.add_url_rule("", "list", lambda: "the list")
    blueprint.add_url_rule("/<slug>", "quiz", lambda slug: f"the figures of {slug}")
    return blueprint


@pytest.fixture
def open_app(engine: Engine, clock: SetClock, signer: Signer, tmp_path: Path) -> Open:
    """Give the function that opens a client on an app of these settings, with one room behind the gate."""

    def opened(**settings: Any) -> FlaskClient:
        app = Flask("staff", static_folder=None)
        app.extensions["quizfunnel"] = Wiring(Settings(store=tmp_path, **settings), engine, clock, signer)
        app.extensions["staff"] = views.Parts()
        render.htmx.init_app(app)
        environment.install(app, (ROOT,))
        security.install(app)
        errors.install(app, home="/")
        app.register_blueprint(guarded())
        app.register_blueprint(views.blueprint)
        client = app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        return client

    return opened


def test_it_works(open_app: Open) -> None:
    """This machine itself sees a guarded page, which is not to be kept; another one is asked for the password."""
    client = open_app(staff_password=SecretStr(PASSWORD))
    page = client.get("/insight/coffee")
    assert (page.status_code, page.text) == (200, "the figures of coffee")
    asked = client.get("/insight/coffee?data=real", environ_overrides=AWAY)
    assert asked.status_code == 403
    assert 'name="onward" value="/insight/coffee?data=real"' in asked.text
    for answer in (page, asked):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_without_a_password_there_is_no_question(open_app: Open) -> None:
    """Another machine is told that no password is set; a program is told where to sign in."""
    assert "QUIZFUNNEL_STAFF_PASSWORD" in open_app().get("/insight", environ_overrides=AWAY).text
    client = open_app(staff_password=SecretStr(PASSWORD))
    answer = client.get("/insight/coffee.json", environ_overrides=AWAY)
    assert (answer.status_code, answer.get_json()["message"]) == (403, "Sign in at /insight first.")


def test_the_password_opens_a_session_and_signing_out_ends_it(open_app: Open) -> None:
    """The right password leads on with a cookie that no script and no other site can use; signing out takes it back."""
    client = open_app(staff_password=SecretStr(PASSWORD))
    sent = {"password": PASSWORD, "onward": "/insight/coffee"}
    answer = client.post("/insight/sign-in", data=sent, environ_overrides=AWAY)
    assert (answer.status_code, answer.location) == (303, "/insight/coffee")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(answer.headers["Set-Cookie"].split("; "))
    assert client.get("/insight/coffee", environ_overrides=AWAY).text == "the figures of coffee"
    client.post("/insight/sign-out", environ_overrides=AWAY)
    assert client.get("/insight/coffee", environ_overrides=AWAY).status_code == 403


def test_behind_https_the_cookie_is_bound_to_the_host(open_app: Open) -> None:
    """With a public https address the cookie is Secure and carries the __Host- prefix, and loopback is no key."""
    client = open_app(staff_password=SecretStr(PASSWORD), public_url="https://quiz.example")
    cookie = client.post("/insight/sign-in", data={"password": PASSWORD}).headers["Set-Cookie"]
    assert cookie.startswith("__Host-qf_staff=")
    assert "Secure" in cookie
    client.delete_cookie("__Host-qf_staff")
    assert client.get("/insight").status_code == 403


def test_guessing_is_slowed_down(open_app: Open, clock: SetClock) -> None:
    """Five wrong passwords are refused with 422, the sixth try with 429 and when to come back, the right one too."""
    client = open_app(staff_password=SecretStr(PASSWORD))
    for _ in range(TRIES):
        assert client.post("/insight/sign-in", data={"password": "x"}, environ_overrides=AWAY).status_code == 422
    answer = client.post("/insight/sign-in", data={"password": PASSWORD}, environ_overrides=AWAY)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 900
    assert "Set-Cookie" not in answer.headers
    clock.advance(900)
    assert client.post("/insight/sign-in", data={"password": PASSWORD}, environ_overrides=AWAY).status_code == 303


def test_signing_in_stays_on_our_pages_and_our_site(open_app: Open) -> None:
    """No other site is led to, no other site's form is taken, and without a password there is no way in."""
    client = open_app(staff_password=SecretStr(PASSWORD))
    sent = {"password": PASSWORD, "onward": "//evil.example"}
    assert client.post("/insight/sign-in", data=sent).location == "/insight"
    foreign = client.post("/insight/sign-in", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert open_app().post("/insight/sign-in", data=sent).status_code == 403

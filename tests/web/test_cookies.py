"""Laws of cookies: each has every flag, and one that is taken back is named with the flags that it was given with."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

import quizfunnel
from quizfunnel.app import create_app
from quizfunnel.journey import keys
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from quizfunnel.shipped import shipped_folder
from quizfunnel.web import form_token
from quizfunnel.web.staff.views import Parts
from tests import staff
from tests.pages import Tab, token
from tests.web.staff.colleague import PASSWORD, QUICK, hire

HOST = {"Host": "quiz.example", "Origin": "https://quiz.example"}


@pytest.fixture(params=["https://quiz.example", ""])
def public(settings: Settings, clock: SetClock, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Give the demo store with somebody of the staff, at a public https address and on this machine alone."""
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "quizzes").symlink_to(shipped_folder() / "quizzes")
    changes = {"store": folder, "public_url": request.param}
    app = create_app(settings.model_copy(update=changes), clock=clock, demo=True)
    app.extensions["staff"] = Parts(QUICK)
    hire(app)
    yield app
    app.extensions["quizfunnel"].engine.dispose()


def _begun_and_taken(app: Flask, headers: Mapping[str, str]) -> list[TestResponse]:
    """Return the answers to the starts of somebody who is not to be known, until the oldest cookie is taken."""
    tab = Tab(app, {**headers, "Sec-GPC": "1"})
    started = []
    for _ in range(keys.MOST + 1):
        started.append(tab.post("/q/coffee/start"))
        address = urlsplit(str(started[-1].location)).path
        tab.post(address, {"answer": "moka", "view": token(tab.get(address).text)})
    return started


def all_cookies(app: Flask) -> list[str]:
    """Return every Set-Cookie of somebody who is given all of them and takes each back."""
    secure = app.extensions["quizfunnel"].settings.secure
    tab = Tab(app, HOST if secure else {})
    asked = tab.get("/staff/sign-in", headers={"X-Forwarded-For": "10.1.2.3"})
    signed = staff.form_token(asked)
    answers = [
        asked,
        tab.get("/q/coffee"),
        *_begun_and_taken(app, tab.headers),
        tab.post("/see-as", {"as": "invited"}),
        tab.post("/see-as", {"as": "visitor"}),
        tab.post("/consent", {"choice": "yes"}),
        tab.post("/consent", {"choice": "no"}),
        tab.post("/staff/sign-in", {"name": "ana", "password": PASSWORD, "form_token": signed}),
        tab.post("/staff/sign-out", {"form_token": signed}),
    ]
    return [line for answer in answers for line in answer.headers.getlist("Set-Cookie")]


def test_every_cookie_has_every_flag(public: Flask) -> None:
    """HttpOnly, SameSite, the whole site and no other host; Secure wherever shoppers come by https, nowhere else."""
    lines = all_cookies(public)
    names = {re.sub("_[0-9a-f]{32}$", "", line.partition("=")[0].removeprefix("__Host-")) for line in lines}
    assert names == {"qf_v", "qf_a", "qf_consent", "qf_see", "qf_staff"}
    secure = public.extensions["quizfunnel"].settings.secure
    for line in lines:
        flags = {part.strip().partition("=")[0]: part.strip().partition("=")[2] for part in line.split(";")[1:]}
        assert "HttpOnly" in flags, line
        assert flags["SameSite"] in ("Lax", "Strict")
        assert flags["Path"] == "/"
        assert "Domain" not in flags
        assert ("Secure" in flags) is secure, line
        assert line.startswith("__Host-") <= secure


def test_every_cookie_is_secret_or_known_to_be_none(public: Flask) -> None:
    """A form's token is bound to cookies that nobody guesses, of 128 bits or more; the others are on a list."""
    for line in all_cookies(public):
        name, _, value = line.partition(";")[0].partition("=")
        assert name.removeprefix("__Host-") in form_token.PUBLIC or not 0 < len(value.rpartition(".")[2]) < 22, line


def test_cookies_are_made_in_one_place() -> None:
    """Elsewhere a flag would be forgotten sooner or later; the demo's shop is an application of its own."""
    folder = Path(quizfunnel.__file__).parent
    makers = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if any(call in path.read_text(encoding="utf-8") for call in (".set_cookie(", ".delete_cookie("))
    }
    assert makers == {"web/cookies.py", "demo/shop/views/frame.py"}

"""Laws of signing in over HTTP: a session that only this browser has, slow guessing, and no word about accounts."""

import pytest
from flask import Flask
from sqlalchemy import select

from quizfunnel.app import create_app
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.web.staff import audit
from quizfunnel.web.staff.sessions import IDLE
from quizfunnel.web.staff.tries import OF_ACCOUNT, OF_NETWORK
from quizfunnel.web.staff.views import Parts
from quizfunnel.web.tables import SignInTry, Staff
from quizfunnel.web.wiring import Wiring
from tests.pages import Tab
from tests.staff import form_token
from tests.web.staff.colleague import PASSWORD, QUICK, Colleague, hire


def test_it_works(office: Flask) -> None:
    """The right name and password lead on, by a cookie that no script can read and no other site's form brings."""
    hire(office)
    tab = Colleague(office)
    answer = tab.sign_in(" Ana ")
    assert (answer.status_code, answer.location) == (303, "/insight")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(answer.headers["Set-Cookie"].split("; "))
    page = tab.get("/insight/coffee")
    assert (page.status_code, "ana, analyst" in page.text) == (200, True)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert tab.get("/staff/sign-in?onward=/staff").location == "/staff"


def test_behind_https_the_cookie_is_bound_to_the_host(settings: Settings, clock: SetClock) -> None:
    """Secure, and with the prefix that no other host of the domain can set."""
    app = create_app(settings.model_copy(update={"public_url": "https://quiz.example"}), clock=clock, demo=False)
    app.extensions["staff"] = Parts(QUICK)
    hire(app)
    tab = Colleague(app, {"Host": "quiz.example", "Origin": "https://quiz.example"})
    asked = tab.client.get("/staff/sign-in", base_url="https://quiz.example")
    form = {"name": "ana", "password": PASSWORD, "form_token": form_token(asked)}
    signed = tab.client.post("/staff/sign-in", data=form, base_url="https://quiz.example", headers=tab.headers)
    assert signed.status_code == 303
    assert signed.headers["Set-Cookie"].startswith("__Host-qf_staff=")
    assert "Secure" in signed.headers["Set-Cookie"]
    app.extensions["quizfunnel"].engine.dispose()


def test_signing_out_ends_the_session_for_every_worker(office: Flask, settings: Settings, clock: SetClock) -> None:
    """A cookie that somebody kept opens nothing afterwards, in this process or in another one."""
    hire(office)
    tab = Colleague(office)
    tab.sign_in()
    kept = tab.client.get_cookie("qf_staff")
    assert kept
    other = create_app(settings, clock=clock, demo=False)
    thief = other.test_client()
    thief.set_cookie("qf_staff", kept.value)
    assert thief.get("/insight").status_code == 200
    answer = tab.send("/staff", "/staff/sign-out")
    assert (answer.status_code, answer.location) == (303, "/staff/sign-in")
    assert tab.client.get_cookie("qf_staff") is None
    assert thief.get("/insight").status_code == 403
    other.extensions["quizfunnel"].engine.dispose()


def test_signing_in_again_makes_a_new_session_and_ends_the_old_one(office: Flask) -> None:
    """No id outlives a sign-in, so that one that somebody planted is of no use."""
    hire(office)
    tab = Colleague(office)
    tab.sign_in()
    before = tab.client.get_cookie("qf_staff")
    asked = form_token(tab.get("/staff"))
    tab.post("/staff/sign-in", {"name": "ana", "password": PASSWORD, "form_token": asked})
    after = tab.client.get_cookie("qf_staff")
    assert before
    assert after
    assert before.value != after.value
    tab.client.set_cookie("qf_staff", before.value)
    assert tab.get("/insight").status_code == 403
    tab.client.set_cookie("qf_staff", "planted")
    tab.sign_in()
    planted = tab.client.get_cookie("qf_staff")
    assert planted
    assert planted.value != "planted"


def test_a_session_that_is_not_used_is_over(office: Flask, clock: SetClock) -> None:
    """Use keeps it, within its age."""
    hire(office)
    tab = Colleague(office)
    tab.sign_in()
    for _ in range(3):
        clock.advance(IDLE.total_seconds() - 1)
        assert tab.get("/insight").status_code == 200
    clock.advance(IDLE.total_seconds())
    assert tab.get("/insight").status_code == 403


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ana", "tall sheep"),
        ("nobody", PASSWORD),
        ("new", PASSWORD),
        ("\u0430na", "p\u00e4ss"),
        ("' OR 1=1 --", "' OR 1=1"),
        ("ana\0", "\0x"),
        ("a" * 5000, "zzz"),
        ("{{ 7 }}", "<script>"),
        ("ana", "x" * 50_000),
    ],
)
def test_nobody_learns_which_accounts_there_are(office: Flask, name: str, password: str) -> None:
    """Wrong password, no account, no password yet, and nonsense: the same words and status."""
    hire(office)
    hire(office, "new", password="")
    answer = Colleague(office).sign_in(name, password)
    assert answer.status_code == 422
    assert "The name or the password is wrong." in answer.text
    assert "Set-Cookie" not in answer.headers
    assert password not in answer.text or password in name


def test_a_megabyte_is_no_password(office: Flask) -> None:
    """It is refused before it is read."""
    tab = Colleague(office)
    answer = tab.sign_in("ana", "x" * 1024 * 1024)
    assert answer.status_code == 413


def test_an_empty_form_says_what_is_missing(office: Flask) -> None:
    """And is not counted as a try."""
    tab = Colleague(office)
    for _ in range(OF_ACCOUNT + 1):
        answer = tab.sign_in("ana", "")
        assert (answer.status_code, "Type your name and your password." in answer.text) == (422, True)


def test_guessing_is_slowed_down_by_account(office: Flask, clock: SetClock) -> None:
    """Five wrong passwords, and the sixth try is told when to come back, the right one too, from wherever it comes."""
    hire(office)
    tab = Colleague(office)
    for number in range(OF_ACCOUNT):
        environ = {"REMOTE_ADDR": f"10.0.0.{number}"}
        assert tab.sign_in(password="x", environ_overrides=environ).status_code == 422
    answer = tab.sign_in()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "Try again in 15 minutes" in answer.text
    assert tab.client.get_cookie("qf_staff") is None
    unknown = [tab.sign_in("nobody", environ_overrides={"REMOTE_ADDR": "10.9.9.9"}).status_code for _ in range(6)]
    assert unknown == [422] * 5 + [429]
    clock.advance(900)
    assert tab.sign_in().status_code == 303


def test_guessing_is_slowed_down_by_network(office: Flask) -> None:
    """One address that tries one account after another has to wait; a colleague elsewhere has not."""
    hire(office)
    tab = Colleague(office)
    environ = {"REMOTE_ADDR": "10.0.0.7"}
    codes = [tab.sign_in(f"a{n}", "x", environ_overrides=environ).status_code for n in range(OF_NETWORK + 1)]
    assert codes == [422] * OF_NETWORK + [429]
    assert tab.sign_in(environ_overrides=environ).status_code == 429
    assert tab.sign_in(environ_overrides={"REMOTE_ADDR": "10.0.0.8"}).status_code == 303


def test_what_is_counted_names_nobody(office: Flask) -> None:
    """A name that somebody typed may be their password: only keyed digests are kept."""
    Colleague(office).sign_in("hunter2hunter2", "x")
    wired: Wiring = office.extensions["quizfunnel"]
    with reading(wired.engine) as connection:
        row = connection.execute(select(columns(SignInTry).account, columns(SignInTry).network)).one()
    assert all(len(value) == 64 and int(value, 16) >= 0 for value in row)


def test_a_form_without_its_token_is_refused(office: Flask) -> None:
    """Another browser's token, a forged one, none: nothing is changed, though the headers say that it is ours."""
    hire(office)
    for token in ("", "x.y", "\u00e9"):
        answer = Tab(office).post("/staff/sign-in", {"name": "ana", "password": PASSWORD, "form_token": token})
        assert (answer.status_code, "out of date" in answer.text) == (403, True)
    tab, other = Colleague(office), Colleague(office)
    other.sign_in()
    theirs = form_token(other.get("/staff"))
    tab.sign_in()
    for path in ("/staff/password", "/staff/sign-out", "/staff/sessions/end-others"):
        for token in (theirs, "", theirs[:-1]):
            assert tab.post(path, {"form_token": token}).status_code == 403
    assert tab.get("/insight").status_code == 200
    assert tab.post("/staff/sign-out", {"form_token": form_token(tab.get("/staff"))}).status_code == 303


def test_an_old_hash_is_made_anew(office: Flask) -> None:
    """At the next sign-in, with today's parameters."""
    hire(office)
    wired: Wiring = office.extensions["quizfunnel"]

    def kept() -> str:
        with reading(wired.engine) as connection:
            return str(connection.scalar(select(columns(Staff).password_hash)))

    office.extensions["staff"] = Parts()
    before = kept()
    assert Colleague(office).sign_in().status_code == 303
    assert kept() != before
    assert "m=65536" in kept()


def test_coming_and_going_is_on_record(office: Flask) -> None:
    """Who signed in and out, and when."""
    hire(office)
    tab = Colleague(office)
    tab.sign_in()
    tab.send("/staff", "/staff/sign-out")
    wired: Wiring = office.extensions["quizfunnel"]
    with reading(wired.engine) as connection:
        done = {(entry.who, entry.action) for entry in audit.recent(connection)}
    assert {("ana", "staff.sign-in"), ("ana", "staff.sign-out")} <= done

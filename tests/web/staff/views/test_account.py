"""Laws of one's own account: sessions are their owner's to end, and a password is changed by who knows it."""

import re

from flask import Flask

from quizfunnel.kit.clock import SetClock
from quizfunnel.web.staff.tries import OF_ACCOUNT
from tests.pages import Tab
from tests.staff import form_token
from tests.web.staff.colleague import PASSWORD, Colleague, hire

OTHER = "four unrelated words here"


def sessions_on(page: str) -> list[str]:
    """Return the sessions that a page offers to end."""
    return re.findall(r'name="session" value="([0-9a-f]{64})"', page)


def test_sessions_are_listed_and_ended_by_their_owner(office: Flask) -> None:
    """Each is ended by itself, all others at once, and one's own browser is signed out by ending its own."""
    hire(office)
    browsers = [Colleague(office) for _ in range(3)]
    for tab in browsers:
        tab.sign_in()
    page = browsers[0].get("/staff").text
    listed = sessions_on(page)
    assert (len(listed), page.count("<strong>This browser</strong>")) == (3, 1)
    browsers[0].send("/staff", "/staff/sessions/end-others")
    assert [tab.get("/insight").status_code for tab in browsers] == [200, 403, 403]
    (mine,) = sessions_on(browsers[0].get("/staff").text)
    answer = browsers[0].send("/staff", "/staff/sessions/end", {"session": mine})
    assert answer.status_code == 303
    assert browsers[0].client.get_cookie("qf_staff") is None
    assert browsers[0].get("/insight").status_code == 403


def test_nobody_ends_somebody_elses_session(office: Flask) -> None:
    """Not even by its digest, nor by what is none."""
    hire(office)
    hire(office, "bo")
    ana, bo = Colleague(office), Colleague(office)
    ana.sign_in()
    bo.sign_in("bo")
    (theirs,) = sessions_on(ana.get("/staff").text)
    for session in (theirs, "", "x" * 5000, "link-%"):
        assert bo.send("/staff", "/staff/sessions/end", {"session": session}).status_code == 303
    assert ana.get("/insight").status_code == 200
    assert bo.get("/insight").status_code == 200


def test_a_password_is_changed_by_who_knows_it(office: Flask) -> None:
    """Every other browser is signed out, this one goes on with a new session."""
    hire(office)
    here, there = Colleague(office), Colleague(office)
    here.sign_in()
    there.sign_in()
    form = {"current": PASSWORD, "password": OTHER, "again": OTHER}
    assert here.send("/staff", "/staff/password", form).status_code == 303
    assert here.get("/staff").status_code == 200
    assert there.get("/staff").status_code == 403
    assert there.sign_in(password=OTHER).status_code == 303


def test_a_wrong_or_weak_password_changes_nothing(office: Flask, clock: SetClock) -> None:
    """And whoever sits at somebody else's browser cannot guess for long."""
    hire(office)
    tab = Colleague(office)
    tab.sign_in()
    weak = tab.send("/staff", "/staff/password", {"current": PASSWORD, "password": "short", "again": "short"})
    assert (weak.status_code, "too short" in weak.text) == (422, True)
    clock.advance(1)
    form = {"current": "wrong", "password": OTHER, "again": OTHER}
    answers = [tab.send("/staff", "/staff/password", form) for _ in range(OF_ACCOUNT + 1)]
    assert "The present password is wrong" in answers[0].text
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_the_demos_visitor_has_no_account(demo: Flask) -> None:
    """The page says so; nothing can be sent."""
    tab = Tab(demo)
    page = tab.get("/staff")
    assert "no password and no sessions" in page.text
    token = form_token(tab.get("/staff/people"))
    for action in ("/staff/password", "/staff/sessions/end", "/staff/sessions/end-others"):
        answer = tab.post(action, {"form_token": token})
        assert (answer.status_code, "neither a password nor sessions" in answer.text) == (403, True)

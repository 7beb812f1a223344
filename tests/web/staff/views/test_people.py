"""Laws of managing the staff by pages: for admins alone, a link is shown once, and what cannot be is told in place."""

import re

import pytest
from flask import Flask

from tests.pages import Tab
from tests.staff import form_token
from tests.web.staff.colleague import PASSWORD, Colleague, hire

PEOPLE = "/staff/people"


@pytest.fixture
def boss(office: Flask) -> Colleague:
    """Give an admin who is signed in."""
    hire(office, "boss", "admin")
    tab = Colleague(office)
    tab.sign_in("boss")
    return tab


def link_on(page: str) -> str:
    """Return the path of the link that a page shows."""
    link = re.search(r'value="http://localhost(/staff/link/[\w-]+)"', page)
    assert link, page
    return link[1]


def test_somebody_new_gets_a_link_that_is_shown_once(office: Flask, boss: Colleague) -> None:
    """The link lets them choose a password; the page does not show it again."""
    answer = boss.send(PEOPLE, PEOPLE, {"name": "Ana@Shop.example", "role": "merchandiser"})
    assert (answer.status_code, "ana@shop.example" in answer.text) == (200, True)
    path = link_on(answer.text)
    listed = boss.get(PEOPLE).text
    assert path not in listed
    assert "No password yet, has a link until" in listed
    ana = Colleague(office)
    ana.send(path, path, {"password": PASSWORD, "again": PASSWORD})
    page = ana.get("/insight")
    assert "ana@shop.example, merchandiser" in page.text
    assert ana.get(PEOPLE).status_code == 403


def test_a_role_holds_from_the_next_request(office: Flask, boss: Colleague) -> None:
    """Given and taken while somebody is signed in."""
    hire(office)
    ana = Colleague(office)
    ana.sign_in()
    assert ana.get(PEOPLE).status_code == 403
    assert boss.send(PEOPLE, f"{PEOPLE}/ana/role", {"role": "admin"}).status_code == 303
    assert ana.get(PEOPLE).status_code == 200
    assert ana.send(PEOPLE, f"{PEOPLE}/boss/role", {"role": "analyst"}).status_code == 303
    refused = boss.get(PEOPLE)
    assert (refused.status_code, "Not for your role" in refused.text) == (403, True)
    last = ana.send(PEOPLE, f"{PEOPLE}/ana/role", {"role": "analyst"})
    assert (last.status_code, "ana is the last admin" in last.text) == (409, True)
    removed = ana.send(PEOPLE, f"{PEOPLE}/ana/remove")
    assert (removed.status_code, "ana is the last admin" in removed.text) == (409, True)


def test_somebody_is_signed_out_linked_anew_and_removed(office: Flask, boss: Colleague) -> None:
    """Each at once."""
    hire(office)
    ana = Colleague(office)
    ana.sign_in()
    boss.send(PEOPLE, f"{PEOPLE}/ana/sign-out")
    assert ana.get("/insight").status_code == 403
    path = link_on(boss.send(PEOPLE, f"{PEOPLE}/ana/link").text)
    assert ana.get(path).status_code == 200
    ana.sign_in()
    boss.send(PEOPLE, f"{PEOPLE}/ana/remove")
    assert ana.get("/insight").status_code == 403
    assert ana.get(path).status_code == 410
    assert ana.sign_in().status_code == 422
    assert "Role of ana" not in boss.get(PEOPLE).text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": "", "role": "analyst"}, "A name is needed"),
        ({"name": "a b", "role": "analyst"}, "letters from a to z"),
        ({"name": "boss", "role": "analyst"}, "boss is there already"),
        ({"name": "ana", "role": "king"}, "There is no role king"),
        ({"name": "x" * 5000, "role": "analyst"}, "too long"),
        ({"name": '"><b>', "role": "<b>"}, "letters from a to z"),
        ({}, "A name is needed"),
    ],
)
def test_what_cannot_be_is_told_in_place(boss: Colleague, form: dict[str, str], says: str) -> None:
    """With what was typed, and nobody added."""
    answer = boss.send(PEOPLE, PEOPLE, form)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert answer.text.count("Role of ") == 1


@pytest.mark.parametrize("verb", ["link", "role", "sign-out", "remove"])
@pytest.mark.parametrize("name", ["zed", "%00", "a" * 3000, "%ff"])
def test_nobody_is_changed_by_a_wrong_name(boss: Colleague, verb: str, name: str) -> None:
    """An address of nobody is refused in words."""
    answer = boss.send(PEOPLE, f"{PEOPLE}/{name}/{verb}", {"role": "analyst"})
    assert answer.status_code in (404, 409, 422)


def test_the_record_says_who_did_what(office: Flask, boss: Colleague) -> None:
    """With the admin's name, and the command as such."""
    boss.send(PEOPLE, PEOPLE, {"name": "ana", "role": "analyst"})
    page = boss.get("/staff/audit").text
    assert re.search(r"<strong>boss</strong> added ana<br>\n<span [^>]+>2026-03-02 12:00 UTC; role: analyst<", page)
    assert "<strong>the command</strong> added boss<br>" in page
    ana = Colleague(office)
    hire(office, "bo")
    ana.sign_in("bo")
    assert ana.get("/staff/audit").status_code == 403


def test_the_demos_visitor_may_try_it(demo: Flask) -> None:
    """It is a store of their own."""
    tab = Tab(demo)
    token = form_token(tab.get(PEOPLE))
    answer = tab.post(PEOPLE, {"form_token": token, "name": "ana", "role": "analyst"})
    assert answer.status_code == 200
    assert link_on(answer.text)

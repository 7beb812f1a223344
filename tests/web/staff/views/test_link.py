"""Laws of one-time links over HTTP: a password once, and plain words for a link that is of no use any more."""

import pytest
from flask import Flask

from quizfunnel.kit.clock import SetClock
from quizfunnel.store.transaction import write
from quizfunnel.web.staff import links, people
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.wiring import Wiring
from tests.web.staff.colleague import PASSWORD, Colleague, hire

NEW = {"password": PASSWORD, "again": PASSWORD}


def link_for(office: Flask, name: str = "ana") -> str:
    """Return the path of a new link for somebody."""
    wired: Wiring = office.extensions["quizfunnel"]
    by = Actor(None, wired.clock.now())
    key = write(wired.engine, lambda c: links.issue(c, people.named(c, name), by=by))
    return links.address("", key)


def test_a_link_sets_a_password_once_and_signs_in(office: Flask) -> None:
    """Looking changes nothing; sending the form signs in; the second time there is nothing to send."""
    hire(office, password="")
    path, tab = link_for(office), Colleague(office)
    assert "For the account ana." in tab.get(path).text
    answer = tab.send(path, path, NEW)
    assert (answer.status_code, answer.location) == (303, "/insight")
    assert tab.get("/insight").status_code == 200
    other = Colleague(office)
    again = other.get(path)
    assert (again.status_code, "This link has been used" in again.text) == (410, True)
    assert other.send("/staff/sign-in", path, NEW).status_code == 410
    assert other.sign_in().status_code == 303


def test_a_link_is_over_after_three_days(office: Flask, clock: SetClock) -> None:
    """A page that was opened before sets nothing then."""
    hire(office, password="")
    path, tab = link_for(office), Colleague(office)
    tab.get(path)
    clock.advance(links.LASTS.total_seconds())
    answer = tab.send("/staff/sign-in", path, NEW)
    assert (answer.status_code, "A link holds for 3 days" in answer.text) == (410, True)
    assert "quizfunnel staff link NAME" in tab.get(path).text


@pytest.mark.parametrize("key", ["x", "a" * 3000, "%00", "%ff", "\u00e9", "..%2f..", "{{ 7 }}"])
def test_a_mistyped_link_is_none(office: Flask, key: str) -> None:
    """404 in words, to whoever looks and to whoever sends."""
    tab = Colleague(office)
    assert tab.get(f"/staff/link/{key}").status_code == 404
    assert tab.send("/staff/sign-in", f"/staff/link/{key}", NEW).status_code == 404


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": PASSWORD, "again": PASSWORD + "x"}, "The two passwords differ"),
        ({}, "too short"),
        ({"password": "x" * 2000, "again": "x" * 2000}, "too long"),
    ],
)
def test_a_refused_password_leaves_the_link_good(office: Flask, form: dict[str, str], says: str) -> None:
    """What is wrong is told beside the field, and the next try may do."""
    hire(office, password="")
    path, tab = link_for(office), Colleague(office)
    answer = tab.send(path, path, form)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert 'aria-invalid="true"' in answer.text
    assert tab.send(path, path, NEW).status_code == 303


def test_a_link_signs_the_old_password_out(office: Flask) -> None:
    """Whoever was signed in by the old one is not any more, nor can they sign in with it."""
    hire(office)
    thief, tab = Colleague(office), Colleague(office)
    thief.sign_in()
    path, other = link_for(office), "four unrelated words here"
    tab.send(path, path, {"password": other, "again": other})
    assert thief.get("/insight").status_code == 403
    assert thief.sign_in().status_code == 422
    assert thief.sign_in(password=other).status_code == 303


def test_a_removed_persons_link_is_of_no_use(office: Flask) -> None:
    """Nor one that a newer link took the place of."""
    hire(office, "boss", "admin")
    hire(office, password="")
    earlier, path = link_for(office), link_for(office)
    tab = Colleague(office)
    assert tab.get(earlier).status_code == 410
    wired: Wiring = office.extensions["quizfunnel"]
    write(wired.engine, lambda c: people.remove(c, "ana", by=Actor(None, wired.clock.now())))
    assert tab.get(path).status_code == 410
    assert tab.send("/staff/sign-in", path, NEW).status_code == 410

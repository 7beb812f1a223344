"""People of the staff, for admins: added with a one-time link, given a role or a new link, signed out, removed."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.store.transaction import reading, write
from quizfunnel.web.render import render
from quizfunnel.web.staff import gate, links, login, people, roles, sessions
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.names import StaffError
from quizfunnel.web.staff.pages import NewLink, PeoplePage, PersonLine, shown
from quizfunnel.web.staff.people import StaffMember
from quizfunnel.web.staff.views.parts import sent
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("people", __name__, url_prefix="/people")
gate.guard(blueprint, roles.PEOPLE)

T = TypeVar("T")


@blueprint.get("")
def page() -> BaseResponse:
    """Show everybody."""
    return _page()


@blueprint.post("")
def add() -> BaseResponse:
    """Add somebody, and show the link that lets them in."""

    def verb(connection: Connection, by: Actor) -> tuple[StaffMember, str]:
        person = people.add(connection, sent("name"), sent("role"), by=by)
        return person, links.issue(connection, person, by=by)

    return _linked(verb)


@blueprint.post("/<name>/link")
def link(name: str) -> BaseResponse:
    """Show a new link for somebody, with which they set another password."""

    def verb(connection: Connection, by: Actor) -> tuple[StaffMember, str]:
        person = people.named(connection, name)
        return person, links.issue(connection, person, by=by)

    return _linked(verb)


@blueprint.post("/<name>/role")
def change_role(name: str) -> BaseResponse:
    """Give somebody another role; it holds from their next request."""
    return _done(lambda connection, by: people.change_role(connection, name, sent("role"), by=by))


@blueprint.post("/<name>/sign-out")
def sign_out(name: str) -> BaseResponse:
    """End every session of somebody."""
    return _done(lambda connection, by: people.sign_out(connection, people.named(connection, name), by=by))


@blueprint.post("/<name>/remove")
def remove(name: str) -> BaseResponse:
    """Take somebody's access away."""
    return _done(lambda connection, by: people.remove(connection, name, by=by))


def _written(verb: Callable[[Connection, Actor], T]) -> T:
    by = login.actor()
    return write(wiring().engine, lambda connection: verb(connection, by))


def _done(verb: Callable[[Connection, Actor], object]) -> BaseResponse:
    try:
        _written(verb)
    except StaffError as error:
        return _page(status=409, error=str(error))
    return redirect(f"{gate.ACCOUNT}/people", 303)


def _linked(verb: Callable[[Connection, Actor], tuple[StaffMember, str]]) -> BaseResponse:
    """Show the page with a link that was just made: it is kept as a digest, and can be shown this once."""
    try:
        person, key = _written(verb)
    except StaffError as error:
        return _page(status=422, error=str(error))
    w = wiring()
    address = links.address(next(iter(w.settings.public_urls), request.host_url), key)
    return _page(link=NewLink(person.name, address, shown(w.clock.now() + links.LASTS)))


def _page(*, status: int = 200, error: str = "", link: NewLink | None = None) -> Response:
    w, who = wiring(), login.signed_in()
    now = w.clock.now()
    with reading(w.engine) as connection:
        everybody, waiting = people.everybody(connection), links.waiting(connection, at=now)
        open_ = {each.id: len(sessions.of_person(connection, each.id, at=now)) for each in everybody}
    lines = tuple(
        PersonLine(
            each.name,
            each.role,
            _state(each, shown(waiting[each.id]) if each.id in waiting else ""),
            open_[each.id],
            bool(who and who.person.id == each.id),
        )
        for each in everybody
    )
    typed = sent("name") if error else ""
    page = PeoplePage("en", "Staff", login.bar(), lines, roles.ROLES, link, typed, error)
    return render("staff/people.html", page, status=status)


def _state(person: StaffMember, link_until: str) -> str:
    """Return in words whether somebody can sign in."""
    has_link = f"has a link until {link_until}" if link_until else ""
    if person.password_hash:
        return f"Can sign in, and {has_link}" if has_link else "Can sign in"
    return f"No password yet, {has_link}" if has_link else "No password yet, and no link: give a new one"

"""One-time link over HTTP: looking at it uses nothing, setting a password by it uses it up and signs in."""

from flask import Blueprint, Response, redirect
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.store.transaction import reading, write
from quizfunnel.web.render import render
from quizfunnel.web.staff import gate, links, login, people, roles
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.links import LinkState, OneTimeLink
from quizfunnel.web.staff.names import StaffError
from quizfunnel.web.staff.pages import LinkOverPage, PasswordPage
from quizfunnel.web.staff.passwords import SHORTEST, refuse_weak
from quizfunnel.web.staff.views.parts import begin_session, parts, sent
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("link", __name__)
gate.guard(blueprint, roles.ACCOUNT)

_ANOTHER = "An admin can give you a new one, or whoever runs the machine: quizfunnel staff link NAME."
_OVER = {
    LinkState.USED: (
        410,
        "This link has been used",
        f"A link sets a password once. {_ANOTHER} Was it not you who used it? Tell them.",
    ),
    LinkState.OVER: (410, "This link is over", f"A link holds for {links.LASTS.days} days. {_ANOTHER}"),
    LinkState.UNKNOWN: (404, "There is no such link", f"It may be mistyped or cut off. {_ANOTHER}"),
}


@blueprint.get("/link/<key>")
@gate.for_anybody
def page(key: str) -> BaseResponse:
    """Ask for the password that the link's person wants."""
    return _form(key, _look(key))


@blueprint.post("/link/<key>")
@gate.for_anybody
def set_password(key: str) -> BaseResponse:
    """Set the password, and sign in."""
    link = _look(key)
    if link.state is not LinkState.GOOD:
        return _form(key, link)
    try:
        password = new_password(link.name)
    except StaffError as error:
        return _form(key, link, status=422, error=str(error))
    session = _use(key, link, parts().passwords.hash(password))
    if not session:
        return _form(key, _look(key))
    response = redirect(gate.HOME, 303)
    login.keep(response, session)
    return response


def new_password(name: str) -> str:
    """Return the new password of a form that asks for it twice, or raise StaffError."""
    password = sent("password")
    refuse_weak(password, name)
    if password != sent("again"):
        raise StaffError("The two passwords differ. Type the same one twice.")
    return password


def _look(key: str) -> OneTimeLink:
    w = wiring()
    with reading(w.engine) as connection:
        return links.look(connection, key, at=w.clock.now())


def _use(key: str, link: OneTimeLink, password_hash: str) -> str:
    """Return the key of a session, "" where somebody else has used the link meanwhile."""
    w = wiring()
    by = Actor(link.staff_id, w.clock.now())

    def verb(connection: Connection) -> str:
        person = people.by_id(connection, link.staff_id)
        if person is None or not links.use(connection, key, at=by.at):
            return ""
        people.set_password(connection, person, password_hash, by=by)
        return begin_session(connection, person, by=by)

    return write(w.engine, verb)


def _form(key: str, link: OneTimeLink, *, status: int = 200, error: str = "") -> Response:
    if link.state is not LinkState.GOOD:
        status, title, text = _OVER[link.state]
        return render("staff/link_over.html", LinkOverPage("en", title, login.bar(), text), status=status)
    page = PasswordPage("en", "Choose a password", login.bar(), f"/staff/link/{key}", link.name, SHORTEST, error)
    return render("staff/link.html", page, status=status)

"""One's own account: the browsers that are signed in, each of which can be signed out, and another password."""

from flask import Blueprint, Response, abort, redirect
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.store.transaction import reading, write
from quizfunnel.web.render import render
from quizfunnel.web.staff import audit, gate, login, people, roles, sessions, tries
from quizfunnel.web.staff.names import StaffError
from quizfunnel.web.staff.pages import AccountPage, SessionLine, shown
from quizfunnel.web.staff.passwords import SHORTEST
from quizfunnel.web.staff.people import StaffMember
from quizfunnel.web.staff.sessions import Session
from quizfunnel.web.staff.tries import Begun
from quizfunnel.web.staff.views.link import new_password
from quizfunnel.web.staff.views.parts import begin_session, begin_try, parts, sent, waiting
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("account", __name__)
gate.guard(blueprint, roles.ACCOUNT)


@blueprint.get("")
def page() -> BaseResponse:
    """Show who is signed in, and where."""
    return _page()


@blueprint.post("/password")
def change_password() -> BaseResponse:
    """Set another password for somebody who knows the present one; every session but a new one here ends."""
    person, _ = _here()
    try:
        password = new_password(person.name)
    except StaffError as error:
        return _page(status=422, error=str(error))
    begun = begin_try(person.name)
    if begun.wait_seconds:
        shown = _page(status=429, error=waiting(begun))
        shown.headers["Retry-After"] = str(begun.wait_seconds)
        return shown
    if not parts().passwords.is_right(person.password_hash, sent("current")):
        return _page(status=422, error="The present password is wrong, so nothing was changed.")
    response = redirect(gate.ACCOUNT, 303)
    login.keep(response, _change(person, parts().passwords.hash(password), begun))
    return response


@blueprint.post("/sessions/end")
def end_session() -> BaseResponse:
    """End one of one's own sessions, perhaps this one."""
    person, here = _here()
    w, by, ended = wiring(), login.actor(), sent("session")

    def verb(connection: Connection) -> None:
        if sessions.end(connection, person.id, ended, at=by.at):
            audit.record(connection, by, "staff.sign-out", person.name)

    write(w.engine, verb)
    response = redirect(gate.ACCOUNT, 303)
    if ended == here.digest:
        login.forget(response)
    return response


@blueprint.post("/sessions/end-others")
def end_others() -> BaseResponse:
    """End every one of one's own sessions but this one."""
    person, here = _here()
    w, by = wiring(), login.actor()

    def verb(connection: Connection) -> None:
        if ended := sessions.end_others(connection, person.id, here.digest, at=by.at):
            audit.record(connection, by, "staff.sign-out", person.name, {"sessions": ended})

    write(w.engine, verb)
    return redirect(gate.ACCOUNT, 303)


def _here() -> tuple[StaffMember, Session]:
    """Return who is signed in and by which session, or refuse the demo's visitor, who has none."""
    who = login.signed_in()
    if who is None or who.session is None:
        abort(403, "The demo's visitor has neither a password nor sessions.")
    return who.person, who.session


def _change(person: StaffMember, password_hash: str, begun: Begun) -> str:
    w, by = wiring(), login.actor()

    def verb(connection: Connection) -> str:
        tries.succeed(connection, begun)
        people.set_password(connection, person, password_hash, by=by)
        return begin_session(connection, person, by=by)

    return write(w.engine, verb)


def _page(*, status: int = 200, error: str = "") -> Response:
    who, w = login.signed_in(), wiring()
    mine: list[Session] = []
    if who and who.session:
        with reading(w.engine) as connection:
            mine = sessions.of_person(connection, who.person.id, at=w.clock.now())
    here = who.session.digest if who and who.session else ""
    lines = tuple(
        SessionLine(
            each.digest, shown(each.created_at), shown(each.seen_at), shown(each.expires_at), each.digest == here
        )
        for each in mine
    )
    page = AccountPage("en", "Your account", login.bar(), lines, SHORTEST, error)
    return render("staff/account.html", page, status=status)

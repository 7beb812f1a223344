"""Sign-in by name and password, and sign-out, which ends the session for every worker."""

from flask import Blueprint, Response, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.store.transaction import reading, write
from quizfunnel.web.staff import audit, gate, login, people, roles, sessions, tries
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.names import spelled
from quizfunnel.web.staff.people import StaffMember
from quizfunnel.web.staff.tries import Begun
from quizfunnel.web.staff.views.parts import begin_session, begin_try, parts, sent, waiting
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("sign_in", __name__)
gate.guard(blueprint, roles.ACCOUNT)

_WRONG = "The name or the password is wrong."


@blueprint.get("/sign-in")
@gate.for_anybody
def page() -> BaseResponse:
    """Ask for name and password."""
    onward = gate.onward(request.args.get("onward"))
    return redirect(onward, 303) if login.signed_in() else gate.ask(onward)


@blueprint.post("/sign-in")
@gate.for_anybody
def sign_in() -> BaseResponse:
    """Open a new session for somebody who knows their password."""
    name, password, onward = spelled(sent("name")), sent("password"), gate.onward(sent("onward"))
    if not name or not password:
        return gate.ask(onward, status=422, name=name, error="Type your name and your password.")
    begun = begin_try(name)
    if begun.wait_seconds:
        return _wait(begun, onward, name)
    with reading(wiring().engine) as connection:
        person = people.by_name(connection, name)
    key = ""
    if parts().passwords.is_right(person.password_hash if person else "", password) and person:
        key = _open(person, password, begun)
    if not key:
        return gate.ask(onward, status=422, name=name, error=_WRONG)
    response = redirect(onward, 303)
    login.keep(response, key)
    return response


@blueprint.post("/sign-out")
@gate.for_anybody
def sign_out() -> BaseResponse:
    """End the session, in this browser and in the database."""
    who, w = login.signed_in(), wiring()
    if who and who.session:
        session, by = who.session, login.actor()

        def verb(connection: Connection) -> None:
            sessions.end(connection, session.staff_id, session.digest, at=by.at)
            audit.record(connection, by, "staff.sign-out", who.person.name)

        write(w.engine, verb)
    response = redirect("/staff/sign-in", 303)
    login.forget(response)
    return response


def _open(person: StaffMember, password: str, begun: Begun) -> str:
    """Return the key of a session, "" where the account has changed since its password was looked at."""
    w, hashing = wiring(), parts().passwords
    anew = hashing.hash(password) if hashing.is_outdated(person.password_hash) else ""
    by = Actor(person.id, w.clock.now())

    def verb(connection: Connection) -> str:
        now = people.by_id(connection, person.id)
        if now is None or now.password_hash != person.password_hash:
            return ""
        tries.succeed(connection, begun)
        if anew:
            people.keep_hash(connection, person, anew)
        return begin_session(connection, person, by=by)

    return write(w.engine, verb)


def _wait(begun: Begun, onward: str, name: str) -> Response:
    response = gate.ask(onward, status=429, name=name, error=waiting(begun))
    response.headers["Retry-After"] = str(begun.wait_seconds)
    return response

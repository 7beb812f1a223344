"""Parts of the staff pages, and the steps that several of them take: reading a field, counting a try, signing in."""

from dataclasses import dataclass, field

from flask import current_app, request
from sqlalchemy import Connection

from quizfunnel.store.transaction import write
from quizfunnel.web.posted import posted
from quizfunnel.web.staff import address, audit, login, sessions, tries
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.passwords import Passwords
from quizfunnel.web.staff.people import StaffMember
from quizfunnel.web.staff.tries import Begun, Source
from quizfunnel.web.wiring import wiring


@dataclass(frozen=True, slots=True)
class Parts:
    """The way that passwords are hashed here."""

    passwords: Passwords = field(default_factory=Passwords)


def parts() -> Parts:
    """Return the running app's parts."""
    wired: Parts = current_app.extensions["staff"]
    return wired


def sent(name: str) -> str:
    """Return a field of the posted form, "" where there is none."""
    return (posted(name) or [""])[0]


def begin_try(name: str) -> Begun:
    """Count a try for the account `name` from the sender's network, or say how long to wait."""
    w = wiring()
    network = address.network(request.remote_addr)
    account = w.signer.digest("sign-in-account", name).hex()
    source = Source(account, w.signer.digest("sign-in-network", network).hex())
    return write(w.engine, lambda connection: tries.begin(connection, source, at=w.clock.now()))


def waiting(begun: Begun) -> str:
    """Return the sentence for a try that has to wait."""
    minutes = -(-begun.wait_seconds // 60)
    again = f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"
    return f"Too many wrong passwords. Try again in {again}."


def begin_session(connection: Connection, person: StaffMember, *, by: Actor) -> str:
    """Return the key of a new session; the one that the browser had is ended, so that no id outlives a sign-in."""
    before = login.signed_in()
    if before and before.session:
        sessions.end(connection, before.person.id, before.session.digest, at=by.at)
    audit.record(connection, by, "staff.sign-in", person.name)
    return sessions.begin(connection, person.id, at=by.at)

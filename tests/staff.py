"""Somebody of the staff who is signed in: an account and a session, without typing a password."""

import re
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine
from werkzeug.test import TestResponse

from quizfunnel.store.transaction import write
from quizfunnel.web.staff import people, sessions
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.roles import ANALYST
from quizfunnel.web.wiring import Wiring

COOKIE = "qf_staff"


def session_of(engine: Engine, name: str = "ana", role: str = ANALYST, *, at: datetime) -> str:
    """Return the key of a new session of somebody, who is added where they are not there."""

    def verb(connection: Connection) -> str:
        by = Actor(None, at)
        person = people.by_name(connection, name) or people.add(connection, name, role, by=by)
        return sessions.begin(connection, person.id, at=at)

    return write(engine, verb)


def sign_in(client: FlaskClient, name: str = "ana", role: str = ANALYST) -> FlaskClient:
    """Return the client, signed in as somebody."""
    wired: Wiring = client.application.extensions["quizfunnel"]
    key = session_of(wired.engine, name, role, at=wired.clock.now())
    client.set_cookie("__Host-qf_staff" if wired.settings.secure else COOKIE, key, secure=wired.settings.secure)
    return client


def form_token(page: TestResponse) -> str:
    """Return the token of the forms of a staff page."""
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert token, page.text
    return token[1]

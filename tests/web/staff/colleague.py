"""A colleague at a browser: signs in by the forms, as a person would, and looks at every page."""

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from quizfunnel.store.transaction import write
from quizfunnel.web.staff import people
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.passwords import Passwords
from quizfunnel.web.wiring import Wiring
from tests.pages import Tab
from tests.staff import form_token

PASSWORD = "tall ship on a blue sea"
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
AWAY = {"REMOTE_ADDR": "10.1.2.3"}


class Colleague(Tab):
    """One browser of somebody of the staff."""

    def send(self, page: str, action: str, form: dict[str, str] | None = None, **more: object) -> TestResponse:
        """Open a page and post a form of it."""
        token = form_token(self.get(page))
        return self.post(action, {"form_token": token, **(form or {})}, **more)

    def sign_in(self, name: str = "ana", password: str = PASSWORD, **more: object) -> TestResponse:
        """Fill in the sign-in page and send it."""
        form = {"name": name, "password": password, "onward": "/insight"}
        return self.send("/staff/sign-in", "/staff/sign-in", form, **more)


def hire(app: Flask, name: str = "ana", role: str = "analyst", password: str = PASSWORD) -> None:
    """Add somebody, with a password where one is given."""
    wired: Wiring = app.extensions["quizfunnel"]
    by = Actor(None, wired.clock.now())

    def verb(connection: Connection) -> None:
        person = people.add(connection, name, role, by=by)
        if password:
            people.set_password(connection, person, QUICK.hash(password), by=by)

    write(wired.engine, verb)

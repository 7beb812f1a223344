"""Current person: who of the staff sent a request, by Flask-Login, looked up when a staff page first asks.

A shopper's request never asks, and costs nothing: nothing of this runs before or after it.
"""

from dataclasses import dataclass
from typing import ClassVar

from flask import Flask, Request
from flask_login import LoginManager, current_user
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.web import cookies, recording
from quizfunnel.web.pages import StaffBar
from quizfunnel.web.staff import address, people, roles, sessions
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.people import StaffMember
from quizfunnel.web.staff.sessions import Session
from quizfunnel.web.wiring import wiring

_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in, as Flask-Login wants it; without a session it is the demo's visitor."""

    person: StaffMember
    session: Session | None = None

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        """Return the person's id."""
        return self.person.id


def install(app: Flask) -> None:
    """Let staff pages of `app` ask who is signed in.

    `LoginManager.init_app` would also look after every response for a cookie that remembers people without
    a session: there is none here, and shoppers' responses are left alone.
    """
    manager = LoginManager()
    manager.session_protection = None  # it compares what a thief of the cookie sends as well
    manager.request_loader(_load)
    app.login_manager = manager  # type: ignore[attr-defined]


def signed_in() -> SignedIn | None:
    """Return who is signed in, None for anybody else."""
    person = current_user._get_current_object()  # noqa: SLF001 - the library's own way to the object behind the proxy
    return person if isinstance(person, SignedIn) else None


def is_signed_in() -> bool:
    """Tell whether somebody of the staff sent the request; nobody is known while the database cannot be read."""
    try:
        return signed_in() is not None
    except DatabaseAway:
        return False


def actor() -> Actor:
    """Return who acts now, for the record of what was done."""
    now, who = wiring().clock.now(), signed_in()
    return Actor(who.person.id if who and who.session else None, now)


def bar() -> StaffBar:
    """Return the head of a staff page: who is signed in, and where they may go."""
    who = signed_in()
    if who is None:
        return StaffBar()
    person = who.person
    return StaffBar(
        name=person.name,
        role=person.role,
        demo=who.session is None,
        may_take_figures=roles.may(person.role, roles.FIGURES),
        may_manage=roles.may(person.role, roles.PEOPLE),
    )


def keep(response: Response, key: str) -> None:
    """Give the browser the key of its session.

    Lax, not Strict: a link to a page of results in a mail or chat finds the colleague signed in. No
    form of another site brings the cookie along, and each of ours has a token besides.
    """
    cookies.keep(response, cookie_name(), key, kept=sessions.LASTS)


def forget(response: Response) -> None:
    """Let the browser forget its session."""
    cookies.forget(response, cookie_name())


def cookie_name() -> str:
    """Return the session cookie's name; behind HTTPS a prefix binds it to this host (RFC 6265bis)."""
    return "__Host-qf_staff" if wiring().settings.secure else "qf_staff"


def _load(request: Request) -> SignedIn | None:
    key = request.cookies.get(cookie_name())
    if key and (person := _by_key(key)):
        return person
    return SignedIn(_visitor()) if _is_the_demos(request) else None


def _by_key(key: str) -> SignedIn | None:
    w = wiring()
    now = w.clock.now()
    with reading(w.engine) as connection:
        session = sessions.find(connection, key, at=now)
        person = people.by_id(connection, session.staff_id) if session else None
    if session is None or person is None:
        return None
    if now - session.seen_at >= sessions.SEEN_EVERY:
        recording.recorded(w.engine, lambda c: sessions.seen(c, session, at=now), otherwise=_nothing)
    return SignedIn(person, session)


def _nothing(_connection: Connection) -> None:
    """Let a session go on that could not be written down as in use."""


def _visitor() -> StaffMember:
    return StaffMember("demo", "demo", roles.ADMIN, "", wiring().clock.now())


def _is_the_demos(request: Request) -> bool:
    """Tell whether the demo's visitor sent a request, from this very machine: `quizfunnel demo` signs them in."""
    w = wiring()
    return w.demo and address.is_local(
        request.remote_addr,
        request.host,
        forwarded=any(name in request.headers for name in _FORWARDED),
        proxies=w.settings.proxies,
        public_url=w.settings.public_url,
    )

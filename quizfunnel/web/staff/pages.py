"""Page contexts of signing in, one's account, the people of the staff and the record: one frozen value a page; pure."""

from dataclasses import dataclass
from datetime import datetime

from quizfunnel.web.pages import StaffBar


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`staff/sign_in.html`: name and password, and where to go on."""

    lang: str
    title: str
    staff: StaffBar
    onward: str
    name: str
    error: str


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """`staff/link.html`: a one-time link that still is good, and the form that uses it."""

    lang: str
    title: str
    staff: StaffBar
    action: str
    name: str
    shortest: int
    error: str


@dataclass(frozen=True, slots=True)
class LinkOverPage:
    """`staff/link_over.html`: a link that lets nobody in, and why."""

    lang: str
    title: str
    staff: StaffBar
    text: str


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """`staff/refused.html`: a page that a role does not open, and the roles that do."""

    lang: str
    title: str
    staff: StaffBar
    role: str
    right: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session of one's own, by its digest; `here` is the one that looks."""

    digest: str
    began: str
    seen: str
    ends: str
    here: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """`staff/account.html`: one's own sessions, and another password."""

    lang: str
    title: str
    staff: StaffBar
    sessions: tuple[SessionLine, ...]
    shortest: int
    error: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of the staff, with whether they can sign in by now."""

    name: str
    role: str
    state: str
    sessions: int
    here: bool


@dataclass(frozen=True, slots=True)
class NewLink:
    """A one-time link, shown once, for the person whom it is for."""

    name: str
    address: str
    until: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """`staff/people.html`: everybody, and the form for somebody new; `error` is about what was just asked for."""

    lang: str
    title: str
    staff: StaffBar
    people: tuple[PersonLine, ...]
    roles: tuple[str, ...]
    link: NewLink | None
    typed: str
    error: str


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One deed: when, by whom, and its words."""

    at: str
    who: str
    action: str
    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """`staff/audit.html`: the latest deeds, the newest first."""

    lang: str
    title: str
    staff: StaffBar
    entries: tuple[AuditLine, ...]
    most: int


def shown(moment: datetime) -> str:
    """Return a moment for people to read."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"

"""Visitor of the preview: walks through quizzes of a running app, and brings back every page that looks different."""

from collections.abc import Iterator
from html.parser import HTMLParser
from http import HTTPStatus
from typing import NamedTuple

from flask.testing import FlaskClient

_BROWSER = {"User-Agent": "Mozilla/5.0 (preview) Chrome/140", "Sec-Fetch-Site": "same-origin"}
_MOST_QUESTIONS = 40
_CHOSEN = {"radio", "checkbox"}


class PageState(NamedTuple):
    """PageState of a page: its name, and the page as it was sent."""

    name: str
    html: str


class _Fields(HTMLParser):
    """Fields of a page: those that are sent as they are, and the first that a shopper would fill in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.answer: tuple[str, str] | None = None
        self.kind = ""
        self.has_pictures = '<div class="set pics"' in html or " pics" in html
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an input."""
        given = dict(attrs)
        name, kind = given.get("name") or "", given.get("type") or ""
        if tag != "input" or not name:
            return
        if kind == "hidden":
            self.hidden |= {name: given["value"] or ""} if "value" in given else {}
        elif self.answer is None and (kind in _CHOSEN or kind == "number"):
            self.kind = kind
            self.answer = (name, given.get("value") or given.get("min") or "")


def states(client: FlaskClient, quizzes: list[str]) -> Iterator[PageState]:
    """Yield the pages of these quizzes, each kind of question once, empty, chosen and faulty; then what is beside."""
    for path, name in (("/", "Front page"), ("/nothing", "Message")):
        yield PageState(name, _get(client, path))
    met: set[str] = set()
    for slug in quizzes:
        yield PageState(f"Promise of {slug}", _get(client, f"/q/{slug}"))
        yield from _walk(client, slug, met)
    yield PageState("Signing in", _get(client, "/staff/sign-in"))


def _walk(client: FlaskClient, slug: str, met: set[str]) -> Iterator[PageState]:
    where = _post(client, f"/q/{slug}/start", {}).location or ""
    for _ in range(_MOST_QUESTIONS):
        if where.partition("?")[0].endswith("/offer"):
            yield PageState(f"Offer of {slug}", _get(client, where))
            return
        html = _get(client, where)
        fields = _Fields(html)
        kind = f"{fields.kind}{' with pictures' if fields.has_pictures else ''}"
        if kind not in met:
            met.add(kind)
            yield from _question(client, where, html, fields)
        sent = _post(client, where, fields.hidden | dict([fields.answer] if fields.answer else []))
        where = sent.location or ""
        if not where:
            return


def _question(client: FlaskClient, where: str, html: str, fields: _Fields) -> Iterator[PageState]:
    named = {"radio": "One of several", "checkbox": "Several", "number": "A number"}[fields.kind or "radio"]
    named += " with pictures" if fields.has_pictures else ""
    yield PageState(named, html)
    if fields.kind in _CHOSEN:
        yield PageState(f"{named}, chosen", html.replace(f'type="{fields.kind}"', f'type="{fields.kind}" checked', 1))
    refused = _post(client, where, fields.hidden)
    if refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        yield PageState(f"{named}, without an answer", refused.text)


def _get(client: FlaskClient, path: str) -> str:
    return client.get(path, headers=_BROWSER).text


def _post(client: FlaskClient, path: str, form: dict[str, str]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return client.post(path, data=form, headers=_BROWSER)

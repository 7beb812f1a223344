"""Security headers of every response, and two checks before any view: the Host, and the origin of a write (CSRF)."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, g
from flask.globals import request_ctx
from werkzeug.exceptions import BadRequest, Forbidden, NotFound

from quizfunnel.settings import PREFIX
from quizfunnel.web import form_token, origins
from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.framing import request as framing
from quizfunnel.web.origins import SharedPaths

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)
HEADERS = {
    "Content-Security-Policy": f"{_POLICY}'none'",
    "X-Frame-Options": "DENY",  # the same, to what knows no frame-ancestors
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "",  # in place of the server's own, which tells a stranger what to try
}
NOT_KEPT = ("Cache-Control", "private, no-store")  # whatever says nothing else; static files alone do
NO_REFERRER = {"Referrer-Policy": "no-referrer"}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
# What else HEADERS says is said of documents alone: beside a stylesheet it would only take its share of a slow link.
_OF_ANY_FILE = ("X-Content-Type-Options", "Server", "Strict-Transport-Security")
_PARTS = ("text/css", "text/javascript")
_UNGUARDED = ("/hooks/", "/t/")  # signed by their senders; beacons carry their view's token
_ANY_HOST = ("/healthz", "/readyz", "/metrics")  # whoever watches over machines asks them by their addresses
_FORWARDED = ("X-Forwarded-Host", "X-Forwarded-Proto")
_UNPROVEN = (
    "The form came without its token, or the page was open for more than a day, so nothing was changed. Open the page "
    "again and send the form from there."
)
_LONGEST_VALUE = 100
_OF_A_QUERY = "".join(map(chr, range(128)))

_log = FaultLog(logging.getLogger(__name__))


def install(
    app: Flask,
    *,
    public: Sequence[str] = (),
    proxies: int = 0,
    shared: SharedPaths = SharedPaths(),  # noqa: B008
) -> None:
    """Refuse foreign hosts and writes from other origins, and put the security headers on every response.

    To the `shared` addresses alone pages of other origins write, those that are listed; these alone may frame, and only
    what `framing` lets pass. The headers are appended as the response leaves: one list operation instead of one by one.
    """
    app.before_request(_guard(tuple(public), proxies, shared))
    framing.install(app, shared.origins)
    common = HEADERS | (HTTPS_ONLY if public and public[0].startswith("https:") else {})
    standing, secret = list(common.items()), list((common | NO_REFERRER).items())
    framed = list(_framed(common, sorted(shared.origins)).items())
    of_part = [(name, value) for name, value in common.items() if name in _OF_ANY_FILE]
    inner = app.wsgi_app

    def hardened(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            added = secret if query and carries_token(query) else standing
            if environ.get(framing.FRAMED):
                added = framed
            if environ["PATH_INFO"].startswith("/static/") and _is_part(headers):
                added = of_part
            if not any(name == "Cache-Control" for name, _ in headers):
                added = [*added, NOT_KEPT]
            if environ["PATH_INFO"] in shared.paths:
                added = [*added, *origins.cors_headers(environ.get(origins.ADMITTED))]
            return start_response(status, headers + added, exc_info)

        environ["HTTP_HOST"] = environ.get("HTTP_HOST", "").lower()  # names have no case, wherever they are compared
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query, safe=_OF_A_QUERY, encoding="latin-1")  # werkzeug fails at others
        return inner(environ, start)

    app.wsgi_app = hardened  # type: ignore[method-assign]


def _is_part(headers: Iterable[tuple[str, str]]) -> bool:
    """Tell whether a response is a part of a page, a script or a stylesheet, which no browser opens as a document."""
    return any(name == "Content-Type" and value.startswith(_PARTS) for name, value in headers)


def _framed(headers: Mapping[str, str], framers: Collection[str]) -> dict[str, str]:
    """Return the headers of a page in a frame: the shop's origins may show it, and no other site reads its address."""
    policy = f"{_POLICY}{' '.join(framers)}"
    kept = {name: value for name, value in headers.items() if name != "X-Frame-Options"}
    return kept | NO_REFERRER | {"Content-Security-Policy": policy}


def carries_token(query: str) -> bool:
    """Tell whether an address has a token that opens an attempt, which no other site may read in a Referer."""
    return query.startswith("t=") or "&t=" in query


def same_origin(fetch_site: str | None, origin: str | None, ours: Collection[str]) -> bool | None:
    """Tell whether a browser says that a write comes from one of our own pages; None where it says nothing.

    Sec-Fetch-Site is believed before Origin (Fetch Metadata, W3C); ``Origin: null`` is refused.
    """
    if fetch_site is not None:
        return fetch_site == "same-origin"
    if origin is not None:
        return bool(sent := origins.origin(origin)) and sent in ours
    return None


def _guard(public: tuple[str, ...], proxies: int, shared: SharedPaths) -> Callable[[], None]:
    set_to = f"{PREFIX}PUBLIC_URL is {', '.join(public)}" if public else f"{PREFIX}PUBLIC_URL is not set"
    is_ours = lru_cache(maxsize=64)(lambda host: origins.is_ours(host, public))
    own_origins = lru_cache(maxsize=64)(lambda scheme, host: origins.own_origins(scheme, host, public))

    def guard() -> None:
        environ = request_ctx.request.environ
        path, host = environ["PATH_INFO"], environ["HTTP_HOST"]
        if not is_ours(host) and path not in _ANY_HOST:
            _refuse_host(host, f"{set_to}{_of_a_proxy(environ, proxies)}")
        if "\0" in path:
            raise NotFound  # no file and no row is called so, and PostgreSQL refuses to look
        if environ["REQUEST_METHOD"] in ("GET", "HEAD", "OPTIONS") or path.startswith(_UNGUARDED):
            return
        if path in shared.paths:
            _admit(environ, shared)
            return
        says = _says(environ, own_origins(environ["wsgi.url_scheme"], host))
        g.unproven = says is None
        if says is False:
            _refuse_origin(environ, f"{set_to}{_of_a_proxy(environ, proxies)}")
        if says is None and request_ctx.request.endpoint and not form_token.is_proven():
            _log.line("token", "a write was refused: neither Sec-Fetch-Site nor Origin, and no token in the form")
            raise Forbidden(_UNPROVEN)

    return guard


def _admit(environ: WSGIEnvironment, shared: SharedPaths) -> None:
    """Let a page of a listed origin write, and read the answer; where none is listed the view says so."""
    sent = environ.get("HTTP_ORIGIN")
    if shared.admits(sent):
        environ[origins.ADMITTED] = sent
    elif shared.origins:
        named, listed = f"Origin is {_shown(sent)}", f"[shop] origins are {', '.join(sorted(shared.origins))}"
        _log.line("shop", f"the snippet was refused: {named}, and {listed}")
        raise Forbidden(f"Only pages of the shop write here ({named}; {listed}).")


def _says(environ: WSGIEnvironment, ours: Collection[str]) -> bool | None:
    """Tell what a browser says by any of its headers: a Referer proves nothing, and a foreign one enough."""
    site, origin = environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN")
    if origin == "null" and site is None and carries_token(environ["QUERY_STRING"]):
        origin = None  # so older browsers send a form of a page that tells nobody its address: as if they said nothing
    says = same_origin(site, origin, ours)
    referer = environ.get("HTTP_REFERER")
    return False if says is None and referer and origins.origin(referer) not in ours else says


def _refuse_host(host: str, set_to: str) -> None:
    _log.line("host", f"refused: Host is {_shown(host)}, and {set_to}")
    raise BadRequest(
        f"No shop answers to this address (Host: {_shown(host)}). {set_to}: whoever runs this shop sets it "
        "to the address that shoppers use."
    )


def _refuse_origin(environ: WSGIEnvironment, set_to: str) -> None:
    names = ("Sec-Fetch-Site", "Origin", "Referer")
    values = ((name, environ.get(f"HTTP_{name.upper().replace('-', '_')}")) for name in names)
    named = next(f"{name}: {_shown(value)}" for name, value in values if value is not None)
    _log.line("origin", f"a write was refused: {named}, and {set_to}")
    raise Forbidden(
        "This form was sent from another site, so nothing was changed. Open the page here and send it again. "
        f"({named}; {set_to}.)"
    )


def _of_a_proxy(environ: Mapping[str, Any], proxies: int) -> str:
    """Return what to know of a proxy's header that counts for nothing here, the commonest cause of a refusal."""
    sent = (environ.get("HTTP_X_FORWARDED_HOST"), environ.get("HTTP_X_FORWARDED_PROTO"))
    names = [f"{name}: {_shown(value)}" for name, value in zip(_FORWARDED, sent, strict=True) if value]
    if proxies or not names:
        return ""
    return f"; {', '.join(names)} of a proxy is passed over, since {PREFIX}PROXIES is 0"


def _shown(value: str | None) -> str:
    """Return a header's value for people to read: short, and nothing in it that does not print."""
    text = "".join(letter if letter.isprintable() else "?" for letter in value or "")
    return text[:_LONGEST_VALUE] or "(empty)"

"""Security headers of every response, and the same-origin check (CSRF) of every write before a view sees it."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, g
from flask.globals import request_ctx
from werkzeug.exceptions import Forbidden

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HEADERS = list(HEADERS.items())
_UNGUARDED = ("/hooks/", "/t/")  # signed by their senders; beacons carry their view's token


def install(app: Flask, *, public_url: str = "") -> None:
    """Refuse writes from other origins and put the security headers on every response.

    The headers are appended as the response leaves: one list operation instead of one by one.
    """
    app.before_request(_guard(urlsplit(public_url).netloc))
    inner = app.wsgi_app

    def hardened(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, headers + _HEADERS, exc_info)

        return inner(environ, start)

    app.wsgi_app = hardened  # type: ignore[method-assign]


def same_origin(fetch_site: str | None, origin: str | None, hosts: tuple[str, ...]) -> bool | None:
    """Tell whether a browser says that a write comes from one of our own pages; None where it says nothing.

    Sec-Fetch-Site is believed before Origin (Fetch Metadata, W3C); ``Origin: null`` is refused.
    """
    if fetch_site is not None:
        return fetch_site == "same-origin"
    if origin is not None:
        return bool(netloc := urlsplit(origin).netloc) and netloc in hosts
    return None


def _guard(public_host: str) -> Callable[[], None]:
    def guard() -> None:
        environ = request_ctx.request.environ
        if environ["REQUEST_METHOD"] in ("GET", "HEAD", "OPTIONS") or environ["PATH_INFO"].startswith(_UNGUARDED):
            return
        hosts = (environ.get("HTTP_HOST", ""), public_host)
        says = same_origin(environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN"), hosts)
        if says is False:
            raise Forbidden(
                "This form was sent from another site, so nothing was changed. Open the page here and send it again."
            )
        g.unproven = says is None

    return guard

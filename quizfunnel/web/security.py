"""What every response forbids, and which requests are refused before a view sees them."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.exceptions import Forbidden

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' https: data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_UNGUARDED = ("/hooks/",)  # signed by their senders, who are never of this origin


def install(app: Flask, *, public_url: str = "") -> None:
    """Refuse writes from other origins and put the security headers on every response."""
    app.before_request(_guard(urlsplit(public_url).netloc))
    app.after_request(_harden)


def same_origin(fetch_site: str | None, origin: str | None, hosts: tuple[str, ...]) -> bool | None:
    """Tell whether a browser says that a write comes from one of our own pages; None where it says nothing.

    Sec-Fetch-Site is believed before Origin (Fetch Metadata, W3C); ``Origin: null`` is refused.
    """
    if fetch_site is not None:
        return fetch_site == "same-origin"
    if origin is not None:
        return urlsplit(origin).netloc in hosts
    return None


def _guard(public_host: str) -> Callable[[], None]:
    def guard() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS") or request.path.startswith(_UNGUARDED):
            return
        hosts = (request.host, public_host) if public_host else (request.host,)
        says = same_origin(request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"), hosts)
        if says is False:
            raise Forbidden("This form was sent from another site, so nothing was changed. Open the page here and send it again.")
        g.unproven = says is None

    return guard


def _harden(response: Response) -> Response:
    headers = response.headers
    for name, value in HEADERS.items():
        if name not in headers:
            headers[name] = value
    return response

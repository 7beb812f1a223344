"""Gate before staff pages: this machine itself or a signed-in browser passes, others are asked for the password."""

from collections.abc import Collection

from flask import Blueprint, Response, abort, request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.kit.clock import to_millis
from quizfunnel.web.pages import SignInPage
from quizfunnel.web.render import render
from quizfunnel.web.staff import address, session
from quizfunnel.web.wiring import wiring

HOME = "/insight"
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")


def guard(blueprint: Blueprint) -> None:
    """Let staff alone see the pages of `blueprint`, and let no cache and no search engine keep them."""
    blueprint.before_request(required)
    blueprint.after_request(keep_private)


def required() -> BaseResponse | None:
    """Return the question for the password, or None to staff; a program is refused in words."""
    if _is_local() or is_signed_in():
        return None
    if not password():
        abort(
            403,
            "The figures are shown on this machine only. To open them elsewhere, set QUIZFUNNEL_STAFF_PASSWORD.",
        )
    if request.path.endswith((".json", ".csv")):
        abort(403, "Sign in at /insight first.")
    return ask_password(onward(request.full_path.rstrip("?")), status=403)


def keep_private(response: Response) -> Response:
    """Forbid search engines to keep a staff page; no cache keeps one either, as nothing but static files."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def ask_password(onward: str, *, status: int, error: str = "") -> Response:
    """Return the sign-in page, which leads to `onward`."""
    return render("staff/sign_in.html", SignInPage("en", "Sign in to the results", onward, error), status=status)


def is_signed_in() -> bool:
    """Tell whether the browser holds a session that is not over."""
    w, cookie = wiring(), request.cookies.get(cookie_name())
    return session.is_session(w.signer, cookie, password(), now_ms=to_millis(w.clock.now()))


def password() -> str:
    """Return the configured staff password, empty where none is set."""
    return wiring().settings.staff_password.get_secret_value()


def cookie_name() -> str:
    """Return the session cookie's name; behind HTTPS a prefix binds it to this host (RFC 6265bis)."""
    return "__Host-qf_staff" if wiring().settings.secure else "qf_staff"


def onward(path: str | None, allowed: Collection[str] = (HOME,)) -> str:
    """Return the page to go on to after signing in: one of our staff pages, else their list."""
    if path and path.isprintable() and "\\" not in path and any(path == a or path.startswith(f"{a}/") for a in allowed):
        return path
    return HOME


def _is_local() -> bool:
    settings = wiring().settings
    return address.is_local(
        request.remote_addr,
        request.host,
        forwarded=any(name in request.headers for name in _FORWARDED),
        proxies=settings.proxies,
        public_url=settings.public_url,
    )

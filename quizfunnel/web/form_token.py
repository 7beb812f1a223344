"""Form token (CSRF): a signed proof in every form that a page of ours was shown to this very browser.

Asked for where a browser says neither by Sec-Fetch-Site nor by Origin where a form was sent from. It is bound to the
secret cookies that the browser had with the page, so that a stranger's own token is none in another browser.
"""

import re
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request

from quizfunnel.kit.clock import to_millis
from quizfunnel.kit.signing import Signer
from quizfunnel.web.wiring import wiring

View = TypeVar("View", bound=Callable[..., Any])

FIELD = "form_token"
PURPOSE = "form-token"
KEPT_MS = 24 * 3600 * 1000
PUBLIC = ("qf_consent", "qf_see")  # cookies whose values anybody can write

_FORM = re.compile(rb'<form\b[^>]*\smethod="post"[^>]*>', re.IGNORECASE)


def install(app: Flask) -> None:
    """Put a token into every form of every page that `app` answers with."""
    app.after_request(_put)


def has_own(view: View) -> View:
    """Mark a view whose form has another signed token, which the view itself asks for."""
    view.has_own_token = True  # type: ignore[attr-defined]
    return view


def is_proven() -> bool:
    """Tell whether this request's form has a token of ours, or goes to a view that asks for another."""
    if _has_own(request.endpoint):
        return True
    request.get_data()  # kept, so that the view can read the form too
    g.body_kept = True
    w = wiring()
    now_ms = to_millis(w.clock.now())
    return is_genuine(w.signer, request.form.get(FIELD, ""), request.cookies, now_ms=now_ms)


def make(signer: Signer, cookies: Mapping[str, str], *, now_ms: int) -> str:
    """Return a token for a browser that has these cookies."""
    return signer.sign(PURPOSE, ".".join([f"{now_ms:x}", *sorted(_marks(signer, cookies))]))


def is_genuine(signer: Signer, token: str, cookies: Mapping[str, str], *, now_ms: int) -> bool:
    """Tell whether a token is of the last day, and of a browser that had none but these cookies.

    A browser without a secret cookie has nothing that another one could act with.
    """
    payload = signer.verify(PURPOSE, token)
    if payload is None:
        return False
    issued, *bound = payload.split(".")
    if not 0 <= now_ms - int(issued, 16) <= KEPT_MS:
        return False
    brought = _marks(signer, cookies)
    return not brought or (bool(bound) and brought.issuperset(bound))


def _marks(signer: Signer, cookies: Mapping[str, str]) -> set[str]:
    """Return a short keyed digest of every secret cookie of ours."""
    ours = ((name.removeprefix("__Host-"), value) for name, value in cookies.items())
    return {
        signer.digest(PURPOSE, f"{name}={value}")[:8].hex()
        for name, value in ours
        if name.startswith("qf_") and name not in PUBLIC and value
    }


def _put(response: Response) -> Response:
    if response.mimetype != "text/html" or response.direct_passthrough or _has_own(request.endpoint):
        return response
    body = response.get_data()
    if _FORM.search(body):
        w = wiring()
        token = make(w.signer, _cookies_after(response), now_ms=to_millis(w.clock.now()))
        field = f'<input type="hidden" name="{FIELD}" value="{token}">'.encode()
        response.set_data(_FORM.sub(lambda form: form[0] + field, body))
    return response


def _cookies_after(response: Response) -> dict[str, str]:
    """Return the cookies that the browser has with a response: those that it brought, with the response's own."""
    cookies = dict(request.cookies)
    for line in response.headers.getlist("Set-Cookie"):
        try:
            cookie = SimpleCookie(line)
        except CookieError:
            continue
        cookies |= {name: "" if morsel["max-age"] == "0" else morsel.value for name, morsel in cookie.items()}
    return cookies


def _has_own(endpoint: str | None) -> bool:
    return bool(endpoint) and hasattr(current_app.view_functions.get(endpoint or ""), "has_own_token")

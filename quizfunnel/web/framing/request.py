"""Framing of a request: whether its page is shown in a frame, and what a browser keeps there."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from flask import Flask, current_app, g
from flask.globals import request_ctx

from quizfunnel.web.framing.frame import ShopFrame, read_frame

View = TypeVar("View", bound=Callable[..., Any])

FRAMED = "quizfunnel.framed"  # in the environ of a request whose answer the shop's pages may frame
_COMES_BACK = ("same-origin", "same-site")


def install(app: Flask, origins: Collection[str]) -> None:
    """Know the pages that are asked for in a frame of one of these origins."""
    listed = frozenset(origins)

    def meet() -> None:
        sent = request_ctx.request
        if listed and sent.environ.get("QUERY_STRING") and _is_framable(sent.endpoint):
            g.frame = read_frame(sent.args.get, listed)
            sent.environ[FRAMED] = g.frame is not None

    app.before_request(meet)


def may_be_framed(view: View) -> View:
    """Mark a view whose pages the shop may frame: nothing on them may harm whoever is led to click them unseen."""
    view.may_be_framed = True  # type: ignore[attr-defined]
    return view


def framed() -> ShopFrame | None:
    """Return the frame that this request's page is shown in, None for a page of its own."""
    frame: ShopFrame | None = g.get("frame")
    return frame


def loses_cookies() -> bool:
    """Tell whether the browser would not send back a cookie that it is given now: in a frame of another site.

    A form there that brought none has shown it; of a page Sec-Fetch-Site tells, and where it is not sent nothing is
    known.
    """
    if framed() is None:
        return False
    environ = request_ctx.request.environ
    return environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_SEC_FETCH_SITE") not in _COMES_BACK


def _is_framable(endpoint: str | None) -> bool:
    return bool(endpoint) and hasattr(current_app.view_functions.get(endpoint or ""), "may_be_framed")

"""Cookies of ours, with every flag: this host alone, no script, https alone where it is spoken."""

from datetime import timedelta
from typing import Literal

from werkzeug.wrappers import Response

from quizfunnel.web.wiring import wiring


def keep(
    response: Response,
    name: str,
    value: str,
    *,
    kept: timedelta | int | None = None,
    samesite: Literal["Lax", "Strict"] = "Lax",
) -> None:
    """Give the browser a cookie; without `kept` it goes with the browser's session."""
    secure = wiring().settings.secure
    response.set_cookie(name, value, max_age=kept, path="/", secure=secure, httponly=True, samesite=samesite)


def forget(response: Response, name: str, *, samesite: Literal["Lax", "Strict"] = "Lax") -> None:
    """Let the browser forget a cookie: without the flags that it was set with, one named `__Host-` would stay."""
    secure = wiring().settings.secure
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite=samesite)

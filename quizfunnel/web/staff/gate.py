"""Gate before staff pages: who has the right passes, others are asked to sign in; forms need their page's token."""

from collections.abc import Callable, Collection
from typing import TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.blueprints import BlueprintSetupState
from flask.globals import request_ctx
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.web import form_token
from quizfunnel.web.render import render
from quizfunnel.web.staff import login
from quizfunnel.web.staff.login import is_signed_in
from quizfunnel.web.staff.names import LONGEST
from quizfunnel.web.staff.pages import RefusedPage, SignInPage
from quizfunnel.web.staff.roles import Right, may

__all__ = ["HOME", "for_anybody", "guard", "is_signed_in", "keep_private", "required", "right_of", "with_right"]

HOME = "/insight"
ACCOUNT = "/staff"
_FILES = (".json", ".csv")
_LOOKING = ("GET", "HEAD", "OPTIONS")
_SIGNED_OUT = "You are not signed in any more, so nothing was changed. Sign in and do it again."

View = TypeVar("View", bound=Callable[..., object])


def guard(blueprint: Blueprint, right: Right, *, unless: Callable[[], bool] = lambda: False) -> None:
    """Let those alone who have `right` see the pages of `blueprint`, and let nobody's cache keep them.

    A program that proves itself in its own way, as `unless` tells, passes too.
    """
    blueprint.before_request(lambda: None if unless() else required())
    blueprint.after_request(keep_private)

    def keep(state: BlueprintSetupState) -> None:
        name = f"{state.name_prefix}.{state.name}".lstrip(".")  # as endpoints begin, also below another blueprint
        state.app.extensions.setdefault("rights", {})[name] = right

    blueprint.record(keep)


def with_right(right: Right) -> Callable[[View], View]:
    """Return a decorator of a view that needs another right than its blueprint's other ones."""

    def mark(view: View) -> View:
        view.staff_right = right  # type: ignore[attr-defined]
        return view

    return mark


def for_anybody(view: View) -> View:
    """Mark a view of a guarded blueprint that is open: to sign in nobody can be signed in."""
    view.staff_right = None  # type: ignore[attr-defined]
    return view


def right_of(app: Flask, endpoint: str) -> Right | None:
    """Return the right that a page of a guarded blueprint needs, None for an open one; KeyError for any other page."""
    rights: dict[str, Right] = app.extensions.get("rights", {})
    blueprint, _, _ = endpoint.rpartition(".")
    right: Right | None = getattr(app.view_functions[endpoint], "staff_right", rights[blueprint])
    return right


def required() -> BaseResponse | None:
    """Return the question who somebody is, or a refusal; None where they may pass."""
    right = right_of(current_app, request.endpoint or "")
    who = login.signed_in() if right else None
    if right and who is None:
        if request.path.endswith(_FILES):
            abort(403, f"Sign in at {HOME} first.")
        if request.method in _LOOKING:
            return ask(onward(request.full_path.rstrip("?")), status=403)
        return ask(onward(_page_of_form()), status=403, error=_SIGNED_OUT)
    if request.method not in _LOOKING:
        _require_token()
    if right and who and not may(who.person.role, right):
        return _refused(who.person.role, right)
    return None


def keep_private(response: Response) -> Response:
    """Forbid search engines to keep a staff page; no cache keeps one either, as nothing but static files."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def ask(onward: str, *, status: int = 200, name: str = "", error: str = "") -> Response:
    """Return the sign-in page, which leads to `onward`."""
    page = SignInPage("en", "Sign in", login.bar(), onward, name[:LONGEST], error)
    return render("staff/sign_in.html", page, status=status)


def onward(path: str | None, allowed: Collection[str] = (HOME, ACCOUNT)) -> str:
    """Return the page to go on to after signing in: one of our staff pages, else the list of results."""
    if not path or not path.isprintable() or "\\" in path:
        return HOME
    page = path.partition("?")[0]
    return path if any(page == each or page.startswith(f"{each}/") for each in allowed) else HOME


def _page_of_form() -> str:
    """Return the page that a form stands on, the nearest one above the address that it is sent to, which shows none."""
    path, adapter = request.path, request_ctx.url_adapter
    while path and adapter and not adapter.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path


def _require_token() -> None:
    """Refuse a form that has not its page's token, whatever the browser says of its origin."""
    if not form_token.is_proven():
        abort(
            403,
            "This form is out of date, or your browser keeps no cookies, so nothing was changed. "
            "Go back, reload the page and send it again.",
        )


def _refused(role: str, right: Right) -> Response:
    if request.path.endswith(_FILES):
        abort(403, f"Your role, {role}, may not do this: {right.says}. An admin can give you another role.")
    page = RefusedPage("en", "Not for your role", login.bar(), role, right.says, right.roles)
    return render("staff/refused.html", page, status=403)

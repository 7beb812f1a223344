"""Sign-in and sign-out of staff."""

from dataclasses import dataclass, field

from flask import Blueprint, Response, abort, current_app, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.kit.clock import to_millis
from quizfunnel.web import cookies
from quizfunnel.web.staff import gate, session
from quizfunnel.web.staff.throttle import Throttle
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("staff", __name__, url_prefix=gate.HOME)
blueprint.after_request(gate.keep_private)


@dataclass(frozen=True, slots=True)
class Parts:
    """The wrong passwords that this process has seen."""

    throttle: Throttle = field(default_factory=Throttle)


@blueprint.post("/sign-in")
def sign_in() -> BaseResponse:
    """Open a new session for someone who knows the password."""
    w, remote = wiring(), request.remote_addr
    throttle, onward = _parts().throttle, gate.onward(request.form.get("onward"))
    if not gate.password():
        abort(403, "No staff password is set: set QUIZFUNNEL_STAFF_PASSWORD and start again.")
    wait = throttle.wait_seconds(remote, now_ms=w.clock.monotonic_ms())
    if wait:
        return _wait(onward, wait)
    if not session.is_password(request.form.get("password", ""), gate.password()):
        throttle.failed(remote, now_ms=w.clock.monotonic_ms())
        return gate.ask_password(onward, status=422, error="That is not the staff password.")
    return _keep_session(redirect(onward, 303))


@blueprint.post("/sign-out")
def sign_out() -> BaseResponse:
    """Forget the session in this browser."""
    response = redirect(gate.HOME, 303)
    cookies.forget(response, gate.cookie_name(), samesite="Strict")
    return response


def _wait(onward: str, seconds: int) -> Response:
    minutes = -(-seconds // 60)
    again = f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"
    error = f"Too many wrong passwords. Try again in {again}."
    response = gate.ask_password(onward, status=429, error=error)
    response.headers["Retry-After"] = str(seconds)
    return response


def _keep_session(response: BaseResponse) -> BaseResponse:
    w = wiring()
    opened = session.new_session(w.signer, gate.password(), now_ms=to_millis(w.clock.now()))
    cookies.keep(response, gate.cookie_name(), opened, kept=session.SESSION_MS // 1000, samesite="Strict")
    return response


def _parts() -> Parts:
    parts: Parts = current_app.extensions["staff"]
    return parts

"""Refusals of the shop's own pages whose origin is not listed: counted, for whoever connects the shop."""

from contextlib import suppress

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.shop import counts
from quizfunnel.shop.origin_slips import slip
from quizfunnel.store.transaction import DatabaseAway, write
from quizfunnel.web.wiring import wiring

_REFUSED = 403


def note(response: BaseResponse) -> BaseResponse:
    """Count a view that was refused for an origin which is a slip of a listed one."""
    if response.status_code == _REFUSED and request.path == "/s":
        w = wiring()
        if origin := slip(request.headers.get("Origin", ""), w.settings.shop.origins):
            with suppress(DatabaseAway):
                write(w.engine, lambda connection: counts.count_refused(connection, origin, at=w.clock.now()))
    return response

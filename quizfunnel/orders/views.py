"""Web hooks of order sources: POST /hooks/<source>."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from quizfunnel.orders import inbox
from quizfunnel.orders.inbox import Receipt
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources import SOURCES
from quizfunnel.orders.sources.configured import configured
from quizfunnel.orders.sources.source import OrderSource, RefusalReason
from quizfunnel.settings import Settings
from quizfunnel.settings.names import source_secret, variable
from quizfunnel.web.fault_log import FaultLog
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("orders", __name__)

_log = FaultLog(logging.getLogger(__name__))


@dataclass(frozen=True)
class Parts:
    """Parts of this room that app.py makes: every source with a secret, and the keys of attribution."""

    sources: Mapping[str, OrderSource]
    keys: AttributionKeys

    @classmethod
    def of(cls, settings: Settings, keys: AttributionKeys) -> "Parts":
        """Return the parts for the secrets that are set; a source without one does not exist."""
        return cls(configured(settings), keys)


def parts() -> Parts:
    """Return this room's parts of the running app."""
    room: Parts = current_app.extensions["orders"]
    return room


@blueprint.post("/hooks/<source>")
def hook(source: str) -> Response:
    """Take one delivery: 200 once it is kept, 401 for a wrong signature, 413 above 1 MiB, 404 without a secret."""
    known = parts().sources.get(source)
    if known is None:
        abort(404, _why_unknown(source))
    request.max_content_length = inbox.MOST_BYTES
    w = wiring()
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        inbox.count_refusal(w.engine, source, RefusalReason.TOO_LARGE, now=w.clock.now())
        raise
    sent = inbox.Delivery(known, body, dict(request.headers), w.clock.now())
    if known.is_greeting(body):
        inbox.count_greeting(w.engine, sent)
        return _answer(Receipt(200, "this address takes the deliveries of the store"))
    receipt = inbox.receive(w.engine, sent, keys=parts().keys)
    if receipt.reason is not None:
        setting = variable(source_secret(source))
        inbox.count_refusal(w.engine, source, receipt.reason, now=sent.now)
        _log.line(source, f"a delivery to /hooks/{source} is refused: {receipt.reason.meaning} ({setting})")
        receipt = receipt._replace(message=f"{receipt.message} ({setting})")
    return _answer(receipt)


def _why_unknown(source: str) -> str:
    if source not in (kind.name for kind in SOURCES):
        return "There is no such source of orders. Look at the address."
    setting = variable(source_secret(source))
    w = wiring()
    inbox.count_refusal(w.engine, source, RefusalReason.NO_SECRET, now=w.clock.now())
    _log.line(source, f"a delivery to /hooks/{source} is refused: {setting} is not set")
    return f"This source is not set up here: {setting} is not set."


def _answer(receipt: Receipt) -> Response:
    response = jsonify(message=receipt.message)
    response.status_code = receipt.status
    return response

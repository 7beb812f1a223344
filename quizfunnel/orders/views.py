"""Web hooks of order sources: POST /hooks/<source>."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, jsonify, request

from quizfunnel.orders import inbox
from quizfunnel.orders.inbox import Receipt
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.configured import configured
from quizfunnel.orders.sources.source import OrderSource
from quizfunnel.settings import Settings
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("orders", __name__)


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
        abort(404, "This source is not set up here: its secret is missing in the settings.")
    request.max_content_length = inbox.MOST_BYTES
    body = request.get_data(cache=False)
    w = wiring()
    sent = inbox.Delivery(known, body, dict(request.headers), w.clock.now())
    return _answer(inbox.receive(w.engine, sent, keys=parts().keys))


def _answer(receipt: Receipt) -> Response:
    response = jsonify(message=receipt.message)
    response.status_code = receipt.status
    return response

"""POST /hooks/<source>: where a store tells of its orders."""

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
    """What app.py hands to this room: every source with a secret, and what the ledger needs."""

    sources: Mapping[str, OrderSource]
    clerk: AttributionKeys

    @classmethod
    def of(cls, settings: Settings, clerk: AttributionKeys) -> "Parts":
        """Return the parts for the secrets that are set; a source without one does not exist."""
        return cls(configured(settings), clerk)


def parts() -> Parts:
    """Return this room's parts of the running app."""
    found: Parts = current_app.extensions["orders"]
    return found


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
    return _answer(inbox.receive(w.engine, sent, clerk=parts().clerk))


def _answer(receipt: Receipt) -> Response:
    response = jsonify(message=receipt.message)
    response.status_code = receipt.status
    return response

"""POST /hooks/<source>: where a store tells of its orders."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, jsonify, request

from quizfunnel.orders import inbox
from quizfunnel.orders.inbox import Receipt
from quizfunnel.orders.ledger import Clerk
from quizfunnel.orders.match import FindProduct
from quizfunnel.orders.sources import Source
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.sources.standard import StandardSource
from quizfunnel.settings import Settings
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("orders", __name__)


@dataclass(frozen=True)
class Parts:
    """What app.py hands to this room: every source with a secret, and what finds a line's product."""

    sources: Mapping[str, Source]
    find_product: FindProduct

    @classmethod
    def of(cls, settings: Settings, find_product: FindProduct) -> "Parts":
        """Return the parts for the secrets that are set; a source without one does not exist."""
        return cls(sources_of(settings), find_product)


def sources_of(settings: Settings) -> dict[str, Source]:
    """Return every source whose secret is set."""
    found: dict[str, Source] = {}
    if secret := settings.standard_secret.get_secret_value():
        found["standard"] = StandardSource(secret)
    if secret := settings.shopify_secret.get_secret_value():
        found["shopify"] = ShopifySource(secret)
    return found


def clerk() -> Clerk:
    """Return what the ledger needs, of the running app."""
    return Clerk(wiring().signer, parts().find_product)


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
    receipt = inbox.receive(
        w.engine, source=known, body=body, headers=dict(request.headers), now=w.clock.now(), clerk=clerk()
    )
    return _answer(receipt)


def _answer(receipt: Receipt) -> Response:
    response = jsonify(message=receipt.message)
    response.status_code = receipt.status
    return response

"""Basket of the demo shop: shown, changed by its customer, and given attributes by scripts on its pages."""

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.demo.shop import basket, pages
from quizfunnel.demo.shop.basket import Basket
from quizfunnel.demo.shop.views.frame import basket_id, current_basket, frame, parts, show, words

blueprint = Blueprint("basket", __name__)


@blueprint.get("/shop/basket")
def show_basket() -> BaseResponse:
    """Show what is in the basket, or add a product by a link, as an offer's: `?add=` and its id."""
    if "add" in request.args:
        _add(request.args["add"])
        rest = [(name, value) for name, value in request.args.items(multi=True) if name != "add"]
        return redirect("/shop/basket" + (f"?{urlencode(rest)}" if rest else ""), 303)
    current = current_basket()
    items, say = items_of(current), words()
    return show(
        "shop/basket.html", pages.BasketPage(say.language, say("Basket"), frame(current), items, *pages.total(items))
    )


@blueprint.post("/shop/basket")
def change_basket() -> BaseResponse:
    """Put a product into the basket, or take it out."""
    id, action = request.form.get("product", ""), request.form.get("action", "add")
    if action == "remove":
        _change(lambda current: current.remove(id))
        return redirect("/shop/basket", 303)
    _add(id if action == "add" else "")
    return redirect("/shop/basket", 303)


@blueprint.get("/cart.js")
def cart() -> Response:
    """Return the basket for scripts."""
    return _as_json(current_basket())


@blueprint.post("/cart/update.js")
def update_cart() -> Response:
    """Set attributes of the basket, as a script on a page of the shop asks for."""
    attributes = basket.attributes_of(request.get_json(force=True, silent=True))
    if attributes is None:
        abort(422, 'Send {"attributes": {"name": "text"}}; names have up to 40 characters, texts up to 255.')
    return _as_json(_change(lambda current: current.with_attributes(attributes)))


def items_of(current: Basket) -> tuple[pages.Item, ...]:
    """Return what is in a basket as the shop shows it."""
    language = words().language
    return tuple(
        pages.item(match.product, match.shelf, language=language, quantity=count)
        for id, count in current.items.items()
        if (match := parts().stock.find(id))
    )


def _add(id: str) -> None:
    """Put a product into the basket; 422 for one that the shop does not have, 409 for one that is sold out."""
    match, say = parts().stock.find(id), words()
    if match is None:
        abort(422, say("This product is not in the shop, so nothing was added to the basket."))
    item = pages.item(match.product, match.shelf, language=say.language)
    if not item.available:
        abort(409, say("%(product)s is sold out, so nothing was added to the basket.", product=item.title))
    _change(lambda current: current.add(id))


def _change(verb: basket.Verb) -> Basket:
    return parts().books.change(basket_id(), verb, now=parts().clock.now())


def _as_json(current: Basket) -> Response:
    items = [{"id": id, "quantity": count} for id, count in current.items.items()]
    return jsonify(items=items, item_count=current.count, attributes=dict(current.attributes))

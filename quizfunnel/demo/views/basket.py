"""Basket of the demo store: shown, and changed."""

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.demo import pages
from quizfunnel.demo.basket import Basket
from quizfunnel.demo.views import stock
from quizfunnel.demo.views.visit import brought_basket, frame, keep, visit
from quizfunnel.web.render import render

blueprint = Blueprint("basket", __name__)


@blueprint.get("/shop/basket")
def show_basket() -> BaseResponse:
    """Show what is in the basket."""
    viewed = visit("/shop/basket")
    return keep(render("shop/basket.html", basket_page("Basket", viewed.basket)), viewed.basket)


@blueprint.post("/shop/basket")
def change_basket() -> BaseResponse:
    """Put a product into the basket, or take it out."""
    carried = brought_basket()
    id = request.form.get("product", "")
    action = request.form.get("action", "add")
    product = stock.find(id)
    if action == "remove":
        return keep(redirect("/shop/basket", 303), carried.remove(id))
    if product is None or action != "add":
        abort(422, "This product is not in the shop, so nothing was added to the basket.")
    if not product.available:
        abort(409, f"{product.title} is sold out, so nothing was added to the basket.")
    return keep(redirect("/shop/basket", 303), carried.add(id))


def basket_page(title: str, carried: Basket) -> pages.BasketPage:
    """Return a page that lists a basket."""
    items = tuple(pages.item(product, count) for id, count in carried.items.items() if (product := stock.find(id)))
    return pages.basket(title, frame(carried), items)

"""Pretend checkout of the demo store: it signs the webhook that a real store would send."""

from flask import Blueprint, abort, redirect
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.demo import basket, pages, sale
from quizfunnel.demo.checkout import Bought, Placed
from quizfunnel.demo.views import stock
from quizfunnel.demo.views.basket import basket_page
from quizfunnel.demo.views.visit import brought_basket, frame, keep, visit
from quizfunnel.store.transaction import reading
from quizfunnel.web.render import render
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("checkout", __name__)

_TAKEN = 200


@blueprint.get("/shop/checkout")
def show_checkout() -> BaseResponse:
    """Ask to confirm the pretend order."""
    viewed = visit("/shop/checkout")
    if not viewed.basket.items:
        return redirect("/shop/basket", 303)
    return keep(render("shop/checkout.html", basket_page("Checkout", viewed.basket)), viewed.basket)


@blueprint.post("/shop/checkout")
def buy() -> BaseResponse:
    """Make the pretend order: sign the body a real store would send, and hand it to the same verb."""
    carried = brought_basket()
    products = ((stock.find(id), count) for id, count in carried.items.items())
    lines = tuple(Bought(product, count) for product, count in products if product and product.available)
    if not lines:
        abort(409, "The basket is empty. Add something to it first.")
    w = wiring()
    secret = w.settings.secret_of("standard")
    if not secret:
        abort(503, "The demo store cannot send its order: QUIZFUNNEL_STANDARD_SECRET is not set.")
    placed = Placed(carried.order, lines, carried.visitor_token, carried.click_token, w.clock.now())
    receipt = sale.place(w.engine, stock.parts().keys, placed, secret=secret)
    if receipt.status != _TAKEN:
        abort(503, f"The order was not taken ({receipt.message}). The basket is as it was.")
    return keep(redirect(f"/shop/thanks/{carried.order}", 303), carried.emptied())


@blueprint.get("/shop/thanks/<order_id>")
def thanks(order_id: str) -> BaseResponse:
    """Thank for the order and say where it is counted."""
    with reading(wiring().engine) as connection:
        if not basket.is_order_id(order_id) or not sale.was_made(connection, order_id):
            abort(404, "There is no such order. Orders of another demo are not known here.")
    viewed = visit("/shop/thanks")
    live = stock.live_quizzes()
    results = tuple((f"/insight/{each.slug}?data=real", stock.category_name(each.slug)) for each in live)
    page = pages.ThanksPage("en", "Thank you", frame(viewed.basket), order_id, results)
    return keep(render("shop/thanks.html", page), viewed.basket)

"""Pretend checkout of the demo shop: it sends the signed webhook that any shop sends."""

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.demo.shop import basket, pages
from quizfunnel.demo.shop.basket import Basket
from quizfunnel.demo.shop.order import Bought, Placed, order_body
from quizfunnel.demo.shop.stock import shelf_name
from quizfunnel.demo.shop.views.basket import items_of
from quizfunnel.demo.shop.views.frame import basket_id, current_basket, frame, parts, show, words

blueprint = Blueprint("checkout", __name__)


@blueprint.get("/shop/checkout")
def show_checkout() -> BaseResponse:
    """Ask to confirm the pretend order."""
    current = current_basket()
    if not current.items:
        return redirect("/shop/basket", 303)
    items, say = items_of(current), words()
    page = pages.CheckoutPage(say.language, say("Checkout"), frame(current), items, *pages.total(items), current.order)
    return show("shop/checkout.html", page)


@blueprint.post("/shop/checkout")
def buy() -> BaseResponse:
    """Make the pretend order and send the message about it; what does not arrive now is sent again later."""
    order = request.form.get("order", "")
    if not parts().books.place(basket_id(), _body, order=order, now=parts().clock.now()):
        say = words()
        text = say("The basket is not what this checkout was opened with. Look at it and go to the checkout again.")
        abort(409, text)
    parts().courier.send(order)
    return redirect(f"/shop/thanks/{order}", 303)


@blueprint.get("/shop/thanks/<order>")
def thanks(order: str) -> BaseResponse:
    """Thank for an order, and say where it is counted."""
    made = parts().books.order(order, basket_id()) if basket.is_order_id(order) else None
    if made is None:
        say = words()
        abort(404, say("There is no such order of yours."))
    say = words()
    slugs, quiz = parts().stock.shelves(), parts().config.quiz
    results = tuple((f"{quiz}/insight/{slug}?data=real", shelf_name(slug, say)) for slug in slugs)
    page = pages.ThanksPage(say.language, say("Thank you"), frame(), order, made.delivered, made.waiting, results)
    return show("shop/thanks.html", page)


def _body(current: Basket) -> bytes | None:
    """Return the message about a basket that becomes an order, None where nothing in it can be bought."""
    matches = ((parts().stock.find(id), count) for id, count in current.items.items())
    lines = tuple(Bought(match.product, count) for match, count in matches if match and match.product.available)
    if not lines:
        return None
    tokens = current.attributes.get("qf_visitor", ""), current.attributes.get("qf_click", "")
    return order_body(Placed(current.order, lines, *tokens, parts().clock.now()))

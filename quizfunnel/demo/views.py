"""The demo store: shelves, products, basket and a pretend checkout that signs the hook a real store would."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from flask import Blueprint, abort, current_app, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.catalog.product import Product
from quizfunnel.demo import basket, checkout, pages, sale, simulate
from quizfunnel.demo.basket import Basket
from quizfunnel.demo.invite import Host, Plan
from quizfunnel.experiment.arms import Invited
from quizfunnel.kit import signing
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.quiz import paths
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.store.transaction import reading, write
from quizfunnel.visit import collect
from quizfunnel.visit.identity import cart_token, cookie_name
from quizfunnel.visit.views import current_guest, keep_cookie
from quizfunnel.web.render import render
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("demo", __name__)

SEE_AS = ("visitor", "invited", "holdout")
_SEE_COOKIE = "qf_see"
_TAKEN = 200
_NAMES = {"coffee": "Coffee", "skin-care": "Skin care"}


@dataclass(frozen=True, slots=True)
class Parts:
    """What app.py hands to this room."""

    shelf: Shelf
    clerk: AttributionKeys
    plan: Plan


class _Visit(NamedTuple):
    """One recorded view of a shop page: the invitation that it shows, and the basket with what the view put into it."""

    invitation: pages.Invitation | None
    basket: Basket


@blueprint.get("/")
def landing() -> BaseResponse:
    """Show the three ways into the demo."""
    live = _live()
    count = simulate.count(wiring().engine)
    page = pages.LandingPage(
        lang="en",
        title="Quizfunnel demo",
        quizzes=tuple((f"/q/{each.slug}", each.quiz.title) for each in live),
        results=tuple((f"/insight/{each.slug}", each.quiz.title) for each in live),
        simulated=count,
    )
    return render("shop/landing.html", page)


@blueprint.get("/shop")
def home() -> BaseResponse:
    """Show the shelves."""
    visit = _visit("/shop")
    categories = tuple(
        pages.Category(
            f"/shop/{each.slug}", _name(each.slug), len(each.catalog.products), each.catalog.products[0].image
        )
        for each in _live()
    )
    return _keep(
        render("shop/home.html", pages.HomePage("en", "Fernhill", _frame(visit.basket), categories)), visit.basket
    )


@blueprint.get("/shop/<category>")
def shelf(category: str) -> BaseResponse:
    """Show the products of one category."""
    live = _category(category)
    visit = _visit(f"/shop/{category}")
    page = pages.ShelfPage(
        lang="en",
        title=_name(category),
        frame=_frame(visit.basket),
        items=tuple(pages.item(product) for product in live.catalog.products),
        invitation=visit.invitation,
    )
    return _keep(render("shop/shelf.html", page), visit.basket)


@blueprint.get("/shop/<category>/<product>")
def product(category: str, product: str) -> BaseResponse:
    """Show one product; a click's token goes from the address into the basket."""
    live = _category(category)
    found = live.catalog.by_id.get(product)
    if found is None:
        abort(404, "This product is not in the shop. The link may be old.")
    path = f"/shop/{category}/{product}"
    visit = _visit(path)
    token = request.args.get("qf_click")
    if token is not None:
        kept = visit.basket
        if wiring().signer.verify(signing.CLICK, token):
            kept = replace(kept, click_token=token)
        return _keep(redirect(path, 303), kept)
    page = pages.ProductPage(
        lang="en",
        title=found.title,
        frame=_frame(visit.basket),
        item=pages.item(found),
        details=pages.details(found),
        category_url=f"/shop/{category}",
        category=_name(category),
        invitation=visit.invitation,
    )
    return _keep(render("shop/product.html", page), visit.basket)


@blueprint.get("/shop/basket")
def show_basket() -> BaseResponse:
    """Show what is in the basket."""
    visit = _visit("/shop/basket")
    return _keep(render("shop/basket.html", _basket_page("Basket", visit.basket)), visit.basket)


@blueprint.post("/shop/basket")
def change_basket() -> BaseResponse:
    """Put a product into the basket, or take it out."""
    now = _basket()
    product = request.form.get("product", "")
    action = request.form.get("action", "add")
    found = _find(product)
    if action == "remove":
        return _keep(redirect("/shop/basket", 303), now.remove(product))
    if found is None or action != "add":
        abort(422, "This product is not in the shop, so nothing was put into the basket.")
    if not found.available:
        abort(409, f"{found.title} is sold out, so nothing was put into the basket.")
    return _keep(redirect("/shop/basket", 303), now.add(product))


@blueprint.get("/shop/checkout")
def show_checkout() -> BaseResponse:
    """Ask to confirm the pretend order."""
    visit = _visit("/shop/checkout")
    if not visit.basket.items:
        return redirect("/shop/basket", 303)
    return _keep(render("shop/checkout.html", _basket_page("Checkout", visit.basket)), visit.basket)


@blueprint.post("/shop/checkout")
def buy() -> BaseResponse:
    """Make the pretend order: sign the body a real store would send, and hand it to the same verb."""
    now = _basket()
    lines = [
        checkout.Bought(found, count) for id, count in now.items.items() if (found := _find(id)) and found.available
    ]
    if not lines:
        abort(409, "The basket is empty. Put something into it first.")
    w = wiring()
    secret = w.settings.standard_secret.get_secret_value()
    if not secret:
        abort(503, "The demo store cannot send its order: QUIZFUNNEL_STANDARD_SECRET is not set.")
    placed = checkout.Placed(now.order, tuple(lines), now.visitor_token, now.click_token, w.clock.now())
    receipt = sale.place(w.engine, _parts().clerk, placed, secret=secret)
    if receipt.status != _TAKEN:
        abort(503, f"The order was not taken ({receipt.message}). The basket is as it was.")
    return _keep(redirect(f"/shop/thanks/{now.order}", 303), now.emptied())


@blueprint.get("/shop/thanks/<order_id>")
def thanks(order_id: str) -> BaseResponse:
    """Thank for the order and say where it is counted."""
    with reading(wiring().engine) as connection:
        if not basket.is_order_id(order_id) or not sale.was_made(connection, order_id):
            abort(404, "There is no such order. Orders of another demo are not known here.")
    visit = _visit("/shop/thanks")
    results = tuple((f"/insight/{each.slug}?data=real", _name(each.slug)) for each in _live())
    page = pages.ThanksPage("en", "Thank you", _frame(visit.basket), order_id, results)
    return _keep(render("shop/thanks.html", page), visit.basket)


@blueprint.post("/shop/see-as")
def see_as() -> BaseResponse:
    """Show the shop as either arm sees it; such a visitor is left out of every figure from then on."""
    choice = request.form.get("as", "")
    if choice not in SEE_AS:
        abort(422, "Choose visitor, invited or holdout.")
    path = request.form.get("next", "/shop")
    response = redirect(path if path.startswith("/shop") and path.isprintable() else "/shop", 303)
    response.set_cookie(_SEE_COOKIE, choice, samesite="Lax", path="/shop")
    guest = current_guest()
    if choice == "visitor":
        response.delete_cookie(cookie_name(secure=wiring().settings.secure), path="/")
        response.delete_cookie(basket.COOKIE, path="/")
        return response

    def verb(connection: Connection) -> None:
        collect.remember(connection, guest, at=wiring().clock.now(), landing_page="/shop")
        if guest.visitor_id:
            collect.mark(connection, guest.visitor_id, kind="test", reason="saw the shop as either arm")

    write(wiring().engine, verb)
    return keep_cookie(response)


def _parts() -> Parts:
    found: Parts = current_app.extensions["demo"]
    return found


def _live() -> list[LiveQuiz]:
    shelf = _parts().shelf
    return [live for slug in shelf.slugs() if (live := shelf.live(slug))]


def _category(slug: str) -> LiveQuiz:
    live = _parts().shelf.live(slug)
    if live is None:
        abort(404, "The shop has no such shelf.")
    return live


def _find(product: str) -> Product | None:
    return next((found for live in _live() if (found := live.catalog.by_id.get(product))), None)


def _name(slug: str) -> str:
    return _NAMES.get(slug) or slug.replace("-", " ").capitalize()


def _host() -> Host:
    w = wiring()
    return Host(_parts().shelf, w.settings, _parts().plan, lambda text: w.signer.digest("arm", text))


def _visit(path: str) -> _Visit:
    """Record the view; at t0 the visitor's token goes into the basket, in both arms alike."""
    w, guest, host = wiring(), current_guest(), _host()
    now, live = w.clock.now(), host.page_of(path)

    def verb(connection: Connection) -> Invited | None:
        lot, entering = host.lot(connection, guest.visitor_id), host.entering(live)
        return collect.page_view(connection, collect.ViewContext(guest, path, now), lot=lot, entering=entering)

    invited = write(w.engine, verb)
    found = _basket()
    if live is not None and guest.visitor_id and not found.visitor_token:
        found = replace(found, visitor_token=cart_token(w.signer, guest.visitor_id))
    return _Visit(_invitation(live and _shown(host, live, invited)), found)


def _shown(host: Host, live: LiveQuiz, invited: Invited | None) -> LiveQuiz | None:
    """Return the quiz that the page invites to: as the visitor's arm says, or as an arm that was chosen to be seen."""
    if _seen_as() == "visitor":
        return host.shown(live, invited)
    return live if _seen_as() == "invited" else None


def _invitation(live: LiveQuiz | None) -> pages.Invitation | None:
    if live is None:
        return None
    shortest, longest = paths.lengths(live.quiz, {})
    return pages.Invitation(f"/q/{live.slug}", shortest, longest, live.quiz.minutes)


def _seen_as() -> str:
    chosen = request.cookies.get(_SEE_COOKIE, "visitor")
    return chosen if chosen in SEE_AS else "visitor"


def _basket() -> Basket:
    return basket.unpack(wiring().signer, request.cookies.get(basket.COOKIE))


def _keep(response: BaseResponse, kept: Basket) -> BaseResponse:
    value, brought = basket.pack(wiring().signer, kept), request.cookies.get(basket.COOKIE)
    if value != brought and (brought or kept != Basket()):
        response.set_cookie(
            basket.COOKIE, value, httponly=True, samesite="Lax", secure=wiring().settings.secure, path="/"
        )
    response.headers["Cache-Control"] = "private, no-cache"
    return keep_cookie(response)


def _frame(kept: Basket) -> pages.Frame:
    return pages.Frame(sum(kept.items.values()), _seen_as(), request.path)


def _basket_page(title: str, kept: Basket) -> pages.BasketPage:
    items = tuple(pages.item(found, count) for id, count in kept.items.items() if (found := _find(id)))
    return pages.basket(title, _frame(kept), items)

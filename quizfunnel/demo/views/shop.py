"""Shop of the demo store: the landing page, the shelves and the products."""

from dataclasses import replace

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.demo import pages, simulate
from quizfunnel.demo.views import stock
from quizfunnel.demo.views.visit import frame, keep, visit
from quizfunnel.kit import signing
from quizfunnel.web.render import render
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("shop", __name__)


@blueprint.get("/")
def landing() -> BaseResponse:
    """Show the three ways into the demo."""
    live = stock.live_quizzes()
    page = pages.LandingPage(
        lang="en",
        title="Quizfunnel demo",
        quizzes=tuple((f"/q/{each.slug}", each.quiz.title) for each in live),
        results=tuple((f"/insight/{each.slug}", each.quiz.title) for each in live),
        simulated=simulate.count(wiring().engine),
    )
    return render("shop/landing.html", page)


@blueprint.get("/shop")
def home() -> BaseResponse:
    """Show the shelves."""
    viewed = visit("/shop")
    categories = tuple(
        pages.Category(
            f"/shop/{each.slug}",
            stock.category_name(each.slug),
            len(each.catalog.products),
            each.catalog.products[0].image,
        )
        for each in stock.live_quizzes()
    )
    page = pages.HomePage("en", "Fernhill", frame(viewed.basket), categories)
    return keep(render("shop/home.html", page), viewed.basket)


@blueprint.get("/shop/<category>")
def shelf(category: str) -> BaseResponse:
    """Show the products of one category."""
    live = stock.category(category)
    viewed = visit(f"/shop/{category}")
    page = pages.ShelfPage(
        lang="en",
        title=stock.category_name(category),
        frame=frame(viewed.basket),
        items=tuple(pages.item(product) for product in live.catalog.products),
        invitation=viewed.invitation,
    )
    return keep(render("shop/shelf.html", page), viewed.basket)


@blueprint.get("/shop/<category>/<product>")
def product(category: str, product: str) -> BaseResponse:
    """Show one product; a click's token goes from the address into the basket."""
    shown = stock.category(category).catalog.by_id.get(product)
    if shown is None:
        abort(404, "This product is not in the shop. The link may be old.")
    path = f"/shop/{category}/{product}"
    viewed = visit(path)
    token = request.args.get("qf_click")
    if token is not None:
        carried = viewed.basket
        if wiring().signer.verify_id(signing.CLICK, token):
            carried = replace(carried, click_token=token)
        return keep(redirect(path, 303), carried)
    page = pages.ProductPage(
        lang="en",
        title=shown.title,
        frame=frame(viewed.basket),
        item=pages.item(shown),
        details=pages.details(shown),
        category_url=f"/shop/{category}",
        category=stock.category_name(category),
        invitation=viewed.invitation,
    )
    return keep(render("shop/product.html", page), viewed.basket)

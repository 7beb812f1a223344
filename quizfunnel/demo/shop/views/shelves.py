"""Shelves of the demo shop, and the page of each product."""

from flask import Blueprint, abort, redirect
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.catalog.product import Catalog
from quizfunnel.demo.shop import pages
from quizfunnel.demo.shop.stock import shelf_name
from quizfunnel.demo.shop.views.frame import frame, parts, show, words

blueprint = Blueprint("shelves", __name__)


@blueprint.get("/")
def front() -> BaseResponse:
    """Lead to the shop's home."""
    return redirect("/shop", 303)


@blueprint.get("/shop")
def home() -> BaseResponse:
    """Show the shelves."""
    say = words()
    categories = tuple(
        pages.Category(pages.shelf_url(slug), shelf_name(slug, say), len(catalog.products), catalog.products[0].image)
        for slug, catalog in parts().stock.shelves().items()
    )
    return show("shop/home.html", pages.HomePage(say.language, "Fernhill", frame(), categories))


@blueprint.get("/shop/<shelf>")
def products(shelf: str) -> BaseResponse:
    """Show the products of a shelf."""
    say = words()
    items = tuple(pages.item(product, shelf, language=say.language) for product in _shelf(shelf).products)
    return show("shop/shelf.html", pages.ShelfPage(say.language, shelf_name(shelf, say), frame(), items))


@blueprint.get("/shop/<shelf>/<product>")
def product(shelf: str, product: str) -> BaseResponse:
    """Show one product."""
    shown, say = _shelf(shelf).by_id.get(product), words()
    if shown is None:
        abort(404, say("This product is not in the shop. The link may be old."))
    item = pages.item(shown, shelf, language=say.language)
    page = pages.ProductPage(
        lang=say.language,
        title=item.title,
        frame=frame(),
        item=item,
        details=pages.details(shown, say),
        category_url=pages.shelf_url(shelf),
        category=shelf_name(shelf, say),
    )
    return show("shop/product.html", page)


def _shelf(slug: str) -> Catalog:
    catalog = parts().stock.shelves().get(slug)
    if catalog is None:
        say = words()
        abort(404, say("The shop has no such shelf."))
    return catalog

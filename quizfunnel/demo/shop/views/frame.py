"""Frame around every page of the demo shop: its parts, the basket's cookie, and the headers of each answer."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, make_response, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.demo.shop import pages
from quizfunnel.demo.shop.basket import Basket, empty
from quizfunnel.demo.shop.books import Books
from quizfunnel.demo.shop.config import ShopConfig
from quizfunnel.demo.shop.courier import Courier
from quizfunnel.demo.shop.stock import Stock, shelf_name
from quizfunnel.i18n.words import Words, marked, words_in
from quizfunnel.kit.clock import Clock
from quizfunnel.kit.ids import is_id, new_id
from quizfunnel.web.language import asked
from quizfunnel.web.render import render_text

COOKIE = "fernhill_basket"

_POLICY = (
    "default-src 'none'; script-src 'self' {quiz}; connect-src 'self' {quiz}; frame-src {quiz}; style-src 'self'; "
    "img-src 'self' https: data:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TITLES = {
    403: marked("That was not allowed"),
    404: marked("Not found"),
    405: marked("Not allowed"),
    409: marked("That does not fit any more"),
    413: marked("That was too large"),
    422: marked("Something is missing"),
}
_FIRST_OURS = 500


@dataclass(frozen=True, slots=True)
class Parts:
    """Configuration, stock, books, courier and clock, as the factory hands them over."""

    config: ShopConfig
    stock: Stock
    books: Books
    courier: Courier
    clock: Clock


def parts() -> Parts:
    """Return the running shop's parts."""
    wired: Parts = current_app.extensions["shop"]
    return wired


def basket_id() -> str:
    """Return the id of this browser's basket; a new one is given to it with the answer."""
    if "basket" not in g:
        brought = request.cookies.get(COOKIE)
        g.is_new = not is_id(brought)
        g.basket = new_id() if g.is_new else brought
    return str(g.basket)


def current_basket() -> Basket:
    """Return this browser's basket."""
    return parts().books.basket(basket_id())


def frame(basket: Basket | None = None) -> pages.Frame:
    """Return the frame of a page, around this browser's basket or another one."""
    say = words()
    shelves = tuple((pages.shelf_url(slug), shelf_name(slug, say)) for slug in parts().stock.shelves())
    return pages.Frame(shelves, (basket or current_basket()).count, parts().config.quiz)


def words() -> Words:
    """Return the words of the language that a page is shown in."""
    return words_in(asked.page_language())


def show(template: str, page: Any, status: int = 200) -> Response:
    """Return a page of the shop."""
    return make_response(render_text(template, page), status)


def install(blueprint: Blueprint) -> None:
    """Lead to the shop's one name, refuse forms of other sites, and give answers cookies, headers and words."""
    blueprint.before_app_request(_lead_home)
    blueprint.before_app_request(_refuse_foreign)
    blueprint.after_app_request(_finish)
    blueprint.app_errorhandler(HTTPException)(_tell)


def _lead_home() -> BaseResponse | None:
    """Lead from another name of this machine, as localhost is, to the one that the quizzes know: it has the basket."""
    home = parts().config.origin
    if request.method != "GET" or request.host_url.rstrip("/") == home:
        return None
    return redirect(home + request.full_path.rstrip("?"), 303)


def _refuse_foreign() -> None:
    """Refuse what a page of another origin posts: the quiz server's is one, though of the same site."""
    if request.method != "POST":
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in (None, "same-origin") or origin not in (None, request.host_url.rstrip("/")):
        say = words()
        abort(403, say("This was sent from another site, so nothing was changed."))


def _finish(response: BaseResponse) -> BaseResponse:
    if g.get("is_new"):
        response.set_cookie(COOKIE, g.basket, path="/", httponly=True, samesite="Lax")
    response.headers["Content-Security-Policy"] = _POLICY.format(quiz=parts().config.quiz)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _tell(error: HTTPException) -> BaseResponse:
    """Return a page, or for a script a line of JSON, that says what happened."""
    status = error.code or _FIRST_OURS
    if status < 400:  # noqa: PLR2004 - a redirect of the router is no error
        return error.get_response()
    say, is_ours = words(), status >= _FIRST_OURS
    text = error.description if error.description != type(error).description else None
    text = text or (say("Try again in a moment.") if is_ours else say("Go back and try again."))
    if request.path.endswith(".js"):
        return make_response({"error": text}, status)
    title = _TITLES.get(status, marked("Something went wrong") if is_ours else marked("We could not read that"))
    around = frame(empty() if is_ours else None)  # it may be the books that fail
    return show("shop/message.html", pages.ErrorPage(say.language, say(title), around, text), status)

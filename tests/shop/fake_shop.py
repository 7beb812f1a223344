"""A fake shop: another program on an origin of its own, with pages, a cart as Shopify's themes have it, and a counter.

It knows nothing of quizfunnel but the line of script on its pages. What a browser does to that line (blocks it, finds
nobody there) is set from outside.
"""

import json
import re
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.serving import make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from tests.servers import few_threads

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
<style>body{{font:16px/1.5 Georgia,serif;color:#223;max-width:50rem;margin:1rem auto;padding:0 1rem}}</style>
{head}
<script async src="{quiz}/qf.js"></script></head>
<body><h1>Coffee</h1>
{place}
<p>Forty coffees, roasted on Tuesdays.</p>
<p><a href="/tea">Tea</a> <a id="quiz" href="{quiz}/q/coffee">Which one?</a></p>
<form method="post" action="/cart/add"><input name="id" value="1"><button>Add</button></form>
{foot}
</body></html>"""


class FakeShop:
    """The shop's pages and carts; a cart is of one browser, by a cookie of the shop's own."""

    def __init__(self) -> None:
        """Open the shop, with nothing in any cart."""
        self.quiz, self.csp, self.head, self.foot, self.lang = "", "", "", "", "en"
        self.place = '<div data-qf style="min-height:8rem"></div>'
        self.carts: dict[str, dict[str, Any]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        id = request.cookies.get("cart") or secrets.token_hex(8)
        cart = self.carts.setdefault(id, {"attributes": {}, "items": []})
        response = self._answer(request, cart)
        response.set_cookie("cart", id)
        if self.csp:
            response.headers["Content-Security-Policy"] = self.csp
        return response(environ, start_response)

    def _answer(self, request: Request, cart: dict[str, Any]) -> Response:
        if request.path == "/cart/update.js":
            cart["attributes"] |= json.loads(request.get_data()).get("attributes", {})
            return Response(json.dumps(cart), mimetype="application/json")
        if request.path == "/cart.js":
            return Response(json.dumps(cart), mimetype="application/json")
        if request.path == "/cart/add" and request.args:
            cart["items"] += _items(parse_qsl(request.query_string.decode()))
            return redirect(request.args.get("return_to", "/cart"), 302)
        if request.path in ("/cart/add", "/cart/add.js"):
            sent = request.form.to_dict() or json.loads(request.get_data() or b"{}")
            cart["items"].append(sent)
            return Response(json.dumps(cart), mimetype="application/json")
        return Response(self.page(), mimetype="text/html")

    def page(self) -> str:
        """Return a page of the shop."""
        return _PAGE.format(quiz=self.quiz, place=self.place, head=self.head, foot=self.foot, lang=self.lang)


def _items(pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the lines that an address adds, one or several as `items[][...]`: each begins with its id."""
    items: list[dict[str, Any]] = []
    for name, value in pairs:
        field = re.fullmatch(r"(?:items\[\]\[)?(id|quantity|properties)\]?(?:\[(\w+)\])?", name)
        if field is None:
            continue
        if field[1] == "id":
            items.append({"properties": {}})
        if field[2]:
            items[-1]["properties"][field[2]] = value
        else:
            items[-1][field[1]] = value
    return items


@contextmanager
def served(app: Any, port: int) -> Iterator[None]:
    """Serve an application on the loopback in a thread of this process."""
    server = few_threads(make_server("127.0.0.1", port, app, threaded=True))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

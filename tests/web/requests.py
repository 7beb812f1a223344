"""Any request to any route: drawn from the route map, and answered as it arrives from the server."""

import io
import re
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from flask import Flask
from hypothesis import strategies as st

from quizfunnel.kit import signing
from quizfunnel.serving.environ import EnvironMaker
from quizfunnel.serving.response import Response, run
from quizfunnel.web.staff.keys import new_key
from tests.pages import BROWSER, Shopper, Tab, token
from tests.serving.scopes import Headers, Scope
from tests.shoppers import LONGEST
from tests.staff import form_token

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
FIELDS = (
    *("answer", "view", "t", "a30", "a10", "seq", "skip", "none", "why", "choice", "next", "product", "action", "as"),
    *("name", "role", "current", "again", "sure", "session", "form_token"),
    *("password", "onward", "order_id", "from", "to", "device", "channel", "days", "version", "data", "qf_click"),
)
ODD = (
    *("", "1", "yes", "no", "/shop", "//evil.example", "../../etc/passwd", "http://[", "https://[::1", "http://h:p"),
    *("\0", "a\0b", "\ud800", "\ufffd", "\u0130", "\u00b2", "\u0663", "é", "%", "%00", "%ff", "%ed%a0%80", "{{ 7 }}"),
    *("a" * 300, "a/" * 2100, "9" * 5000, "-1", "1e999", "NaN", "2026-02-30", "0001-01-01", "9999-12-31", "null"),
    *("[[[[", '"', "=", ";", ",", " ", "\r\n", "\t", "..", ".", "@none", "none"),
)
HEADERS = (
    *("host", "origin", "referer", "cookie", "user-agent", "accept", "accept-language", "accept-encoding", "range"),
    *("if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "authorization", "date"),
    *("content-type", "content-length", "content-encoding", "sec-fetch-site", "sec-purpose", "sec-gpc", "forwarded"),
    *("sec-ch-ua-mobile", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "via"),
    *("x-http-method-override", "hx-request", "hx-boosted", "hx-current-url", "hx-history-restore-request"),
    *("x-shopify-hmac-sha256", "x-shopify-topic", "webhook-id", "webhook-timestamp", "webhook-signature", "expect"),
)
VALUES = (
    *(
        "true",
        "?1",
        "same-origin",
        "cross-site",
        "https://shop.example",
        "http://localhost",
        "http://[",
        "https://[::1",
        "http://h:p",
        "null",
    ),
    *("localhost:99999", "localhost:x", "[::1", "[::1]:8000", "LOCALHOST", "evil.example", "a b", "xn--a", "."),
    *("bytes=0-", "bytes=5-1", "bytes=-" + "9" * 30, "bytes=" + "0-1," * 500, "bytes=x-", 'W/"x"', "*", "Basic /w=="),
    *("Mon, 30 Feb 2026 00:00:00 GMT", "Thu, 01 Jan 0000 00:00:00 GMT", "Sun, 01 Jan 99999 00:00:00 GMT", "1" * 400),
    *("application/x-www-form-urlencoded; charset=utf-7", "multipart/form-data", "multipart/form-data; boundary=x"),
    *("multipart/form-data; boundary=" + "x" * 300, "application/json; charset=\u00ff", "text/plain", "de;q=x,*;q=9"),
    *("qf_v=a.b; qf_consent=yes; qf_see=invited; qf_staff=a.b.c.d; qf_basket=.", 'a="\\400"', "=;=;", "gzip"),
    *("prefetch", "100-continue", "for=[", "v1,AAAA", "-1", "\u00e9", "1;2;3"),
)
JSON = ('"\\ud800"', '"a.b"', '"\\u0000"', "1", "-1", "NaN", "1e999", "null", "[]", "{}", '"é"', "9" * 5000, "true")
BYTES = (b"", b"[" * 60_000, b"x" * 70_000, b"--x\r\n\r\n\r\n--x--", b"\xff" * 20, b"&" * 5000, b"answer=%00&why=%00")
TEXT = st.sampled_from(ODD) | st.text(max_size=30)
PAIRS = st.lists(st.tuples(st.sampled_from(FIELDS), TEXT), max_size=4)
BEACON = '{"view": %s, "question": %s, "a30": %s, "a10": %s, "seq": %s}'

MESSAGE = '{"path": %s, "consent": %s, "token": %s, "view": %s, "ms": %s, "id": %s, "name": %s, "value": %s, "key": %s}'
MESSAGES = (
    *(('"/coffee"', *JSON), ('"yes"', *JSON), JSON, (f'"{"0" * 32}"', *JSON), ("5", *JSON), ('"a"', *JSON)),
    *(('"basket"', *JSON), JSON, JSON),
)


class Sent(NamedTuple):
    """One request: its path decoded, as the server gives it."""

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Visited:
    """A shop that two shoppers are in: one is asked a question, one has an offer, and what their addresses hold."""

    def __init__(self, app: Flask) -> None:
        """Let them come."""
        self._app, self._environs = app, EnvironMaker()
        self.routes = [(rule.rule, method) for rule in app.url_map.iter_rules() for method in rule.methods or ()]
        asked, offered = Shopper(app), Shopper(app)
        at_question, self.view = _begun(asked)
        at_offer = _finished(offered)
        self.form_token = form_token(Tab(app).get("/staff/people"))
        self.cookies = ["", *(_cookie(shopper) for shopper in (asked, offered))]
        without = Shopper(app, {"Sec-GPC": "1"}, cookies=False).start()
        addresses = [urlsplit(address).path.split("/") for address in (at_question, at_offer, without)]
        shared = re.search(r'/r/([^"<\s]+)', offered.get(at_offer).text)
        products = re.findall(rf"/go/{addresses[1][2]}/([^\"?]+)", offered.get(at_offer).text)
        signer = app.extensions["quizfunnel"].signer
        self.queries = ["", "", urlsplit(without).query, "v=1", f"qf_click={signer.sign(signing.CLICK, 'x')}"]
        self.known = {
            "slug": ["coffee", "skin-care"],
            "attempt": [address[2] for address in addresses],
            "question": [addresses[0][3], "offer"],
            "product": products,
            "category": ["coffee"],
            "token": [shared[1]] if shared else [],
            "source": ["standard", "shopify"],
            "path:path": ["quiz.js", "quiz.css"],
            "name": ["store", "ana"],
            "key": [new_key()],
            "order_id": ["D0001"],
            "part": ["card", "cart"],
        }

    def answer(self, sent: Sent) -> Response:
        """Return the application's response to a request that arrives as the server gives it."""
        scope = Scope(sent.path, Headers(sent.headers), method=sent.method, query_string=sent.query)
        environ = self._environs.make(scope)
        environ["wsgi.input"] = io.BytesIO(sent.body)
        return run(self._app, environ)


@st.composite
def requests(draw: st.DrawFn, shop: Visited) -> Sent:
    """Draw a request: near to a good one in most of its parts, so that it comes far, and odd in some."""
    rule, method = draw(st.sampled_from(shop.routes))
    path = "".join(_part(draw, shop, piece) for piece in re.split("[<>]", rule))
    path += draw(_mostly([""], st.sampled_from(["/", "//", "/x", ".json"])))
    body = draw(_bodies(shop, rule))
    good = {"host": "localhost", "user-agent": BROWSER, "cookie": draw(st.sampled_from(shop.cookies))}
    good["content-type"] = draw(_mostly(["application/x-www-form-urlencoded"], st.sampled_from(VALUES)))
    good["content-length"] = str(len(body))
    if f"{rule}/".startswith("/s/"):
        good["origin"] = "https://shop.example"
    value = st.sampled_from(VALUES) | TEXT.map(lambda text: text.encode("latin-1", "replace").decode("latin-1"))
    odd = draw(st.dictionaries(st.sampled_from(HEADERS), value, max_size=3))
    return Sent(
        draw(_mostly([method], st.sampled_from(METHODS))),
        path.encode("utf-8", "replace").decode(),
        draw(_mostly(shop.queries, PAIRS.map(_encoded) | st.text("%&=;+abt0\u00ff[", max_size=20))),
        tuple((good | odd).items()),
        body,
    )


def _mostly(good: list[str], odd: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return what draws one of `good` three times of four."""
    return st.integers(0, 3).flatmap(lambda chance: st.sampled_from(good) if good and chance else odd)


def _part(draw: st.DrawFn, shop: Visited, piece: str) -> str:
    return draw(_mostly(shop.known[piece], TEXT)) if piece in shop.known else piece


def _bodies(shop: Visited, rule: str) -> st.SearchStrategy[bytes]:
    if rule.startswith("/t/"):
        values = [st.sampled_from([f'"{shop.view}"', *JSON]), *[st.sampled_from(JSON)] * 4]
        return st.tuples(*values).map(lambda drawn: (BEACON % drawn).encode()) | st.sampled_from(BYTES)
    if f"{rule}/".startswith("/s/"):
        values = [st.sampled_from(values) for values in MESSAGES]
        return st.tuples(*values).map(lambda drawn: (MESSAGE % drawn).encode()) | st.sampled_from(BYTES)
    signed = [("view", shop.view), ("form_token", shop.form_token), ("name", "ana"), ("role", "analyst")]
    forms = PAIRS.map(lambda pairs: [*signed, *pairs]) | PAIRS
    return forms.map(lambda pairs: _encoded(pairs).encode()) | st.binary(max_size=60) | st.sampled_from(BYTES)


def _encoded(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, errors="replace")


def _begun(shopper: Shopper) -> tuple[str, str]:
    address = shopper.start()
    return address, token(shopper.get(address).text)


def _finished(shopper: Shopper) -> str:
    """Take a quiz by the first choice or the low end of each scale, and return the offer's address."""
    address = shopper.start()
    for _ in range(LONGEST):
        if address.partition("?")[0].endswith("/offer"):
            return address
        page = shopper.get(address).text
        values = re.findall(r'name="answer"[^>]*?(?:value|min)="([^"]+)"', page)
        response = shopper.post(address, {"view": token(page), "answer": values[:1]})
        assert response.status_code == 303, response.text
        address = str(response.location)
    raise AssertionError(address)


def _cookie(shopper: Shopper) -> str:
    cookie = shopper.client.get_cookie("qf_v")
    assert cookie
    return f"qf_v={cookie.value}"

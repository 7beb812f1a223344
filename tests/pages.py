"""A client that looks at every page it fetches: sound HTML, one h1 that begins the title, labels, no inline code."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
ORIGIN = {"User-Agent": BROWSER, "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
HTMX = {"HX-Request": "true"}

_TOKEN = re.compile(r'( value="|[?&;](?:t|qf_\w+)=)[\w.~-]{20,}')
_XHTML = "{http://www.w3.org/1999/xhtml}"
_INLINE = re.compile(r"<[^>]+\s(style|on\w+|hx-on[\w:-]*)\s*=|<script(?![^>]*\ssrc=)|<style", re.IGNORECASE)


class Tab:
    """One browser tab: keeps cookies, says where its forms come from, checks every page."""

    def __init__(self, app: Flask, headers: Mapping[str, str] | None = None, *, cookies: bool = True) -> None:
        """Open a tab on `app`, with more headers on every request; without `cookies` it keeps none."""
        self.client = app.test_client(use_cookies=cookies)
        self.headers = ORIGIN | dict(headers or {})

    def get(self, path: str, **more: Any) -> TestResponse:
        """Fetch a page and check it."""
        response = self.client.get(path, headers=self.headers | more.pop("headers", {}), **more)
        check(response)
        return response

    def post(self, path: str, data: Any = None, **more: Any) -> TestResponse:
        """Send a form and check what comes back."""
        response = self.client.post(path, data=data, headers=self.headers | more.pop("headers", {}), **more)
        check(response)
        return response


class Shopper(Tab):
    """Somebody who takes a quiz."""

    def start(self, slug: str = "coffee") -> str:
        """Open the promise, which sends the cookie, and start; return the address of the first question in the end."""
        self.get(f"/q/{slug}")
        response = self.post(f"/q/{slug}/start")
        assert response.status_code == 303, response.text
        return self.follow(str(response.location))

    def follow(self, address: str) -> str:
        """Open an address; return it, or the one that it leads on to."""
        response = self.get(address)
        return str(response.location) if response.status_code == 303 else address

    def answer(
        self, address: str, *values: str, htmx: bool = False, fields: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Answer the question at `address` with its own view token."""
        form: dict[str, Any] = {"view": token(self.get(address).text), "answer": list(values), **(fields or {})}
        return self.post(address, form, headers=HTMX if htmx else {})

    def finish(self, answers: Mapping[str, tuple[str, ...]], slug: str = "coffee") -> str:
        """Take the whole quiz; return the address of the offer."""
        address = self.start(slug)
        for _ in range(2 * len(answers)):
            if step(address) == "offer":
                return address
            values = answers[step(address)]
            fields = {"skip": "1"} if values == ("skip",) else {"none": "1"} if values == () else {}
            response = self.answer(address, *(() if fields else values), fields=fields)
            assert response.status_code == 303, response.text
            address = str(response.location)
        raise AssertionError(f"the quiz does not end: {address}")


def token(html: str) -> str:
    """Return the view token of a question's page."""
    found = re.search(r'name="view" value="([^"]+)"', html)
    assert found, html
    return found.group(1)


def step(address: str) -> str:
    """Return the last part of an attempt's address: a question's id, or `offer`."""
    return address.partition("?")[0].rpartition("/")[2]


def check(response: TestResponse) -> None:
    """Hold one response to what every page promises."""
    assert response.status_code != 500, response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if response.mimetype != "text/html" or response.status_code in (301, 302, 303) or not response.text:
        return
    assert not _INLINE.search(response.text), response.text
    if "<html" in response.text:
        _check_page(_TOKEN.sub(r"\1token", response.text))


@lru_cache(maxsize=1024)
def _check_page(text: str) -> None:
    """Hold a whole page to it, once for all that differ by their tokens alone: parsing takes longer than serving."""
    root = html5lib.HTMLParser(strict=True).parse(text)
    headings = list(root.iter(f"{_XHTML}h1"))
    assert len(headings) == 1, text
    heading = " ".join("".join(headings[0].itertext()).split())
    title = " ".join("".join(next(root.iter(f"{_XHTML}title")).itertext()).split())
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), ids
    is_refused = "e" in ids or any(element.get("aria-invalid") for element in root.iter())
    assert title.startswith(f"Error: {heading}" if is_refused else heading), (title, heading)
    assert root.get("lang")
    _check_labels(root, ids)
    _check_names(root, ids)


def _check_labels(root: Any, ids: list[str]) -> None:
    labelled = {label.get("for") for label in root.iter(f"{_XHTML}label")}
    inside = {id(field) for label in root.iter(f"{_XHTML}label") for field in label.iter()}
    for field in root.iter(f"{_XHTML}input"):
        if field.get("type") in ("hidden", "submit"):
            continue
        named = field.get("id") in labelled or id(field) in inside or field.get("aria-label")
        assert named, field.attrib
    for link in root.iter(f"{_XHTML}a"):
        target = link.get("href") or ""
        assert target, link.attrib
        assert not target.startswith("#") or target[1:] in ids, target


def _check_names(root: Any, ids: list[str]) -> None:
    """Hold what is seen of a control to be in its name (WCAG 2.5.3), and what describes it to be on the page."""
    for element in root.iter():
        described = (element.get("aria-describedby") or "").split()
        assert set(described) <= set(ids), (described, ids)
        name, seen = element.get("aria-label"), " ".join("".join(element.itertext()).split())
        if name and element.tag in (f"{_XHTML}a", f"{_XHTML}button"):
            assert seen.lower() in name.lower(), (name, seen)

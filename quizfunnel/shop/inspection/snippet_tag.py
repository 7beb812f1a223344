"""Snippet's tag on a page: whether it is there, whole, at this store's address, and run by the browser; pure."""

from collections.abc import Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from quizfunnel.shop.inspection.html_page import Element, HtmlPage
from quizfunnel.shop.inspection.sight import Sight
from quizfunnel.shop.inspection.site import site

FILE = "/qf.js"


def address_for(page: HtmlPage, url: str, public: Sequence[str]) -> str:
    """Return the address of this store that a page is to use: the one that it uses, else one of its own site."""
    tags = [_plain(_address(each, page, url)) for each in page.all_of("script")]
    used = next((each for each in public if _plain(f"{each}{FILE}") in tags), None)
    return used or next((each for each in public if site(each) == site(url)), public[0])


def tag_of(page: HtmlPage, url: str, public: str) -> tuple[Element, str] | None:
    """Return the tag that loads this store's snippet with its address, else one that loads another store's."""
    tags = [(each, _address(each, page, url)) for each in page.all_of("script") if each.attributes.get("src")]
    right = next(((tag, address) for tag, address in tags if _plain(address) == _plain(f"{public}{FILE}")), None)
    return right or next(((tag, address) for tag, address in tags if urlsplit(address).path.endswith(FILE)), None)


def look_at_tag(page: HtmlPage, url: str, public: str) -> Iterator[Sight]:
    """Yield what is to be said of the tag, which is to load from this address of the store."""
    line = f'<script async src="{public}{FILE}"></script>'
    snippet = tag_of(page, url, public)
    if snippet is None:
        yield Sight("tag", "wrong", f"is not in the page's HTML; write {line}{_elsewhere(page)}")
        return
    tag, address = snippet
    if _plain(address) != _plain(f"{public}{FILE}"):
        yield Sight("tag", "wrong", f"loads {_plain(address)}, which is not this store's; write {line}")
        return
    kind = tag.attributes.get("type", "").strip().lower()
    if kind == "module":
        yield Sight("tag", "wrong", 'is a module, which cannot tell where it came from; take type="module" away')
    elif not tag.is_run:
        started = (
            "so that something else on the page starts it; the snippet heeds the banner by itself: take the type away"
        )
        yield Sight("tag", "note", f'is there with type="{kind[:40]}", {started}')
    else:
        yield Sight("tag", "ok", f"is there: {_plain(address)}")
    if tag.is_run and not {"async", "defer"} & tag.attributes.keys():
        yield Sight("tag", "note", "makes the page wait for it; write async")
    if sum(_plain(_address(each, page, url)) == _plain(address) for each in page.all_of("script")) > 1:
        yield Sight("tag", "note", "stands there more than once; one is enough")


def _elsewhere(page: HtmlPage) -> str:
    """Return where else a tag may come from, which HTML as it is sent does not show."""
    if not page.whole:
        return ". The page was not read to its end: it is too large or too tangled"
    return ". If a tag manager or an app puts it there, a browser's tools for developers show it"


def _address(script: Element, page: HtmlPage, url: str) -> str:
    try:
        return urljoin(urljoin(url, page.base), script.attributes.get("src", "").strip())
    except ValueError:
        return ""


def _plain(address: str) -> str:
    """Return an address without what changes nothing: its query, the case of its host, the usual port."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    place = (parts.hostname or "") + (f":{port}" if port and port != usual else "")
    return f"{parts.scheme}://{place}{parts.path}"

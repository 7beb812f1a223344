"""HTML of a shop's page: its scripts, its own policies and its places for a quiz, as a browser would meet them."""

import re
import time
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import NamedTuple

MOST_LETTERS = 2 * 2**20
SECONDS = 3.0  # a page of that size takes a fraction of one
_PIECE = 4096  # the library begins an unfinished tag anew with each piece, and looks for its end in all that it has

# No tag stands in a comment or a declaration. They go before the library sees them: it takes a time that grows with the
# square of open comments, and stops at declarations that browsers pass over. Scripts stay, whatever they quote.
_ASIDE = re.compile(
    r"(?P<kept><(?P<raw>script|style)\b[^>]*(?:>.*?(?:</(?P=raw)|\Z)|\Z))|<!--.*?(?:-->|--!>|\Z)|<[!?][^>]*(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_INERT = ("noscript", "template", "textarea", "title", "iframe")
_JAVASCRIPT = frozenset({"", "text/javascript", "application/javascript", "module"})
_SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9-]*)?(?P<rest>(?:[#.][\w-]+|\[[\w-]+\])*)", re.IGNORECASE | re.ASCII)

Attributes = Mapping[str, str]


class Element(NamedTuple):
    """One start tag that a browser acts upon; attributes without a value have an empty one."""

    tag: str
    attributes: Attributes

    @property
    def is_run(self) -> bool:
        """Tell of a script whether a browser runs it by itself."""
        return self.attributes.get("type", "").strip().lower() in _JAVASCRIPT


class HtmlPage(NamedTuple):
    """The elements of a page, in its order; not `whole` where its end was not read."""

    elements: tuple[Element, ...]
    whole: bool = True

    def all_of(self, tag: str) -> tuple[Element, ...]:
        """Return the elements of a tag."""
        return tuple(element for element in self.elements if element.tag == tag)

    def with_attribute(self, name: str) -> tuple[Element, ...]:
        """Return the elements that have an attribute."""
        return tuple(element for element in self.elements if name in element.attributes)

    @property
    def base(self) -> str:
        """Return the address that the page's relative ones begin at, "" for the page's own."""
        return next((href for each in self.all_of("base") if (href := each.attributes.get("href"))), "")

    @property
    def policies(self) -> tuple[str, ...]:
        """Return the policies that the page itself names."""
        metas = (element.attributes for element in self.all_of("meta"))
        return tuple(
            meta.get("content", "")
            for meta in metas
            if meta.get("http-equiv", "").strip().lower() == "content-security-policy"
        )

    def has(self, selector: str) -> bool | None:
        """Tell whether an element fits a selector; None for one that only a browser can judge."""
        parts = [_SIMPLE.fullmatch(part.strip()) for part in selector.split(",")]
        if not all(part and part[0] for part in parts):
            return None
        return any(_fits(element, part) for element in self.elements for part in parts if part)


def read_html(text: str) -> HtmlPage:
    """Return the elements of a page; whatever is no HTML has none."""
    reader = _Reader()
    cut = _ASIDE.sub(lambda aside: aside["kept"] or "", text[:MOST_LETTERS])
    last = time.monotonic() + SECONDS
    try:
        for at in range(0, len(cut), _PIECE):
            reader.feed(cut[at : at + _PIECE])
            if time.monotonic() > last:
                return HtmlPage(tuple(reader.elements), whole=False)
    except AssertionError:  # the library's way to say that it cannot go on
        return HtmlPage(tuple(reader.elements), whole=False)
    return HtmlPage(tuple(reader.elements), whole=len(text) <= MOST_LETTERS)


class _Reader(HTMLParser):
    """Start tags outside what a browser keeps inert."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._inert = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._inert:
            return
        attributes: dict[str, str] = {}
        for name, value in attrs:
            attributes.setdefault(name, value or "")  # of two alike the first counts
        self.elements.append(Element(tag, attributes))
        if tag in _INERT:
            self._inert = tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # in HTML the slash says nothing

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inert:
            self._inert = ""


def _fits(element: Element, selector: re.Match[str]) -> bool:
    if selector["tag"] and selector["tag"].lower() != element.tag:
        return False
    classes = element.attributes.get("class", "").split()
    for part in re.findall(r"[#.\[][\w-]+", selector["rest"]):
        name = part[1:]
        holds = {
            "#": element.attributes.get("id") == name,
            ".": name in classes,
            "[": name.lower() in element.attributes,
        }
        if not holds[part[0]]:
            return False
    return True

"""Markup: the little Markdown that some texts take, which is emphasis, links and line breaks; pure.

Read by markdown-it-py (CommonMark) with all its other rules off, so that whatever else looks like Markdown stays as it
is written: headings, lists, pictures, code and HTML too. Links lead to the store alone; of others only the words stay.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from markupsafe import Markup, escape

from quizfunnel.quiz.store_site import StoreSite

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

KEYS = frozenset(("promise", "help", "why"))
"""Keys of the texts that take it; a choice's help, which is pressed as one with its label, takes no links."""

_PLAIN = re.compile(r"[^*_\[\\\n]*")  # nothing that any of the rules begins or ends with
_RULES = ("emphasis", "link", "newline", "escape")
_TAGS = {"em_open": "<em>", "em_close": "</em>", "strong_open": "<strong>", "strong_close": "</strong>"}

Kind = Literal["text", "em_open", "em_close", "strong_open", "strong_close", "link_open", "link_close", "break"]


class Piece(NamedTuple):
    """A piece of a text: words, the address of a link that begins, or where something begins, ends or breaks."""

    kind: Kind
    content: str = ""


def as_html(text: str, site: StoreSite | None, *, say: Callable[[str], str] = str) -> Markup:
    """Return a text as HTML, in which `say` puts its words as they are to be read.

    Links to anywhere else than the store's site, and all of them without a site, are left out but for their words.
    """
    parts: list[str] = []
    address = ""
    for kind, content in pieces(text):
        if kind == "text":
            parts.append(escape(say(content)))
        elif kind == "break":
            parts.append("<br>")
        elif kind == "link_open":
            address = site.address(content) if site else ""
            # in a tab of its own: whoever looks something up comes back to the question as it stands
            parts.append(f'<a href="{escape(address)}" target="_blank" rel="noopener">' if address else "")
        elif kind == "link_close":
            parts.append("</a>" if address else "")
        else:
            parts.append(_TAGS[kind])
    return Markup("").join(map(Markup, parts))


def as_text(text: str) -> str:
    """Return a text without its marks, on one line, for where no HTML can stand."""
    words = (" " if kind == "break" else content if kind == "text" else "" for kind, content in pieces(text))
    return " ".join("".join(words).split())


def is_plain(text: str) -> bool:
    """Tell whether a text has nothing that is read as a mark."""
    return _PLAIN.fullmatch(text) is not None


def addresses(text: str) -> list[str]:
    """Return the addresses that a text links to."""
    return [content for kind, content in pieces(text) if kind == "link_open"]


@lru_cache(maxsize=1024)
def pieces(text: str) -> tuple[Piece, ...]:
    """Return a text in pieces."""
    text = text.strip()
    if is_plain(text):
        return (Piece("text", text),) if text else ()
    children = _parser().parseInline(text)[0].children or []
    return tuple(_piece(token.type, token.content, str(token.attrGet("href") or "")) for token in children)


def _piece(type: str, content: str, address: str) -> Piece:
    if type in ("softbreak", "hardbreak"):
        return Piece("break")
    if type == "link_open":
        return Piece("link_open", address)
    return Piece(type, content) if type in _TAGS or type == "link_close" else Piece("text", content)  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero", {"html": False}).enable(list(_RULES))
    parser.inline.ruler.before("link", "no_picture", _no_picture)
    parser.validateLink = lambda url: True  # type: ignore[method-assign] # noqa: ARG005 - as_html lets no other pass
    return parser


def _no_picture(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001 - as the parser calls it
    """Leave the mark of a picture as it is written: its bracket would begin a link."""
    if not state.src.startswith("![", state.pos):
        return False
    if not silent:
        state.pending += "!["
    state.pos += 2
    return True

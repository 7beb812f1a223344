"""Manual: the pages of docs/ as staff read them here, for links of the setup page; what is no page of ours is text.

Markdown by markdown-it-py, without HTML of its own, and without the styles that our Content-Security-Policy refuses.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from markdown_it.token import Token

ADDRESS = "/insight/docs"
_NAME = re.compile(r"[a-z][a-z-]*")
_TABLE = '<div class="scroll" tabindex="0"><table class="words">'
_PAGE = re.compile(r"(?:docs/)?([a-z][a-z-]*)\.md(#[\w-]*)?")


class ManualText(NamedTuple):
    """A page of docs: its title, and its text as HTML below it."""

    title: str
    html: str


def address(page: str) -> str:
    """Return where a page of docs is read here, by its path in the repository."""
    return f"{ADDRESS}/{Path(page).stem}"


def read(folder: Path, name: str) -> ManualText | None:
    """Return a page of docs by its name, None where there is none of it."""
    file = folder / f"{name}.md"
    if not _NAME.fullmatch(name) or not file.is_file():
        return None
    return _read(file, file.stat().st_mtime_ns)


@cache
def _read(file: Path, _changed: int) -> ManualText:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(file.read_text("utf-8"))
    names = {path.stem for path in file.parent.glob("*.md")}
    title, rest = _without_title(tokens)
    for place, token in enumerate(rest):
        token.attrs.pop("style", None)  # of a table's columns
        if token.type == "heading_open":
            token.attrSet("id", anchor(rest[place + 1].content))
        if token.type == "inline":
            token.children = list(_linked(token.children or [], names))
    html: str = parser.renderer.render(rest, parser.options, {})
    return ManualText(title, html.replace("<table>", _TABLE).replace("</table>", "</table></div>"))


def anchor(heading: str) -> str:
    """Return the fragment that a heading is reached by, as where the repository is read."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _without_title(tokens: "list[Token]") -> "tuple[str, list[Token]]":
    """Return the first heading's text, which the page has already, and what stands below it."""
    if tokens and tokens[0].type == "heading_open":
        return tokens[1].content.replace("`", ""), tokens[3:]
    return "", tokens


def _linked(tokens: "list[Token]", names: set[str]) -> "list[Token]":
    """Return the parts of a line with links that lead somewhere here: to pages that are there, and to other sites."""
    kept: list[Token] = []
    gone = 0
    for token in tokens:
        if token.type == "link_open" and not _leads(token, names):
            gone += 1
        elif token.type == "link_close" and gone:
            gone -= 1
        else:
            kept.append(token)
    return kept


def _leads(token: "Token", names: set[str]) -> bool:
    href = str(token.attrGet("href") or "")
    if href.startswith(("https://", "#")):
        return True
    page = _PAGE.fullmatch(href)
    if page is None or page[1] not in names:
        return False
    token.attrSet("href", f"{ADDRESS}/{page[1]}{page[2] or ''}")
    return True

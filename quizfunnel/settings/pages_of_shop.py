"""Pages of the shop as settings and messages name them: paths, patterns of paths, selectors of places; pure."""

import re
import unicodedata
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, StringConstraints

MOST_LETTERS = 200

_IDENTIFIER = r"(?:--|-?(?:[A-Za-z_]|[^\x00-\x7f]|\\.))(?:[\w-]|[^\x00-\x7f]|\\.)*"
_QUOTED = r"""(?:"[^"]*"|'[^']*')"""
_ATTRIBUTE = rf"\[\s*{_IDENTIFIER}\s*(?:[~|^$*]?=\s*(?:{_QUOTED}|{_IDENTIFIER})\s*[iI]?\s*)?\]"
_PLAIN = rf"""(?:[^()"']|{_QUOTED})"""
_NESTED = rf"\((?:{_PLAIN}|\((?:{_PLAIN}|\({_PLAIN}*\))*\))+\)"
_PART = rf"(?:[#.]{_IDENTIFIER}|{_ATTRIBUTE}|:{_IDENTIFIER}(?:{_NESTED})?)"
_COMPOUND = rf"(?:(?:{_IDENTIFIER}|\*){_PART}*|{_PART}+)"
_COMPLEX = rf"{_COMPOUND}(?:(?:\s*[>+~]\s*|\s+){_COMPOUND})*"
_SELECTORS = re.compile(rf"{_COMPLEX}(?:\s*,\s*{_COMPLEX})*", re.ASCII)
_LIKE = 'must be a CSS selector, like "#quiz" or ".product .hint"'
_PAGE = 'must be the path of a page of the shop, like "/coffee/*"'


def path_as_written(address: str) -> str:
    """Return a page's path as people write it, in the letters that databases keep: no %20, no letters in two parts."""
    return unicodedata.normalize("NFC", unquote(address, errors="replace").replace("\0", ""))


def _pattern(text: str) -> str:
    """Return a pattern of paths; ValueError, with what is perhaps meant, for one that no page's path could ever fit."""
    pattern = path_as_written(text.strip())
    meant = _meant(pattern)
    if pattern.startswith(("http://", "https://")):
        raise ValueError(f'{_PAGE}, since [shop] origins name the host; write "{meant}"')
    if set(pattern) & set("?#"):
        raise ValueError(f'{_PAGE}, without what ? or # begins; write "{meant}"')
    if "*" in pattern[:-1] or pattern.endswith(".*"):
        raise ValueError(f'{_PAGE}, where * stands at the end alone, for any rest; write "{meant}"')
    if not pattern.startswith("/"):
        raise ValueError(f'{_PAGE}; write "{meant}"')
    return pattern


def _meant(pattern: str) -> str:
    """Return the pattern that somebody may have had in mind: the path up to the first sign that is none of it."""
    path = urlsplit(pattern).path if "://" in pattern else re.split("[?#]", pattern)[0]
    start, wild, _ = path.lstrip("^/").partition("*")
    return f"/{start.removesuffix('.') if wild else start}{wild}"


def _selector(text: str) -> str:
    """Return a CSS selector; ValueError for what browsers refuse, and for what can be no place of an invitation."""
    selector = text.strip()
    if selector and (not selector.isprintable() or not _SELECTORS.fullmatch(selector)):
        raise ValueError(f"{_LIKE}; browsers find nothing by this one")
    return selector


PagePattern = Annotated[str, StringConstraints(max_length=MOST_LETTERS), AfterValidator(_pattern)]
Selector = Annotated[str, StringConstraints(max_length=MOST_LETTERS), AfterValidator(_selector)]

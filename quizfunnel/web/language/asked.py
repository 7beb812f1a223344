"""Language of a page: its attempt's own, else the one in the address, the shop's, or what a browser asks for."""

from collections.abc import Sequence
from functools import lru_cache

from flask import Response, current_app, g, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from quizfunnel.i18n.languages import PARAMETER, SOURCE, nearest
from quizfunnel.i18n.words import languages

HEADER = "HTTP_ACCEPT_LANGUAGE"
"""The header of a request, in the environ, that says which languages a browser asks for."""

_LONGEST_HEADER = 512  # characters; a browser with a dozen languages sends some 150

SETTING = "language"
"""The extension of the app that is the language of the store's shoppers, empty where it has set none."""


def keep(language: str) -> None:
    """Let whatever else this request is answered with be in a language, an error too."""
    g.language = language


def page_language() -> str:
    """Return the language of a page that belongs to no quiz: that of its attempt, else the one asked for."""
    return str(g.get("language") or asked(languages()))


def asked(available: Sequence[str], *, default: str = "") -> str:
    """Return the language that a request asks for, among those available.

    Without a wish it is `default`, or English, or the first.
    """
    if chosen := named(available):
        return chosen
    if own := nearest(current_app.extensions.get(SETTING, ""), available):
        return own
    best = of_header(request.environ.get(HEADER, ""), tuple(available))
    return best or default or (SOURCE if SOURCE in available else available[0])


def named(available: Sequence[str]) -> str:
    """Return the language that the address names, empty where it names none that is available."""
    return nearest(request.args.get(PARAMETER, ""), available)


def query() -> str:
    """Return the query of an address whose page shall be in this one's language; empty where it will be anyway."""
    language = page_language()
    return "" if language == asked(languages()) else f"?{PARAMETER}={language}"


def of_header(header: str, available: tuple[str, ...]) -> str:
    """Return the first language of a browser's header that is available: `de-AT, en` asks for German before English.

    Of a header that is longer than any browser's the beginning counts: each takes time on every page, and is kept.
    """
    if len(header) > _LONGEST_HEADER:
        header = header[:_LONGEST_HEADER].rpartition(",")[0]
    return _of_header(header, available)


def varied(response: Response) -> Response:
    """Say that what a browser asks for was heard, so that nothing on the way keeps one language for all."""
    response.vary.add("Accept-Language")
    return response


@lru_cache(maxsize=1024)
def _of_header(header: str, available: tuple[str, ...]) -> str:
    wishes = parse_accept_header(header, LanguageAccept).values()
    return next((match for tag in wishes if (match := nearest(tag, available))), "")

"""Compression of pages, where their length tells a stranger nothing (BREACH; docs/decisions/0044-weight.md)."""

import gzip
from collections.abc import Collection, Iterable
from typing import Literal

import brotli
from flask import Flask, Response, request

from quizfunnel.web.delivery.encodings import accepted_encodings

_SHORTEST = 400  # bytes: below it the header costs what the compression gains
_QUALITY, _LEVEL = 5, 6  # of brotli and gzip: from here on time grows, and length hardly falls
_HARMLESS = frozenset({"lang"})  # nothing of its value comes into a page: one of the shipped languages does
_READS = ("GET", "HEAD")


def install(app: Flask, *, secretive: Collection[str]) -> None:
    """Compress the pages of `app`, but for those of the `secretive` rooms."""
    rooms = frozenset(secretive)

    def compress(response: Response) -> Response:
        if response.mimetype != "text/html" or response.direct_passthrough:
            return response
        room = (request.blueprint or "").partition(".")[0]
        if room not in rooms and not (request.method in _READS and may_reflect(request.args)):
            _compress(response)
        return response

    app.after_request(compress)


def may_reflect(names: Iterable[str]) -> bool:
    """Tell whether a page may show something that another site chose.

    Only with that could it guess at what else is there, letter by letter, by the lengths of many answers. The query
    alone carries it: a path is an id that must be right, and forms of other sites are refused.
    """
    return not _HARMLESS.issuperset(names)


def _compress(response: Response) -> None:
    response.vary.add("Accept-Encoding")
    encoding = _taken(request.headers.get("Accept-Encoding", ""))
    body = response.get_data()
    if encoding is None or len(body) < _SHORTEST or "Content-Encoding" in response.headers:
        return
    packed = brotli.compress(body, quality=_QUALITY) if encoding == "br" else gzip.compress(body, _LEVEL, mtime=0)
    response.set_data(packed)
    response.headers["Content-Encoding"] = encoding


def _taken(accepted: str) -> Literal["br", "gzip"] | None:
    takes = accepted_encodings(accepted)
    if "br" in takes:
        return "br"
    return "gzip" if "gzip" in takes else None

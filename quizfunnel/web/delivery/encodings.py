"""Content encodings: which one a browser takes, and bytes in each of them; pure."""

import gzip
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

import brotli

Encoding: TypeAlias = Literal["br", "gzip", "identity"]

_LEAST_GAIN = 16  # bytes: less is not worth the header that says it
_HEADS = 256  # browsers send a handful of different ones


class Encoded(NamedTuple):
    """Bytes as they are, and compressed where that made them smaller."""

    plain: bytes
    br: bytes | None
    gzip: bytes | None

    def best(self, accepted: str) -> tuple[Encoding, bytes]:
        """Return the smallest form that a browser takes, by its Accept-Encoding."""
        takes = accepted_encodings(accepted)
        if self.br is not None and "br" in takes:
            return "br", self.br
        if self.gzip is not None and "gzip" in takes:
            return "gzip", self.gzip
        return "identity", self.plain


def encode(plain: bytes) -> Encoded:
    """Return bytes compressed as well as can be, for what is sent many times."""
    most = len(plain) - _LEAST_GAIN
    forms = (brotli.compress(plain, mode=brotli.MODE_TEXT), gzip.compress(plain, 9, mtime=0))
    br, gz = (form if len(form) <= most else None for form in forms)
    return Encoded(plain, br, gz)


@lru_cache(maxsize=_HEADS)
def accepted_encodings(header: str) -> frozenset[str]:
    """Return the encodings that an Accept-Encoding names with a weight above 0 (RFC 9110, 12.5.3).

    ``*`` stands for gzip alone: what every client knows that may say so.
    """
    named: dict[str, bool] = {}
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        named[name.strip()] = _is_wanted(weight)
    names = {name for name, wanted in named.items() if wanted}
    if "*" in names and "gzip" not in named:
        names.add("gzip")
    return frozenset(names)


def _is_wanted(weight: str) -> bool:
    key, _, value = weight.replace(" ", "").partition("=")
    try:
        return key != "q" or float(value) > 0
    except ValueError:
        return False

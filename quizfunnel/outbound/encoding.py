"""Content encoding of an answer: gzip undone as it comes, and never to more than a limit; pure."""

import zlib
from collections.abc import Iterable

from quizfunnel.outbound.errors import OutboundError

ACCEPTED = "gzip, identity"
_GZIP = 16 + zlib.MAX_WBITS


def decoded(chunks: Iterable[bytes], encoding: str, *, most: int) -> bytes:
    """Return a body in full; OutboundError for one of more than `most` bytes, of another encoding, or cut short."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return _whole(chunks, most)
    if encoding not in ("gzip", "x-gzip"):
        raise OutboundError("is packed in a way that was not asked for; let the server send it plain, or as gzip")
    return _unpacked(chunks, most)


def too_large(most: int) -> OutboundError:
    """Return the error of a body over the limit."""
    return OutboundError(f"is larger than {most // 2**20 or most / 2**20:g} MiB")


def _whole(chunks: Iterable[bytes], most: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise too_large(most)
    return bytes(body)


def _unpacked(chunks: Iterable[bytes], most: int) -> bytes:
    body, taken, inflate, begun = bytearray(), 0, zlib.decompressobj(_GZIP), False
    for chunk in chunks:
        rest, taken = chunk, taken + len(chunk)
        while rest:
            try:
                body += inflate.decompress(rest, most + 1 - len(body))
            except zlib.error:
                raise OutboundError("says that it is gzip, and is not") from None
            begun = True
            if len(body) > most or taken > most:
                raise too_large(most)
            rest = inflate.unconsumed_tail
            if inflate.eof:  # a gzip file may be several, one after the other
                rest, inflate, begun = inflate.unused_data, zlib.decompressobj(_GZIP), False
    if begun:
        raise OutboundError("ends before it is whole; ask again later")
    return bytes(body)

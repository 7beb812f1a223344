"""Stored arrays: a model's numpy arrays and plain JSON values as skops bytes, and back without trusting any type; pure.

skops builds no object that it was not told to trust, and it is told to trust none; a pickle is never loaded.
"""

from collections.abc import Mapping
from typing import Any


class ArraysError(ValueError):
    """Bytes that hold no arrays, or name a type that nobody trusts."""


def to_bytes(arrays: Mapping[str, Any]) -> bytes:
    """Return numpy arrays and plain JSON values by name as skops bytes."""
    from skops import io as skops

    body: bytes = skops.dumps(dict(arrays))
    return body


def from_bytes(body: bytes) -> dict[str, Any]:
    """Return the arrays that `to_bytes` wrote; raise ArraysError for anything else, before any of it is built."""
    from skops import io as skops

    try:
        arrays: dict[str, Any] = skops.loads(body, trusted=[])
    except Exception as error:  # of skops, zipfile, json or numpy: whichever stumbles over the bytes
        raise ArraysError(f"its arrays cannot be read: {error or type(error).__name__}") from error
    return arrays

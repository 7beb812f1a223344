"""Frame on the shop's page: a place of the page or a popup over it, as an address names it; pure."""

from collections.abc import Callable, Collection
from typing import Literal, NamedTuple
from urllib.parse import quote

_ENTRIES: tuple[Literal["frame", "popup"], ...] = ("frame", "popup")


class ShopFrame(NamedTuple):
    """A frame on the shop's page: whether in a place of it or in a popup over it, and the origin of the page."""

    entry: Literal["frame", "popup"]
    parent: str

    @property
    def query(self) -> str:
        """Return what the addresses of pages in this frame carry."""
        return f"{self.entry}={quote(self.parent, safe='')}"


def read_frame(argument: Callable[[str], str | None], listed: Collection[str]) -> ShopFrame | None:
    """Return the frame that an address's arguments name, None for none of a listed origin."""
    frames = (ShopFrame(entry, origin) for entry in _ENTRIES if (origin := argument(entry)) and origin in listed)
    return next(frames, None)

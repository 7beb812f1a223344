"""Configuration of the demo shop, as whoever starts it hands it over; pure."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class ShopConfig:
    """Addresses, secret and files of the demo shop.

    `origin` is the shop's own, and `quiz` that of the quiz server: the snippet comes from there, and messages about
    orders go there, signed with `secret`. `stock` is the folder with a catalogue for each shelf, `books` the file of
    baskets and orders. `theme` is the brand's look, as `Theme.as_text` writes it, and `brand` the folder of its files.
    """

    origin: str
    quiz: str
    secret: str
    stock: str
    books: str
    theme: str = ""
    brand: str = ""

    def as_text(self) -> str:
        """Return the configuration as one line."""
        return json.dumps(asdict(self))


def from_text(line: str) -> ShopConfig:
    """Return the configuration that a line of `as_text` holds; ValueError for another."""
    try:
        return ShopConfig(**json.loads(line))
    except TypeError as error:
        raise ValueError(str(error)) from None

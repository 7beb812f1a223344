"""Preview of a shared result: the title, words and picture that a messenger draws beside its link; pure.

Source: the Open Graph protocol, whose addresses are whole ones. No answer is in it.
"""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from quizfunnel.catalog.product import Product
from quizfunnel.i18n.words import Words

_DRAWN = (".png", ".jpg", ".jpeg", ".webp", ".gif")  # a drawing in SVG is shown by no messenger


class Preview(NamedTuple):
    """The whole addresses of a result and of the site's home, and what is drawn beside a link to it.

    `image` is empty where no product has a picture that messengers draw; `alt` is it in words.
    """

    url: str
    home: str
    text: str
    image: str = ""
    alt: str = ""


def preview(url: str, products: Sequence[Product], say: Words, *, without: str) -> Preview:
    """Return the preview of a result at a whole address: its products by name, with the first picture among them.

    `without` are the words where there is no product.
    """
    text, home = say.all_of([product.title for product in products]) or without, urljoin(url, "/").rstrip("/")
    pictured = next((product for product in products if _is_drawn(product.image)), None)
    return (
        Preview(url, home, text, urljoin(url, pictured.image), pictured.title) if pictured else Preview(url, home, text)
    )


def _is_drawn(image: str) -> bool:
    return urlsplit(image).path.lower().endswith(_DRAWN)

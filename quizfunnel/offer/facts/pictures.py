"""Responsive picture: the widths that a picture's host makes of it, by its address; pure.

A catalogue names one address, often of a picture some thousand pixels wide, and a card on a phone shows 72. Only hosts
whose parameter is published are asked for another width; a picture of any other host stays as it is.
"""

from urllib.parse import parse_qsl, urlencode, urlsplit

WIDTHS = (160, 320, 640, 960)
SIZES = "(width < 40rem) 4.5rem, (width < 56rem) 5.75rem, 22rem"
"""Widths that cards give a picture, as in static/offer.css."""

_PARAMETER = {"cdn.shopify.com": "width", **{f"i{number}.wp.com": "w" for number in range(4)}}
_OF_A_SHOP = "/cdn/shop/"  # Shopify's pictures at the shop's own host


def srcset(address: str) -> str:
    """Return the `srcset` of a picture, empty where its host makes no other widths of it."""
    parts = urlsplit(address)
    name = _PARAMETER.get(parts.netloc) or ("width" if parts.netloc and parts.path.startswith(_OF_A_SHOP) else "")
    if not name or parts.path.endswith(".svg"):
        return ""
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != name]
    at = [(parts._replace(query=urlencode([*kept, (name, str(width))])).geturl(), width) for width in WIDTHS]
    return ", ".join(f"{address.replace(',', '%2C')} {width}w" for address, width in at)

"""A frame is what an address names by a listed origin, whole and exact; its addresses name it again."""

from urllib.parse import parse_qsl

import pytest

from quizfunnel.web.framing.frame import ShopFrame, read_frame

SHOP, OTHER = "https://shop.example", "https://shop.example:8443"
LISTED = (SHOP, OTHER)


@pytest.mark.parametrize("frame", [ShopFrame("frame", SHOP), ShopFrame("popup", SHOP), ShopFrame("frame", OTHER)])
def test_the_address_of_a_frame_names_it(frame: ShopFrame) -> None:
    """What is written into the addresses of its pages is read as the same frame."""
    assert read_frame(dict(parse_qsl(frame.query)).get, LISTED) == frame


@pytest.mark.parametrize(
    "origin",
    [
        *("", "1", "*", "null", "https://shop.exampl", "https://shop.example.evil.test", "https://evil.test"),
        *("https://shop.example/", "http://shop.example", "https://SHOP.example", "https://shop.example:443"),
        "https://shop.example; script-src *",
    ],
)
def test_no_other_origin_is_one(origin: str) -> None:
    """No part of one, no other scheme, port or spelling: browsers send an origin in one way."""
    assert read_frame({"frame": origin, "popup": origin}.get, LISTED) is None
    assert read_frame({"frame": SHOP, "popup": SHOP}.get, ()) is None

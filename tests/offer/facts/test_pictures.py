"""Laws of responsive pictures: other widths of hosts that make them, and no address changed for any other."""

import re

import pytest

from quizfunnel.offer.facts.pictures import WIDTHS, srcset


@pytest.mark.parametrize(
    ("address", "second"),
    [
        ("https://cdn.shopify.com/s/files/1/a.jpg?v=17", "https://cdn.shopify.com/s/files/1/a.jpg?v=17&width=320 320w"),
        ("https://cdn.shopify.com/s/a.jpg?width=2000&v=1", "https://cdn.shopify.com/s/a.jpg?v=1&width=320 320w"),
        ("https://shop.example/cdn/shop/files/a.png", "https://shop.example/cdn/shop/files/a.png?width=320 320w"),
        ("https://i1.wp.com/shop.example/a.jpg", "https://i1.wp.com/shop.example/a.jpg?w=320 320w"),
        ("https://cdn.shopify.com/s/a,b.jpg", "https://cdn.shopify.com/s/a%2Cb.jpg?width=320 320w"),
    ],
)
def test_a_host_that_makes_widths_is_asked_for_them(address: str, second: str) -> None:
    """By its own parameter, once, with the rest of the address kept; a comma cannot end an address too early."""
    candidates = srcset(address).split(", ")
    assert candidates[1] == second
    assert [int(width) for width in re.findall(r" (\d+)w", srcset(address))] == list(WIDTHS)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/static/img/a.jpg",
        "/cdn/shop/a.jpg",
        "https://shop.example/a.jpg?width=9",
        "https://cdn.shopify.com/s/a.svg",
    ],
)
def test_a_picture_of_any_other_host_stays_as_it_is(address: str) -> None:
    """Of a drawing too, which is sharp at every width."""
    assert srcset(address) == ""

"""Laws of sites: what a browser takes for one shop, by the list that its makers share."""

import re

import pytest

from quizfunnel.shop.inspection.site import list_day, share_a_network, site


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("https://www.shop.example", "https://quiz.shop.example", True),
        ("https://shop.example/x", "https://quiz.shop.example:8443", True),
        ("https://shop.co.uk", "https://quiz.shop.co.uk", True),
        ("https://shop.co.uk", "https://quiz.co.uk", False),
        ("https://a.myshopify.com", "https://b.myshopify.com", False),
        ("http://shop.example", "https://quiz.shop.example", False),
        ("https://shop.example", "https://quiz.example", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8001", True),
        ("http://127.0.0.1", "http://10.0.0.1", False),
        ("http://localhost:8000", "http://localhost", True),
    ],
)
def test_a_site_is_what_somebody_registered(one: str, other: str, is_one: bool) -> None:  # noqa: FBT001
    """By one scheme, whatever the port; an IP address is a site of its own."""
    assert (site(one) == site(other)) is is_one


@pytest.mark.parametrize(
    ("ours", "theirs", "shares"),
    [
        (["23.227.38.65"], ["23.227.1.1"], True),
        (["23.227.38.65"], ["23.228.38.65"], False),
        (["2606:4700:1:2::1"], ["2606:4700:1:2:ff::1"], True),
        (["2606:4700:1:2::1"], ["2606:4700:1:3::1"], False),
        (["2606:4700:1:2::1", "23.227.38.65"], ["23.227.1.1"], True),
    ],
)
def test_a_network_is_the_first_half_of_an_address(ours: list[str], theirs: list[str], shares: bool) -> None:  # noqa: FBT001
    """Of one that both have."""
    assert share_a_network(ours, theirs) is shares


def test_the_list_has_a_day() -> None:
    """So that whoever reads a judgement knows how old its list is."""
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", list_day())

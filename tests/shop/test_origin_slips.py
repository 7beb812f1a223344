"""Laws of slips of the list of origins: the shop's own page at an address that is not listed, never a stranger's."""

import pytest

from quizfunnel.shop.origin_slips import slip

LISTED = ("https://shop.example", "https://www.tea.example:8443", "http://[::1]:8001")


@pytest.mark.parametrize(
    ("origin", "near"),
    [
        ("https://www.shop.example", "https://www.shop.example"),
        ("http://www.shop.example", ""),
        ("https://TEA.example:8443", "https://tea.example:8443"),
        ("https://tea.example", "https://tea.example"),
        ("https://shop.example", ""),
        ("https://shop.example:9000", ""),
        ("https://de.shop.example", ""),
        ("https://www.www.shop.example", ""),
        ("https://shop.example.evil.example", ""),
        ("https://me@www.shop.example", ""),
        ("https://www.shop.example:", ""),
        ("https://tea.example:0008443", ""),
        ("https://www.shop.example/page", ""),
        *(
            (nonsense, "")
            for nonsense in ("", "null", "ftp://www.shop.example", "https://[", "https://www.shop.example:x")
        ),
    ],
)
def test_only_a_slip_of_a_listed_origin_is_named(origin: str, near: str) -> None:
    """With or without `www.`, or without the port: as browsers send it, and as it is to be written."""
    assert slip(origin, LISTED) == near

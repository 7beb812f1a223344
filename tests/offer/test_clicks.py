"""Where a click may lead: the store's own hosts and paths, with its token, and nowhere else."""

import pytest

from quizfunnel.offer.clicks import target

HOSTS = {"shop.example"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/p/a", "/p/a?qf_click=T"),
        ("/p/a?x=1#top", "/p/a?x=1&qf_click=T#top"),
        ("/p/a?qf_click=old", "/p/a?qf_click=T"),
        ("https://shop.example/p/a?size=", "https://shop.example/p/a?size=&qf_click=T"),
        ("https://evil.example/p", "/home"),
        ("//evil.example/p", "/home"),
        ("/\\evil.example", "/home"),
        ("javascript:alert(1)", "/home"),
        ("https://shop.example.evil.example/", "/home"),
        ("https://shop.example@evil.example/", "/home"),
        ("", "/home"),
    ],
)
def test_a_click_leads_to_the_store_alone(address: str, expected: str) -> None:
    """Anything else leads home."""
    assert target(address, "T", hosts=HOSTS, home="/home") == expected

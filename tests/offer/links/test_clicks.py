"""Targets of a click: the store's own hosts and paths, with its token, and nowhere else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.kit.addresses import in_the_shop
from quizfunnel.offer.links.clicks import target

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
        ("/p/a?sign=a%20b+c&flag", "/p/a?sign=a%20b+c&flag&qf_click=T"),
        ("HTTPS://Shop.Example:8443/p", "https://Shop.Example:8443/p?qf_click=T"),
        ("https://evil.example\\@shop.example/", "/home"),
        ("https://shop.example\\.evil.example/", "/home"),
        ("https://shop.example%2f@evil.example/", "/home"),
        ("/\t/evil.example", "/home"),
        ("\t//evil.example", "/home"),
        ("https://[shop.example/", "/home"),
        ("https:/evil.example", "/home"),
        ("https:evil.example", "/home"),
        ("shop.example/p", "/home"),
        ("https://user@shop.example/p", "/home"),
    ],
)
def test_a_click_leads_to_the_store_alone(address: str, expected: str) -> None:
    """Anything else leads home."""
    assert target(address, "T", hosts=HOSTS, home="/home") == expected


def test_a_host_is_the_stores_in_any_case_of_letters() -> None:
    """Settings may be written as people write host names."""
    assert (
        target("https://shop.example/p", "T", hosts={"Shop.Example"}, home="/home")
        == "https://shop.example/p?qf_click=T"
    )


PIECES = ["/", "\\", "//", "http:", "https:", "@", "?", "#", "&", "=", "%2f", "\t", " ", ".", "[", "]", ":", "qf_click"]


@given(
    st.lists(st.sampled_from([*PIECES, "shop.example", "evil.example"]), max_size=8).map("".join), st.text(max_size=5)
)
def test_no_address_leads_away(address: str, token: str) -> None:
    """However it is put together, the way is home, a path, or the store's host, as a strict reader sees it."""
    found = target(address, token, hosts=HOSTS, home="/home")
    assert found == "/home" or re.match(r"/(?![/\\])|https?://shop\.example(:\d*)?([/?#]|$)", found)
    assert found == "/home" or found.count("qf_click=") >= 1


@pytest.mark.parametrize(
    ("address", "home", "leads"),
    [
        ("/p/tea?x=1", "https://shop.example", "https://shop.example/p/tea?x=1"),
        ("/p/tea", "https://shop.example/en/", "https://shop.example/p/tea"),
        ("/p/tea", "/shop", "/p/tea"),
        ("/p/tea", "/", "/p/tea"),
        ("https://other.example/p", "https://shop.example", "https://other.example/p"),
    ],
)
def test_a_path_is_the_shops(address: str, home: str, leads: str) -> None:
    """A catalogue may hold paths; only where the shop is on this site are they this site's."""
    assert in_the_shop(address, home) == leads

"""Laws of bot detection: before any outcome, quickly; of a shopper only device and channel are told, coarsely."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.visit import bots
from tests.visit.agents import CHROME, IPAD, IPHONE, PIXEL, TABLET

SHOP = ("shop.example",)


@pytest.mark.parametrize("agent", [CHROME, IPHONE, IPAD, PIXEL, TABLET])
def test_a_shoppers_browser_is_no_bot(agent: str) -> None:
    """Plain browsers on desks, phones and tablets."""
    assert bots.kind({"User-Agent": agent}) == ("shopper", "")


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "no user agent"),
        ({"User-Agent": "  "}, "no user agent"),
        ({"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}, "crawler list"),
        ({"User-Agent": "curl/8.10.1"}, "crawler list"),
        ({"User-Agent": "python-requests/2.32"}, "crawler list"),
        ({"User-Agent": CHROME.replace("Chrome", "HeadlessChrome")}, "driven browser: headless"),
        ({"User-Agent": f"{CHROME} Cypress/15.0"}, "driven browser: cypress"),
        ({"User-Agent": CHROME, "Sec-Purpose": "prefetch;prerender"}, "prefetch"),
        ({"User-Agent": CHROME, "Sec-Purpose": "prerender"}, "prefetch"),
        ({"User-Agent": CHROME, "Purpose": "Prefetch"}, "prefetch"),
        ({"User-Agent": CHROME, "X-Moz": "prefetch"}, "prefetch"),
    ],
)
def test_what_is_no_shopper_says_why(headers: dict[str, str], why: str) -> None:
    """Crawlers, tools, driven browsers and pages fetched ahead."""
    assert bots.kind(headers) == ("bot", why)


def test_the_longest_user_agent_costs_little() -> None:
    """64 KB that almost match everything: well below what a shopper could notice (a full scan takes 0.7 s)."""
    bots.kind({"User-Agent": "warm up, please"})
    took = []
    for number in range(5):  # the quickest of them, whatever else the machine did meanwhile
        began = time.process_time()
        bots.kind({"User-Agent": f"Mozilla/{number}.0 " + "bo t" * 16_000})
        took.append(time.process_time() - began)
    assert min(took) < 0.1


@given(st.text(max_size=100), st.none() | st.sampled_from(["?1", "?0", "x"]))
def test_any_user_agent_has_a_kind_and_a_device(agent: str, hint: str | None) -> None:
    """No text is an error, and only coarse words come out."""
    found, why = bots.kind({"User-Agent": agent})
    assert (found, bool(why)) in {("bot", True), ("shopper", False)}
    assert bots.device(agent, hint) in {"phone", "tablet", "desktop"}


def test_devices_are_told_apart() -> None:
    """By the user agent; the browser's own hint makes a phone of a frozen user agent."""
    found = [bots.device(agent, None) for agent in (CHROME, IPHONE, PIXEL, IPAD, TABLET)]
    assert found == ["desktop", "phone", "phone", "tablet", "tablet"]
    assert bots.device(CHROME, "?1") == "phone"


@pytest.mark.parametrize(
    ("query", "referrer", "expected"),
    [
        ("", "", "direct"),
        ("", "https://shop.example/p/1", "direct"),
        ("", "https://www.google.co.uk/", "search"),
        ("", "https://duckduckgo.com/", "search"),
        ("", "https://www.instagram.com/", "social"),
        ("", "https://t.co/abc", "social"),
        ("", "https://mail.google.com/", "email"),
        ("", "https://climbing.com/", "referral"),
        ("", "https://brand.google/", "referral"),
        ("", "https://walmart.com/", "referral"),
        ("", "http://[::1", "direct"),
        ("?utm_medium=cpc", "https://www.google.com/", "paid"),
        ("?utm_medium=Email", "", "email"),
        ("?utm_medium=social", "", "social"),
        ("?utm_medium=carrier-pigeon", "https://blog.example/", "referral"),
    ],
)
def test_channels(query: str, referrer: str, expected: str) -> None:
    """The link's own word first, then the referrer's site by its whole labels, our own pages being none."""
    assert bots.channel(f"https://shop.example/{query}", referrer, SHOP) == expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_referrer_has_a_channel(query: str, referrer: str) -> None:
    """Any address and referrer give one of six words."""
    words = {"direct", "paid", "email", "search", "social", "referral"}
    assert bots.channel(f"https://shop.example/?{query}", f"https://{referrer}", SHOP) in words

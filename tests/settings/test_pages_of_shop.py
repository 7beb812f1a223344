"""Laws of the shop's pages as settings: what fits no page, or finds nothing there, is refused with the remedy."""

from pathlib import Path

import pytest

from quizfunnel.settings import InvitationSettings, Settings, SettingsError, Shop
from quizfunnel.settings.pages_of_shop import path_as_written


def invitations(store: Path, pattern: str) -> list[str]:
    """Return the patterns of a store with this one invitation."""
    (store / "quizfunnel.toml").write_text(f"[invitations]\n'{pattern}' = 'coffee'\n", "utf-8")
    return list(Settings.load().invitations)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("/*", "/*"),
        (" /tea ", "/tea"),
        ("/tea/", "/tea/"),
        ("/kaffee/größe/*", "/kaffee/größe/*"),
        ("/kaffee/gr%C3%B6%C3%9Fe/*", "/kaffee/größe/*"),
        ("/kaffee/gro\u0308ße", "/kaffee/größe"),
    ],
)
def test_a_pattern_is_kept_as_paths_come(store: Path, written: str, kept: str) -> None:
    """Copied from an address bar, or typed on a machine that writes two dots as a letter of their own."""
    assert invitations(store, written) == [kept]
    assert path_as_written(written.strip()) == kept


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("coffee/*", "/coffee/*"),
        ("*", "/*"),
        ("https://shop.example/coffee?page=2", "/coffee"),
        ("https://shop.example", "/"),
        ("/coffee?page=2", "/coffee"),
        ("/coffee#beans", "/coffee"),
        ("/de/*/coffee", "/de/*"),
        ("/coffee/.*", "/coffee/*"),
        ("^/coffee.*$", "/coffee*"),
    ],
)
def test_a_pattern_that_fits_no_page_is_refused_with_one_that_does(store: Path, written: str, meant: str) -> None:
    """It would be silent for ever: nobody would be invited, and nothing wrong to be seen."""
    with pytest.raises(SettingsError) as error:
        invitations(store, written)
    assert f'invitations: {written}: must be the path of a page of the shop, like "/coffee/*"' in str(error.value)
    assert f'write "{meant}"' in str(error.value)
    assert "[key]" not in str(error.value)
    assert invitations(store, meant) == [meant]


@pytest.mark.parametrize(
    "selector",
    [
        *("#hint", ".product .hint", "ul > li ~ p + a", "[data-x='5']", "a:not(.b, .c > d):nth-child(2n + 1)", "*", ""),
        *("div:has(> img)", ".w-1\\/2", "#größe", "a:not(:is(:nth-child(2)))", "h1, .x", '[href^="https://x.y/"] i'),
    ],
)
def test_selectors_that_browsers_read_are_kept(selector: str) -> None:
    """As somebody wrote them."""
    assert Shop(place=selector).place == selector
    assert InvitationSettings(quiz="coffee", place=f" {selector} ").place == selector


@pytest.mark.parametrize(
    "selector",
    [
        *("main .hint[", "div[[", "[data-x=5]", "main,", "#1a", ".1a", "a > > b", "<div>", "a{", "$x", "a!", "a:not("),
        *("main::before", "a..b", "> a", "x" * 190 + "["),
    ],
)
def test_selectors_that_find_nothing_are_refused(selector: str) -> None:
    """A slip of the hand, and what is no element: nobody would be invited at all."""
    for made in (lambda: Shop(place=selector), lambda: InvitationSettings(quiz="coffee", place=selector)):
        with pytest.raises(ValueError, match=r'must be a CSS selector, like "#quiz"'):
            made()

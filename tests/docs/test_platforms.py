"""Laws of the pages about platforms: what they say to write is read, and the program that is shown sends an order."""

import io
import os
import re
import tomllib
import urllib.request
from datetime import UTC, datetime
from typing import Any

import pytest

from quizfunnel.orders.sources import SOURCES
from quizfunnel.orders.sources.standard import StandardSource
from quizfunnel.settings import Settings
from tests.cast import STANDARD_SECRET
from tests.docs import markdown

PAGES = tuple(kind.page for kind in SOURCES)


@pytest.mark.parametrize("page", PAGES)
def test_the_settings_that_it_shows_are_settings(page: str) -> None:
    """Each block of TOML is one that the program takes as a whole."""
    settings = Settings.model_validate(tomllib.loads(markdown.block(page, "toml")))
    assert settings.shop.origins == ("https://shop.example",)
    assert settings.shop.hears_consent


@pytest.mark.parametrize("kind", SOURCES, ids=lambda kind: kind.name)
def test_it_names_address_secret_and_check(kind: Any) -> None:
    """Whoever follows the page alone finds all that has to be typed, and how to see that it worked."""
    text = markdown.read(kind.page)
    assert f"/hooks/{kind.name}" in text
    assert f"QUIZFUNNEL_{kind.name.upper()}_SECRET" in text
    assert "quizfunnel orders check" in text
    assert "could not" in text[: text.index("| minutes |")]


def test_the_program_that_is_shown_sends_a_test_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its body has the right signature, and is read as a test with the token that it was told."""
    sent: list[urllib.request.Request] = []

    def urlopen(request: urllib.request.Request) -> io.BytesIO:
        sent.append(request)
        return io.BytesIO(b"{}")

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    monkeypatch.setitem(os.environ, "QUIZFUNNEL_STANDARD_SECRET", STANDARD_SECRET)
    monkeypatch.setitem(os.environ, "TOKEN", "a token")
    exec(compile(markdown.block("docs/any-shop.md", "python"), "any-shop.md", "exec"), {})  # noqa: S102
    (request,) = sent
    assert request.full_url == "https://quiz.shop.example/hooks/standard"
    assert isinstance(request.data, bytes)
    headers = {name.lower(): value for name, value in request.header_items()}
    source = StandardSource(STANDARD_SECRET)
    assert source.refusal(request.data, headers, now=datetime.now(UTC)) is None
    order = source.read(request.data).order
    assert order is not None
    assert (order.test, order.paid, order.visitor_tokens) == (True, True, ("a token",))


def test_the_minutes_are_a_quarter_of_an_hour() -> None:
    """Of every page: the steps of its table add up to fifteen."""
    for page in PAGES:
        rows = re.findall(r"^\| (\d+) \|", markdown.read(page), re.MULTILINE)
        assert sum(map(int, rows)) == 15, page

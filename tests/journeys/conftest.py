"""The browser that the journeys are taken in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.answering import Server

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --test-third-party-cookie-phaseout"
)
# Playwright turns these off by itself, and Chromium heeds the last such list alone
_OFF = (
    "AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,"
    "OptimizationHints,PaintHolding,PreconnectToSearch,ThirdPartyStoragePartitioning"
)
# The address bar's suggestions, which nobody sees: each window draws them in a process of its own, and opening one
# costs twice as much with it
_ADDRESS_BAR = "WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,WebUIOmniboxPopup"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the system's Chromium where there is one, and keep it from calling home."""
    found = {"executable_path": CHROMIUM} if Path(CHROMIUM).exists() else {}
    return {**browser_type_launch_args, **found, "args": [*QUIET.split(), f"--disable-features={_OFF},{_ADDRESS_BAR}"]}


@pytest.fixture(autouse=True)
def _closed(browser: Browser) -> Iterator[None]:
    """Close what a test opened: pages that are left go on drawing and asking beside every later test."""
    yield
    for context in browser.contexts:
        context.close()


@pytest.fixture
def server() -> Server:
    """Give a server that has received nothing."""
    return Server()


@pytest.fixture
def tab(browser: Browser, server: Server) -> Iterator[Page]:
    """Give a tab whose every request the server answers, and in which no script fails."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.route("**/*", server)
    yield page
    context.close()
    assert broken == []

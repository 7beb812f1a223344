"""Laws of the theme on pages: one stylesheet, the last of each page, on every kind of page."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from quizfunnel.app import create_app
from quizfunnel.demo.shop.app import create_shop
from quizfunnel.kit.clock import SetClock
from quizfunnel.settings import Settings, ThemeSettings
from tests.demo.shop import shops

LOGO = {"light": "logo.svg", "dark": "logo.svg"}
THEME = ThemeSettings.model_validate({"name": "linen", "logo": LOGO, "logo_alt": "Fernhill"})


@pytest.fixture
def branded(settings: Settings, clock: SetClock) -> Flask:
    """Give the app of a store with a theme and a logo."""
    folder = settings.store / "static"
    folder.mkdir(exist_ok=True)
    (folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    return create_app(settings.model_copy(update={"theme": THEME}), clock=clock, demo=False)


def sheets(page: str) -> list[str]:
    """Return the addresses of the stylesheets in a page's head; what comes later lies in a layer below them."""
    return re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.partition("</head>")[0])


def test_every_page_wears_the_theme_last(branded: Flask) -> None:
    """A quiz, an error, a staff page: each links it after its own, and browsers may keep it for good."""
    browser = branded.test_client()
    addresses = {sheets(browser.get(path).text)[-1] for path in ("/q/coffee", "/q/nothing", "/staff/sign-in")}
    [address], page = addresses, browser.get("/q/coffee").text
    with browser.get(address) as sheet:
        assert address.startswith("/static/theme.css?v=")
        assert sheet.cache_control.immutable
        assert sheet.headers["ETag"]
        assert sheet.get_data(as_text=True) == THEME.theme().stylesheet({})
    [dark] = re.findall(r'<source media="[(]prefers-color-scheme: dark[)]" srcset="([^"]+)">', page)
    assert browser.get(dark, buffered=True).status_code == 200
    branded.extensions["quizfunnel"].engine.dispose()


def test_the_demos_shop_wears_the_same(settings: Settings, clock: SetClock) -> None:
    """It is handed the theme as its own: the same stylesheet, from its own address."""
    config = shops.config_of(settings.store)
    worn = replace(config, theme=THEME.theme().as_text(), brand=str(settings.store))
    browser = create_shop(worn, clock=clock).test_client()
    address = sheets(browser.get("/shop", base_url=config.origin).text)[-1]
    with browser.get(address, base_url=config.origin) as sheet:
        assert sheet.get_data(as_text=True) == THEME.theme().stylesheet({})


def test_without_a_theme_no_page_waits_for_one(settings: Settings, clock: SetClock) -> None:
    """The stylesheets have their own colours."""
    app = create_app(settings, clock=clock, demo=False)
    assert not [sheet for sheet in sheets(app.test_client().get("/q/coffee").text) if "theme" in sheet]
    app.extensions["quizfunnel"].engine.dispose()

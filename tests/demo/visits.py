"""Visits of the demo store: someone of either arm, and a purchase."""

from flask import Flask

from tests.pages import Tab

PAGE = "/shop/coffee/night-ferry-beans"
CARD = "Not sure which?"


def come(app: Flask, arm: str) -> Tab:
    """Come to the shop until the dice put one into `arm`."""
    for _ in range(60):
        tab = Tab(app)
        page = tab.get(PAGE)
        if (CARD in page.text) == (arm == "invited"):
            return tab
    raise AssertionError(f"sixty visitors and none {arm}")


def buy(tab: Tab) -> str:
    """Put the coffee into the basket and order it; return the thanks page."""
    tab.post("/shop/basket", {"product": "night-ferry-beans"})
    return tab.get(str(tab.post("/shop/checkout").location)).text

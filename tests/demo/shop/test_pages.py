"""Laws of the demo shop's templates: they use their pages' fields, and each has the snippet's tag and no more of it."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import meta

from quizfunnel.demo.shop import pages
from quizfunnel.shipped import shipped_folder
from tests.demo.shop.shops import PAGE, QUIZ, Customer

GLOBALS = {"asset", "money", "demo"}
PAGES: dict[str, Any] = {
    "home": pages.HomePage,
    "shelf": pages.ShelfPage,
    "product": pages.ProductPage,
    "basket": pages.BasketPage,
    "checkout": pages.CheckoutPage,
    "thanks": pages.ThanksPage,
    "message": pages.ErrorPage,
}


def names_of(app: Flask, template: str) -> set[str]:
    """Return the names that a template and all that it extends or includes ask for."""
    tree = app.extensions["templates"].parse((Path(shipped_folder()) / "templates" / template).read_text("utf-8"))
    names = meta.find_undeclared_variables(tree)
    return names.union(*(names_of(app, name) for name in meta.find_referenced_templates(tree) if name))


@pytest.mark.parametrize("name", PAGES)
def test_names_are_the_declared_fields(shopper: Customer, name: str) -> None:
    """A template uses every field of its page, and nothing else but the globals and what a loop gives."""
    names = names_of(shopper.client.application, f"shop/{name}.html") - GLOBALS - {"item", "change"}
    assert names == {field.name for field in fields(PAGES[name])} - {"item"}


@pytest.mark.parametrize("path", ["/shop", "/shop/coffee", PAGE, "/shop/basket", "/shop/nothing"])
def test_each_page_has_the_snippets_tag(shopper: Customer, path: str) -> None:
    """The tag is all: nothing else of the quiz server's stands in a page, but links that name the demo."""
    page = shopper.get(path).text
    scripts = re.findall(r'<script (\w+) src="([^"?]+)', page)
    assert scripts == [("defer", "/static/shop.js"), ("async", f"{QUIZ}/qf.js")]
    assert set(re.findall(f'"{QUIZ}([^"]*)"', page)) == {"/qf.js", "/", "/#see-as"}

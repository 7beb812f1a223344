"""Laws of the demo shop's templates: they use their pages' fields, and each has the snippet's tag and no more of it."""

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import meta

from quizfunnel.catalog.product import Product, Variant
from quizfunnel.catalog.readers import read_catalog
from quizfunnel.demo.shop import pages
from quizfunnel.i18n.words import bring, words_in
from quizfunnel.shipped import shipped_folder
from tests.demo.shop.shops import PAGE, QUIZ, Customer
from tests.i18n import pseudo

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


def test_every_page_can_be_translated(tmp_path: Path, shopper: Customer) -> None:
    """In a language whose messages are all marked no page has a word without a mark, but what the catalogue says."""
    pseudo.write_catalog(tmp_path / "locale")
    bring(tmp_path / "locale")
    catalog = read_catalog(shipped_folder() / "quizzes" / "catalogs" / "coffee.csv").catalog
    facts = (word for each in catalog.products for word in _facts(each))
    known = {"Fernhill", "and", *pseudo.texts_of(catalog), *facts}

    def read(path: str) -> str:
        return shopper.client.get(path, headers=shopper.headers | {"Accept-Language": pseudo.LANGUAGE}).text

    texts = [read(path) for path in ("/shop", "/shop/coffee", PAGE, "/shop/basket", "/shop/nothing")]
    shopper.add()
    texts += [read(path) for path in ("/shop/basket", "/shop/checkout")]
    order = texts[-1].partition('name="order" value="')[2].partition('"')[0]
    texts.append(read(str(shopper.post("/shop/checkout", {"order": order}).location)))
    bring()
    assert [pseudo.unmarked(page, known) for page in texts] == [set()] * len(texts)


def test_an_amount_without_a_unit_is_a_fact_like_any_other() -> None:
    """A column of bare numbers is told once, by its name, and is no pack's amount."""
    product = Product("tea", "Tea", 400, "GBP", "/tea", attributes={"amount": 250.0}, variants=(Variant("T", 400),))
    assert pages.details(product, words_in("en")) == ("Amount: 250",)


def _facts(product: Product) -> Iterator[str]:
    yield from (*product.tags, *product.attributes, product.type, product.vendor)

"""Titles in other languages: a column of our own CSV for each, and a product without one keeps its title."""

from pathlib import Path

from quizfunnel.quiz.catalog_snapshot import products_as_json, products_from_json
from tests.catalog.files import read

TEXT = (
    "id,title,title:de,title:pt-BR,price,currency,url,title:x\n"
    "a,House blend,Hausmischung,,9,GBP,/a,7\n"
    "b,Night blend,,Mistura da noite,9,GBP,/b,7\n"
)


def test_a_column_names_products_in_a_language(tmp_path: Path) -> None:
    """It is no attribute; a column whose name is no language is one, as any further column."""
    catalog = read(tmp_path, TEXT).catalog
    one, two = catalog.products
    assert (one.titles, two.titles) == ({"de": "Hausmischung"}, {"pt-BR": "Mistura da noite"})
    assert one.attributes == {"title:x": 7.0}
    assert [product.title for product in catalog.speaking("de").products] == ["Hausmischung", "Night blend"]
    assert catalog.speaking("fr") is catalog
    assert catalog.find(title="House blend") is not None


def test_titles_are_kept_with_a_version(tmp_path: Path) -> None:
    """A catalogue in the database has them; one without any is the version that it was before there were any."""
    catalog = read(tmp_path, TEXT).catalog
    again = products_from_json(products_as_json(catalog))
    assert [product.titles for product in again.products] == [product.titles for product in catalog.products]
    plain = read(tmp_path, "id,title,price,currency,url\na,House blend,9,GBP,/a\n").catalog
    assert "titles" not in products_as_json(plain)


def test_rows_of_one_product_share_it(tmp_path: Path) -> None:
    """What only one row of a product's variants says, all of them say."""
    text = "id,title,title:de,price,currency,url,option:size\na,Bag,Beutel,9,GBP,/a,1\na,,,12,GBP,/a,2\n"
    (product,) = read(tmp_path, text).catalog.products
    assert product.titles == {"de": "Beutel"}

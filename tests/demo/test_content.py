"""The shipped quizzes and catalogues: checked without a finding, pictured, plausible."""

import pytest

from quizfunnel.catalog.readers import read_catalog
from quizfunnel.quiz.check.run import check_file
from quizfunnel.shipped import shipped_folder

QUIZZES = shipped_folder() / "quizzes"
SLUGS = ("coffee", "skin-care")


@pytest.mark.parametrize("slug", SLUGS)
def test_the_shipped_quizzes_check_without_a_finding(slug: str) -> None:
    """Neither an error nor a warning, and 5 to 8 questions on every path."""
    result = check_file(QUIZZES / f"{slug}.yaml")
    assert [finding.text() for finding in result.findings] == []
    assert result.exploration is not None
    assert 5 <= len(result.exploration.shortest) <= len(result.exploration.longest) <= 8


@pytest.mark.parametrize("slug", SLUGS)
def test_every_product_has_a_picture_a_price_and_a_page(slug: str) -> None:
    """24 products or more, each drawn, in pounds, on the demo shop's own path."""
    products = read_catalog(QUIZZES / "catalogs" / f"{slug}.csv").catalog.products
    assert len(products) >= 24
    for product in products:
        assert (shipped_folder() / product.image.removeprefix("/")).is_file()
        assert 500 <= product.price <= 10_000
        assert (product.currency, product.url) == ("GBP", f"/shop/{slug}/{product.id}")

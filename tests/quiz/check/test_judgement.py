"""A quiz and a catalogue are judged as a pair, beside the products that the pair before them shows."""

from dataclasses import replace

import pytest

from quizfunnel.catalog.product import Catalog, Product, Variant
from quizfunnel.quiz.check.judgement import judge
from quizfunnel.quiz.file.load import load_text
from tests.cast import product
from tests.quiz.files import QUIZ

LOADED = load_text(QUIZ, "coffee.yaml")
FORMS = [
    ("dark-bean", "dark-roast", "whole-bean"),
    ("dark-ground", "dark-roast", "ground"),
    ("light-bean", "light-roast", "whole-bean"),
    ("light-ground", "light-roast", "ground"),
    ("decaf-bean", "decaf", "whole-bean"),
    ("decaf-ground", "decaf", "ground"),
    ("house-bean", "dark-roast", "whole-bean"),
    ("house-ground", "dark-roast", "ground"),
]
PRODUCTS = tuple(product(id, price=900, tags=(roast, form), attributes={"strength": 4.0}) for id, roast, form in FORMS)


def _sold_out(one: Product) -> Product:
    return replace(one, variants=(Variant(sku="", price=one.price, stock=0),))


def test_a_pair_that_fits_may_serve() -> None:
    """Nothing is wrong, nothing is lost."""
    judgement = judge(LOADED, Catalog(PRODUCTS), PRODUCTS)
    assert (judgement.findings, judgement.lost) == ((), ())
    assert not judgement.is_refused
    assert not judgement.waits
    assert judgement.loss == ""


def test_a_tag_that_was_renamed_breaks_the_pair() -> None:
    """The quiz is as good as it was; with this catalogue it may not serve."""
    renamed = [replace(one, tags=one.tags - {"decaf"}) for one in PRODUCTS]
    judgement = judge(LOADED, Catalog(tuple(renamed)), PRODUCTS)
    assert judgement.is_refused
    assert {finding.message for finding in judgement.findings} == {
        "no product of the catalogue has tag `decaf`; there are dark-roast, ground, light-roast, whole-bean"
    }


@pytest.mark.parametrize(("gone", "waits"), [(1, False), (2, False), (3, True), (8, True)])
def test_a_loss_of_over_thirty_percent_waits(gone: int, waits: bool) -> None:  # noqa: FBT001 - a table's column
    """Of eight live products two may be gone; the words name them."""
    live = [replace(one, id=f"old-{n}") if n < gone else one for n, one in enumerate(PRODUCTS)]
    judgement = judge(LOADED, Catalog(PRODUCTS), live)
    assert judgement.waits == waits
    assert judgement.lost == tuple(f"old-{n}" for n in range(gone))
    assert judgement.loss.startswith(f"{gone} of 8 live products")


def test_a_row_that_says_sold_out_or_withdrawn_is_no_loss() -> None:
    """It is an answer; and what could not be bought before is not missed."""
    withdrawn = [replace(one, published=False) if n < 4 else _sold_out(one) for n, one in enumerate(PRODUCTS)]
    assert judge(LOADED, Catalog(tuple(withdrawn)), PRODUCTS).lost == ()
    assert judge(LOADED, Catalog(PRODUCTS), [_sold_out(product("old", price=900))]).live == 0


def test_a_catalogue_in_which_nothing_is_published_breaks_the_pair() -> None:
    """It is one finding, at the catalogue, and not one for every answer."""
    drafts = Catalog(tuple(replace(one, published=False) for one in PRODUCTS))
    (finding,) = judge(LOADED, drafts, PRODUCTS).findings
    assert (finding.severity, finding.line) == ("error", LOADED.finding(("catalog",), "").line)
    assert finding.message.startswith("no product of the catalogue is published, ")

"""Item features: attributes as numbers, by which products are alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.catalog.product import Product
from quizfunnel.recommend.learners.features import MOST, features_of
from tests.cast import coffee_catalog, product

LABELS = [f"t{n}" for n in range(45)]


@st.composite
def catalogues(draw: st.DrawFn) -> list[Product]:
    """Draw products with random labels, numbers and words; some lack some of them."""
    facts = st.fixed_dictionaries(
        {}, optional={"size": st.floats(-5, 5), "form": st.sampled_from(["", "round", "flat"]), "both": st.just(1.0)}
    )
    drawn = draw(st.lists(st.tuples(st.frozensets(st.sampled_from(LABELS)), st.integers(1, 3), facts), max_size=12))
    return [
        product(f"p{n}", price=price, tags=tuple(tags), attributes=attributes, vendor="us")
        for n, (tags, price, attributes) in enumerate(drawn)
    ]


@pytest.mark.thorough
@settings(max_examples=60)
@given(catalogues())
def test_every_attribute_says_something_of_its_own(products: list[Product]) -> None:
    """None is the same for all products, none the same as another, and no more labels than 30 are taken."""
    values, names = features_of(products)
    assert values.shape == (len(products), len(names))
    assert np.isfinite(values).all()
    assert all(len(set(column)) > 1 for column in values.T)
    assert len({tuple(column) for column in values.T}) == len(names) == len(set(names))
    assert sum(name.startswith(("tag:", "form:", "vendor:", "type:")) for name in names) <= MOST
    for name, column in zip(names, values.T, strict=True):
        if name.startswith("tag:"):
            assert 1 < column.sum() < len(products)
            assert [bool(each) for each in column] == [name[4:] in each.tags for each in products]
    assert "vendor:us" not in names


def test_the_coffees_attributes() -> None:
    """Price, strength, and the labels; the one that a single product bears is none, since it is only itself."""
    values, names = features_of(coffee_catalog().products)
    labels = {"tag:dark-roast", "tag:light-roast", "tag:decaf", "tag:whole-bean", "tag:ground"}
    assert set(names) == {"log price", "strength"} | labels
    assert values.shape[0] == 8


def test_labels_that_part_the_catalogue_most_evenly_are_taken_first() -> None:
    """Of 40 labels on 2 to 41 of 80 products, the ten rarest are left out."""
    products = [product(f"p{n}", tags=tuple(f"t{k}" for k in range(40) if n <= k + 1)) for n in range(80)]
    names = features_of(products).names
    assert set(names) == {f"tag:t{k}" for k in range(10, 40)}


def test_one_product_has_nothing_to_be_compared_by() -> None:
    """And neither has none."""
    assert features_of([product("alone", tags=("red",))]).values.shape == (1, 0)
    assert features_of([]).values.shape == (0, 0)

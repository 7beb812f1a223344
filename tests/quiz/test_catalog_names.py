"""Names of a catalogue: all that rules can name, each with how many products have it."""

from quizfunnel.catalog.product import Catalog
from quizfunnel.quiz.catalog_names import MOST_VALUES, named_columns
from tests.cast import product

PRODUCTS = (
    product("a", tags=("dark", "ground"), attributes={"strength": 5.0, "origin": "Peru"}),
    product("b", tags=("dark",), attributes={"strength": 2.0}),
    product("c", tags=(), attributes={"origin": "Peru"}),
)


def test_names_stand_with_their_numbers_of_products() -> None:
    """The most frequent first; numbers in their order; kinds that no product has are left out."""
    columns = {column.kind: column for column in named_columns(Catalog(PRODUCTS))}
    assert {kind: (column.products, dict(column.counts)) for kind, column in columns.items()} == {
        "tag": (2, {"dark": 2, "ground": 1}),
        "strength": (2, {"2": 1, "5": 1}),
        "origin": (2, {"Peru": 2}),
    }
    assert columns["strength"].bounds == (2, 5)


def test_lines_are_written_as_rules_name_them() -> None:
    """Each name with its kind before it, and aligned numbers."""
    tags, strength, _ = named_columns(Catalog(PRODUCTS))
    assert list(tags.lines()) == ["tag: 2 different, on 2 products", "  tag:dark    2", "  tag:ground  1"]
    assert next(iter(strength.lines())) == "strength: 2 different, on 2 products, numbers from 2 to 5"


def test_many_numbers_are_told_by_their_bounds() -> None:
    """A column of weights names no weight singly."""
    many = [product(f"p{n}", attributes={"weight": float(n)}) for n in range(MOST_VALUES + 1)]
    (weight,) = named_columns(Catalog(tuple(many)))
    assert list(weight.lines()) == [
        f"weight: {MOST_VALUES + 1} different, on {MOST_VALUES + 1} products, numbers from 0 to 20"
    ]

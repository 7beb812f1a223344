"""YAML lists: the same products as a CSV's, from plain data alone."""

from pathlib import Path

import pytest

from quizfunnel.catalog.readers import CatalogError
from tests.catalog.files import NATIVE, read


def test_yaml_and_csv_give_the_same_products(tmp_path: Path) -> None:
    """The same fields as a YAML list; only the line differs."""
    sheet = read(tmp_path, NATIVE + 'a,Anna,9.50,GBP,/p/a,,"x,y",,4\n').catalog.products[0]
    text = "- id: a\n  title: Anna\n  price: 9.50\n  currency: GBP\n  url: /p/a\n  tags: [x, y]\n  strength: 4\n"
    listed = read(tmp_path, text, "c.yaml").catalog.products[0]
    assert (listed.id, listed.price, listed.tags, listed.attributes) == (
        sheet.id,
        sheet.price,
        sheet.tags,
        sheet.attributes,
    )


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("- &x {id: a}\n- *x\n", 1, "anchor or alias"),
        ("- {id: a,\n   title: !!python/name:os.system b}\n", 2, "tag"),
        ("id: a\n", 1, "list of products"),
        ("- {id: a}\n---\n- {id: b}\n", 2, "second YAML document"),
        ("- id: a\n  title: [\n", 3, "no YAML"),
        ("[" * 5000, 1, "levels"),
        ("- " + "x" * 1024 * 1024, 1, "larger than 1 MiB"),
        ("", 1, "no rows"),
    ],
)
def test_yaml_that_is_more_than_plain_data_is_refused_whole(tmp_path: Path, content: str, line: int, says: str) -> None:
    """Anchors, tags, other shapes and endless nesting: one error with its line, no row read."""
    with pytest.raises(CatalogError) as refused:
        read(tmp_path, content, "c.yaml")
    (finding,) = refused.value.findings
    assert (finding.severity, finding.line) == ("error", line)
    assert says in finding.message
    assert "row" not in finding.message.partition("no rows")[2]


def test_a_bad_entry_of_a_yaml_list_is_left_out_alone(tmp_path: Path) -> None:
    """A doubled key, a nested value, a word where a product should be: each named by line, the good one stays."""
    good = "- {id: a, title: A, price: 1, currency: GBP, url: /a}\n"
    found = read(tmp_path, good + "- {id: b, id: c}\n- {id: d, size: {x: 1}}\n- word\n- {tags: ['a,b']}\n", "c.yaml")
    assert [product.id for product in found.catalog.products] == ["a"]
    assert [finding.line for finding in found.findings] == [2, 3, 4, 5]
    assert ["twice" in found.findings[0].message, "flat" in found.findings[1].message] == [True, True]


def test_yaml_values_keep_the_letters_they_are_written_in(tmp_path: Path) -> None:
    """As in a CSV: 007 is no 7, no is no False, and ~ is nothing."""
    text = "- {id: 007, title: no, price: 9.50, currency: GBP, url: /a, vegan: true, size: 0x10, image: ~}\n"
    (product,) = read(tmp_path, text, "c.yml").catalog.products
    assert (product.id, product.title, product.price, product.image) == ("007", "no", 950, "")
    assert product.attributes == {"vegan": "true", "size": "0x10"}

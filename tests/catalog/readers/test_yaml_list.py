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
        ("products: 3\n", 1, "list of products"),
        ("- {id: a}\n---\n- {id: b}\n", 2, "second YAML document"),
        ("- id: a\n  title: A\n  b\n  c\n", 4, "no YAML: a key above has no colon"),
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


LISTED = "- id: a\n  title: Anna\n  price: 9.50\n  currency: GBP\n  url: /p/a\n  tags: [x, y]\n"


@pytest.mark.parametrize(
    ("change", "line", "wrong", "mended"),
    [
        (("  title: Anna", "  title: Anna: x"), 2, "colon and a space", '  title: "Anna: x"'),
        (("  title: Anna", " title: Anna"), 2, "1 space too few", "  title: Anna"),
        (("  title: Anna", "\ttitle: Anna"), 2, "begins with a tab", "  title: Anna"),
        (("  title: Anna", '  title: "Anna'), 2, "must end with it", '  title: "Anna"'),
        (("  title: Anna", "  title: @Anna"), 2, "begins with @", '  title: "@Anna"'),
        (("  title: Anna", "  title: [Anna"), 2, "begins with [", '  title: "[Anna"'),
        (("  title: Anna", "  title Anna"), 2, "needs a colon", "  title: Anna"),
        (("  price: 9.50", "  price:9.50"), 3, "needs a space behind its colon", "  price: 9.50"),
        (("- id: a", "-id: a"), 1, "a hyphen needs a space", "- id: a"),
        (("[x, y]", "[x, y"), 6, "brackets of this line", "  tags: [x, y]"),
    ],
)
def test_a_slip_is_said_with_the_line_mended(
    tmp_path: Path, change: tuple[str, str], line: int, wrong: str, mended: str
) -> None:
    """In plain words and at its own line, as in a quiz file; with that line the catalogue is read."""
    text = LISTED.replace(*change)
    with pytest.raises(CatalogError) as refused:
        read(tmp_path, text, "c.yaml")
    (finding,) = refused.value.findings
    assert (finding.line, wrong in finding.message) == (line, True)
    assert finding.message.endswith(f"; write it as `{mended}`")
    lines = text.splitlines()
    lines[line - 1] = mended
    assert len(read(tmp_path, "\n".join(lines), "c.yaml").catalog.products) == 1


def test_a_title_that_a_comment_cuts_short_is_told(tmp_path: Path) -> None:
    """The product is read all the same."""
    reading = read(tmp_path, LISTED.replace("Anna", "Anna #1"), "c.yaml")
    assert [product.title for product in reading.catalog.products] == ["Anna"]
    (finding,) = reading.findings
    assert finding.line == 2
    assert finding.message.endswith('write it as `  title: "Anna #1"`')


def test_a_no_break_space_before_a_key_is_no_part_of_it(tmp_path: Path) -> None:
    """Nobody sees it."""
    text = LISTED.replace("  title", "  \N{NO-BREAK SPACE}title")
    assert read(tmp_path, text, "c.yaml").catalog.products[0].title == "Anna"

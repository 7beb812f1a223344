"""Google Merchant feeds: prices with their currency, availability and groups of items, in text, RSS and Atom."""

from pathlib import Path

import pytest

from quizfunnel.catalog.product import Product
from quizfunnel.catalog.readers import CatalogError, CatalogReading
from tests.catalog.files import read

HEADER = (
    "id", "title", "link", "price", "availability", "image_link", "sale_price", "sale_price_effective_date", "brand",
    "item_group_id", "product_type", "google_product_category", "color", "size", "custom_label_0", "cost_of_goods_sold",
)  # fmt: skip
MUG = {
    "id": "m1", "title": "Mug", "link": "https://shop.example/mug", "price": "12.50 EUR", "availability": "in_stock",
    "image_link": "https://shop.example/mug.jpg",
}  # fmt: skip
TEE = {"item_group_id": "tee", "availability": "in stock"}
RED = TEE | {"id": "t1", "title": "Tee - Red / S", "link": "/tee?v=1", "price": "9 EUR", "color": "Red", "size": "S"}
BLUE = TEE | {"id": "t2", "title": "Tee - Blue / S", "link": "/tee?v=2", "price": "8 EUR", "color": "Blue", "size": "S"}
RSS = '<?xml version="1.0"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n'
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">\n<id>x</id>\n'


def tsv(tmp_path: Path, *rows: dict[str, str], currency: str | None = None) -> CatalogReading:
    """Read a feed in text."""
    lines = ["\t".join(HEADER), *("\t".join(row.get(name, "") for name in HEADER) for row in rows)]
    return read(tmp_path, "\n".join(lines), "feed.tsv", currency=currency)


def rss(tmp_path: Path, *rows: dict[str, str], name: str = "feed.xml") -> CatalogReading:
    """Read a feed in RSS, an item a line from the fourth on."""
    items = ["".join(f"<g:{key}>{cell}</g:{key}>" for key, cell in row.items()) for row in rows]
    return read(tmp_path, RSS + "".join(f"<item>{item}</item>\n" for item in items) + "</channel></rss>", name)


def one(reading: CatalogReading) -> Product:
    """Return the only product."""
    (product,) = reading.catalog.products
    return product


def test_text_and_xml_give_the_same_products(tmp_path: Path) -> None:
    """In all but their lines."""
    rows = [MUG | {"product_type": "Home &gt; Cups"}, RED, BLUE, MUG | {"id": "m2", "price": "4 EUR"}]
    plain = [{key: cell.replace("&gt;", ">") for key, cell in row.items()} for row in rows]
    text, xml = tsv(tmp_path, *plain), rss(tmp_path, *rows)
    assert (text.reader, xml.reader) == ("Google Merchant feed", "Google Merchant feed")
    assert [product.line for product in xml.catalog.products] == [4, 5, 7]
    assert [(product.id, product.price, product.variants, product.tags) for product in xml.catalog.products] == [
        (product.id, product.price, product.variants, product.tags) for product in text.catalog.products
    ]
    assert (xml.findings, text.findings) == ((), ())


def test_shopifys_own_feed_has_its_numbers(tmp_path: Path) -> None:
    """By which its web hooks name what was sold, and by which a button adds to the basket."""
    red, blue = (row | {"id": f"shopify_GB_8123_{number}"} for number, row in ((71, RED), (72, BLUE)))
    tee = one(tsv(tmp_path, red, blue))
    assert (tee.number, [variant.id for variant in tee.variants]) == ("8123", ["71", "72"])
    assert [variant.sku for variant in tee.variants] == ["shopify_GB_8123_71", "shopify_GB_8123_72"]


@pytest.mark.parametrize(
    ("price", "minor", "currency"),
    [
        ("12.50 EUR", 1250, "EUR"),
        ("EUR 12.50", 1250, "EUR"),
        ("12.50EUR", 1250, "EUR"),
        ("1250 JPY", 1250, "JPY"),
        ("12,50 EUR", 1250, "EUR"),
        ("1.234,50 eur", 123450, "EUR"),
        ("12.50", 1250, "GBP"),
    ],
)
def test_a_price_is_read_with_its_currency(tmp_path: Path, price: str, minor: int, currency: str) -> None:
    """Behind or before the amount; the quiz's stands in where the feed names none."""
    mug = one(tsv(tmp_path, MUG | {"price": price}, currency="GBP"))
    assert (mug.price, mug.currency) == (minor, currency)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"price": "12.50"}, "'12.50' names no currency; write it like 12.50 EUR"),
        ({"price": ""}, "the price is missing; write it like 12.50 EUR"),
        ({"price": "12.50 XXQ"}, "no ISO 4217 currency code"),
        ({"price": "from 12 EUR"}, "no amount of money"),
        ({"price": "1.50 EUR", "sale_price": "1 USD"}, "`price` is in EUR, and `sale_price` in USD"),
        ({"link": ""}, "the link is missing"),
        ({"title": ""}, "the title is missing"),
    ],
)
def test_an_item_that_is_no_product_is_named(tmp_path: Path, cells: dict[str, str], says: str) -> None:
    """With its line; the others stay."""
    reading = tsv(tmp_path, MUG, MUG | {"id": "m2"} | cells)
    (finding,) = reading.findings
    assert (finding.line, one(reading).id) == (3, "m1")
    assert says in finding.message


@pytest.mark.parametrize(
    ("sale", "dates", "price"),
    [
        ("9.95 EUR", "", 995),
        ("9.95 EUR", "2020-02-24T11:07+0100/2999-02-28T23:07+0100", 995),
        ("9.95 EUR", "2020-02-24T11:07Z/2020-02-28T23:07Z", 1250),
        ("9.95 EUR", "2999-02-24/2999-02-28", 1250),
        ("9.95 EUR", "soon", 1250),
    ],
)
def test_a_sale_price_counts_within_its_dates(tmp_path: Path, sale: str, dates: str, price: int) -> None:
    """Of dates that cannot be read the higher price is shown."""
    assert one(tsv(tmp_path, MUG | {"sale_price": sale, "sale_price_effective_date": dates})).price == price


@pytest.mark.parametrize(
    ("word", "is_available", "is_told"),
    [
        ("in_stock", True, False),
        ("In Stock", True, False),
        ("preorder", True, False),
        ("backorder", True, False),
        ("out_of_stock", False, False),
        ("out of stock", False, False),
        ("", False, True),
        ("soon", False, True),
    ],
)
def test_availability_is_a_known_word(tmp_path: Path, word: str, *, is_available: bool, is_told: bool) -> None:
    """An empty one says nothing, where others say something."""
    reading = tsv(tmp_path, MUG | {"availability": word})
    assert (one(reading).available, bool(reading.findings)) == (is_available, is_told)
    assert reading.gone == (frozenset() if is_available else {"m1"})


def test_a_feed_without_availability_is_told_once(tmp_path: Path) -> None:
    """As a tracked product without a quantity is: offered, and nobody is left to wonder."""
    reading = read(tmp_path, "id\ttitle\tlink\tprice\n1\tA\t/a\t1 EUR\n2\tB\t/b\t2 EUR\n")
    assert all(product.available for product in reading.catalog.products)
    assert [finding.message[:33] for finding in reading.findings] == ["no item has an `availability`: no"]


def test_items_of_a_group_are_one_product_that_shows_the_cheapest(tmp_path: Path) -> None:
    """Its address and picture are those of the item whose price is shown; the title is what all titles begin with."""
    sold_out = RED | {"id": "t3", "title": "Tee - Green / S", "price": "5 EUR", "availability": "out of stock"}
    tee = one(tsv(tmp_path, RED, sold_out, BLUE))
    assert (tee.id, tee.title, tee.price, tee.url) == ("tee", "Tee", 800, "/tee?v=2")
    assert [(variant.sku, variant.title, variant.available) for variant in tee.variants] == [
        ("t1", "Red / S", True), ("t3", "Red / S", False), ("t2", "Blue / S", True),
    ]  # fmt: skip
    assert tee.attributes == {"size": "S"}


def test_an_item_twice_or_in_another_currency_is_named(tmp_path: Path) -> None:
    """Within a group as between products."""
    reading = tsv(tmp_path, RED, BLUE, RED, BLUE | {"id": "t4", "price": "8 USD"})
    assert [variant.id for variant in one(reading).variants] == ["t1", "t2"]
    assert [(finding.line, finding.message[:30]) for finding in reading.findings] == [
        (4, "the item `t1` stands already i"), (5, "the item is in USD, others of "),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "type", "tags"),
    [
        ({"product_type": "Home > Cups"}, "Cups", {"Home", "Cups"}),
        ({"google_product_category": "Food, Beverages & Tobacco > Tea"}, "Tea", {"Food, Beverages & Tobacco", "Tea"}),
        ({"google_product_category": "1604"}, "", set()),
        ({"product_type": "Mugs", "google_product_category": "A > B"}, "Mugs", {"Mugs"}),
    ],
)
def test_categories_are_type_and_tags(tmp_path: Path, cells: dict[str, str], type: str, tags: set[str]) -> None:
    """The shop's own before Google's, whose numbers say nothing to people."""
    mug = one(tsv(tmp_path, MUG | cells | {"custom_label_0": "3", "cost_of_goods_sold": "5 EUR", "brand": "Clay"}))
    assert (mug.type, sorted(mug.tags), mug.vendor, mug.cost_of("m1")) == (type, sorted(tags), "Clay", 500)
    assert mug.attributes == {"custom_label_0": 3.0}


@pytest.mark.parametrize(
    ("cost", "says"), [("5 USD", "the cost is in USD, and the price in EUR; its cost"), ("much EUR", "its cost stays")]
)
def test_a_cost_that_cannot_be_read_keeps_nothing_from_being_sold(tmp_path: Path, cost: str, says: str) -> None:
    """It stays unknown, and is told."""
    reading = tsv(tmp_path, MUG | {"cost_of_goods_sold": cost})
    assert one(reading).cost_of("m1") is None
    assert says in reading.findings[0].message


def test_columns_may_be_written_with_spaces_and_prefixes(tmp_path: Path) -> None:
    """As the specification shows them to people, and between commas too."""
    reading = read(tmp_path, "ID,Title,Link,Price,g:availability,Image link\na,A,/a,1 EUR,in stock,/a.jpg\n")
    assert (one(reading).image, one(reading).available) == ("/a.jpg", True)


def test_a_catalogue_of_our_own_with_a_link_stays_our_own(tmp_path: Path) -> None:
    """Its further columns may have any name."""
    reading = read(tmp_path, "id,title,link,price,currency,url\na,A,x,1,EUR,/a\n")
    assert (reading.reader, one(reading).attributes) == ("native CSV", {"link": "x"})


def test_atom_is_read_as_rss_is(tmp_path: Path) -> None:
    """Its own names where Google's are missing; what stands within other elements is theirs; elements may repeat."""
    entry = (
        "<entry><id>tag:1</id><g:id>a</g:id><title>A &amp; B</title><link rel='self' href='/no'/><link href='/a'/>\n"
        "<g:price>5 EUR</g:price><g:availability>in stock</g:availability>"
        "<g:shipping><g:price>9 EUR</g:price></g:shipping><g:product_type>X &gt; Y</g:product_type>"
        "<g:product_type>Z</g:product_type><g:image_link><![CDATA[ /a.jpg?x=1&y=2 ]]></g:image_link>"
        "<price xmlns='urn:other'>7</price></entry>"
    )
    reading = read(tmp_path, f"\n{ATOM}{entry}</feed>", "feed.xml")
    product = one(reading)
    assert (product.id, product.title, product.url, product.price) == ("a", "A & B", "/a", 500)
    assert (sorted(product.tags), product.type, product.image) == (["X", "Y", "Z"], "Y", "/a.jpg?x=1&y=2")
    assert (product.line, reading.findings) == (4, ())


def test_fields_of_the_shops_own_are_attributes(tmp_path: Path) -> None:
    """In Google's namespace for them; numbers where all of them are."""
    item = "".join(f"<g:{key}>{cell}</g:{key}>" for key, cell in MUG.items())
    own = "<c:strength xmlns:c='http://base.google.com/cns/1.0'>4</c:strength>"
    reading = read(tmp_path, f"{RSS}<item>{item}{own}</item></channel></rss>", "feed.txt")
    assert one(reading).attributes == {"strength": 4.0}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('<?xml version="1.0"?>\n<!DOCTYPE rss [<!ENTITY x "y">]>\n<rss/>', 2, "this is XML with a DOCTYPE"),
        ("<!DOCTYPE html>\n<html><body>Sign in</body></html>", 1, "this is a web page, perhaps a sign-in"),
        ("\n<HTML><br><body>Sign in</body></html>", 1, "this is a web page, perhaps a sign-in"),
        ("<urlset><url/></urlset>", 1, "this is XML, and no feed"),
        ("<rss><channel>\n<item>", 2, "this is no XML that can be read: no element found"),
        ("<rss><item>\n<g:id>1</g:id></item></rss>", 2, "a prefix like g: is not declared"),
        ("<rss><item>&x;</item></rss>", 1, "undefined entity"),
        (f"<rss>{'<a>' * 40}", 1, "more than 32 elements stand in one another"),
        (f"{RSS}</channel></rss>", 1, "it has no <item> or <entry>"),
    ],
)
def test_xml_that_is_no_feed_says_what_it_is(tmp_path: Path, text: str, line: int, says: str) -> None:
    """And nothing in it is ever fetched or put in the place of something else."""
    with pytest.raises(CatalogError) as refused:
        read(tmp_path, text, "feed.xml")
    (finding,) = refused.value.findings
    assert (finding.line, finding.severity) == (line, "error")
    assert says in finding.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_a_feed_is_read_in_its_own_encoding(tmp_path: Path, encoding: str) -> None:
    """Whatever its first line calls it; one that was inferred is told with a word to look at."""
    item = "".join(f"<g:{key}>{cell}</g:{key}>" for key, cell in (MUG | {"title": "Tasse à café"}).items())
    text = RSS.replace("?>", f' encoding="{encoding}"?>') + f"<item>{item}</item></channel></rss>"
    reading = read(tmp_path, text.encode(encoding), "feed.xml")
    assert one(reading).title == "Tasse à café"
    assert ["look whether 'à' is right" in finding.message for finding in reading.findings] == (
        [True] if encoding == "iso-8859-1" else []
    )

"""Variants as shoppers choose among them: their options by name, and the address that shows each chosen."""

from pathlib import Path

from quizfunnel.catalog.product import Product
from quizfunnel.catalog.readers import CatalogReading
from tests.catalog.files import read

HEADER = "id,title,price,currency,url,sku,option:size,option:grind,stock,roast,tags\n"
BAG = "bag,Bag,12,GBP,/bag,B1,250 g,beans,,dark,blend\n"
KILO = "bag,,38,,/bag?v=B2,B2,1 kg,beans,3,dark,\n"


def one(reading: CatalogReading) -> Product:
    """Return the only product."""
    (product,) = reading.catalog.products
    return product


def test_rows_of_one_id_that_tell_their_options_are_variants(tmp_path: Path) -> None:
    """What they leave empty the others say; the cheapest that can be bought is shown; orders find it by any SKU."""
    reading = read(tmp_path, HEADER + BAG + KILO)
    product = one(reading)
    assert (product.title, product.price, product.currency, *product.tags) == ("Bag", 1200, "GBP", "blend")
    assert [(each.title, each.price, each.stock, each.url) for each in product.variants] == [
        ("250 g / beans", 1200, None, "/bag"),
        ("1 kg / beans", 3800, 3, "/bag?v=B2"),
    ]
    assert product.variants[1].options == (("size", "1 kg"), ("grind", "beans"))
    assert product.attributes == {"grind": "beans", "roast": "dark"}
    assert [reading.catalog.find(sku=sku) for sku in ("B1", "B2")] == [(product, "sku")] * 2
    assert reading.findings == ()


def test_a_variant_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    """Its line is named, and what it says is sold out is not the product."""
    reading = read(tmp_path, HEADER + BAG + KILO.replace(",38,", ",free,").replace(",3,", ",0,"))
    assert [each.sku for each in one(reading).variants] == ["B1"]
    assert [finding.line for finding in reading.findings] == [3]
    assert reading.gone == set()


def test_a_sold_out_variant_is_not_the_price_that_is_shown(tmp_path: Path) -> None:
    """Nor does it make the price a beginning."""
    product = one(read(tmp_path, HEADER + BAG.replace("beans,,", "beans,0,") + KILO))
    assert (product.price, product.has_several_prices, product.available) == (3800, False, True)
    assert product.shown == product.variants[1]


def test_rows_of_one_id_without_options_or_with_the_same_stand_twice(tmp_path: Path) -> None:
    """They are no variants of each other."""
    for second in (BAG, KILO.replace("1 kg,beans", ",")):
        reading = read(tmp_path, HEADER + BAG + second.replace(",,38,,", ",Kilo,38,GBP,"))
        assert len(one(reading).variants) == 1
        assert "stands already in line 2" in reading.findings[0].message


def test_a_single_row_with_options_has_them_as_attributes(tmp_path: Path) -> None:
    """Nothing is to be chosen, and a rule can name them."""
    product = one(read(tmp_path, HEADER + BAG))
    assert (product.attributes["size"], product.variants[0].options) == ("250 g", ())


def test_shopify_shows_a_variant_by_its_number(tmp_path: Path) -> None:
    """Where the file has it, since only then an address leads to it."""
    text = (
        "Handle,Title,Option1 Name,Option1 Value,Variant Price,Variant ID\n"
        "pot,Pot,Size,Regular,9.99,71\npot,,,Large,15.99,\nlamp,Lamp,Title,Default Title,5,73\n"
    )
    reading = read(tmp_path, text, currency="EUR", product_url="https://shop.example/products/{handle}")
    pot, lamp = reading.catalog.products
    assert [each.options for each in pot.variants] == [(("Size", "Regular"),), (("Size", "Large"),)]
    assert [each.url for each in pot.variants] == ["https://shop.example/products/pot?variant=71", ""]
    assert (lamp.variants[0].options, lamp.variants[0].url) == ((), "")


def test_woocommerce_shows_a_variation_by_its_attributes(tmp_path: Path) -> None:
    """A global one by the slug of its term, one of the product's own as it is written; none where one is unknown."""
    header = "ID,Type,SKU,Name,Regular price,Parent,Attribute 1 name,Attribute 1 value(s),Attribute 1 global,"
    rows = (
        "4,variable,T,Tee,,,,,,,,\n"
        "5,variation,T5,Tee,9,id:4,Color,Sky Blue,1,Cut,Wide & short,0\n"
        "6,variation,T6,Tee,8,id:4,Color,\u9752,1,Cut,Wide,0\n"
        "7,variation,T7,Tee,8,id:4,Color,Red,,Cut,Wide,0\n"
    )
    text = header + "Attribute 2 name,Attribute 2 value(s),Attribute 2 global\n" + rows
    product = one(read(tmp_path, text, currency="EUR", product_url="https://shop.example/?p={id}"))
    chosen = "https://shop.example/?p=4&attribute_pa_color=sky-blue&attribute_cut=Wide+%26+short"
    assert [each.url for each in product.variants] == [chosen, "", ""]
    assert product.variants[0].options == (("Color", "Sky Blue"), ("Cut", "Wide & short"))


def test_a_feed_shows_an_item_at_its_own_address(tmp_path: Path) -> None:
    """Each item of a group has one."""
    header = "id\ttitle\tlink\tprice\tavailability\titem_group_id\tcolor\tsize\n"
    rows = "a\tTee\t/tee?v=a\t9 EUR\tin_stock\ttee\tRed\tS\nb\tTee\t/tee?v=b\t8 EUR\tin_stock\ttee\tRed\tM\n"
    product = one(read(tmp_path, header + rows, "feed.tsv"))
    assert [each.url for each in product.variants] == ["/tee?v=a", "/tee?v=b"]
    assert product.variants[1].options == (("color", "Red"), ("size", "M"))

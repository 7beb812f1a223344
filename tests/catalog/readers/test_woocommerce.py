"""WooCommerce's exports: sales, stock, visibility, variations and types, in each language that it exports in."""

import csv
import io
import re
from pathlib import Path

import pytest

from quizfunnel.catalog.product import Product
from quizfunnel.catalog.readers import CatalogError, CatalogReading, read_catalog
from tests.catalog.files import CASES, needs_cases, read

COLUMNS = (
    "ID", "Type", "SKU", "Name", "Published", "Visibility in catalog", "Date sale price starts", "Date sale price ends",
    "In stock?", "Stock", "Backorders allowed?", "Weight (kg)", "Sale price", "Regular price", "Categories", "Tags",
    "Images", "Parent", "Position", "Brands", "Attribute 1 name", "Attribute 1 value(s)",
)  # fmt: skip
DECIMAL = re.compile(r"(\d*)\.(\d+)$")
PLAIN = {"ID": "7", "Name": "Mug", "Regular price": "12.00"}
PARENT = {"ID": "44", "Type": "variable", "SKU": "tee", "Name": "Tee", "Attribute 1 name": "Size"}
SMALL = {"ID": "45", "Type": "variation", "SKU": "tee-s", "Name": "Tee - S", "Parent": "id:44", "Regular price": "9"}
LARGE = {"ID": "46", "Type": "variation", "SKU": "tee-l", "Name": "Tee - L", "Parent": "tee", "Regular price": "11"}


def woo(tmp_path: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> CatalogReading:
    """Read an export with these rows, each by the English names of its cells."""
    lines = [",".join(f'"{cell}"' for cell in columns)]
    lines += [",".join('"{}"'.format(row.get(name, "").replace('"', '""')) for name in COLUMNS) for row in rows]
    return read(tmp_path, "\n".join(lines), currency="EUR", product_url="https://shop.example/?p={id}")


def one(tmp_path: Path, **cells: str) -> Product:
    """Return the product of one row that differs from a plain one in these cells, spaces written as _."""
    row = PLAIN | {name.replace("_", " "): cell for name, cell in cells.items()}
    return woo(tmp_path, row).catalog.products[0]


@needs_cases
def test_the_sample_is_read_whole() -> None:
    """Variable with its variation, sale, hidden, virtual and sold out; a group is its members."""
    address = "https://shop.example/?post_type=product&p={id}"
    reading = read_catalog(CASES / "catalogs" / "woocommerce-sample.csv", currency="USD", product_url=address)
    products = reading.catalog.by_id
    assert {id: (product.price, product.available) for id, product in products.items()} == {
        "44": (2000, True), "48": (1800, True), "64": (3500, False), "73": (1500, True), "99": (1600, False),
    }  # fmt: skip
    assert [(variant.sku, variant.title) for variant in products["44"].variants] == [("woo-vneck-tee-red", "Red")]
    assert products["48"].tags == {"Clothing", "Accessories", "winter", "knit"}
    assert (products["48"].type, products["48"].attributes["color"]) == ("Accessories", "Red")
    assert products["44"].image == "https://shop.example/img/vneck-tee-2.jpg"
    assert products["44"].url == "https://shop.example/?post_type=product&p=44"
    assert (reading.reader, sorted(reading.gone)) == ("WooCommerce product CSV", ["64", "99"])
    assert [(finding.line, finding.message[:26]) for finding in reading.findings] == [(7, "`87` groups other products")]


@pytest.mark.parametrize(
    ("sale", "starts", "ends", "price", "told"),
    [
        ("9.50", "", "", 950, ""),
        ("12.00", "", "", 1200, ""),
        ("13.00", "", "", 1200, ""),
        ("9.50", "2020-01-01", "", 950, ""),
        ("9.50", "2020-01-01 0:00:00", "2999-12-31 23:59:59", 950, "the sale price ends on 2999-12-31"),
        ("9.50", "2999-01-01", "", 1200, "the sale price begins on 2999-01-01"),
        ("9.50", "2020-01-01", "2020-12-31", 1200, ""),
        ("9.50", "01/01/2020", "", 1200, "'01/01/2020' is no date, so that the regular price is shown"),
    ],
)
def test_a_sale_price_counts_within_its_dates(  # noqa: PLR0917 - a table's columns
    tmp_path: Path, sale: str, starts: str, ends: str, price: int, told: str
) -> None:
    """A date that cannot be read shows the higher price, and one to come is told."""
    row = PLAIN | {"Sale price": sale, "Date sale price starts": starts, "Date sale price ends": ends}
    reading = woo(tmp_path, row)
    assert reading.catalog.products[0].price == price
    assert [finding.message[: len(told)] for finding in reading.findings] == ([told] if told else [])


@pytest.mark.parametrize(
    ("flag", "stock", "backorders", "is_available"),
    [
        ("1", "", "0", True),
        ("1", "3", "0", True),
        ("1", "0", "0", False),
        ("1", "0", "notify", True),
        ("1", "'-2", "1", True),
        ("0", "", "0", False),
        ("0", "5", "1", False),
        ("backorder", "0", "0", True),
        ("falsch", "", "0", False),
    ],
)
def test_flag_stock_and_backorders_say_together_what_can_be_bought(
    tmp_path: Path, flag: str, stock: str, backorders: str, *, is_available: bool
) -> None:
    """A flag that says no is a no whatever stands in the stock."""
    row = PLAIN | {"In stock?": flag, "Stock": stock, "Backorders allowed?": backorders}
    reading = woo(tmp_path, row)
    assert (reading.catalog.products[0].available, reading.findings) == (is_available, ())


@pytest.mark.parametrize(
    ("published", "visibility", "is_offered"),
    [
        ("1", "visible", True),
        ("1", "search", True),
        ("1", "hidden", False),
        ("0", "visible", False),
        ("-1", "visible", False),
        ("'-1", "visible", False),
        ("2", "visible", False),
        ("WAHR", "", True),
    ],
)
def test_private_drafted_pending_and_hidden_products_are_not_offered(
    tmp_path: Path, published: str, visibility: str, *, is_offered: bool
) -> None:
    """Also where the export guards a minus against spreadsheets."""
    reading = woo(tmp_path, PLAIN | {"Published": published, "Visibility in catalog": visibility})
    assert (reading.catalog.products[0].available, reading.findings) == (is_offered, ())


def test_variations_join_their_parent_wherever_it_stands(tmp_path: Path) -> None:
    """By number or SKU; the price is the cheapest that can be bought, in the shop's own order."""
    small = SMALL | {"In stock?": "0", "Attribute 1 name": "Size", "Attribute 1 value(s)": "S", "Position": "2"}
    large = LARGE | {"Attribute 1 name": "Size", "Attribute 1 value(s)": "L", "Position": "1"}
    reading = woo(tmp_path, small, PARENT, PLAIN, large)
    assert [(product.id, product.line) for product in reading.catalog.products] == [("44", 3), ("7", 4)]
    tee = reading.catalog.by_id["44"]
    assert tee.price == 1100
    assert [(variant.id, variant.title, variant.stock) for variant in tee.variants] == [
        ("46", "L", None),
        ("45", "S", 0),
    ]
    assert reading.findings == ()


def test_a_second_product_of_one_number_names_the_lines_of_its_variations(tmp_path: Path) -> None:
    """They are lost with it, and whoever looks for them finds where."""
    single = {"ID": "44", "SKU": "cup", "Name": "Cup", "Regular price": "4"}
    parent = {"ID": "44", "Type": "variable", "SKU": "tee", "Name": "Tee"}
    sizes = [
        {"Type": "variation", "SKU": f"s{n}", "Name": "Tee", "Parent": "id:44", "Regular price": "9"} for n in (1, 2)
    ]
    reading = woo(tmp_path, single, *sizes, parent)
    assert [product.title for product in reading.catalog.products] == ["Cup"]
    [finding] = reading.findings
    assert (finding.line, "`44` stands already in line 2" in finding.message) == (5, True)
    assert "in other lines (3, 4)" in finding.message


def test_a_variation_may_count_its_parents_stock(tmp_path: Path) -> None:
    """The word `parent` stands for the number in the parent's row."""
    reading = woo(tmp_path, PARENT | {"Stock": "0"}, SMALL | {"Stock": "parent"}, LARGE | {"Stock": "4"})
    assert [variant.stock for variant in reading.catalog.products[0].variants] == [0, 4]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([PLAIN, SMALL], (3, "its parent 'id:44' is no variable product of this file")),
        ([PLAIN, PARENT], (3, "`44` is variable, and the file has no variation of it")),
        ([PLAIN, PARENT, SMALL | {"Regular price": ""}, LARGE], (4, "variation of 44: the price is missing")),
        (
            [PLAIN, PARENT | {"Name": ""}, SMALL, LARGE],
            (3, "the title is missing; so are the rows of this product in "),
        ),
        ([PLAIN, PLAIN | {"ID": "8", "Type": "lottery"}], (3, "`Type` is 'lottery', so that it is not offered")),
        ([PLAIN, PLAIN | {"ID": "8", "Type": "simple, grouped"}], (3, "`Type` is 'simple, grouped'")),
    ],
)
def test_a_row_that_is_no_product_is_named(tmp_path: Path, rows: list[dict[str, str]], told: tuple[int, str]) -> None:
    """No line is lost in silence."""
    (finding,) = woo(tmp_path, *rows).findings
    assert (finding.line, finding.message[: len(told[1])]) == told


def test_lists_may_hold_commas_of_their_own(tmp_path: Path) -> None:
    """The export writes a backslash before one that does not separate."""
    mug = one(tmp_path, Categories="Food\\, Drinks > Tea, Gifts", Tags="a, b", Images="https://x.example/a.jpg, /b.jpg")
    assert mug.tags == {"Food, Drinks", "Tea", "Gifts", "a", "b"}
    assert (mug.type, mug.image) == ("Tea", "https://x.example/a.jpg")


def test_a_shop_with_decimal_commas_is_read_as_it_writes(tmp_path: Path) -> None:
    """The export keeps commas between cells and puts the shop's own mark into prices and weights."""
    reading = woo(tmp_path, PLAIN | {"Regular price": "12,50", "Sale price": "9,95", "Weight (kg)": "0,25"})
    mug = reading.catalog.products[0]
    assert (mug.price, mug.attributes["grams"], reading.findings) == (995, 250.0, ())


GERMAN = (
    "ID", "Typ", "Artikelnummer", "Name", "Veröffentlicht", "Sichtbarkeit im Katalog",
    "Datum, an dem Angebotspreis beginnt", "Datum, an dem Angebotspreis endet", "Vorrätig?", "Bestand",
    "Lieferrückstände erlaubt?", "Gewicht (kg)", "Angebotspreis", "Regulärer Preis", "Kategorien", "Schlagwörter",
    "Bilder", "Übergeordnetes Produkt", "Position", "Marken", "Attribut 1 Name", "Attribut 1 Wert(e)",
)  # fmt: skip
FRENCH = (
    "ID", "Type", "UGS", "Nom", "Publié", "Visibilité dans le catalogue", "Date de début de promo",
    "Date de fin de promo", "En stock ?", "Stock", "Autoriser les commandes de produits en rupture ?", "Poids (kg)",
    "Tarif promo", "Tarif régulier", "Catégories", "Étiquettes", "Images", "Parent", "Position", "Marques",
    "Nom de l\u2019attribut 1", "Valeur(s) de l\u2019attribut 1",
)  # fmt: skip
SPANISH = (
    "ID", "Tipo", "SKU", "Nombre", "Publicado", "Visibilidad en el catálogo", "Día en que empieza el precio rebajado",
    "Día en que termina el precio rebajado", "¿Existencias?", "Inventario",
    "¿Permitir reservas de productos agotados?", "Peso (kg)", "Precio rebajado", "Precio normal", "Categorías",
    "Etiquetas", "Imágenes", "Superior", "Posición", "Marcas", "Nombre del atributo 1", "Valor(es) del atributo 1",
)  # fmt: skip


@pytest.mark.parametrize("columns", [GERMAN, FRENCH, SPANISH], ids=["German", "French", "Spanish"])
def test_an_export_in_another_language_is_read_as_the_english_one(tmp_path: Path, columns: tuple[str, ...]) -> None:
    """The names of the columns follow the language of whoever exports."""
    rows = [
        PLAIN | {
            "Type": "simple, virtual", "Published": "1", "Visibility in catalog": "visible", "In stock?": "1",
            "Stock": "5", "Backorders allowed?": "0", "Weight (kg)": "0.3", "Sale price": "10.00",
            "Date sale price starts": "2020-01-01", "Categories": "Gifts", "Tags": "blue", "Images": "/mug.jpg",
            "Brands": "Clay", "Attribute 1 name": "Material", "Attribute 1 value(s)": "Clay",
        },
        PARENT, SMALL, LARGE | {"Stock": "0"}, PLAIN | {"ID": "8", "Published": "0"},
    ]  # fmt: skip
    english, other = woo(tmp_path, *rows), woo(tmp_path, *rows, columns=columns)
    assert other.catalog.products == english.catalog.products
    assert (other.gone, english.gone, other.findings) == (frozenset({"8"}), frozenset({"8"}), ())


def test_fields_of_the_shops_own_are_attributes(tmp_path: Path) -> None:
    """Numbers where all of them are; hidden ones (with a leading _) and costs are none."""
    text = (
        "ID,SKU,Name,Regular price,Meta: strength,Meta: _lock,Cost of goods,Attribute 1 name,Attribute 1 value(s)\n"
        "1,a,A,5,4,1:1,2.50,Roast,dark\n2,b,B,6,3,1:1,,Cost,9\n"
    )
    reading = read(tmp_path, text, currency="EUR", product_url="/p/{id}")
    first, second = reading.catalog.products
    assert (first.attributes, second.attributes) == ({"roast": "dark", "strength": 4.0}, {"strength": 3.0})
    assert (first.cost_of("a"), second.cost_of("b")) == (250, None)


def test_an_export_needs_currency_and_address_from_the_quiz(tmp_path: Path) -> None:
    """Both are named at once, with an address that every such shop has."""
    with pytest.raises(CatalogError) as refused:
        read(tmp_path, "ID,SKU,Name,Regular price\n1,a,A,5\n")
    assert "a WooCommerce export has no currency" in str(refused.value)
    assert 'like "https://shop.example/?post_type=product&p={id}"' in str(refused.value)


@pytest.mark.parametrize(
    ("row", "is_gone"),
    [
        ({"In stock?": "0"}, True),
        ({"In stock?": "0", "Regular price": "?"}, True),
        ({"Published": "-1", "Regular price": "?"}, True),
        ({"Published": "0", "Type": "grouped"}, True),
        ({"Regular price": "?"}, False),
        ({"Stock": "0", "Backorders allowed?": "1", "Regular price": "?"}, False),
    ],
)
def test_what_a_row_says_of_its_stock_is_heard_whatever_else_is_wrong(
    tmp_path: Path, row: dict[str, str], *, is_gone: bool
) -> None:
    """So that what is sold out is no longer shown, though the catalogue cannot be used."""
    assert woo(tmp_path, PLAIN | {"ID": "1"}, PLAIN | row).gone == ({"7"} if is_gone else set())


@needs_cases
def test_an_export_that_a_european_spreadsheet_saved_is_read_as_it_was(tmp_path: Path) -> None:
    """Semicolons, decimal commas (also without a digit before them) and Windows-1252."""
    sample = CASES / "catalogs" / "woocommerce-sample.csv"
    rows = list(csv.reader(io.StringIO(sample.read_text("utf-8"), newline="")))
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows(
        [[DECIMAL.sub(r"\1,\2", cell) if DECIMAL.fullmatch(cell) else cell for cell in row] for row in rows]
    )
    saved = read(tmp_path, written.getvalue().encode("cp1252"), currency="USD", product_url="/p/{id}")
    assert saved.catalog.products == read_catalog(sample, currency="USD", product_url="/p/{id}").catalog.products

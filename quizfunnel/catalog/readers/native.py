"""Native catalogues: id,title,price,currency,url,image,tags,stock,cost, the shop's numbers, any further ones; pure."""

from collections.abc import Iterator

from quizfunnel.catalog.product import COST, Product, Variant
from quizfunnel.catalog.readers import csv_rows
from quizfunnel.catalog.readers import rows as cells
from quizfunnel.catalog.readers.reader import CatalogFile, CatalogReader, Products
from quizfunnel.catalog.readers.rows import (
    BadRow,
    CatalogRow,
    Defaults,
    Remark,
    RowError,
)

EXAMPLE = "id,title,price,currency,url"
HEADER = frozenset({"id", "title", "price"})
COLUMNS = HEADER | {
    "currency",
    "url",
    "image",
    "tags",
    "stock",
    "type",
    "vendor",
    "sku",
    COST,
    cells.PRODUCT_NUMBER,
    cells.VARIANT_NUMBER,
}


def products(rows: Iterator[CatalogRow | BadRow], defaults: Defaults) -> Products:
    """Yield a product or a bad row for each row, and remarks on it; further columns become attributes."""
    read = list(rows)
    good = [row for row in read if isinstance(row, CatalogRow)]
    names = sorted({name for row in good for name in row.cells if name and name not in COLUMNS})
    numeric = cells.numeric(good, names)
    for row in read:
        if isinstance(row, BadRow):
            yield row
            continue
        attributes: dict[str, float | str] = {
            name: float(row.get(name)) if name in numeric else row.get(name) for name in names if row.get(name)
        }
        try:
            yield from _product(row, defaults, attributes)
        except RowError as error:
            yield BadRow(row.line, str(error), gone=row.get("id") if cells.sold_out(row.get("stock")) else "")


def _product(row: CatalogRow, defaults: Defaults, attributes: dict[str, float | str]) -> Iterator[Product | Remark]:
    id, title = cells.identity(row.get("id"), row.get("title"))
    currency = cells.currency_code(row.get("currency") or defaults.currency or "")
    price = cells.price(row.get("price"), currency)
    stock = cells.stock(row.get("stock"))
    if stock is not None and stock < 0:
        raise RowError(f"stock {stock} is negative; write 0 where it is sold out")
    url = row.get("url")
    if not url and defaults.product_url:
        url = cells.product_address(defaults.product_url, id)
    cost, remarks = cells.cost_or_remark(row, COST, currency)
    number, of_number = cells.platform_number(row, cells.PRODUCT_NUMBER)
    variant_id, of_variant = cells.platform_number(row, cells.VARIANT_NUMBER)
    yield Product(
        id=id,
        title=title,
        price=price,
        currency=currency,
        url=cells.address(url, "url", needed=True),
        image=cells.address(row.get("image"), "image"),
        tags=cells.tags(row.get("tags")),
        type=row.get("type"),
        vendor=row.get("vendor"),
        attributes=attributes,
        variants=(Variant(sku=row.get("sku"), price=price, stock=stock, id=variant_id, cost=cost),),
        line=row.line,
        number=number,
    )
    yield from (*remarks, *of_number, *of_variant)


def _unlike(file: CatalogFile) -> str:
    return f"for our own CSV it lacks {', '.join(sorted(HEADER - file.header))}"


READER = CatalogReader(
    name="native CSV",
    reads=lambda file: file.header >= HEADER,
    products=lambda text, defaults: products(csv_rows.rows(text), defaults),
    unlike=_unlike,
)

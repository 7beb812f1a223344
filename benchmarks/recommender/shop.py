"""Ta Feng: four months of a supermarket's receipts, as one choice a customer after an earlier history."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.recommender.data import Answer, Choices, assemble, binned, indicators, picked, read_zip

NOTE = (
    "one choice a customer: of the last day with one of the items and an earlier visit, one of that day's items by "
    "lot. 7 answers: age group, residence area, that day's weekday; and from earlier days alone: lines a visit, price "
    "a line, number of visits, most bought category. All items shown. Features: category, department, maker, price."
)
CATEGORIES = 15  # the most bought ones are answers; all others are one
SEED = 20_001_101


class Line(NamedTuple):
    """One line of a receipt."""

    day: dt.date
    customer: str
    age: str
    area: str
    category: str
    product: str
    price: float


class History(NamedTuple):
    """History of one customer before the day of the choice, and the products taken on it."""

    earlier: list[Line]
    taken: str
    day: dt.date


def ta_feng(lines: Sequence[Line], count: int) -> Choices:
    """Return customers' choices among the `count` most bought items."""
    sold = Counter(line.product for line in lines)
    items = sorted(product for product, _ in sold.most_common(count))
    customers = _histories(lines, frozenset(items))
    number = {item: n for n, item in enumerate(items)}
    return assemble(
        _answers(customers),
        shown=np.ones((len(customers), count), dtype=bool),
        chosen=np.array([number[customer.taken] for customer in customers]),
        respondents=np.arange(len(customers)),
        name=f"ta_feng{count}",
        items=tuple(items),
        features=_features(lines, number),
        note=NOTE,
    )


def read(folder: Path) -> list[Line]:
    """Return every line of the receipts, in the file's order."""
    return [_line(row) for row in read_zip(folder / "ta_feng.csv.zip")]


def _line(row: dict[str, str]) -> Line:
    month, day, year = map(int, row["TRANSACTION_DT"].split("/"))
    return Line(
        dt.date(year, month, day),
        row["CUSTOMER_ID"],
        {"<25": "00-24", ">65": "65-99"}.get(row["AGE_GROUP"], row["AGE_GROUP"]),
        row["PIN_CODE"],
        row["PRODUCT_SUBCLASS"],
        row["PRODUCT_ID"],
        float(row["SALES_PRICE"]) / max(float(row["AMOUNT"]), 1.0),
    )


def _histories(lines: Sequence[Line], items: frozenset[str]) -> list[History]:
    """Return a history for every customer with a choice after an earlier visit; the lot is drawn with a fixed seed."""
    by_customer: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_customer[line.customer].append(line)
    lot = np.random.default_rng(SEED)
    found = []
    for _, bought in sorted(by_customer.items()):
        day = max((line.day for line in bought if line.product in items), default=None)
        earlier = [line for line in bought if day is not None and line.day < day]
        if day is not None and earlier:
            taken = sorted({line.product for line in bought if line.day == day and line.product in items})
            found.append(History(earlier, taken[lot.integers(len(taken))], day))
    return found


def _answers(customers: Sequence[History]) -> dict[str, Answer]:
    visits = [len({line.day for line in customer.earlier}) for customer in customers]
    lines = [len(customer.earlier) / n for customer, n in zip(customers, visits, strict=True)]
    prices = [float(np.mean([line.price for line in customer.earlier])) for customer in customers]
    return {
        "age": picked([customer.earlier[0].age for customer in customers], [""], ordered=True),
        "area": picked([customer.earlier[0].area for customer in customers], ["Unknown"]),
        "weekday": picked([str(customer.day.isoweekday()) for customer in customers]),
        "lines a visit": binned(lines),
        "price a line": binned(prices),
        "visits": binned(visits),
        "category": picked(_favourites(customers)),
    }


def _favourites(customers: Sequence[History]) -> list[str]:
    """Return each customer's most bought category of the common ones; of equals, the first in number."""
    counts = [Counter(line.category[:4] for line in customer.earlier) for customer in customers]
    total = Counter[str]()
    for each in counts:
        total.update(each)
    common = {category for category, _ in total.most_common(CATEGORIES)}
    return [max(sorted(common & each.keys()), key=each.__getitem__, default="other") for each in counts]


def _features(lines: Sequence[Line], number: dict[str, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return category, department and maker (a barcode's first digits) of every item, and its price's logarithm."""
    category, prices = dict.fromkeys(number, ""), defaultdict(list)
    for line in lines:
        if line.product in number:
            category[line.product] = line.category
            prices[line.product].append(line.price)
    price = np.log1p([float(np.median(prices[item])) for item in number])
    return np.hstack(
        [
            indicators([category[item][:4] for item in number]),
            indicators([category[item][:2] for item in number]),
            indicators([item[:7] for item in number]),
            ((price - price.mean()) / (price.std() or 1.0))[:, None],
        ]
    )

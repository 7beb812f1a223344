"""Score model: the additive table that training makes and serving reads, log-odds by answer and product; pure.

A product's score is ``slope * points + base + the rows of the answers``: the merchandiser's points,
exact as in the rules, at the slope that was learnt; then what people's purchases add to them.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from quizfunnel.quiz.kinds.column import FIRST_LEVEL, AnswerColumn
from quizfunnel.recommend.serving.points import Row

FORMAT = 1
RULES = "rules"  # the name under which the merchandiser's points alone serve and are logged


class ModelError(ValueError):
    """A model table that cannot be read; the text says why."""


@dataclass(frozen=True)
class ModelTable:
    """An additive model of one quiz.

    `products` are I product ids; `base` is [I] log-odds, `rows` [columns][codes][I] log-odds, both
    around a mean of 0 over the products. `slope` is log-odds a point of the rules.
    """

    products: tuple[str, ...]
    columns: tuple[AnswerColumn, ...]
    slope: float
    base: Row
    rows: tuple[tuple[Row, ...], ...]

    def __post_init__(self) -> None:
        """Refuse a table whose shapes do not fit each other, or that is not of finite numbers."""
        count = len(self.products)
        if not count or len(set(self.products)) != count:
            raise ModelError("its products are none, or one of them stands twice")
        if len(self.rows) != len(self.columns):
            raise ModelError(f"it has {len(self.rows)} blocks of rows for {len(self.columns)} columns")
        for column, block in zip(self.columns, self.rows, strict=True):
            if len(block) != column.codes:
                raise ModelError(f"column `{column.name}` has {len(block)} rows for {column.codes} codes")
        rows = [self.base, *(row for block in self.rows for row in block)]
        if any(len(row) != count for row in rows):
            raise ModelError(f"a row is not {count} numbers long, one a product")
        if not all(math.isfinite(number) for row in (*rows, (self.slope,)) for number in row):
            raise ModelError("a number in it is not finite")

    def as_json(self) -> str:
        """Return the table as it is stored; floats keep every bit."""
        columns = [
            {"question": c.question, "choice": c.choice, "levels": c.levels, "ordered": c.ordered, "edges": c.edges}
            for c in self.columns
        ]
        table = {"format": FORMAT, "products": self.products, "columns": columns, "slope": self.slope}
        return json.dumps(table | {"base": self.base, "rows": self.rows}, allow_nan=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> "ModelTable":
        """Read what `as_json` wrote; raise ModelError for anything else."""
        try:
            return _read(json.loads(text))
        except ModelError:
            raise
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ModelError(f"it cannot be read: {type(error).__name__}") from error


def _read(stored: Any) -> ModelTable:
    if stored["format"] != FORMAT:
        raise ModelError(f"it is of format {stored['format']!r}, and this program reads {FORMAT}")
    columns = tuple(_column(each) for each in stored["columns"])
    rows = tuple(tuple(_row(row) for row in block) for block in stored["rows"])
    products = tuple(map(str, stored["products"]))
    return ModelTable(products, columns, float(stored["slope"]), _row(stored["base"]), rows)


def _row(numbers: Sequence[Any]) -> Row:
    return tuple(map(float, numbers))


def _column(stored: Any) -> AnswerColumn:
    column = AnswerColumn(
        str(stored["question"]),
        str(stored["choice"]),
        tuple(map(str, stored["levels"])),
        stored["ordered"] is True,
        _row(stored["edges"]),
    )
    if column.codes == FIRST_LEVEL or (column.ordered and len(column.edges) != len(column.levels) - 1):
        raise ModelError(f"column `{column.name}` has no levels, or other edges than levels")
    return column

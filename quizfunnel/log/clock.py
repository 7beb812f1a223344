"""Moments and days of the log as integers: milliseconds and days since 1970, in Python and in SQL."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class millis(GenericFunction[int]):  # noqa: N801 - it reads as a function in a statement
    """A stored moment as integer milliseconds since 1970, so that no row needs a datetime object."""

    type = BigInteger()
    inherit_cache = True


@compiles(millis, "sqlite")
def _millis_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    inner = compiler.process(element.clauses, **more)
    # 2440587.5 is 1970 as a Julian day; a double holds a day of this century to some 40 microseconds, so that rounding
    # gives the millisecond that was stored
    return f"CAST(ROUND((julianday({inner}) - 2440587.5) * 86400000.0) AS INTEGER)"


@compiles(millis, "postgresql")
def _millis_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    inner = compiler.process(element.clauses, **more)
    return f"CAST(ROUND(EXTRACT(EPOCH FROM {inner}) * 1000) AS BIGINT)"

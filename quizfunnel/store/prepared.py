"""Prepared statements: Core statements compiled once, for the few that stand in the way of every answer.

SQLAlchemy's execution costs about ten microseconds a statement; the driver's own costs two. The
statement is still written against the tables, and its types still convert what goes in. A long one, of many
selections, costs tens of milliseconds to compile, more than it takes to run over a small log.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement

_Bind = tuple[str, Callable[[Any], Any] | None]


class Prepared:
    """One statement, compiled at first use for each database and then run by the driver itself.

    Rows come back as the driver's plain tuples: a moment among them must be read by `UtcDateTime`,
    so select none where the driver would give text.
    """

    def __init__(self, statement: ClauseElement, *, before: str = "") -> None:
        """Take a statement whose values are named by `bindparam`, and text that stands before it; literals stay."""
        self._statement = statement
        self._before = before
        self._compiled: dict[str, tuple[str, tuple[_Bind, ...], dict[str, Any]]] = {}

    def run(self, connection: Connection, **values: Any) -> Any:
        """Run it with `values` and return the driver's cursor."""
        name = connection.dialect.name
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = self._compile(connection.dialect)
        text, binds, literals = compiled
        if literals:
            values = literals | values
        bound = [values[key] if convert is None else convert(values[key]) for key, convert in binds]
        driver: Any = connection.connection.dbapi_connection
        try:
            return driver.execute(text, bound)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _translated(connection.dialect, text, error) from error

    def _compile(self, dialect: Dialect) -> tuple[str, tuple[_Bind, ...], dict[str, Any]]:
        style = "format" if dialect.name == "postgresql" else "qmark"
        positional: Dialect = type(dialect)(paramstyle=style)  # type: ignore[call-arg]
        compiled: Any = self._statement.compile(dialect=positional)
        binds = []
        for key in compiled.positiontup or ():
            convert = compiled.binds[key].type.dialect_impl(positional).bind_processor(positional)
            binds.append((key, convert))
        literals = {key: bind.value for key, bind in compiled.binds.items() if not bind.required}
        return self._before + str(compiled), tuple(binds), literals


def _translated(dialect: Dialect, text: str, error: Exception) -> BaseException:
    """Return the driver's error as SQLAlchemy's, so that it is answered like any other."""
    return DBAPIError.instance(text, None, error, dialect.loaded_dbapi.Error, dialect=dialect)

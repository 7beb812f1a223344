"""Alembic environment: the runner hands in the open transaction, and the tables where they are compared."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DateTime, String
from sqlmodel.sql.sqltypes import AutoString

from quizfunnel.store.types import UtcDateTime, is_partition


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as SQLAlchemy's own, so that a step never imports what may move."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def compare_type(_context: Any, _inspected: Any, _column: Any, present: Any, declared: Any) -> bool | None:
    """Say that a moment is a moment; leave every other type to Alembic."""
    if isinstance(declared, UtcDateTime):
        return not isinstance(present, DateTime)
    if isinstance(declared, String) and isinstance(present, String):
        return bool(present.length != declared.length)
    return None


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave partitions out, which the tables do not name."""
    return kind != "table" or not is_partition(name or "")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_item=render_item,
    compare_type=compare_type,
    include_name=include_name,
    compare_server_default=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Rows that the shop's pages left, as tests look at them."""

from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlmodel import SQLModel

from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, DayCount, PageView, Visitor, VisitorEvent


def read(app: Flask, statement: Any) -> list[Any]:
    """Return the rows of a statement."""
    with reading(app.extensions["quizfunnel"].engine) as connection:
        return list(connection.execute(statement))


def many(app: Flask, *tables: type[SQLModel]) -> list[int]:
    """Return how many rows each table has."""
    return [read(app, select(func.count()).select_from(table))[0][0] for table in tables]


def arms(app: Flask) -> dict[str, str]:
    """Return the arm of each visitor."""
    assignment = columns(Assignment)
    return dict(map(tuple, read(app, select(assignment.visitor_id, assignment.arm))))


def nothing(app: Flask) -> bool:
    """Tell whether nobody is recorded: no visitor, view, arm or event."""
    return many(app, Visitor, PageView, Assignment, VisitorEvent) == [0, 0, 0, 0]


def counted(app: Flask) -> dict[str, int]:
    """Return the day's counts of views, by their outcome."""
    day = columns(DayCount)
    rows = read(app, select(day.kind, day.count).where(day.kind.startswith("shop_view", autoescape=True)))
    return {kind.removeprefix("shop_"): count for kind, count in rows}

"""Laws of every order source: whatever is signed is read or unreadable, and its kind says all that others need."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.cli import main
from quizfunnel.orders.event import EventFacts, UnreadableError
from quizfunnel.orders.reconcile.report_file import ReportError, ReportSettings, read
from quizfunnel.orders.sources import SOURCES
from quizfunnel.orders.sources.source import DayReport, SourceKind
from quizfunnel.settings.names import source_of, source_secret
from tests.cast import STANDARD_SECRET

PAGES = Path(__file__).parents[3] / "docs"
PAGE = (PAGES / "orders.md").read_text("utf-8")
KEYS = ("id", "type", "data", "order_id", "currency", "line_items", "transactions", "refund_line_items")
LEAVES = st.none() | st.booleans() | st.floats() | st.text() | st.integers()
EVERY = [kind.make(STANDARD_SECRET) for kind in SOURCES]


@pytest.mark.parametrize("kind", SOURCES, ids=lambda kind: kind.name)
def test_a_kind_says_all_that_others_need(kind: SourceKind) -> None:
    """Its name stands in addresses and settings; pages and help say where it listens and how it is connected."""
    assert re.fullmatch(r"[a-z][a-z0-9]*", kind.name)
    assert kind.make(STANDARD_SECRET).name == kind.name
    assert source_of(source_secret(kind.name)) == kind.name
    assert f"POST /hooks/{kind.name}`" in PAGE
    assert (PAGES.parent / kind.page).is_file()
    assert kind.first_step.endswith(".")
    assert kind.name in CliRunner().invoke(main, ["orders", "reconcile", "--help"]).output


@pytest.mark.parametrize(
    ("name", "key"),
    [
        *(("stripe", key) for key in ("sk_live_51HxAbCdEf", "rk_test_51HxAbCdEf", "pk_live_51HxAbCdEf")),
        ("shopify", "shpat_0123456789abcdef"),
    ],
)
def test_a_key_to_the_platforms_interface_is_no_secret(name: str, key: str) -> None:
    """It stands beside the secret in the platform's admin, and signs nothing: also as the new of new,old."""
    kind = next(kind for kind in SOURCES if kind.name == name)
    for setting in (key, f" {key}", f"{STANDARD_SECRET},{key}"):
        with pytest.raises(ValueError, match="by which nothing is signed; copy the"):
            kind.make(setting)


def test_the_names_of_sources_are_their_own() -> None:
    """Two under one name would share an address and a ledger."""
    assert len({kind.name for kind in SOURCES}) == len(SOURCES)


@pytest.mark.parametrize("report", [kind.report for kind in SOURCES if kind.report], ids=lambda report: report.title)
def test_a_platforms_own_report_of_its_days_is_read_and_offered(report: DayReport) -> None:
    """By the columns as it calls them; a file of other columns is told what they are."""
    cells = {"day": "2026-03-01", "currency": "GBP", "orders": "2", "total": "3.50"}
    columns = {name: name for name in cells} | dict(report.columns)
    text = f"{','.join(columns.values())}\n{','.join(cells.values())}\n"
    settings = ReportSettings("days.csv", "GBP", date(2026, 3, 2))
    (day,) = read(text.encode(), settings).days
    assert (day.orders, day.total_minor) == (2, 350)
    with pytest.raises(ReportError, match=re.escape(f"or those of {report.title} (")):
        read(b"when,how many\n", settings)


@pytest.mark.parametrize(
    "raw",
    [
        *[b"", b"null", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 5000],
        *[b'{"type": NaN}', b'{"type": ' + b"9" * 5000 + b"}"],
    ],
)
def test_no_body_is_more_than_unreadable(raw: bytes) -> None:
    """Not JSON, not UTF-8, too deep: unreadable, and nothing else."""
    for source in EVERY:
        with pytest.raises(UnreadableError):
            source.read(raw)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner)


@pytest.mark.thorough
@given(st.recursive(LEAVES, _containers, max_leaves=12))
def test_any_json_is_read_or_unreadable(data: Any) -> None:
    """Whatever JSON a store signs, reading it gives facts or one kind of error."""
    raw = json.dumps(data).encode()
    for source in EVERY:
        try:
            found: object = source.read(raw)
        except UnreadableError as error:
            found = error
        assert isinstance(found, EventFacts | UnreadableError)

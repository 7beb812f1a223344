"""Laws of the export: what it holds is what its page says, nobody can be told from it, and it is whole or not there."""

import csv
import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, delete, insert, select

from quizfunnel.insight.export import columns as dictionary
from quizfunnel.insight.export import writer
from quizfunnel.insight.export.columns import DATASETS
from quizfunnel.insight.export.writer import ExportError, Wanted, Written
from quizfunnel.journey.tables import Answer
from quizfunnel.kit.signing import Signer
from quizfunnel.offer.tables import Offer, OfferItem
from quizfunnel.orders.tables import Order
from quizfunnel.quiz.private import PrivateQuestions, private_questions
from quizfunnel.store.transaction import reading, writing
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Assignment, Visitor
from tests import cast
from tests.cast import NOON
from tests.insight.oddities import varied
from tests.insight.shop import Books

pytestmark = pytest.mark.thorough


DOCS = Path(__file__).parents[3] / "docs"

Export = Callable[..., Written]


def private(_version: str) -> PrivateQuestions:
    """Say that how people brew is nobody's business, and that who owns a grinder tells of it."""
    questions = [
        question.model_copy(update={"sensitive": question.id == "brew"}) for question in cast.coffee_quiz().questions
    ]
    return private_questions(cast.coffee_quiz().model_copy(update={"questions": tuple(questions)}))


@pytest.fixture
def books() -> Books:
    """Give a log of every oddity."""
    found = varied(2)
    found.rows[Visitor][0] |= {"landing_page": "=HYPERLINK(1)", "kind": "shopper"}
    return found


@pytest.fixture
def exported(engine: Engine, signer: Signer, books: Books, tmp_path: Path) -> Export:
    """Give what exports that log into a folder."""
    item = {"rank": 1, "product": "bean", "score": 1.5, "propensity": 0.5, "price_minor": 900, "currency": "GBP"}
    items = [item | {"offer_id": row["id"], "reasons": "[]"} for row in books.rows[Offer]]
    with writing(engine) as connection:
        books.write(connection)
        connection.execute(insert(OfferItem), items)

    def run(name: str = "out", **more: Any) -> Written:
        with reading(engine) as connection:
            return writer.write(connection, Wanted(tmp_path / name, signer, private, **{"now": NOON} | more))

    return run


def table(folder: Path, dataset: str) -> list[dict[str, Any]]:
    """Return every row of a dataset."""
    files = sorted(folder.glob(f"{dataset}/day=*/{dataset}.parquet"))
    return [row for file in files for row in pq.ParquetFile(file).read().to_pylist()]


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_page_says_what_is_in_it() -> None:
    """docs/export.md is what the dictionary of columns gives: write it anew where this fails."""
    assert (DOCS / "export.md").read_text("utf-8") == dictionary.as_markdown()


def test_files_have_the_columns_that_are_documented(exported: Export, tmp_path: Path) -> None:
    """Every dataset has rows, and every file the documented columns in their kinds and order, filed by their day."""
    exported()
    for dataset in DATASETS:
        files = list((tmp_path / "out" / dataset.name).glob("day=*/*.parquet"))
        assert files
        for file in files:
            assert pq.read_schema(file).remove_metadata() == writer.schema(dataset)
    for row, name in (("t0", "visits"), ("placed_at", "orders"), ("started_at", "attempts")):
        for file in (tmp_path / "out" / name).glob("day=*/*.parquet"):
            days = {moment.date() for moment in pq.ParquetFile(file).read()[row].to_pylist()}
            assert days == {date.fromisoformat(file.parent.name.removeprefix("day="))}


def test_shoppers_alone_are_in_it_and_every_one_of_them(exported: Export, books: Books, tmp_path: Path) -> None:
    """A visit for each real shopper's first view and assignment; no crawler, no order or attempt of one."""
    exported()
    visits = table(tmp_path / "out", "visits")
    shoppers = {row["id"] for row in books.rows[Visitor] if row["kind"] == "shopper" and not row["simulated"]}
    assert sum(row["quiz"] == "" for row in visits) == len(shoppers)
    drawn = [row for row in books.rows[Assignment] if row["visitor_id"] in shoppers]
    assert sum(row["quiz"] != "" for row in visits) == len(drawn)
    known = {row["visitor"] for row in visits}
    assert len(known) == len(shoppers)
    for name in ("attempts", "orders"):
        assert {row["visitor"] for row in table(tmp_path / "out", name)} - {None} <= known
    assert not any(row["visitor"] for row in table(tmp_path / "out", "orders") if row["conflict"])


@pytest.mark.once
def test_nobody_can_be_told_from_it(exported: Export, books: Books, tmp_path: Path) -> None:
    """No id of the log stands in any file; another key gives other hashes, the same key the same."""
    exported(csv=True)
    ids = {row["id"] for row in books.rows[Visitor]} | {row["order_id"] for row in books.rows[Order]}
    written = b"".join(contents(tmp_path / "out").values())
    assert not [id for id in ids if id.encode() in written]
    rows = "\n".join(map(str, table(tmp_path / "out", "visits")))
    assert not [id for id in ids if id in rows]


def test_sensitive_answers_stay(exported: Export, engine: Engine, tmp_path: Path) -> None:
    """The answer to a sensitive question and what was shown next are left out, its time is kept; others are whole."""
    exported()
    rows = table(tmp_path / "out", "answers")
    secret = [row for row in rows if row["question"] == "brew"]
    assert secret
    assert all(row["withheld"] and row["value"] is None and row["next_question"] is None for row in secret)
    assert any(row["active_ms"] for row in secret)
    others = [row for row in rows if row["question"] != "brew"]
    assert all(not row["withheld"] and row["value"] == "null" for row in others)


@pytest.mark.once
def test_nothing_tells_what_was_answered(exported: Export, tmp_path: Path) -> None:
    """A question that is asked only after some of its answers has no rows, and nothing says which question followed."""
    exported()
    rows = table(tmp_path / "out", "answers")
    assert {row["question"] for row in rows} == {"brew", "moment", "avoid", "budget", "strength"}
    assert {row["next_question"] for row in rows} == {None}


def test_a_version_that_cannot_be_read_gives_no_answer(
    exported: Export, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where nobody can say which questions were sensitive, all of them are."""
    monkeypatch.setitem(globals(), "private", lambda _version: None)
    exported()
    assert all(row["withheld"] and row["value"] is None for row in table(tmp_path / "out", "answers"))


def test_the_order_of_shuffled_choices_is_told(exported: Export, books: Books, tmp_path: Path) -> None:
    """As each attempt saw them, by its id, which stays here; nothing where they stood as in the file."""
    asked: set[str] = set()

    def order(_version: str, question: str, attempt: str) -> tuple[str, ...]:
        asked.add(attempt)
        return ("b", attempt[:1]) if question == "moment" else ()

    exported(order=order)
    rows = table(tmp_path / "out", "answers")
    told = {row["choices_order"] for row in rows if row["question"] == "moment"}
    assert told
    assert told <= {json.dumps(["b", id[:1]]) for id in asked}
    assert {row["choices_order"] for row in rows if row["question"] != "moment"} == {None}
    assert asked.isdisjoint(row["attempt"] for row in rows)


@pytest.mark.once
def test_simulated_and_real_never_share_a_folder(exported: Export, tmp_path: Path) -> None:
    """One sort is refused where the other one is; every file and row says which it is."""
    exported()
    with pytest.raises(ExportError, match="real visitors"):
        exported(simulated=True)
    exported("made-up", simulated=True)
    with pytest.raises(ExportError, match="simulated visitors"):
        exported("made-up")
    for name, is_simulated in (("out", False), ("made-up", True)):
        assert writer.manifest(tmp_path / name)["simulated"] is is_simulated
        for dataset in DATASETS:
            assert {row["simulated"] for row in table(tmp_path / name, dataset.name)} <= {is_simulated}
        file = next((tmp_path / name / "visits").glob("*/*.parquet"))
        said = pq.read_schema(file).metadata[b"quizfunnel"]
        assert json.loads(said) == {"simulated": is_simulated}


@pytest.mark.once
def test_other_folders_are_left_alone(exported: Export, engine: Engine, tmp_path: Path) -> None:
    """A folder that holds something else, a file, or another store's export is refused, and nothing in it changes."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("a cat")
    (tmp_path / "file").write_text("a file")
    for name in ("photos", "file"):
        with pytest.raises(ExportError, match="new or empty"):
            exported(name)
    assert contents(tmp_path / "photos") == {"cat.jpg": b"a cat"}
    exported()
    other = Wanted(tmp_path / "out", Signer([b"another key of 16"]), private)
    with reading(engine) as connection, pytest.raises(ExportError, match="another store"):
        writer.write(connection, other)


@pytest.mark.once
def test_again_gives_the_same_files(exported: Export, tmp_path: Path) -> None:
    """The same log gives the same bytes, so that a second export changes nothing and another folder is a copy."""
    first = exported(csv=True)
    before = contents(tmp_path / "out")
    assert exported(csv=True) == first
    assert contents(tmp_path / "out") == before
    exported("copy", csv=True)
    assert contents(tmp_path / "copy") == before


def test_days_are_written_alone(exported: Export, engine: Engine, tmp_path: Path) -> None:
    """From and until name days, both included: others' files stay; a day that has no rows any more has no file."""
    exported(csv=True)
    before = contents(tmp_path / "out")
    day = (NOON - timedelta(days=6)).date()
    with writing(engine) as connection:
        connection.execute(delete(Answer))
        connection.execute(delete(Order))
    exported(first=day, last=day + timedelta(days=1), csv=True)
    after = contents(tmp_path / "out")
    gone = {name for name in before if name not in after}
    assert {name.split("/")[0] for name in gone} == {"answers", "orders"}
    assert {name.split("/")[1] for name in gone} <= {f"day={day}", f"day={day + timedelta(days=1)}"}
    assert {name: body for name, body in before.items() if name not in gone} == after
    with pytest.raises(ExportError, match="after --until"):
        exported(first=day, last=day - timedelta(days=1))


@pytest.mark.once
def test_nothing_is_there_half_written(exported: Export, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where writing fails under way every file is as it was or whole, and the next export does the rest."""
    calls = []

    def fail(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 9:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        exported()
    for file in (tmp_path / "out").rglob("*.parquet"):
        assert pq.ParquetFile(file).read().num_rows > 0
    monkeypatch.undo()
    exported()
    assert not list((tmp_path / "out").rglob("*.new"))


@pytest.mark.once
def test_csv_is_safe_to_open(exported: Export, tmp_path: Path) -> None:
    """CSV holds the same rows; text that a spreadsheet would compute begins with an apostrophe, numbers are numbers."""
    exported(csv=True)
    lines: list[dict[str, str]] = []
    for file in sorted((tmp_path / "out").glob("visits/*/visits.csv")):
        lines += csv.DictReader(file.read_text("utf-8").splitlines())
    rows = table(tmp_path / "out", "visits")
    assert [line["visitor"] for line in lines] == [row["visitor"] for row in rows]
    assert [float(line["holdout_share"]) for line in lines] == [row["holdout_share"] for row in rows]
    assert "'=HYPERLINK(1)" in {line["landing_page"] for line in lines}
    assert not [cell for line in lines for cell in line.values() if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.once
def test_it_says_as_of_when_it_is(exported: Export, tmp_path: Path) -> None:
    """That of the last time that all days were written: some days alone, or one cut short, make it no newer."""
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(writer, "_write_day", raising(OSError("full")))
        with pytest.raises(OSError, match="full"):
            exported()
    with pytest.raises(ExportError, match="cut short"):
        writer.as_of(tmp_path / "out")
    exported()
    assert writer.as_of(tmp_path / "out") == NOON
    later = NOON + timedelta(days=1)
    exported(now=later, first=NOON.date())
    assert writer.as_of(tmp_path / "out") == NOON
    exported(now=later)
    assert writer.as_of(tmp_path / "out") == later


def raising(error: Exception) -> Callable[..., None]:
    """Return what fails whatever it is given."""

    def fail(*_given: object) -> None:
        raise error

    return fail


def test_an_empty_shop_has_an_empty_export(engine: Engine, signer: Signer, tmp_path: Path) -> None:
    """Where nobody came there is only what says so."""
    with reading(engine) as connection:
        found = writer.write(connection, Wanted(tmp_path / "out", signer, private))
    assert found.files == 0
    assert list(contents(tmp_path / "out")) == [writer.MANIFEST]


def test_amounts_add_up(exported: Export, engine: Engine, tmp_path: Path) -> None:
    """Orders are there once each with their totals; what counts as a purchase has something left after refunds."""
    exported()
    rows = table(tmp_path / "out", "orders")
    with reading(engine) as connection:
        of = columns(Order)
        total = sum(connection.execute(select(of.total_minor).where(~of.simulated)).scalars())
    assert 0 < sum(row["total_minor"] for row in rows) <= total
    for row in rows:
        left = row["total_minor"] - row["refunded_minor"] > 0
        assert row["purchase"] == (row["paid"] and not row["cancelled"] and not row["test"] and left)

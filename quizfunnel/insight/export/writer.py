"""Writer of the export: the log as Parquet, a file a day and dataset, replaced whole or not at all."""

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, func, select

from quizfunnel.insight.export.columns import DATASETS, ExportTable
from quizfunnel.insight.export.statements import EXTRACTS
from quizfunnel.kit.signing import Signer
from quizfunnel.kit.spreadsheet import guarded
from quizfunnel.log.days import date_of
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.quiz.private import PrivateQuestions

if TYPE_CHECKING:
    import pyarrow as pa

MANIFEST = "quizfunnel-export.json"
VERSION = 3
WORK = "export"  # of which only one may be under way
_PURPOSE = "export"
_HASHED = ("visitor", "attempt", "offer", "order")
_CHUNK = timedelta(days=7)  # is read at once

Progress = Callable[[str], None]


class ExportError(Exception):
    """Error that keeps an export from being written; the text says the remedy."""


@dataclass(frozen=True)
class Wanted:
    """Request for an export: its folder, its sort of log, its days (both included, None is no limit), with CSV or not.

    `private` says which questions of a version have answers that are left out, None where the version cannot be
    read any more: then all are. `order` gives the choices of a version's question as an attempt saw them, where they
    were shuffled.
    """

    folder: Path
    signer: Signer
    private: Callable[[str], PrivateQuestions | None]
    simulated: bool = False
    first: date | None = None
    last: date | None = None
    csv: bool = False
    order: Callable[[str, str, str], Sequence[str]] = lambda _version, _question, _attempt: ()
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def whole(self) -> bool:
        """Tell whether every day is asked for."""
        return self.first is None and self.last is None


class Written(NamedTuple):
    """Counts of the rows of each dataset in the files that were written, and of the files there are."""

    rows: Mapping[str, int]
    files: int


def write(connection: Connection, wanted: Wanted, *, progress: Progress = lambda _: None) -> Written:
    """Write every dataset of the days that are asked for.

    Raises:
        ExportError: where the folder holds something else.
    """
    if wanted.first and wanted.last and wanted.first > wanted.last:
        raise ExportError(f"--from {wanted.first} is after --until {wanted.last}")
    # before a row is read: a folder of another store must not be touched
    says = _claim(wanted)
    rows, files = {}, 0
    for dataset in DATASETS:
        written: set[date] = set()
        rows[dataset.name] = 0
        for day, lines in _days(connection, wanted, dataset, progress):
            _write_day(wanted, dataset, day, lines)
            written.add(day)
            rows[dataset.name] += len(lines)
        files += len(written)
        _remove_others(wanted, dataset, written)
    # an export of some days leaves the others as old as they were, and may not say that all are newer
    if wanted.whole or "as_of" not in says:
        _say(wanted.folder, says | {"as_of": wanted.now.isoformat(timespec="milliseconds")})
    return Written(rows, files)


def schema(dataset: ExportTable) -> "pa.Schema":
    """Return a dataset's Arrow schema."""
    import pyarrow as pa

    kinds = {
        "text": pa.string(),
        "moment": pa.timestamp("ms", tz="UTC"),
        "whole": pa.int64(),
        "number": pa.float64(),
        "flag": pa.bool_(),
    }
    return pa.schema([pa.field(column.name, kinds[column.kind]) for column in dataset.columns])


def manifest(folder: Path) -> dict[str, Any]:
    """Return what a folder's export says of itself.

    Raises:
        ExportError: where it holds none.
    """
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        raise ExportError(f"{folder} holds no export; quizfunnel export --to {folder} writes one") from None
    if content.get("version") != VERSION:
        raise ExportError(f"{folder} holds an export of another release; export into an empty folder")
    return content


def as_of(folder: Path) -> datetime:
    """Return the moment since which a folder's export may lack what happened.

    Raises:
        ExportError: where no export into it was ever completed.
    """
    moment = manifest(folder).get("as_of")
    if moment is None:
        raise ExportError(f"{folder} holds an export that was cut short; quizfunnel export --to {folder} completes it")
    return datetime.fromisoformat(moment)


def store_of(signer: Signer) -> str:
    """Return the name by which an export knows its store again: another key gives another."""
    return signer.digest(_PURPOSE, "store").hex()[:16]


def _claim(wanted: Wanted) -> dict[str, Any]:
    """Make the folder this store's export of one sort of visitors, or refuse it; return what it says of itself."""
    folder, store = wanted.folder, store_of(wanted.signer)
    if folder.is_dir() and (folder / MANIFEST).exists():
        refuse_other(folder, store=store, simulated=wanted.simulated)
        return manifest(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportError(f"{folder} is there and holds no export; name a folder that is new or empty")
    folder.mkdir(parents=True, exist_ok=True)
    says = {"version": VERSION, "simulated": wanted.simulated, "store": store, "columns": "docs/export.md"}
    _say(folder, says)
    return says


def refuse_other(folder: Path, *, store: str, simulated: bool) -> None:
    """Raise ExportError where a folder's export is of another store, or of the other sort of visitors."""
    content = manifest(folder)
    if content["store"] != store:
        raise ExportError(f"{folder} holds the export of another store, or of another secret key")
    if content["simulated"] != simulated:
        sort = "simulated" if content["simulated"] else "real"
        raise ExportError(f"{folder} holds an export of {sort} visitors; the two never share a folder")


def _say(folder: Path, says: Mapping[str, Any]) -> None:
    _put(folder / MANIFEST, lambda path: path.write_text(json.dumps(says, indent=2) + "\n", "utf-8"))


def _days(
    connection: Connection, wanted: Wanted, dataset: ExportTable, progress: Progress
) -> Iterator[tuple[date, list[list[Any]]]]:
    """Give each day's rows, in the dataset's columns."""
    extract, moments = EXTRACTS[dataset.name]
    convert = _converter(wanted, dataset)
    for since, until in _chunks(connection, wanted, moments):
        progress(f"{dataset.name}: from {since:%Y-%m-%d}")
        rows = connection.execute(extract(simulated=wanted.simulated, since=since, until=until))
        for day, lines in groupby(rows, key=lambda row: int(row[0]) // DAY_MS):
            # a day all of whose rows stay private is no file, and one that is there is removed
            leaving = [row for row in (convert(list(line)[1:]) for line in lines) if row is not None]
            if leaving:
                yield date_of(day), leaving


def _chunks(connection: Connection, wanted: Wanted, moments: Iterable[Any]) -> Iterator[tuple[datetime, datetime]]:
    """Give spans of some days each, from the first row to the last within what is asked for."""
    ends = [connection.execute(select(func.min(at), func.max(at))).one() for at in moments]
    known = [(low, high) for low, high in ends if low is not None]
    if not known:
        return
    first = max(filter(None, (min(low for low, _ in known).date(), wanted.first)))
    last = min(filter(None, (max(high for _, high in known).date(), wanted.last)))
    start, end = (datetime.combine(day, time(), UTC) for day in (first, last + timedelta(days=1)))
    while start < end:
        yield start, min(start + _CHUNK, end)
        start += _CHUNK


def _converter(wanted: Wanted, dataset: ExportTable) -> Callable[[list[Any]], list[Any] | None]:
    """Return what makes a statement's row one that may leave, ids hashed and private answers left out, or None."""
    hashed = [(place, c.name) for place, c in enumerate(dataset.columns) if c.name in _HASHED]
    flags = [place for place, column in enumerate(dataset.columns) if column.kind == "flag"]
    names = [column.name for column in dataset.columns]
    withheld = names.index("withheld") if "withheld" in names else None

    def convert(row: list[Any]) -> list[Any] | None:
        if withheld is not None:
            _put_in_order(row, names, wanted)
            if not _withhold(row, names, wanted.private(row[withheld])):
                return None
        for place, name in hashed:
            if row[place] is not None:
                row[place] = wanted.signer.digest(f"{_PURPOSE}-{name}", row[place]).hex()[:32]
        for place in flags:
            row[place] = bool(row[place])
        return row

    return convert


def _put_in_order(row: list[Any], names: list[str], wanted: Wanted) -> None:
    """Say how shuffled choices stood before the attempt, by its id, which does not leave."""
    version, question, attempt = (row[names.index(name)] for name in ("choices_order", "question", "attempt"))
    order = wanted.order(version, question, attempt)
    row[names.index("choices_order")] = json.dumps(list(order)) if order else None


def _withhold(row: list[Any], names: list[str], private: PrivateQuestions | None) -> bool:
    """Leave out of a row what tells of a sensitive answer; say no to one that tells of it by being there."""
    question, following = row[names.index("question")], names.index("next_question")
    secret = private is None or question in private.sensitive
    row[names.index("withheld")] = secret
    if secret:
        row[names.index("value")] = None
    if private is None or private.tells(question, row[following]):
        row[following] = None
    return private is None or question not in private.telling


def _write_day(wanted: Wanted, dataset: ExportTable, day: date, rows: list[list[Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    whole = schema(dataset).with_metadata({"quizfunnel": json.dumps({"simulated": wanted.simulated})})
    columns = list(zip(*rows, strict=True))
    table = pa.table([pa.array(values, field.type) for values, field in zip(columns, whole, strict=True)], schema=whole)
    folder = wanted.folder / dataset.name / f"day={day}"
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / f"{dataset.name}.parquet", lambda path: pq.write_table(table, path, compression="zstd"))
    if wanted.csv:
        _put(folder / f"{dataset.name}.csv", lambda path: _write_csv(path, dataset, rows))
    else:
        (folder / f"{dataset.name}.csv").unlink(missing_ok=True)


def _write_csv(path: Path, dataset: ExportTable, rows: list[list[Any]]) -> None:
    moments = [place for place, column in enumerate(dataset.columns) if column.kind == "moment"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.name for column in dataset.columns])
        for row in rows:
            for place in moments:
                row[place] = _iso(row[place])
            writer.writerow([str(cell).lower() if isinstance(cell, bool) else guarded(cell) for cell in row])


def _iso(moment: int | None) -> str | None:
    if moment is None:
        return None
    # milliseconds are added as whole ones: a float of this size loses the last one
    return (datetime.fromtimestamp(moment // 1000, UTC) + timedelta(milliseconds=moment % 1000)).isoformat(
        timespec="milliseconds"
    )


def _remove_others(wanted: Wanted, dataset: ExportTable, written: set[date]) -> None:
    """Remove the days asked for that have no rows any more."""
    for folder in sorted((wanted.folder / dataset.name).glob("day=*")):
        day = date.fromisoformat(folder.name.removeprefix("day="))
        in_period = (wanted.first is None or day >= wanted.first) and (wanted.last is None or day <= wanted.last)
        if in_period and day not in written:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()


def _put(path: Path, write: Callable[[Path], object]) -> None:
    """Let a file be written aside, and replace `path` by it once the disk has it."""
    aside = path.with_name(f".{path.name}.new")
    write(aside)
    # after a loss of power a renamed file may be empty unless its content was on the disk before
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    aside.replace(path)

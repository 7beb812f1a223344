"""Erasure list: a line for each erasure, on the disk before the database is touched, for whoever restores a backup."""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple, cast

from quizfunnel.kit import files
from quizfunnel.kit.files import LOCK
from quizfunnel.visit.erasure import LIST, ErasedKind, ErasureKey

REMEDY = "let this program's user write there and give the disk room, or name another folder in QUIZFUNNEL_ERASURES"

_CUSTOMER, _SHOP, _REDACTED_AT = "customer", "shop", "redacted at"


class ErasureListError(Exception):
    """A list of erasures that cannot be read; the text says the line."""


class Erased(NamedTuple):
    """One erasure: of what kind, by which digest, when."""

    kind: ErasedKind
    digest: str
    at: datetime


def append(key: ErasureKey, erasures: Sequence[Erased]) -> None:
    """Add erasures to the list, and return when the disk has them."""
    lines = "".join(
        json.dumps({"kind": each.kind, "digest": each.digest, "at": each.at.isoformat()}) + "\n" for each in erasures
    )
    path = key.made().folder / LIST
    with files.locked(key.folder):
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            # A line that a loss of power cut short must not swallow the first one after it.
            size = file.seek(0, os.SEEK_END)
            cut = bool(size) and os.pread(handle, 1, size - 1) != b"\n"
            file.write((b"\n" if cut else b"") + lines.encode())
            os.fsync(handle)
        files.fsync_folder(key.folder)


def read(key: ErasureKey) -> tuple[Erased, ...]:
    """Return every erasure on the list, none where there is no list; a line that was cut short erased nobody."""
    with suppress(FileNotFoundError):
        return tuple(_lines(key))
    return ()


class Redaction(NamedTuple):
    """Erasure of the bodies that a source had sent until a moment: a customer's by each name, or without names all.

    On the list it stands among the orders, by ids that no order has. The one of the moment alone lets a database
    know of a second redaction of the same names.
    """

    source: str
    names: tuple[str, ...] = ()

    def listed(self, key: ErasureKey, at: datetime) -> tuple[Erased, ...]:
        """Return its lines on the list."""
        ids: list[tuple[str, ...]] = [(_CUSTOMER, self.source, name) for name in self.names]
        ids = [*(ids or [(_SHOP, self.source)]), (_REDACTED_AT, at.isoformat())]
        return tuple(Erased("order", key.digest("order", "", *id) or "", at) for id in ids)


class Redactions:
    """Redactions on the list, each good for what had come by then."""

    def __init__(self, key: ErasureKey, listed: Sequence[Erased]) -> None:
        """Take the list; without a redaction on it nothing is looked for."""
        self._key = key
        self._until: dict[str, datetime] = {}
        orders = [each for each in listed if each.kind == "order"]
        self._any = any(each.digest == key.digest("order", "", _REDACTED_AT, each.at.isoformat()) for each in orders)
        for each in orders if self._any else ():
            self._until[each.digest] = max(each.at, self._until.get(each.digest, each.at))

    def __bool__(self) -> bool:
        """Tell whether there is one."""
        return self._any

    def holds(self, source: str, received_at: datetime, customers: Iterable[str]) -> bool:
        """Tell whether a body of a source, with the customers that it may name, was redacted."""
        ids = chain([(_SHOP, source)], ((_CUSTOMER, source, name) for name in customers))
        untils = (self._until.get(self._key.digest("order", "", *id) or "") for id in ids)
        return any(until is not None and received_at <= until for until in untils)


def refuse_behind(connection: sqlite3.Connection, path: Path, key: ErasureKey) -> None:
    """Raise OperationalError for an SQLite database that does not know of every erasure: a backup put back by hand."""
    with suppress(ErasureListError, OSError):  # told by the commands that read the list
        listed = {(each.kind, each.digest) for each in read(key)}
        known = set(connection.execute("SELECT kind, digest FROM erasure")) if listed else set()
        if unknown := len(listed - known):
            raise sqlite3.OperationalError(
                f"the database {path} was put back from a backup and does not know of {unknown:,} erasures; "
                "quizfunnel nightly forgets them again, and so does a new start of the server"
            )


def unwritable(key: ErasureKey) -> str:
    """Return what keeps an erasure from being listed, "" where nothing does; the folder is made."""
    try:
        key.folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=key.folder, buffering=0) as file:
            file.write(b"\n")  # a full disk still gives a name
    except OSError as error:
        return f"{key.folder} cannot be written ({error.strerror})"
    files_there = (path for name in (LIST, LOCK) if (path := key.folder / name).exists())
    closed = next((path for path in files_there if not os.access(path, os.R_OK | os.W_OK)), None)
    return f"{closed} cannot be written by this program's user" if closed else ""


def _lines(key: ErasureKey) -> Iterator[Erased]:
    path = key.folder / LIST
    for number, line in enumerate(path.read_text("utf-8").split("\n"), start=1):
        try:
            entry = json.loads(line)
            yield Erased(cast("ErasedKind", entry["kind"]), entry["digest"], datetime.fromisoformat(entry["at"]))
        except ValueError:
            continue  # blank, or cut short: its erasure was not acknowledged
        except (KeyError, TypeError):
            raise ErasureListError(f"{path}:{number}: is no line of a list of erasures") from None

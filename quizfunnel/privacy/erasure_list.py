"""Erasure list: a line for each erasure, on the disk before the database is touched, for whoever restores a backup."""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple, cast

from quizfunnel.kit import files
from quizfunnel.kit.files import LOCK
from quizfunnel.visit.erasure import LIST, ErasedKind, ErasureKey

REMEDY = "let this program's user write there and give the disk room, or name another folder in QUIZFUNNEL_ERASURES"


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
            said = json.loads(line)
            yield Erased(cast("ErasedKind", said["kind"]), said["digest"], datetime.fromisoformat(said["at"]))
        except ValueError:
            continue  # blank, or cut short: its erasure was not acknowledged
        except (KeyError, TypeError):
            raise ErasureListError(f"{path}:{number}: is no line of a list of erasures") from None

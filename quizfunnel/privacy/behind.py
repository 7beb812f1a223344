"""Databases behind the list of erasures: put back from a backup by hand, they know again whoever was forgotten."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from quizfunnel.privacy import erasure_list
from quizfunnel.privacy.erasure_list import ErasureListError
from quizfunnel.visit.erasure import ErasureKey


def refuse(connection: sqlite3.Connection, path: Path, *, erasures: Path) -> None:
    """Raise OperationalError for a database that does not know of every erasure on the list in a folder."""
    with suppress(ErasureListError, OSError):  # told by the commands that read the list
        listed = {(each.kind, each.digest) for each in erasure_list.read(ErasureKey(erasures))}
        known = set(connection.execute("SELECT kind, digest FROM erasure")) if listed else set()
        if unknown := len(listed - known):
            raise sqlite3.OperationalError(
                f"the database {path} was put back from a backup and does not know of {unknown:,} erasures; "
                "quizfunnel nightly forgets them again, and so does a new start of the server"
            )

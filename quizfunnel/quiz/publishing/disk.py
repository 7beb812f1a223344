"""Disk id: names the disk that quiz files lie on, so that what it showed last is known after a restart."""

from contextlib import suppress
from pathlib import Path

from quizfunnel.kit.files import locked, write
from quizfunnel.kit.ids import is_id, new_id

FILE = "disk_id"


def disk_id(var: Path) -> str:
    """Return the id kept in the store's var/, made where there is none.

    The file also holds its own inode: a copy of the folder, as in a machine's image, is another disk, or two machines
    would take turns to publish what both show. Where nothing can be written it is an id of this process alone.
    """
    path = var / FILE
    if known := _read(path):
        return known
    with suppress(OSError), locked(var):
        if not _read(path):
            _make(path)
    return _read(path) or new_id()


def _read(path: Path) -> str:
    try:
        id, _, inode = path.read_text("ascii").strip().partition(" ")
        return id if is_id(id) and inode == str(path.stat().st_ino) else ""
    except (OSError, ValueError):
        return ""


def _make(path: Path) -> None:
    aside = path.with_name(f".new-{FILE}")
    aside.touch()
    write(aside, f"{new_id()} {aside.stat().st_ino}\n".encode())
    aside.replace(path)

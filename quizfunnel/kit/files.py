"""Atomic files: there whole or not at all, also after a power cut, and written by one process at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - not on this system: two commands at once may then undo each other
    fcntl = None  # type: ignore[assignment]

Stamp = tuple[int, int, int]

LOCK = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder alone; the system releases it when a process is killed."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace(path: Path, text: str) -> None:
    """Replace a file whole; for whoever holds its folder."""
    aside = path.with_name(f".new-{path.name}")
    write(aside, text.encode())
    aside.replace(path)
    fsync_folder(path.parent)


def write(path: Path, body: bytes) -> None:
    """Write a file, and return when the disk has it."""
    with path.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def fsync_folder(folder: Path) -> None:
    """Return when the disk has the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stamp(path: Path) -> Stamp:
    """Return a stamp that differs once the file was replaced; zeros where there is none."""
    with suppress(OSError, ValueError):  # a path with a NUL is a ValueError
        status = path.stat()
        return status.st_mtime_ns, status.st_size, status.st_ino
    return (0, 0, 0)

"""Folder in which the workers of one server leave their counters, so that each can give the sum of all.

A worker that ended left what it counted: its requests were answered.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import click

from quizfunnel.kit.ids import new_id
from quizfunnel.settings.names import PREFIX
from quizfunnel.telemetry.counters import Sums, sums

VARIABLE = f"{PREFIX}COUNTERS"


@contextmanager
def shared_counters() -> Iterator[None]:
    """Give the workers that are started within a folder of their own, and remove it at the end."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="quizfunnel-counters-", ignore_cleanup_errors=True)
    except OSError as error:
        note = f"/metrics gives the counters of one worker at a time: no temporary folder ({error.strerror})"
        click.echo(note, err=True)
        yield
        return
    with folder as name:
        os.environ[VARIABLE] = name
        try:
            yield
        finally:
            del os.environ[VARIABLE]


class SharedCounters:
    """Counters of one worker, and those of its fellows."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take the folder that the environment names."""
        named = os.environ.get(VARIABLE)
        self._folder = folder or (Path(named) if named else None)
        self._own = _own(os.getpid())
        self._left: Sums = {}

    def leave(self) -> None:
        """Leave what was counted for the fellows to read; a folder that is gone or full is no fault of a request."""
        now = sums()
        if self._folder is None or now == self._left:
            return
        with suppress(OSError):
            part = self._folder / f"{self._own}.part"
            part.write_text(json.dumps(list(now.items())), "utf-8")
            part.replace(self._folder / self._own)
            self._left = now

    def together(self) -> Sums:
        """Return the sums of all workers."""
        whole = sums()
        files = sorted(self._folder.glob("*.json")) if self._folder else ()
        for file in files:
            if file.name != self._own:
                with suppress(OSError):
                    _add(whole, json.loads(file.read_text("utf-8")))
        return whole


@cache
def _own(process: int) -> str:
    """Return the name of a process's file; a process that gets the number of one that ended has another name."""
    return f"{process}-{new_id()}.json"


def _add(whole: Sums, fellow: list[tuple[list[str], list[float]]]) -> None:
    for name, row in fellow:
        key = tuple(name)
        whole[key] = [one + other for one, other in zip(whole[key], row, strict=True)] if key in whole else row

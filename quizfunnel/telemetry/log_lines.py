"""Lines of the log, as text or as JSON: when, how grave, by which module, for which request.

An error is told by its type and place: its message, which a library may have made of what a shopper wrote, is left out.
"""

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, Literal, TextIO, TypeAlias

from quizfunnel.telemetry import request_ids

LogFormat: TypeAlias = Literal["text", "json"]
FIELDS = "fields"  # of a record: what a line says besides its message, for programs

_ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TextLines(logging.Formatter):
    """Lines for people: the moment, how grave, the message, the request."""

    def __init__(self) -> None:
        """Take the form of every line."""
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        """Return a record as a line; one of a request ends with its id."""
        id, line = request_ids.current(), super().formatMessage(record)
        return f"{line} (request {id})" if id else line

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the library's name
        """Return an error's type and place."""
        return _fault(ei)


class JSONLines(logging.Formatter):
    """Lines for programs: one JSON object each."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as an object."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if id := request_ids.current():
            line["request"] = id
        line |= getattr(record, FIELDS, {})
        if record.exc_info:
            line["error"] = _fault(record.exc_info)
        return json.dumps(line)


def logging_config(form: LogFormat, *, requests: bool = False) -> dict[str, Any]:
    """Return the configuration of the log for `logging.config.dictConfig`; with `requests` each one is a line."""
    lines = JSONLines if form == "json" else TextLines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"generic": {"()": lines}, "access": {"()": lines}},
        "handlers": {
            "console": {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stdout"}
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "quizfunnel.quiz.publishing": {"level": "INFO"},
            "quizfunnel.requests": {"level": "INFO" if requests else "WARNING"},
            "_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        },
    }


@contextmanager
def spoken(form: LogFormat) -> Iterator[None]:
    """Let what a command says within be lines of the log where these are JSON: a collector reads nothing else."""
    if form == "text":
        yield
        return
    stream = sys.stdout
    with redirect_stdout(_Lines(stream, logging.INFO)), redirect_stderr(_Lines(stream, logging.WARNING)):
        yield


class _Lines(io.TextIOBase):
    """Stream whose lines become lines of the log on another one."""

    def __init__(self, stream: TextIO, level: int) -> None:
        self._out, self._level, self._begun, self._form = stream, level, "", JSONLines()

    def write(self, text: str) -> int:
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            if line.strip():
                fields = {"name": "quizfunnel.command", "levelno": self._level, "msg": " ".join(line.split())}
                record = logging.makeLogRecord(fields | {"levelname": logging.getLevelName(self._level)})
                self._out.write(f"{self._form.format(record)}\n")
        self._out.flush()
        return len(text)


def _fault(info: _ExcInfo) -> str:
    kind, error, trace = info
    if kind is None or error is None:
        return ""
    places = [f"{Path(frame.f_code.co_filename).name}:{line} {frame.f_code.co_name}" for frame, line in walk_tb(trace)]
    return f"{kind.__name__} at {places[-1] if places else 'no place'}"

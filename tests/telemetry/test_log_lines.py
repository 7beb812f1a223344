"""Laws of the log's lines: one a record in either form, with the request's id, and no message of an error."""

import io
import json
import logging
from typing import Any

import click
import pytest

from quizfunnel.telemetry import request_ids
from quizfunnel.telemetry.log_lines import FIELDS, JSONLines, TextLines, logging_config, spoken

SECRET = "12 High Street"


def written(form: logging.Formatter, *, fails: bool = False, **more: Any) -> str:
    """Return what a line looks like."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(form)
    log = logging.getLogger("quizfunnel.lines")
    log.addHandler(handler)
    log.propagate = False
    try:
        _write(log, fails=fails, **more)
    finally:
        log.removeHandler(handler)
        log.propagate = True
    return out.getvalue()


def _write(log: logging.Logger, *, fails: bool, **more: Any) -> None:
    try:
        if fails:
            int(SECRET)
    except ValueError:
        log.exception("it failed\nhere")
    else:
        log.warning("all %s", "well", **more)


def test_a_line_of_json_is_one_object() -> None:
    """When, how grave, by which module, what, and what is said for programs."""
    line = written(JSONLines(), extra={FIELDS: {"ms": 12.5}})
    assert line.count("\n") == 1
    said = json.loads(line)
    assert said.pop("time").endswith("+00:00")
    assert said == {"level": "warning", "logger": "quizfunnel.lines", "message": "all well", "ms": 12.5}


@pytest.mark.parametrize("form", [JSONLines(), TextLines()], ids=["json", "text"])
def test_a_line_of_a_request_bears_its_id(form: logging.Formatter) -> None:
    """In either form; a line of none has none."""
    with request_ids.about("0123456789abcdef"):
        assert "0123456789abcdef" in written(form)
    assert "request" not in written(form)


@pytest.mark.parametrize("form", [JSONLines(), TextLines()], ids=["json", "text"])
def test_an_errors_message_stays_out(form: logging.Formatter) -> None:
    """Its type and place are told: the message may hold what somebody wrote."""
    line = written(form, fails=True)
    assert "ValueError at test_log_lines.py:" in line
    assert SECRET not in line


def test_no_line_of_json_ends_early() -> None:
    """Line feeds, surrogates and other letters stay within one line of ASCII."""
    line = written(JSONLines(), fails=True)
    assert line.count("\n") == 1
    record = logging.makeLogRecord({"msg": "K\u00e4se\ud800\n"})
    assert json.loads(JSONLines().format(record))["message"] == "K\u00e4se\ud800\n"
    assert JSONLines().format(record).isascii()


def test_a_command_speaks_in_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever it says on either stream is an object; as text it stays as it is."""
    with spoken("json"):
        click.echo("Serving\nsoon")
        click.echo("mind this", err=True)
    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert [(line["level"], line["message"]) for line in lines] == [
        ("info", "Serving"),
        ("info", "soon"),
        ("warning", "mind this"),
    ]
    assert said.err == ""
    with spoken("text"):
        click.echo("Serving")
    assert capsys.readouterr().out == "Serving\n"


def test_requests_are_lines_on_demand_alone() -> None:
    """Without the setting only what needs somebody's eye is written."""
    levels = [logging_config("text", requests=requests)["loggers"]["quizfunnel.requests"] for requests in (False, True)]
    assert [each["level"] for each in levels] == ["WARNING", "INFO"]

"""Laws of the fault log: one line a fault, no value in it, and no more than one a minute of the same."""

import logging

import pytest

from quizfunnel.web.fault_log import FaultLog

SECRET = "cashew allergy"


class Minutes:
    """A clock that is set."""

    now = 1000.0

    def __call__(self) -> float:
        """Return the moment."""
        return self.now


@pytest.fixture
def minutes() -> Minutes:
    """Give a clock."""
    return Minutes()


@pytest.fixture
def log(minutes: Minutes) -> FaultLog:
    """Give a fault log on that clock."""
    return FaultLog(logging.getLogger("faults"), now=minutes)


def fail() -> None:
    """Fail after another failure, with what a shopper wrote in both."""
    try:
        int(SECRET)
    except ValueError as error:
        raise ValueError(f"no number:\n{SECRET}") from error


def raised() -> ValueError:
    """Return the error of `fail`, with its way."""
    with pytest.raises(ValueError, match="no number") as info:
        fail()
    return info.value


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged."""
    return [record.getMessage() for record in caplog.records]


def test_a_fault_is_one_line_of_types_and_places(log: FaultLog, caplog: pytest.LogCaptureFixture) -> None:
    """Type, cause, endpoint, file, line and function, and nothing of the message."""
    log.fault(raised(), at="journey.ask")
    (line,) = lines(caplog)
    assert line.startswith("unexpected ValueError after ValueError at journey.ask: test_fault_log.py:")
    assert line.endswith(" fail")
    assert SECRET not in caplog.text
    assert "\n" not in line


def test_the_same_fault_is_one_line_a_minute(log: FaultLog, minutes: Minutes, caplog: pytest.LogCaptureFixture) -> None:
    """The next line after the minute says how many were kept back."""
    for _ in range(7):
        log.fault(raised(), at="journey.ask")
    assert len(lines(caplog)) == 1
    minutes.now += 60
    log.fault(raised(), at="journey.ask")
    assert lines(caplog)[1].endswith(" (and 6 times more since the last such line)")


def test_another_fault_is_a_line_of_its_own(log: FaultLog, caplog: pytest.LogCaptureFixture) -> None:
    """By place of the code and by endpoint, and a warning by its key."""
    log.fault(raised(), at="journey.ask")
    log.fault(raised(), at="offer.show")
    log.fault(ValueError(), at="offer.show")
    log.line("host", "a\nline")
    log.line("origin", "a line")
    assert len(lines(caplog)) == 5
    assert lines(caplog)[3] == "a line"


def test_what_is_remembered_has_an_end(log: FaultLog, caplog: pytest.LogCaptureFixture) -> None:
    """Ten thousand keys are not kept; the oldest is forgotten and said again."""
    for key in range(10_000):
        log.line(key, "a line")
    assert len(log._written) <= 256
    log.line(0, "the first again")
    assert lines(caplog)[-1] == "the first again"

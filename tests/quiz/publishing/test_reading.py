"""Laws of reading a quiz file: whatever is saved while it is read is read again."""

from pathlib import Path

import pytest

from quizfunnel.kit.clock import SetClock
from quizfunnel.quiz.check import run
from quizfunnel.quiz.check.run import CheckResult
from quizfunnel.quiz.publishing.published import PublishedVersions
from quizfunnel.quiz.publishing.reading import FileReading, read_file
from tests.quiz.files import lay


def reading(folder: Path, clock: SetClock) -> FileReading:
    """Return the quiz of a folder as it is read."""
    path = folder / "coffee.yaml"
    return read_file(
        path, name=path.name, published=PublishedVersions(None, None), serving=lambda _: None, now=clock.now()
    )


@pytest.mark.parametrize("saved", ["coffee.yaml", "coffee.de.yaml", "coffee.fr.yaml"])
def test_a_file_that_is_saved_while_it_is_read_is_read_again(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch, saved: str
) -> None:
    """The quiz, a language of its, or one that was not there: the stamps are of before."""
    lay(tmp_path)
    (tmp_path / "coffee.de.yaml").write_text("title: Finde deinen Kaffee\n", "utf-8")
    assert reading(tmp_path, clock).holds(None, now=clock.now())
    open_file = run.open_file

    def opened(path: Path, *, name: str, now: object) -> CheckResult:
        result = open_file(path, name=name, now=clock.now())
        (tmp_path / saved).write_text("title: Such deinen Kaffee aus\n", "utf-8")
        return result

    monkeypatch.setattr(run, "open_file", opened)
    assert not reading(tmp_path, clock).holds(None, now=clock.now())

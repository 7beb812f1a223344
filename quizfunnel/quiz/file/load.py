"""Loading: from a quiz file to the frozen quiz, or to every finding at once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path as FilePath

from pydantic import ValidationError

from quizfunnel.kit.finding import Finding
from quizfunnel.kit.yaml import slips
from quizfunnel.quiz.file import validation, yaml_events
from quizfunnel.quiz.file.vocabulary import WORDS
from quizfunnel.quiz.file.yaml_events import Position, QuizFileError
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.spec import Quiz

__all__ = ["LoadedQuiz", "QuizFileError", "load_quiz", "load_text"]


@dataclass(frozen=True)
class LoadedQuiz:
    """A quiz with what is known of its file; positions are line and column, from 1, by path into the data."""

    quiz: Quiz
    positions: Mapping[Path, Position]
    key_positions: Mapping[Path, Position]
    version: str
    body: str
    file: str

    def finding(self, path: Path, message: str, *, error: bool = True, key: bool = False) -> Finding:
        """Return a finding at `path` or the nearest thing around it; with `key` at the key and not its value."""
        position = validation.nearest(self.key_positions if key else self.positions, path)
        return Finding(self.file, *position, "error" if error else "warning", message)


def load_quiz(path: FilePath, *, name: str = "") -> LoadedQuiz:
    """Read a quiz file; raise QuizFileError with every finding, OSError when it cannot be read."""
    if path.exists() and not path.is_file():  # opening a pipe would wait for ever
        raise QuizFileError([Finding(name or str(path), 1, 1, "error", "is no file; a quiz is one YAML file")])
    with path.open("rb") as file:
        return load_text(file.read(yaml_events.MOST_BYTES + 1), name or str(path))


def load_text(text: str | bytes, file: str) -> LoadedQuiz:
    """Read a quiz file's content; `file` is its name in findings."""
    raw = text.encode() if isinstance(text, str) else text
    try:
        return _load(raw, file)
    except QuizFileError as error:
        try:
            readable = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise error from None
        raise QuizFileError(slips.explained(readable, lambda mended: _faults(mended, file), WORDS)) from None


def _faults(text: str, file: str) -> list[Finding]:
    try:
        _load(text.encode(), file)
    except QuizFileError as error:
        return error.findings
    return []


# A shelf reads a quiz again whenever its catalogue changes, with every delivery of stock; reading the same bytes takes
# most of the time, and shoppers of that worker wait for it.
@lru_cache(maxsize=32)
def _load(raw: bytes, file: str) -> LoadedQuiz:
    plain = yaml_events.read_plain(raw, file)
    if not isinstance(plain.data, dict):
        message = "a quiz is a mapping of keys to values; start with `title:`"
        raise QuizFileError([Finding(file, 1, 1, "error", message)])
    try:
        quiz = Quiz.model_validate_json(json.dumps(plain.data))
    except ValidationError as error:
        raise QuizFileError(validation.findings(error, plain, file)) from None
    version = hashlib.sha256(raw).hexdigest()
    return LoadedQuiz(quiz, plain.positions, plain.key_positions, version, raw.decode("utf-8-sig"), file)

"""Loading: from a quiz file to the frozen quiz, or to every finding at once."""

import glob
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from quizfunnel.kit.finding import Finding
from quizfunnel.kit.yaml import slips
from quizfunnel.quiz.file import validation, yaml_events
from quizfunnel.quiz.file.language import language_of, translated
from quizfunnel.quiz.file.vocabulary import WORDS
from quizfunnel.quiz.file.yaml_events import Position, QuizFileError
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.spec import Quiz

__all__ = ["LoadedQuiz", "QuizFileError", "language_files", "load_quiz", "load_text"]


@dataclass(frozen=True)
class LoadedQuiz:
    """A quiz with what is known of its file; positions are line and column, from 1, by path into the data.

    `translations` are the same quiz by its language files, each with the places of its texts there. The `version` is
    that of all of them together.
    """

    quiz: Quiz
    positions: Mapping[Path, Position]
    key_positions: Mapping[Path, Position]
    version: str
    body: str
    file: str
    translations: Mapping[str, "LoadedQuiz"] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()  # of its language files

    @property
    def languages(self) -> dict[str, str]:
        """Return the texts of the language files, by language."""
        return {language: each.body for language, each in self.translations.items()}

    def finding(self, path: Path, message: str, *, error: bool = True, key: bool = False) -> Finding:
        """Return a finding at `path` or the nearest thing around it; with `key` at the key and not its value."""
        position = validation.nearest(self.key_positions if key else self.positions, path)
        return Finding(self.file, *position, "error" if error else "warning", message)


def load_quiz(path: FilePath, *, name: str = "") -> LoadedQuiz:
    """Read a quiz file; raise QuizFileError with every finding, OSError when it cannot be read."""
    if path.exists() and not path.is_file():  # opening a pipe would wait for ever
        raise QuizFileError([Finding(name or str(path), 1, 1, "error", "is no file; a quiz is one YAML file")])
    languages = {language: _bytes(each) for language, each in language_files(path).items()}
    return load_text(_bytes(path), name or str(path), languages)


def language_files(path: FilePath) -> dict[str, FilePath]:
    """Return the language files that lie beside a quiz file, by language."""
    beside = path.parent.glob(f"{glob.escape(path.stem)}.*.yaml")
    return {language: each for each in sorted(beside) if (language := language_of(each)) and each.is_file()}


def load_text(text: str | bytes, file: str, languages: Mapping[str, str | bytes] | None = None) -> LoadedQuiz:
    """Read a quiz file's content, with that of its language files; `file` is its name in findings."""
    loaded = _loaded(_raw(text), file)
    if not languages:
        return loaded
    own = {language: _raw(each) for language, each in sorted(languages.items())}
    return _with_languages(loaded, own)


def _with_languages(loaded: LoadedQuiz, languages: Mapping[str, bytes]) -> LoadedQuiz:
    """Return a quiz with its language files; one that is wrong is left out, and its findings are kept."""
    digest = hashlib.sha256(loaded.version.encode())
    data = yaml_events.read_plain(loaded.body.encode(), loaded.file).data
    translations: dict[str, LoadedQuiz] = {}
    findings: list[Finding] = []
    for language, raw in languages.items():
        digest.update(b"\0" + language.encode() + b"\0" + hashlib.sha256(raw).digest())
        try:
            translations[language] = _translation(loaded, data, language=language, raw=raw)
        except QuizFileError as error:
            findings += error.findings
    version = digest.hexdigest()
    named = {language: replace(each, version=version) for language, each in translations.items()}
    return replace(loaded, version=version, translations=named, findings=tuple(findings))


def _translation(loaded: LoadedQuiz, data: Any, *, language: str, raw: bytes) -> LoadedQuiz:
    of = FilePath(loaded.file).name
    file = f"{loaded.file.removesuffix('.yaml')}.{language}.yaml"
    if language == loaded.quiz.language:
        message = f"{of} is in `{language}` itself; give this file another language, or change `language` there"
        raise QuizFileError([Finding(file, 1, 1, "error", message)])
    plain = yaml_events.read_plain(raw, file)
    quiz, places = translated(data, plain, language, file=file, of=of)
    body = raw.decode("utf-8-sig")
    return LoadedQuiz(quiz, places.positions, places.key_positions, loaded.version, body, file)


def _bytes(path: FilePath) -> bytes:
    with path.open("rb") as file:
        return file.read(yaml_events.MOST_BYTES + 1)


def _raw(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _loaded(raw: bytes, file: str) -> LoadedQuiz:
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

"""From a quiz file to the frozen quiz, or to every finding at once."""

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from quizfunnel.catalog.finding import Finding
from quizfunnel.quiz import guard, spec
from quizfunnel.quiz.guard import PlainFile, Position, QuizFileError
from quizfunnel.quiz.spec import Quiz

__all__ = ["LoadedQuiz", "QuizFileError", "load_quiz", "load_text"]

_UNIONS = {
    "when": "`when` names earlier questions and their answers, like {brew: [espresso, filter]}, "
    "{budget: {at_least: 20}} or a list of such mappings",
    "catalog": "`catalog` is a file name, or {file: ..., currency: EUR, product_url: ...}",
}
_KINDS: dict[object, type[BaseModel]] = {
    "one": spec.OneQuestion,
    "many": spec.ManyQuestion,
    "scale": spec.ScaleQuestion,
}
_SHAPES = {
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
    "dict_type": "must be a mapping of names to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "string_too_short": "is empty; write something",
    "multiple_of": "must be a whole or half number, like 2 or 2.5",
}


@dataclass(frozen=True)
class LoadedQuiz:
    """A quiz with what is known of its file; positions are line and column, from 1, by path into the data."""

    quiz: Quiz
    positions: Mapping[guard.Path, Position]
    key_positions: Mapping[guard.Path, Position]
    version: str
    body: str
    file: str

    def finding(self, path: guard.Path, message: str, *, error: bool = True, key: bool = False) -> Finding:
        """Return a finding at `path`, or at the nearest thing around it that has a position."""
        table = self.key_positions if key else self.positions
        line, column = _nearest(table, path) if key else _nearest(self.positions, path)
        return Finding(self.file, line, column, "error" if error else "warning", message)


def load_quiz(path: Path, *, name: str = "") -> LoadedQuiz:
    """Read a quiz file; raise QuizFileError with every finding, OSError when it cannot be read."""
    with path.open("rb") as file:
        return load_text(file.read(guard.MOST_BYTES + 1), name or str(path))


def load_text(body: str | bytes, file: str) -> LoadedQuiz:
    """Read a quiz file's content; `file` is its name in findings."""
    raw = body.encode() if isinstance(body, str) else body
    plain = guard.read_plain(raw, file)
    if not isinstance(plain.data, dict):
        raise QuizFileError(
            [Finding(file, 1, 1, "error", "a quiz is a mapping of keys to values; start with `title:`")]
        )
    try:
        quiz = Quiz.model_validate_json(json.dumps(plain.data))
    except ValidationError as error:
        raise QuizFileError(_findings(error, plain, file)) from None
    version = hashlib.sha256(raw).hexdigest()
    return LoadedQuiz(quiz, plain.positions, plain.key_positions, version, raw.decode("utf-8-sig"), file)


def _findings(error: ValidationError, plain: PlainFile, file: str) -> list[Finding]:
    found: dict[tuple[Position, str], Finding] = {}
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # only because its items are wrong, and they are named themselves
        path, missing = _resolve(detail["loc"], plain.data)
        message, where = _say(detail, path, missing)
        unknown = detail["type"] == "extra_forbidden" and where == path
        position = _nearest(plain.key_positions if unknown else plain.positions, where)
        found.setdefault((position, message), Finding(file, *position, "error", message))
    return sorted(found.values(), key=lambda finding: (finding.line, finding.column))


def _resolve(loc: Iterable[str | int], data: Any) -> tuple[guard.Path, str | int | None]:
    """Follow pydantic's location through the data, leaving out the names of union members it adds."""
    path: list[str | int] = []
    missing: str | int | None = None
    for place, part in enumerate(loc):
        if place == 2 and part in _KINDS:
            continue
        inside = (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        )
        missing = None if inside else part
        if inside:
            path.append(part)
            data = data[part]
    return tuple(path), missing


def _say(detail: ErrorDetails, path: guard.Path, missing: str | int | None) -> tuple[str, guard.Path]:
    for name, message in _UNIONS.items():
        if name in path:
            return message, path[: path.index(name) + 1]
    kind, context = detail["type"], detail.get("ctx", {})
    key = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this"
    if kind == "missing":
        return f"`{missing}` is missing; add it", path
    if kind == "extra_forbidden":
        return _unknown(str(path[-1]), detail["loc"]), path
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        if "pick" in str(detail.get("input", "")) and kind == "union_tag_invalid":
            return f"`pick` is {context.get('tag', '')!r}; write one, many or scale", (*path, "pick")
        return "`pick` is missing; write `pick: one`, `many` or `scale`", path
    if kind == "string_pattern_mismatch":
        return f"{key}: {_pattern(str(detail['input']), str(context.get('pattern')))}", path
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        return (
            f"{key} has {context['actual_length']} entries; it needs {'at least' if kind == 'too_short' else 'at most'} {bound}",
            path,
        )
    if kind in ("less_than_equal", "greater_than_equal", "less_than", "greater_than"):
        return f"{key} {detail['msg'].removeprefix('Input should ').replace('be', 'must be', 1)}", path
    if kind == "value_error":
        return f"{key} {context.get('error', detail['msg'])}", path
    if missing == "[key]":
        return f"{key} is no valid name here; {detail['msg'].lower()}", path
    return f"{key} {_SHAPES.get(kind) or _decapitalised(detail['msg'])}", path


def _unknown(key: str, loc: tuple[str | int, ...]) -> str:
    names = sorted(_names(loc))
    near = difflib.get_close_matches(key, names, n=1)
    if near:
        return f"unknown key `{key}`; did you mean `{near[0]}`?"
    return f"unknown key `{key}`; the keys here are {', '.join(names)}"


def _names(loc: tuple[str | int, ...]) -> set[str]:
    model: type[BaseModel] = Quiz
    inner = {"choices": spec.Choice, "scale": spec.Scale, "offer": spec.OfferSpec, "experiment": spec.Experiment}
    for position, part in enumerate(loc[:-1]):
        if position == 2 and loc[0] == "questions":
            model = _KINDS.get(part, model)
        elif part in inner:
            model = inner[str(part)]
        elif part == "catalog":
            model = spec.CatalogRef
    return {field.alias or name for name, field in model.model_fields.items()}


def _pattern(value: str, pattern: str) -> str:
    if pattern == get_args(spec.Slug)[1].pattern:
        return f"{value[:40]!r} is no id; use lower-case letters, digits and single hyphens, like dark-roast"
    if pattern == get_args(spec.Selector)[1].pattern:
        return f"{value[:40]!r} names nothing; write tag:NAME, product:ID, type:NAME, vendor:NAME or ATTRIBUTE:VALUE"
    return f"{value[:40]!r} does not have the form it needs"


def _decapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]


def _nearest(positions: Mapping[guard.Path, Position], path: guard.Path) -> Position:
    for length in range(len(path), -1, -1):
        if path[:length] in positions:
            return positions[path[:length]]
    return (1, 1)

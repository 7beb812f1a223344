"""Language file: the texts of a quiz in one more language, by the same ids, and nothing but texts; pure.

A translated quiz is the quiz's own data with other texts in it, so that rules, ids and figures are one.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, NamedTuple

from pydantic import ValidationError

from quizfunnel.i18n.languages import TAG
from quizfunnel.kit.finding import Finding
from quizfunnel.kit.iso4217 import MINOR_DIGITS
from quizfunnel.quiz.file import validation
from quizfunnel.quiz.file.vocabulary import TEXT_KEYS
from quizfunnel.quiz.file.yaml_events import PlainFile, QuizFileError
from quizfunnel.quiz.kinds.fields import Path
from quizfunnel.quiz.kinds.words import near
from quizfunnel.quiz.spec import Quiz

NAMES = "names"
_RULES = frozenset(
    ("when", "near", "favours", "against", "requires", "excludes", "catalog", "experiment", "was", NAMES)
)
_MAY_LACK = "unit"  # a gram is one in many languages
_LONGEST = 60  # characters of a text that a finding repeats


class _Node(NamedTuple):
    """One place of a quiz's data: by numbers as in its file, by ids as in a language file; and its text, if any."""

    place: Path
    named: Path
    text: str | None


def language_of(path: PurePath) -> str:
    """Return the language that a file's name says it is of: `de` of coffee.de.yaml; none of coffee.yaml."""
    language = path.stem.partition(".")[2]
    return language if path.suffix == ".yaml" and re.fullmatch(TAG, language) else ""


def quiz_of(path: PurePath) -> str:
    """Return the slug of the quiz that a language file is of."""
    return path.name.partition(".")[0]


def translated(data: Any, plain: PlainFile, language: str, *, file: str, of: str) -> tuple[Quiz, PlainFile]:
    """Return a quiz's `data` in the language of a `plain` file, and the places of its texts there.

    Raises QuizFileError with everything that is missing, extra, or no text. `of` is the quiz file's name.
    """
    nodes = list(_nodes(data, (), ()))
    findings = sorted(_findings(nodes, data, plain, file=file, of=of), key=lambda each: (each.line, each.column))
    if findings:
        raise QuizFileError(findings)
    own = copy.deepcopy(data) | {"language": language}
    texts = dict(_leaves(plain.data, ()))
    for node in nodes:
        if node.text is not None and node.named in texts:
            _put(own, node.place, texts[node.named])
    own[NAMES] = data.get(NAMES, {}) | plain.data.get(NAMES, {})
    places = PlainFile(own, _placed(nodes, plain.positions), _placed(nodes, plain.key_positions))
    try:
        return Quiz.model_validate_json(json.dumps(own)), places
    except ValidationError as error:
        raise QuizFileError(validation.findings(error, places, file)) from None


def _nodes(value: Any, place: Path, named: Path) -> Iterator[_Node]:
    """Yield every place of a quiz's data that is a text or holds some."""
    if isinstance(value, dict | list):
        yield _Node(place, named, None)
    if isinstance(value, dict):
        for key, part in value.items():
            if key in TEXT_KEYS and isinstance(part, str) and part:
                if key != _MAY_LACK or part not in MINOR_DIGITS:
                    yield _Node((*place, key), (*named, key), part)
            elif key not in _RULES:
                yield from _nodes(part, (*place, key), (*named, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            if isinstance(part, dict) and "id" in part:
                yield from _nodes(part, (*place, number), (*named, str(part["id"])))


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield everything that a language file says, with where it says it."""
    if isinstance(value, dict) and (value or path in ((), (NAMES,))):
        for key, part in value.items():
            yield from _leaves(part, (*path, str(key)))
    else:
        yield path, value


def _findings(nodes: list[_Node], data: Any, plain: PlainFile, *, file: str, of: str) -> Iterator[Finding]:
    if not isinstance(plain.data, dict):
        message = f"a language file is a mapping of the texts of {of}; start with `title:`"
        yield Finding(file, 1, 1, "error", message)
        return
    wanted = {node.named: node.text for node in nodes if node.text is not None}
    wanted |= {(NAMES, key): text for key, text in data.get(NAMES, {}).items()}
    said = dict(_leaves(plain.data, ()))
    for path, text in said.items():
        if path == (NAMES,):
            position = validation.nearest(plain.key_positions, path)
            message = "`names` holds a name for each thing of the catalogue, like `names: {strength: ...}`"
            yield Finding(file, *position, "error", message)
        elif path[0] != NAMES and path not in wanted:
            position = validation.nearest(plain.key_positions, path)
            yield Finding(file, *position, "error", _extra(path, text, nodes, of))
        elif not isinstance(text, str) or not text.strip():
            position = validation.nearest(plain.positions, path)
            yield Finding(file, *position, "error", "must be text; put it in quotes")
    for path, text in wanted.items():
        if path not in said and path[-1] != _MAY_LACK:
            position = validation.nearest(plain.key_positions, path)
            message = f"lacks `{_written(path)}`, which is “{_short(text)}” in {of}; write it in this language"
            yield Finding(file, *position, "error", message)


def _extra(path: Path, value: Any, nodes: list[_Node], of: str) -> str:
    """Return what is wrong with something that is no text of the quiz."""
    if isinstance(value, list) and path in {node.named for node in nodes}:
        return f"what is below `{path[-1]}` stands here by its ids, not as a list: `{path[-1]}: {{ID: {{...}}}}`"
    if any(node.named == path for node in nodes):
        return f"`{_written(path)}` has texts of its own below it; write them by their keys, as in {of}"
    depth = next(n for n in range(1, len(path) + 1) if path[:n] not in {node.named[:n] for node in nodes})
    there = {str(node.named[depth - 1]) for node in nodes if node.named[: depth - 1] == path[: depth - 1] != node.named}
    return (
        f"`{_written(path[:depth])}` is no text of {of}{near(str(path[depth - 1]), there)}; a language file holds the "
        "quiz's texts alone, by the same ids"
    )


def _placed(nodes: list[_Node], positions: Mapping[Path, Any]) -> dict[Path, Any]:
    """Return where the places of a quiz stand in a language file."""
    placed = {node.place: positions[node.named] for node in nodes if node.named in positions}
    return {(): (1, 1)} | placed


def _put(data: Any, place: Path, text: str) -> None:
    for step in place[:-1]:
        data = data[step]
    data[place[-1]] = text


def _written(path: Path) -> str:
    return ".".join(map(str, path))


def _short(text: str | None) -> str:
    words = " ".join((text or "").split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"

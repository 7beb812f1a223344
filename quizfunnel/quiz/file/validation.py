"""Validation errors of pydantic, in a merchandiser's words and at their place in the file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from quizfunnel.kit.finding import Finding
from quizfunnel.quiz import spec
from quizfunnel.quiz.file import forms
from quizfunnel.quiz.file.forms import Complaints
from quizfunnel.quiz.file.yaml_events import PlainFile, Position
from quizfunnel.quiz.kinds import KINDS
from quizfunnel.quiz.kinds.fields import SELECTOR, Path, Slug

_INNER: dict[object, type[BaseModel]] = {
    **{key: part for kind in KINDS.values() for key, part in kind.PARTS.items()},
    "offer": spec.OfferSpec,
    "sections": spec.OfferSection,
    "experiment": spec.Experiment,
    "catalog": spec.CatalogRef,
}
_SHAPES = {
    "string_type": "must be text; put it in quotes",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list: [one, two], or each entry in a line that begins with a hyphen",
    "list_type": "must be a list: [one, two], or each entry in a line that begins with a hyphen",
    "dict_type": "must be in braces, each name with its value, like {name: 1}",
    "model_type": "must have keys of its own, below it or in braces, like {key: value}",
    "model_attributes_type": "must have keys of its own, below it or in braces, like {key: value}",
    "string_too_short": "is empty; write something",
    "multiple_of": "must be a whole or half number, like 2 or 2.5",
    "finite_number": "must be a number that is not infinite",
}
_BOUNDS = {
    "less_than_equal": ("le", "at most"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "greater_than": ("gt", "more than"),
}
_RULE_AT = 4  # where a path names the rule of a choice: questions, 0, choices, 0, requires
_ONLY_AT = 3  # where a path names the rule of a section: offer, sections, 0, only
_QUESTION_AT = 2  # where pydantic's location names the kind of a question: questions, 0, one, ...


def findings(error: ValidationError, plain: PlainFile, file: str) -> list[Finding]:
    """Return every error of a quiz as a finding, in the file's order, each place's first cause only."""
    by_place: dict[tuple[Position, str], Finding] = {}
    complaints = [each for each in error.errors(include_url=False) if not _is_echo(each)]
    meant = set(_meant(complaints, plain.data))
    for complaint in complaints:
        if complaint["type"] == "missing" and _place(complaint["loc"], plain.data) in meant:
            continue
        for where, message, is_key in _complaints(complaint, plain.data):
            position = nearest(plain.key_positions if is_key else plain.positions, where)
            by_place.setdefault((position, message), Finding(file, *position, "error", message))
    return sorted(by_place.values(), key=lambda finding: (finding.line, finding.column))


def _is_echo(complaint: ErrorDetails) -> bool:
    """Tell whether a list is too short only because entries that have errors of their own were left out."""
    return complaint["type"] == "too_short" and len(complaint["input"]) >= complaint["ctx"]["min_length"]


def _meant(complaints: Iterable[ErrorDetails], data: Any) -> Iterator[tuple[Path, str]]:
    """Yield the keys that unknown ones seem to be, each with the place of its mapping: there they are not missing."""
    for complaint in complaints:
        if complaint["type"] == "extra_forbidden":
            path, _ = _place(complaint["loc"], data)
            yield path[:-1], forms.nearest_key(str(path[-1]), _known_keys(complaint["loc"]))


def _complaints(complaint: ErrorDetails, data: Any) -> Complaints:
    path, missing = _place(complaint["loc"], data)
    if start := _start_of_a_form(path):
        yield from forms.complaints(_at(data, start), start)
    elif "catalog" in path and not isinstance(data["catalog"], dict):
        yield path, "`catalog` is a file name, or {file: ..., currency: EUR, product_url: ...}", False
    elif "catalog" in path and complaint["loc"][1] != "CatalogRef":
        return  # the other form of the union, and this is none
    elif path[-1:] == ("video",) and complaint["type"].startswith("model_"):
        yield path, "`video` is a file, like /static/video/x.mp4, or {file: ..., captions: ..., poster: ...}", False
    elif complaint["type"] == "missing":
        yield path, f"`{missing}` is missing; add it", False
    elif complaint["type"] == "extra_forbidden":
        yield path, _unknown(str(path[-1]), _known_keys(complaint["loc"])), True
    elif complaint["type"] in ("union_tag_not_found", "union_tag_invalid"):
        yield from _pick(complaint, path)
    elif missing == "[key]":
        yield path, _message(complaint), True
    else:
        yield path, f"{forms.subject(path)} {_message(complaint)}", False


def _unknown(key: str, known: set[str]) -> str:
    """Return what to say of an unknown key: it may stand in a part of what it stands in, as `captions` in `video`."""
    parts = {name: model for name, model in _INNER.items() if name in known and key in model.model_fields}
    part = next(iter(parts), None)
    return f"`{key}` stands below `{part}`: write `{part}: {{{key}: ...}}`" if part else forms.unknown(key, known)


def _start_of_a_form(path: Path) -> Path:
    """Return the place of the `when` or of the rule that a path leads into; () where it leads into none."""
    if "when" in path:
        return path[: path.index("when") + 1]
    if path[:2] == ("offer", "sections") and path[_ONLY_AT : _ONLY_AT + 1] == ("only",):
        return path[: _ONLY_AT + 1]
    in_a_choice = path[2:3] == ("choices",)
    return (
        path[: _RULE_AT + 1] if in_a_choice and path[_RULE_AT : _RULE_AT + 1] in (("requires",), ("excludes",)) else ()
    )


def _pick(complaint: ErrorDetails, path: Path) -> Complaints:
    if complaint["type"] == "union_tag_invalid":
        given = complaint["input"]["pick"]
        shown = repr(given[:40]) if isinstance(given, str) else "no word"
        yield (*path, "pick"), f"`pick` is {shown}; write {_listed(KINDS)}", False
    elif isinstance(complaint["input"], dict):
        yield path, f"`pick` is missing; write {_listed(f'`pick: {name}`' for name in KINDS)}", False
    else:
        yield path, "a question is a mapping with id, ask and pick", False


def _listed(words: Iterable[str]) -> str:
    """Return words as a choice between them: ``one, many or scale``."""
    *others, last = words
    return f"{', '.join(others)} or {last}"


def _message(complaint: ErrorDetails) -> str:
    kind, context, given = complaint["type"], complaint.get("ctx", {}), complaint.get("input")
    if kind == "string_pattern_mismatch":
        return _wrong_form(str(given), str(context["pattern"]))
    if kind in ("too_short", "too_long"):
        bound = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        return f"has {len(given or ())} {'entry' if len(given or ()) == 1 else 'entries'}; it needs {bound}"
    if kind == "string_too_long":
        return f"has {len(str(given))} characters; {context['max_length']} are the most"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"is {given}; it must be {words} {context[name]:g}"
    if kind == "value_error":
        return str(context["error"])
    return _one_of(complaint) or _SHAPES.get(kind) or complaint["msg"][:1].lower() + complaint["msg"][1:]


def _one_of(complaint: ErrorDetails) -> str:
    """Return what to say of a word that is none of those that may stand there; nothing of any other complaint."""
    if complaint["type"] != "literal_error":
        return ""
    return f"is {str(complaint['input'])[:40]!r}; write {complaint['ctx']['expected'].replace(chr(39), '`')}"


def _wrong_form(value: str, pattern: str) -> str:
    if pattern == get_args(Slug)[1].pattern:
        return forms.not_an_id(value)
    if pattern == SELECTOR:
        return forms.names_nothing(value)
    words = {"currency": "write three capital letters, like EUR", "language": "write a language like en, de or pt-BR"}
    form = words["currency" if "{3}" in pattern and "A-Z" in pattern else "language"]
    return f"{value[:40]!r} does not have the form it needs; {form}"


def _known_keys(loc: tuple[str | int, ...]) -> set[str]:
    """Return the keys that may stand where an unknown one stands."""
    model: type[BaseModel] = spec.Quiz
    for place, part in enumerate(loc[:-1]):
        if place == _QUESTION_AT and loc[0] == "questions":
            model = KINDS.get(str(part), model)
        elif place != 1 or loc[0] != "questions":
            model = _INNER.get(part, model)
    return {field.alias or name for name, field in model.model_fields.items()}


def _place(loc: Iterable[str | int], data: Any) -> tuple[Path, str | int | None]:
    """Follow pydantic's location through the data, leaving out the names of union members it adds."""
    path: list[str | int] = []
    missing: str | int | None = None
    for place, part in enumerate(loc):
        if place == _QUESTION_AT and part in KINDS and path[:1] == ["questions"]:
            continue
        inside = (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        )
        missing = None if inside else part
        if inside:
            path.append(part)
            data = data[part]
    return tuple(path), missing


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def nearest(positions: Mapping[Path, Position], path: Path) -> Position:
    """Return the position of `path`, or of the nearest thing around it that has one."""
    for length in range(len(path), -1, -1):
        if path[:length] in positions:
            return positions[path[:length]]
    return (1, 1)

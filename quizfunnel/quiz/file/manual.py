"""Manual of the quiz file as a page of docs: `python -m quizfunnel.quiz.file.manual > docs/quiz-format.md`."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from quizfunnel.quiz.file.json_schema import json_schema
from quizfunnel.quiz.file.manual_texts import EXAMPLES, INTRO, RULES, SECTIONS, TEXTS, WHEN
from quizfunnel.quiz.kinds import KINDS
from quizfunnel.quiz.kinds.question import QuestionKind

QUESTION = "Question"
"""The section of the keys that every kind of question has."""

_FORMS: Mapping[str, str] = {  # by the start of a pattern in the schema
    "^[a-z0-9]+(-": "an id: lower-case letters, digits and single hyphens",
    "^[A-Z]{3}$": "three capital letters",
    "^[a-z]{2,3}": "a language, as in `de` or `pt-BR`",
    "^[^:": "a [name](#naming-things-in-rules)",
}

_Part = Mapping[str, Any]


def as_markdown() -> str:
    """Return the page, with a line's end at its end."""
    sections = (line for model, section in SECTIONS.items() for line in _section(model, section.title, section.says))
    return "\n".join([INTRO, "", *sections, WHEN, "", TEXTS, "", RULES]) + "\n"


def keys(model: str) -> Mapping[str, _Part]:
    """Return the keys of a section with their part of the schema; a kind's are those that not every kind has."""
    schema = json.loads(json_schema())
    common = {field.alias or name for name, field in QuestionKind.model_fields.items()}
    if model == QUESTION:
        properties = schema["$defs"][next(iter(KINDS.values())).__name__]["properties"]
        return {key: part for key, part in properties.items() if key in common}
    properties = schema["properties"] if model == "Quiz" else schema["$defs"][model]["properties"]
    is_kind = model in {kind.__name__ for kind in KINDS.values()}
    return {key: part for key, part in properties.items() if not (is_kind and key in common)}


def _section(model: str, title: str, says: str) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    if says:
        yield says
        yield ""
    yield "| key | value | without it | meaning | example |"
    yield "| --- | --- | --- | --- | --- |"
    needed = _needed(model)
    for key, part in keys(model).items():
        value = "`one`, `many` or `scale`" if key == "pick" else _value(key, part)
        example = EXAMPLES[model].get(key)
        shown = f"`{key}: {example}`" if example else "see there"
        cells = (f"`{key}`", value, _default(part, needed=key in needed), _plain(part["description"]), shown)
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
    yield ""


def _needed(model: str) -> list[str]:
    schema = json.loads(json_schema())
    name = next(iter(KINDS.values())).__name__ if model == QUESTION else model
    needed: list[str] = (schema if model == "Quiz" else schema["$defs"][name]).get("required", [])
    return needed


def _default(part: _Part, *, needed: bool) -> str:
    if needed:
        return "needed"
    default = part.get("default")
    return f"`{json.dumps(default)}`" if default not in (None, "", [], {}) else "nothing"


def _plain(words: str) -> str:
    """Return words of the schema on one line of a table; braces and brackets there are the file's own."""
    return words.replace("<", "&lt;")


def _value(key: str, part: _Part) -> str:
    if key == "when":
        return "[conditions](#when)"
    if "$ref" in part:
        return _link(part["$ref"])
    if "anyOf" in part:
        return " or ".join(_value(key, one) for one in part["anyOf"] if one != {"type": "null"})
    values = {"array": _list, "object": _mapping, "boolean": _boolean, "string": _text}
    return values.get(part["type"], _number)(part)


def _link(reference: str) -> str:
    title = SECTIONS[reference.rpartition("/")[2]].title
    return f"[{title.lower()}](#{title.lower().replace(' ', '-').replace('`', '')})"


def _list(part: _Part) -> str:
    fewest, most = part.get("minItems"), part.get("maxItems")
    bounds = f"{most} at most" if most else f"{fewest} at least" if fewest else "any number"
    bounds = f"{fewest} to {most}" if fewest and most else bounds
    of = _item(part["items"])
    return f"a list, {bounds}, each {of.removeprefix('an ').removeprefix('a ') if '[' not in of else of}"


def _item(items: _Part) -> str:
    if "anyOf" in items:
        return " or ".join(_item(one) for one in items["anyOf"])
    if "oneOf" in items:
        return "[a question](#a-question)"
    return _link(items["$ref"]) if "$ref" in items else _text(items)


def _mapping(part: _Part) -> str:
    names = "a [name](#naming-things-in-rules)" if "patternProperties" in part else "a column of numbers"
    points = (
        next(iter(part["patternProperties"].values())) if "patternProperties" in part else part["additionalProperties"]
    )
    return f"`{{{'name' if 'patternProperties' in part else 'column'}: points}}`: {names}, and {_number(points)}"


def _boolean(_: _Part) -> str:
    return "`true` or `false`"


def _text(part: _Part) -> str:
    form = next((words for start, words in _FORMS.items() if part.get("pattern", "").startswith(start)), "text")
    return f"{form}, {part['maxLength']} characters at most" if "maxLength" in part else form


def _number(part: _Part) -> str:
    words = ["a whole number" if part["type"] == "integer" else "a number"]
    words += [f"from {part['minimum']}"] if "minimum" in part else []
    words += [f"above {part['exclusiveMinimum']}"] if "exclusiveMinimum" in part else []
    words += [f"to {part['maximum']}"] if "maximum" in part else []
    words += [f"in steps of {part['multipleOf']}"] if "multipleOf" in part else []
    return " ".join(words)


if __name__ == "__main__":
    print(as_markdown(), end="")  # noqa: T201 - this is its purpose

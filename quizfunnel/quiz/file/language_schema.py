"""The JSON schema of a language file, for editors that complete its keys; generated from the quiz file's own texts."""

import json
from typing import Any

from quizfunnel.quiz import spec
from quizfunnel.quiz.file.json_schema import DIALECT
from quizfunnel.quiz.file.vocabulary import TEXT_KEYS
from quizfunnel.quiz.kinds import KINDS, PARTS
from quizfunnel.quiz.kinds.fields import PlainModel


def language_schema() -> str:
    """Return the schema as the text of quizzes/language.schema.json."""
    scale, choice = (_texts(part) for part in sorted(_worded(), key=lambda part: part.__name__ == "Choice"))
    question: dict[str, Any] = {}
    for kind in KINDS.values():
        question |= _texts(kind)
    question |= {"scale": _mapping(scale), "choices": _by_id(_mapping(choice), "The choices, by their ids.")}
    offer = _texts(spec.OfferSpec)
    parts = {
        **_texts(spec.Quiz),
        "questions": _by_id(_mapping(question), "The questions, by their ids."),
        "offer": _mapping(offer | {"sections": _by_id(_mapping({"title": _TEXT}), "The sections, by their ids.")}),
        "names": _by_id(_TEXT, "How pages call the catalogue's tags and attributes: {strength: Stärke}."),
    }
    head = {
        "$schema": DIALECT,
        "title": "A quiz in one more language",
        "description": "The texts of the quiz file that this file is named after, by the same ids, and nothing else.",
    }
    return json.dumps(head | _mapping(parts), indent=2, ensure_ascii=False) + "\n"


_TEXT = {"type": "string", "minLength": 1}


def _worded() -> list[type[PlainModel]]:
    return [part for part in PARTS if part.__name__ in ("Scale", "Choice")]


def _texts(model: type[PlainModel]) -> dict[str, Any]:
    named = (field.alias or name for name, field in model.model_fields.items())
    return {name: _TEXT for name in named if name in TEXT_KEYS}


def _mapping(keys: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": keys, "additionalProperties": False}


def _by_id(part: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": part, "description": description}

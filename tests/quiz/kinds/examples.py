"""Questions of every kind, for the laws that all kinds keep."""

import json
from typing import Any

from pydantic import TypeAdapter

from quizfunnel.quiz.spec import Question

_CHOICES: list[dict[str, Any]] = [
    {"id": "a", "label": "Apple", "favours": {"tag:red": 2}, "against": {"tag:blue": 1}},
    {"id": "b", "label": "Blackberry", "requires": ["tag:blue"], "because": "no red"},
    {"id": "c", "label": "Cherry", "excludes": ["tag:blue"], "favours": {"tag:red": 3}, "because": "you like red"},
    {"id": "d", "label": "Date", "image": "/static/img/date.svg"},
]
_EITHER = {
    "id": "e",
    "label": "Elder",
    "requires": [{"any": ["tag:red", "tag:blue"]}],
    "excludes": [{"any": ["tag:x"]}],
}
_OPEN = {"or_more": True, "or_less": True}
_SCALE = {"from": 1, "to": 7, "step": 0.5, "unit": "g", "low": "light", "high": "heavy"}
_RAW: list[dict[str, Any]] = [
    {"pick": "one", "choices": _CHOICES},
    {"pick": "one", "choices": _CHOICES[:2], "optional": True},
    {"pick": "many", "choices": _CHOICES, "none_label": "None"},
    {"pick": "many", "choices": _CHOICES, "at_most": 2, "optional": True},
    {"pick": "scale", "scale": _SCALE, "limits": "price", "at_least": "strength"},
    {"pick": "scale", "scale": _SCALE, "near": {"strength": 3}, "optional": True},
    {"pick": "many", "choices": [*_CHOICES, _EITHER], "at_most": 3, "none_label": "None"},
    {"pick": "one", "choices": [_CHOICES[0] | {"help": "*Red*"}, *_CHOICES[1:]], "choices_order": "shuffled"},
    {"pick": "many", "choices": _CHOICES, "choices_order": "shuffled", "video": {"file": "/static/a.webm"}},
    {"pick": "scale", "scale": _SCALE | _OPEN, "limits": "price", "at_least": "strength", "near": {"strength": 3}},
]

_QUESTION: TypeAdapter[Question] = TypeAdapter(Question)


def question(**raw: Any) -> Question:
    """Return a question written as in a file."""
    return _QUESTION.validate_json(json.dumps({"id": "q", "ask": "Which?", **raw}))


EXAMPLES = [question(**raw) for raw in _RAW]

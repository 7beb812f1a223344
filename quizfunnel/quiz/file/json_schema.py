"""The JSON schema of a quiz file, for editors that complete and explain keys; generated from the spec."""

import json
from collections.abc import Mapping
from typing import Any

from quizfunnel.quiz.spec import Quiz

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "Quiz": {
        "title": "The quiz's name, above every page.",
        "promise": "What the shopper gets, said before the first click.",
        "minutes": "How long it takes, as the shopper is told: whole or half minutes.",
        "language": "The language of the texts, like en, de or pt-BR.",
        "catalog": "The products: a file relative to this one, or {file, currency, product_url} for an export.",
        "questions": "The questions in their order; every path asks 5 to 8 of them.",
        "offer": "How the recommended products are shown after the last answer.",
        "experiment": "Holds a share of new visitors back, so that the quiz's effect can be measured.",
    },
    "_Question": {
        "id": "A lower-case slug; answers are kept under it, so never rename it.",
        "ask": "The question in the shopper's words.",
        "help": "One more sentence below the question.",
        "why": "Shown as 'Why we ask'; expected where `sensitive` is true.",
        "image": "A picture: a path like /static/img/x.svg or an https address.",
        "when": "Ask only after these answers: {question: [choice, ...]}, {scale: {at_least: 20}}, or a list of such "
        "mappings of which any may hold. Names earlier questions only.",
        "optional": "Offer 'Skip this question', which is an answer too.",
        "sensitive": "Keep the answer out of order linkage, training and export.",
        "pick": "one: one choice; many: several choices; scale: a number.",
    },
    "OneQuestion": {"choices": "2 to 20 choices."},
    "ManyQuestion": {
        "choices": "2 to 20 choices.",
        "at_most": "How many may be chosen; all without it.",
        "none_label": "The label of 'none of these'; without it at least one choice is needed.",
    },
    "ScaleQuestion": {
        "scale": "The numbers that can be answered.",
        "limits": "Hard: this attribute of a product is at most the answer. `price` is the cheapest price.",
        "at_least": "Hard: this attribute of a product is at least the answer.",
        "near": "Soft: the closer this attribute to the answer, the better; points at full distance.",
    },
    "Choice": {
        "id": "A lower-case slug, unique in its question.",
        "label": "What the shopper reads.",
        "image": "A picture: a path like /static/img/x.svg or an https address; its alt text is the label.",
        "because": "The reason's words, as in 'Because you pull espresso'.",
        "favours": "Soft: products that this answer speaks for: 1 a nudge, 2 clear, 3 strong.",
        "against": "Soft: products that this answer speaks against.",
        "requires": "Hard: a product without one of these is never shown after this answer.",
        "excludes": "Hard: a product with one of these is never shown after this answer.",
    },
    "Scale": {
        "from": "The smallest number.",
        "to": "The largest number.",
        "step": "From one number to the next; 201 numbers at most.",
        "unit": "Shown with the number; a currency code must be the catalogue's.",
        "low": "What the smallest number means.",
        "high": "What the largest number means.",
    },
    "Threshold": {"at_least": "The answer is this or more.", "at_most": "The answer is this or less."},
    "CatalogRef": {
        "file": "The catalogue, relative to this file.",
        "currency": "The currency of an export that does not say it, like EUR.",
        "product_url": "The address of a product, with {handle} in it, for an export that does not say it.",
    },
    "OfferSpec": {
        "show": "How many products: 1 to 6.",
        "headline": "Above the recommended products.",
        "skip_label": "The way past the quiz, on every page; neutral, like 'See all products'.",
    },
    "Experiment": {
        "name": "A new name starts a new experiment with new arms.",
        "holdout_share": "The share of new visitors who are not invited.",
        "window_days": "A purchase counts within this many days after the first view.",
        "minimum_effect": "The change that it should be able to see: 0.5 is +50%; it sets the planned size.",
    },
}


def json_schema() -> str:
    """Return the schema as the text of quizzes/quiz.schema.json."""
    schema = Quiz.model_json_schema(by_alias=True)
    models: dict[str, Any] = {"Quiz": schema, **schema["$defs"]}
    for name, model in models.items():
        _describe(model, name)
    _close(schema)
    head = {
        "$schema": DIALECT,
        "title": "A quiz",
        "description": "One quiz of quizfunnel; the file name is its address.",
    }
    rest = {key: value for key, value in schema.items() if key not in ("title", "description")}
    return json.dumps(head | rest, indent=2, ensure_ascii=False) + "\n"


def _describe(model: dict[str, Any], name: str) -> None:
    words = {**(_WORDS["_Question"] if name.endswith("Question") else {}), **_WORDS[name]}
    for key, part in model["properties"].items():
        part.pop("title", None)
        part["description"] = words[key]
    model.pop("title", None)


def _close(part: Any) -> None:
    """Let no key stand in a mapping that names its keys by pattern but those that fit it."""
    if isinstance(part, dict):
        if "patternProperties" in part:
            part["additionalProperties"] = False
        for inner in part.values():
            _close(inner)
    elif isinstance(part, list):
        for inner in part:
            _close(inner)

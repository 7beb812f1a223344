"""The JSON schema of a quiz file, for editors that complete and explain keys; generated from the spec."""

import json
from collections.abc import Mapping
from typing import Any

from quizfunnel.quiz.kinds import KINDS, PARTS
from quizfunnel.quiz.spec import Quiz

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_WORDS: Mapping[str, Mapping[str, str]] = {
    "Quiz": {
        "title": "The quiz's name, above every page.",
        "promise": "What the shopper gets, said before the first click.",
        "minutes": "How long it takes, as the shopper is told: whole or half minutes.",
        "image": "A wide picture above the promise: a path like /static/img/x.svg or an https address.",
        "language": "The language of the texts, like en, de or pt-BR.",
        "catalog": "The products: a file relative to this one, or {file, currency, product_url} for an export.",
        "questions": "The questions in their order; every path asks 5 to 8 of them.",
        "offer": "How the recommended products are shown after the last answer.",
        "names": "How pages call the catalogue's tags and attributes, where their own names are not for shoppers: "
        "{tag:aop: Certified origin, strength: Strength}.",
        "was": "Earlier names of the file: their addresses lead here.",
        "auto_advance": "true: a tap or click on a choice of a question with one answer goes on to the next question; "
        "the page says so first, and a keyboard never does.",
        "experiment": "Holds a share of new visitors back, so that the quiz's effect can be measured.",
    },
    "CatalogRef": {
        "file": "The catalogue, relative to this file.",
        "currency": "The currency of an export that does not say it, like EUR.",
        "product_url": "The address of a product, with {handle} in it, for an export that does not say it.",
    },
    "OfferSpec": {
        "show": "How many products: 1 to 6. With sections it is the sum of theirs, and is left out.",
        "headline": "Above the recommended products.",
        "skip_label": "The way past the quiz, on every page; neutral, like 'See all products'.",
        "products": "What is sold, in the plural: 'Chosen from 31 coffees'.",
        "button": "Where a card's button leads: product is its page in the shop; basket puts it into the basket, where "
        "it has one variant that can be bought.",
        "sections": "A routine: the offer in sections, each of products of its own, ranked by themselves.",
    },
    "OfferSection": {
        "id": "A lower-case slug that stays: the log keeps a product's section by it.",
        "title": "The heading above the section's products.",
        "only": "The names that its products have, all of them, as in `requires`. Of a product that fits several "
        "sections the first that draws it takes it.",
        "show": "How many products of it are shown at once: 1 to 6.",
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
    words = {**_WORDS, **_kind_words()}
    for name, model in models.items():
        _describe(model, words[name])
    _close(schema)
    head = {
        "$schema": DIALECT,
        "title": "A quiz",
        "description": "One quiz of quizfunnel; the file name is its address.",
    }
    rest = {key: value for key, value in schema.items() if key not in ("title", "description")}
    return json.dumps(head | rest, indent=2, ensure_ascii=False) + "\n"


def _kind_words() -> dict[str, Mapping[str, str]]:
    """Return the words of every key of a question, by model: each kind tells its own."""
    pick = "; ".join(f"{name}: {kind.MEANS}" for name, kind in KINDS.items()) + "."
    words = {kind.__name__: {**kind.KEYS, "pick": pick} for kind in KINDS.values()}
    return words | {part.__name__: part.KEYS for part in PARTS}


def _describe(model: dict[str, Any], words: Mapping[str, str]) -> None:
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

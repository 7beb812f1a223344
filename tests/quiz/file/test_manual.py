"""Laws of the manual's page: it is what the code says, it says every key, and every example holds."""

import json
from pathlib import Path
from typing import Any

import pytest

from quizfunnel.quiz.file import manual
from quizfunnel.quiz.file.json_schema import json_schema
from quizfunnel.quiz.file.manual_texts import EXAMPLES, RULES, SECTIONS, WHEN
from quizfunnel.quiz.file.yaml_events import read_plain
from quizfunnel.quiz.kinds.rule import split_selector
from quizfunnel.quiz.spec import Quiz

PAGE = Path(__file__).parents[3] / "docs" / "quiz-format.md"
NESTED = {"questions", "offer", "experiment", "choices", "scale"}


def _examples(model: str) -> dict[str, Any]:
    text = "".join(f"{key}: {example}\n" for key, example in EXAMPLES[model].items())
    data: dict[str, Any] = read_plain(text.encode(), model).data if text else {}
    return data


def _whole() -> dict[str, Any]:
    """Return a quiz in which every key stands with its example."""
    choices = [_examples("Choice"), {"id": "moka", "label": "Moka pot"}]
    questions = [
        _examples("Question") | {"choices": choices},
        _examples("Question") | _examples("ManyQuestion") | {"pick": "many", "choices": choices},
        _examples("Question") | _examples("ScaleQuestion") | {"pick": "scale", "scale": _examples("Scale")},
        _examples("Question") | {"choices": choices, "when": {"budget": _examples("Threshold")}},
    ]
    parts = {"questions": questions, "offer": _examples("OfferSpec"), "experiment": _examples("Experiment")}
    return _examples("Quiz") | parts


def test_the_page_is_current() -> None:
    """What docs/quiz-format.md holds is what `python -m quizfunnel.quiz.file.manual` prints now."""
    assert manual.as_markdown() == PAGE.read_text("utf-8")


@pytest.mark.parametrize("model", SECTIONS)
def test_every_key_has_its_line_and_its_example(model: str) -> None:
    """Each key of the schema stands once in its section; what has a section of its own needs no example."""
    section = manual.as_markdown().split(f"## {SECTIONS[model].title}\n")[1].split("\n## ")[0]
    for key in manual.keys(model):
        assert section.count(f"\n| `{key}` |") == 1
    assert {*EXAMPLES[model]} == {*manual.keys(model)} - NESTED


def test_every_model_of_the_schema_has_a_section() -> None:
    """A new part of a quiz file cannot stay out of the manual."""
    assert {"Quiz", manual.QUESTION, *json.loads(json_schema())["$defs"]} == {*SECTIONS}


def test_every_example_holds() -> None:
    """All examples together are a quiz, with either form of the catalogue."""
    whole = _whole()
    assert len(Quiz.model_validate_json(json.dumps(whole)).questions) == 4
    assert (
        Quiz.model_validate_json(json.dumps(whole | {"catalog": _examples("CatalogRef")})).catalog_ref.currency == "GBP"
    )


def test_every_default_is_the_codes() -> None:
    """What the page says of a key left out is what the quiz then has."""
    quiz = Quiz.model_validate_json(json.dumps({key: part for key, part in _whole().items() if key != "language"}))
    assert f"`{json.dumps(quiz.language)}`" in manual.as_markdown()
    assert (quiz.offer.show, "| `3` | How many products" in manual.as_markdown()) == (3, True)


def test_every_condition_and_name_that_is_shown_is_one() -> None:
    """The rows on `when` and on names are read as they say."""
    written = [line.split("`")[1] for line in WHEN.splitlines() if line.startswith("| `when:")]
    for condition in written:
        question = _examples("Question") | {"choices": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]}
        quiz = _whole() | {"questions": [question | read_plain(condition.encode(), "when").data]}
        assert Quiz.model_validate_json(json.dumps(quiz)).questions[0].when_any
    names = [line.split("`")[1] for line in RULES.splitlines() if line.startswith("| `")]
    assert [split_selector(name)[0] for name in names] == ["tag", "product", "type", "vendor", "strength"]

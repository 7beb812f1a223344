"""The schema that editors use is the one that the program reads by."""

import json
from pathlib import Path

import pytest

from quizfunnel.quiz.file.json_schema import DIALECT, json_schema
from quizfunnel.quiz.file.language import language_of
from quizfunnel.quiz.file.language_schema import language_schema

FILE = Path(__file__).parents[3] / "quizzes" / "quiz.schema.json"


def test_the_shipped_schema_is_current() -> None:
    """The shipped file is json_schema(); where this fails, write it again."""
    assert FILE.read_text(encoding="utf-8") == json_schema()


def test_every_key_is_explained() -> None:
    """Each key of each part has words, and no key beyond the known is allowed."""
    schema = json.loads(json_schema())
    assert schema["$schema"] == DIALECT
    for part in [schema, *schema["$defs"].values()]:
        assert part["additionalProperties"] is False
        assert all(key["description"] for key in part["properties"].values())
    scale = {"from", "to", "step", "unit", "low", "high", "or_more", "or_less"}
    assert set(schema["$defs"]["Scale"]["properties"]) == scale


@pytest.mark.parametrize("path", sorted(FILE.parent.glob("*.yaml")), ids=lambda path: path.name)
def test_shipped_quizzes_point_editors_to_the_schema(path: Path) -> None:
    """The first line names it, so that an editor completes and explains."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    schema = "language" if language_of(path) else "quiz"
    assert first == f"# yaml-language-server: $schema={schema}.schema.json"


def test_the_schema_of_language_files_is_current() -> None:
    """It has every text of the quiz file's schema, where a language file has it, and no key that is none."""
    assert (FILE.parent / "language.schema.json").read_text("utf-8") == language_schema()
    schema = json.loads(language_schema())
    question = schema["properties"]["questions"]["additionalProperties"]["properties"]
    assert {"ask", "help", "why", "none_label", "scale", "choices"} <= set(question)
    assert {"label", "because"} <= set(question["choices"]["additionalProperties"]["properties"])
    assert set(question["scale"]["properties"]) == {"low", "high", "unit"}
    assert {"headline", "skip_label", "products", "sections"} == set(schema["properties"]["offer"]["properties"])

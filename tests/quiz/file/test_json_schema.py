"""The schema that editors use is the one that the program reads by."""

import json
from pathlib import Path

import pytest

from quizfunnel.quiz.file.json_schema import DIALECT, json_schema

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
    assert first == "# yaml-language-server: $schema=quiz.schema.json"

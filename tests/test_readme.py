"""What the README shows works."""

import json
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings import Settings
from tests import cast
from tests.settings_table import table

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def block(kind: str) -> str:
    """Return the README's block of code of that kind."""
    found = re.search(rf"```{kind}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_first_screen_says_how_to_begin() -> None:
    """Within twenty lines: what it is, `make run` and `make test`, each with its time."""
    head = "\n".join(README.splitlines()[:20])
    assert "make run" in head
    assert "make test" in head
    assert "about a minute" in head


def test_every_setting_is_in_the_table() -> None:
    """Names, defaults and meanings are those of the program."""
    assert table() in README
    assert len(Settings.model_fields) > 10


def test_the_questions_are_questions() -> None:
    """A quiz with the README's two questions in front is read as one."""
    shown = YAML(typ="safe").load(block("yaml"))
    questions = shown + cast.COFFEE["questions"][2:]  # type: ignore[index]
    quiz = Quiz.model_validate_json(json.dumps(cast.COFFEE | {"questions": questions}))
    assert [question.id for question in quiz.questions[:2]] == ["brew", "grinder"]


def test_the_order_is_read() -> None:
    """The body shown for the standard hook is one that the hook reads."""
    from quizfunnel.orders.sources.standard import StandardSource

    body = json.loads(block("json"))
    facts = StandardSource("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").read(json.dumps(body).encode())
    assert facts.order is not None
    assert facts.order.total_minor == 1150


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_its_links_lead_somewhere(target: str) -> None:
    """Every file that it links to is there."""
    assert (ROOT / target).exists()

"""Laws of docs/: what its pages show is what the program reads, and the table of settings is the program's."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from quizfunnel.orders.sources import SOURCES
from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.orders.sources.standard import StandardSource
from quizfunnel.quiz.spec import Quiz
from quizfunnel.settings.errors import LIKE
from quizfunnel.starter import write_store
from tests import cast
from tests.docs import markdown


def table() -> str:
    """Return the table of settings, as the fields say it."""
    lines = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for name, field in StoreSettings.model_fields.items():
        if name == "sources":
            lines += [f"| `QUIZFUNNEL_{kind.name.upper()}_SECRET` |  | {kind.meaning} |" for kind in SOURCES]
        default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        shown = "" if field.default_factory or default in ("", "()", "None") else f"`{default}`"
        lines.append(f"| `QUIZFUNNEL_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines)


def test_every_setting_is_in_the_table() -> None:
    """Names, defaults and meanings are those of the program."""
    assert table() in markdown.read("docs/settings.md")
    assert len(StoreSettings.model_fields) > 10


def keys(schema: Any) -> Iterator[str]:
    """Yield the name of every key that the schema of a quiz file allows."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for value in schema.values():
            yield from keys(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from keys(value)


def test_every_key_of_a_quiz_is_told() -> None:
    """Each key that the schema allows stands on the page, as code."""
    schema = json.loads((markdown.ROOT / "quizzes" / "quiz.schema.json").read_text("utf-8"))
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", markdown.read("docs/quiz.md")))))
    assert set(keys(schema)) - words == set()


def test_the_questions_are_questions() -> None:
    """A quiz with the page's two questions in front is read as one."""
    shown = YAML(typ="safe").load(markdown.block("docs/quiz.md", "yaml"))
    questions = shown + cast.COFFEE["questions"][2:]  # type: ignore[index]
    quiz = Quiz.model_validate_json(json.dumps(cast.COFFEE | {"questions": questions}))
    assert [question.id for question in quiz.questions[:2]] == ["brew", "grinder"]


def test_the_order_is_read() -> None:
    """The body shown for the standard hook is one that the hook reads."""
    body = json.loads(markdown.block("docs/orders.md", "json"))
    event = StandardSource(cast.STANDARD_SECRET).read(json.dumps(body).encode())
    assert event.order is not None
    assert event.order.total_minor == 1150


def test_every_table_is_shown_as_the_environment_gives_it() -> None:
    """A container has no quizfunnel.toml, and what is said of a wrong value comes a start too late."""
    rows = {row.split("`")[1]: row for row in table().splitlines()[2:]}
    for name, example in LIKE.items():
        assert f"`{example}`" in rows[f"QUIZFUNNEL_{name.upper()}"]
        whole = example.replace("MfKQ...", "MfKQ" * 8)  # a secret that is shown is none
        assert getattr(StoreSettings(**{name: json.loads(whole)}), name)


def test_the_starting_store_is_the_one_that_is_written(tmp_path: Path) -> None:
    """Line by line what `quizfunnel init` writes, and nothing that comes later."""
    shown = {line.split()[0].rstrip("/") for line in markdown.block("docs/quiz.md", "").splitlines()[1:]}
    shop = tmp_path / "shop"
    write_store(shop)
    kept = [path for path in shop.rglob("*") if path.is_file() or not any(path.iterdir())]
    assert shown == {path.relative_to(shop).as_posix() for path in kept}

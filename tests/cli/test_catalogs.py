"""Laws of `quizfunnel catalog tags`: names with counts, of a quiz, its file or a catalogue."""

import json
from pathlib import Path

import pytest

from tests.commands import run
from tests.quiz.files import CATALOG, lay

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize("source", ["coffee", "quizzes/coffee.yaml", "quizzes/catalogs/coffee.csv"])
def test_tags_are_listed_of_a_quiz_and_of_a_catalogue(folder: Path, source: str) -> None:
    """The same list whichever is named."""
    lay(folder / "quizzes")
    said = run("catalog", "tags", source)
    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[:3] == [
        "tag: 5 different, on 6 products",
        "  tag:ground       3",
        "  tag:whole-bean   3",
    ]
    assert "strength: 5 different, on 6 products, numbers from 1 to 5" in said.output


def test_tags_as_json(folder: Path) -> None:
    """Kind, number of products and counts, for a program."""
    (folder / "coffee.csv").write_text(CATALOG, encoding="utf-8")
    tags, strength = json.loads(run("catalog", "tags", "coffee.csv", "--json").output)
    assert (tags["kind"], tags["products"], tags["counts"]["decaf"]) == ("tag", 6, 2)
    assert strength["bounds"] == [1, 5]


def test_a_catalogue_in_yaml_is_no_quiz(folder: Path) -> None:
    """Its entries begin at the margin."""
    entry = "- {id: a, title: A, price: 1.00, currency: GBP, url: /a, tags: [red]}\n"
    (folder / "shelf.yaml").write_text(entry, encoding="utf-8")
    assert run("catalog", "tags", "shelf.yaml").output.splitlines()[1] == "  tag:red  1"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("tea", "there is no such file or quiz"),
        ("broken.yaml", "run `quizfunnel check broken.yaml`"),
        ("empty.csv", "empty.csv:1:1: error: "),
    ],
)
def test_what_holds_no_catalogue_is_refused(folder: Path, source: str, words: str) -> None:
    """A sentence that says what to do, and no traceback."""
    (folder / "broken.yaml").write_text("title: x\n", encoding="utf-8")
    (folder / "empty.csv").write_text("", encoding="utf-8")
    said = run("catalog", "tags", source)
    assert said.exit_code == 2
    assert words in said.output

"""Laws of `quizfunnel catalog`: names that rules may use, and catalogues brought up to date."""

import json
from pathlib import Path

import pytest

from tests.commands import lay_database, run
from tests.quiz.files import CATALOG, QUIZ, lay

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


DEARER = CATALOG.replace("Dark beans,9.00", "Dark beans,9.75")
SHORT = "".join(CATALOG.splitlines(keepends=True)[:4]).replace("dark-roast,whole-bean", "dark-roast,whole-bean,decaf")


def sources(folder: Path, *lines: str) -> None:
    """Write the sources of catalogues into the store's settings."""
    (folder / "quizfunnel.toml").write_text("\n".join(("[catalogs]", *lines)) + "\n", encoding="utf-8")


def test_every_catalogue_with_a_source_is_pulled(folder: Path) -> None:
    """One that fails stops no other, and makes the command end with one."""
    lay(folder / "quizzes")
    (folder / "export.csv").write_text(DEARER, encoding="utf-8")
    sources(folder, '"catalogs/tea.csv" = "https://127.0.0.1/tea.csv"', '"catalogs/coffee.csv" = "export.csv"')
    said = run("catalog", "pull", "--json")
    assert said.exit_code == 1, said.output
    tea, coffee = json.loads(said.output)
    assert (tea["outcome"], coffee["outcome"], coffee["quizzes"]) == ("failed", "pulled", ["coffee"])
    assert 'private_hosts = ["127.0.0.1"]' in tea["says"]
    assert coffee["changes"]["prices"] == [{"id": "dark-bean", "before": "9.00", "now": "9.75", "currency": "GBP"}]
    again = run("catalog", "pull", "--into", "catalogs/coffee.csv")
    assert (again.exit_code, again.output.startswith("catalogs/coffee.csv: is as it was at ")) == (0, True)
    assert "no quiz names catalogs/tea.csv; quizzes name: catalogs/coffee.csv" in run("check").output


def test_a_source_may_be_named_at_once(folder: Path) -> None:
    """A file of the current folder, for the one catalogue that the quizzes name; a dry run changes nothing."""
    lay(folder / "quizzes")
    (folder / "export.csv").write_text(DEARER, encoding="utf-8")
    dry = run("catalog", "pull", "export.csv", "--dry-run")
    assert (dry.exit_code, "would be pulled from" in dry.output) == (0, True)
    assert (folder / "quizzes" / "catalogs" / "coffee.csv").read_text("utf-8") == CATALOG
    assert run("catalog", "pull", "export.csv").exit_code == 0
    assert (folder / "quizzes" / "catalogs" / "coffee.csv").read_text("utf-8") == DEARER


def test_a_refused_catalogue_is_told_with_its_findings(folder: Path) -> None:
    """The first in the line itself, the others below it."""
    lay(folder / "quizzes")
    (folder / "export.csv").write_text(
        CATALOG.replace("whole-bean", "beans").replace('"decaf,', '"x,'), encoding="utf-8"
    )
    said = run("catalog", "pull", "export.csv")
    first, *others = said.output.splitlines()
    assert said.exit_code == 1
    assert first.startswith("catalogs/coffee.csv: refused, and the one that is here stays: quizzes/coffee.yaml:")
    assert others
    assert all(line.startswith("  quizzes/coffee.yaml:") for line in others)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no catalogue has a source; name a file"),
        (["--into", "catalogs/tea.csv"], "catalogs/tea.csv has no source in the settings; there is: none"),
        (["x.csv", "--into", "../x.csv"], "must be a file as quizzes name it"),
        (["ftp://shop.example/x.csv"], "must be an https address, a file or a folder"),
        (["x.csv", "--into", "a.csv", "--into", "b.csv"], "say which one catalogue it is"),
        (["x.csv"], "say which one catalogue it is: --into catalogs/coffee.csv; quizzes name: coffee.csv, tea.csv"),
    ],
)
def test_what_is_not_clear_is_refused(folder: Path, arguments: list[str], words: str) -> None:
    """Before anything is read."""
    for name in ("coffee", "tea"):
        lay(folder / "quizzes", QUIZ.replace("catalogs/coffee.csv", f"{name}.csv"), slug=name)
    said = run("catalog", "pull", *arguments)
    assert (said.exit_code, words in said.output) == (2, True), said.output


def test_what_is_accepted_is_published(folder: Path, sqlite_template: Path) -> None:
    """Where a good file is live by itself; where somebody publishes, the command says how."""
    lay(folder / "quizzes")
    lay_database(folder, sqlite_template)
    assert run("publish", "coffee").exit_code == 0
    (folder / "export.csv").write_text(SHORT, encoding="utf-8")
    assert run("catalog", "pull", "export.csv").exit_code == 1
    said = run("catalog", "pull", "export.csv", "--accept")
    assert said.exit_code == 0, said.output
    assert "`coffee` is published: the quiz as it was, 3 products (3 removed, 1 changed)" in said.output
    assert "catalogue pulled" in run("publications", "coffee").output
    (folder / "quizfunnel.toml").write_text("auto_publish = false\n")
    (folder / "export.csv").write_text(SHORT.replace("9.00", "9.10"), encoding="utf-8")
    assert run("catalog", "pull", "export.csv").output.splitlines()[-1] == "Now: quizfunnel publish coffee"
    (folder / "export.csv").write_text(SHORT, encoding="utf-8")
    told = run("catalog", "pull", "export.csv", "--json")
    assert json.loads(told.stdout)[0]["outcome"] == "pulled"
    assert told.stderr == "Now: quizfunnel publish coffee\n"  # a program reads the other stream

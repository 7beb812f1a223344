"""`quizfunnel models`: what there is, what serves, two cards side by side, and what is refused."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from quizfunnel import cli
from quizfunnel.recommend.registry.folder import Registry
from quizfunnel.recommend.registry.state import Challenge
from tests.cast import COFFEE, NOON, write_store
from tests.recommend.trained import coffee_model, package

CARD: dict[str, Any] = {
    "data": {"purchases": 1234.0, "from": "2026-01-01"},
    "metrics": {"model": {"log_loss": 1.9}, "rules": {"log_loss": 2.0}, "popularity": {"log_loss": 2.1}},
}


@pytest.fixture(autouse=True)
def _here(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("QUIZFUNNEL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QUIZFUNNEL_STORE", str(store))


@pytest.fixture
def registry(store: Path) -> Registry:
    """Give the registry of the store that the command works in."""
    return Registry(store / "models")


def run(*arguments: str) -> Result:
    """Run `quizfunnel models`."""
    return CliRunner().invoke(cli.main, ("models", *arguments))


def facts(*arguments: str) -> Any:
    """Return what it says as JSON."""
    said = run(*arguments, "--json")
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def test_it_works(registry: Registry) -> None:
    """Each version with its place, what it learnt from and how it did; what serves; the latest changes."""
    assert "No model yet; quizfunnel train coffee makes one" in run("coffee").stdout
    one = registry.save(package(**CARD))
    two, three = registry.save(package(coffee_model(0.3))), registry.save(package(coffee_model(0.4)))
    registry.promote("coffee", one, why="better", at=NOON)
    registry.challenge("coffee", Challenge(two, 0.15, 5000, NOON))
    (registry._folder / "coffee" / three / "table.json").write_text("{}")
    said = run("coffee").stdout
    lines = {
        line.split()[0]: line.split() for line in said.splitlines() if line.startswith("2026") and " (" not in line
    }
    assert lines[one] == [one, "serving", "f" * 12, "1,234", "1.9000", "2.0000", "2.1000"]
    assert lines[two][:4] == [two, "challenger", "f" * 12, "12"]
    assert lines[three][:2] == [three, "broken"]
    assert f"{two} challenges it since 2026-03-02 12:00 UTC: 15% of the shoppers, 5,000 offers planned" in said
    assert f"2026-03-02 12:00 promoted: {one} (was rules): better" in said
    assert f"2026-03-02 12:00 challenged: {two} (beside {one})" in said
    assert f"models/coffee/{three}/table.json: cannot be used" in said


def test_json_has_it_all(registry: Registry) -> None:
    """The same for programs, with the whole history."""
    one = registry.save(package(**CARD))
    registry.promote("coffee", one, why="better", at=NOON)
    registry.challenge("coffee", Challenge(registry.save(package()), 0.15, 5000, NOON))
    found = facts("coffee")
    assert found["serving"] == one
    assert found["challenger"]["share"] == 0.15
    assert sorted(each["state"] for each in found["models"]) == ["challenger", "serving"]
    assert {each["version"]: each["log_loss"] for each in found["models"]}[one] == {
        "model": 1.9,
        "rules": 2.0,
        "popularity": 2.1,
    }
    assert [event["what"] for event in found["history"]] == ["promoted", "challenged"]


def test_promote_and_roll_back() -> None:
    """Each says what serves then; the reason is kept."""
    store = Path(os.environ["QUIZFUNNEL_STORE"])
    version = Registry(store / "models").save(package())
    said = run("coffee", "--promote", version, "--why", "looks right")
    assert f"coffee: {version} serves" in said.stdout
    assert f"promoted: {version} (was rules): looks right" in said.stdout
    assert "coffee: the rules serve" in run("coffee", "--rollback").stdout
    assert "coffee: the rules serve" in run("coffee", "--promote", "rules").stdout


def test_compare(registry: Registry) -> None:
    """Two cards side by side, a star where they differ; one alone beside what serves, the rules by its own figures."""
    one = registry.save(package(**CARD))
    two = registry.save(package(coffee_model(0.3), **CARD | {"data": {"purchases": 99.0, "from": "2026-01-01"}}))
    lines = run("coffee", "--compare", one, two).stdout.splitlines()
    assert lines[0].split() == [one, two]
    assert ["*", "data.purchases", "1234", "99"] in [line.split() for line in lines]
    assert ["data.from", "2026-01-01", "2026-01-01"] in [line.split() for line in lines]
    rules = [line.split() for line in run("coffee", "--compare", one).stdout.splitlines()]
    assert rules[0] == [one, "rules"]
    assert ["*", "metrics.model.log_loss", "1.9", "2"] in rules
    registry.promote("coffee", two, why="", at=NOON)
    assert facts("coffee", "--compare", one) == facts("coffee", "--compare", one, two)
    assert facts("coffee", "--compare", one)["figures"]["data.purchases"] == [1234.0, 99.0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tea"], "no quiz `tea` is here; there is: coffee"),
        (["../coffee"], "no quiz `../coffee` is here"),
        (["coffee", "--promote", "nope"], "`coffee` has no model `nope` here; quizfunnel models coffee lists"),
        (["coffee", "--promote", "../coffee"], "`coffee` has no model `../coffee` here"),
        (["coffee", "--rollback"], "nothing served before `rules`"),
        (["coffee", "--compare"], "--compare takes one version or two"),
        (["coffee", "--compare", "a", "b", "c"], "--compare takes one version or two"),
        (["coffee", "a"], "--compare takes one version or two, and only it does"),
        (["coffee", "--compare", "nope", "rules"], "`coffee` has no model `nope` here"),
        (["coffee", "--promote", "rules", "--rollback"], "one at a time"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[str], says: str) -> None:
    """Exit 2, what and what to do, no traceback."""
    said = run(*arguments)
    assert said.exit_code == 2, said.output
    assert says in said.output


def test_a_state_that_cannot_be_read_is_told_and_mended(registry: Registry) -> None:
    """The list still shows what there is; a promotion mends it."""
    version = registry.save(package())
    (registry._folder / "coffee" / "state.json").write_text("")
    said = run("coffee")
    assert said.exit_code == 0
    assert "models/coffee/state.json: cannot be read" in said.stdout
    assert version in said.stdout
    assert run("coffee", "--rollback").exit_code == 2
    assert f"coffee: {version} serves" in run("coffee", "--promote", version).stdout


def test_a_model_for_another_meaning_is_told(registry: Registry, store: Path) -> None:
    """The points of the quiz file changed since: it can be promoted, and the list says that the rules serve."""
    version = registry.save(package())
    assert facts("coffee")["models"][0]["fits"] is True
    questions = [dict(question) for question in COFFEE["questions"]]  # type: ignore[attr-defined]
    questions[5] = questions[5] | {"near": {"strength": 2}}
    write_store(store, questions=questions)
    assert "for answers that meant something else; the rules serve" in run("coffee", "--promote", version).stdout
    (store / "quizzes" / "coffee.yaml").write_text("{")
    assert facts("coffee")["models"][0]["fits"] is None

"""The examples in docs/ run as they stand there."""

import os
import re
import shutil
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from quizfunnel import cli, insight, quiz, recommend
from quizfunnel.insight.notebook import LoadError
from quizfunnel.starter import demo_store

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with an environment that names no store: the demo leaves its own in it."""
    for name in [name for name in os.environ if name.startswith("QUIZFUNNEL_")]:
        monkeypatch.delenv(name)


def test_the_recommenders_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """From answers to what another policy would have earned, with the shapes that the text says."""
    monkeypatch.chdir(ROOT)
    found: dict[str, Any] = {}
    for block in BLOCK.findall((ROOT / "docs" / "recommender.md").read_text("utf-8")):
        exec(block, found)  # noqa: S102 - our own text
    assert found["X"].shape == (3, len(found["encoder"].get_feature_names_out()))
    assert found["scores"].shape == (3, len(found["catalog"].products))
    assert len(found["slots"]) == 3
    np.testing.assert_allclose(found["often"].sum(axis=1), 1.0)
    assert capsys.readouterr().out


@pytest.mark.thorough
def test_the_notebooks_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a store to its verdict, the looks before it and the cells behind it, which add up to the same."""
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli.main, ["demo", "--no-serve", "--visitors", "200"]).exit_code == 0
    Path("shop").symlink_to(demo_store(tmp_path))
    for name in [name for name in os.environ if name.startswith("QUIZFUNNEL_")]:
        monkeypatch.delenv(name)
    found: dict[str, Any] = {}
    for block in BLOCK.findall((ROOT / "docs" / "insight.md").read_text("utf-8")):
        exec(block, found)  # noqa: S102 - our own text
    report = found["report"]
    assert report.verdict.sentence in capsys.readouterr().out
    everybody = sum(sums.visitors for sums in found["declared"].values())
    assert everybody == report.mature + report.waiting.visitors > 0
    days = {row.days for row in found["rows"]}
    assert days == {report.window_days, 1, 30}


def test_docs_import_public_names_alone() -> None:
    """Imports that docs/ shows are of a room itself, never of a module inside it, and on the room's list."""
    lines = [
        line
        for page in [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
        for line in re.findall(r"^(?:from|import) quizfunnel.*$", page.read_text("utf-8"), re.MULTILINE)
    ]
    assert lines
    for line in lines:
        found = re.fullmatch(r"from (quizfunnel(?:\.\w+)?) import (.+)", line)
        assert found, line
        if found[1] != "quizfunnel":
            listed = import_module(found[1]).__all__
            assert {name.strip() for name in found[2].split(",")} <= set(listed), line


@pytest.mark.parametrize("package", [insight, recommend, quiz], ids=lambda package: package.__name__)
def test_every_public_name_is_there(package: ModuleType) -> None:
    """Each name on a room's list can be had from it, and no other one is invented."""
    assert all(getattr(package, name) is not None for name in package.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        package.no_such_name  # noqa: B018


EXPERIMENTS = """
[holdout]
name = "all-year"
share = 0.2

[comparisons.shorter]
quizzes = ["coffee", "coffee-short"]
"""


@pytest.mark.thorough
def test_the_experiments_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Simulated visitors are drawn for the store's holdout, then between its two quizzes, by designs frozen first."""
    monkeypatch.chdir(tmp_path)
    shop = demo_store(tmp_path)
    (shop / "quizzes").unlink()
    shutil.copytree(ROOT / "quizzes", shop / "quizzes")
    shutil.copy(shop / "quizzes" / "coffee.yaml", shop / "quizzes" / "coffee-short.yaml")
    with (shop / "quizfunnel.toml").open("a") as file:
        file.write(EXPERIMENTS)
    assert CliRunner().invoke(cli.main, ["demo", "--no-serve", "--visitors", "300"]).exit_code == 0
    Path("shop").symlink_to(shop)
    for name in [name for name in os.environ if name.startswith("QUIZFUNNEL_")]:
        monkeypatch.delenv(name)
    found: dict[str, Any] = {}
    for block in BLOCK.findall((ROOT / "docs" / "experiments.md").read_text("utf-8")):
        exec(block, found)  # noqa: S102 - our own text
    among, held = found["report"], insight.load_experiment("all-year", store="shop", simulated=True)
    assert among.verdict.sentence in capsys.readouterr().out
    assert among.trial.frozen is not None
    assert held.trial.frozen is not None
    assert among.trial.frozen.started_at == held.trial.frozen.started_at < among.trial.since
    drawn = [sum(arm.visitors for arm in each.health.arms) for each in (among, held)]
    assert 0 < drawn[0] < drawn[1]
    with pytest.raises(LoadError, match=r"no experiment `none` in .*; there is: all-year, shorter"):
        insight.load_experiment("none", store="shop")

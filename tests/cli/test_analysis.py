"""Laws of `quizfunnel report`, `rollup` and `export`: what they count, and what they refuse."""

import json
import os
from pathlib import Path

import pytest

from quizfunnel.starter import demo_store
from quizfunnel.store.engine import open_engine
from quizfunnel.store.single_run import single_run
from tests.commands import run

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.slow
def test_rollup_counts_what_is_new(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what it counted of which visitors; an unknown quiz, or a second one at the same time, is refused."""
    run("init", ".")
    assert "run quizfunnel migrate" in run("rollup").output
    monkeypatch.setenv("QUIZFUNNEL_DEMO", "1")
    assert run("demo", "--no-serve", "--visitors", "60").exit_code == 0
    monkeypatch.setenv("QUIZFUNNEL_STORE", str(demo_store(folder)))
    first, second = run("rollup"), run("rollup", "coffee")
    assert first.exit_code == 0, first.output
    assert "coffee, simulated:" in first.output
    assert "real" not in first.output
    assert "coffee, simulated:" in second.output
    assert run("rollup", "coffee", "--all").exit_code == 0
    assert (run("rollup", "tea-time").exit_code, "no quiz `tea-time`" in run("rollup", "tea-time").output) == (2, True)
    engine = open_engine(f"sqlite:///{demo_store(folder)}/var/quizfunnel.sqlite3", pooled=False)
    with single_run(engine, "rollup"):
        refused = run("rollup")
    assert refused.exit_code == 2
    assert "another rollup is under way" in refused.output


@pytest.mark.slow
def test_export_writes_what_it_says(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how much it wrote; wrong days, another's folder and missing libraries are refused, with the remedy."""
    assert run("demo", "--no-serve", "--visitors", "60").exit_code == 0
    monkeypatch.setenv("QUIZFUNNEL_STORE", str(demo_store(folder)))
    said = run("export", "--to", "out", "--simulated", "--csv")
    assert said.exit_code == 0, said.output
    assert "Simulated visitors: " in said.output
    assert (folder / "out" / "quizfunnel-export.json").exists()
    assert list(folder.glob("out/visits/day=*/visits.csv"))
    rolled = run("rollup", "--from-export", "out")
    assert rolled.exit_code == 0, rolled.output
    assert "coffee, simulated:" in rolled.output
    again = run("rollup")
    assert rolled.output.split(";")[0] == again.output.split(";")[0]
    assert "holds no export" in run("rollup", "--from-export", "nowhere").output
    for wrong, why in (
        (["--to", "out"], "never share a folder"),
        (["--to", "."], "new or empty"),
        (["--to", "two", "--from", "yesterday"], "does not match the format"),
        (["--to", "two", "--from", "2026-03-02", "--until", "2026-03-01"], "is after"),
        ([], "Missing option '--to'"),
    ):
        refused = run("export", *wrong)
        assert (refused.exit_code, why in refused.output) == (2, True), refused.output
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert "quizfunnel[warehouse]" in run("export", "--to", "two").output


def test_report_says_what_is_missing(folder: Path) -> None:
    """Without a database: migrate; without such a quiz: those that there are."""
    run("init", "shop")
    os.chdir("shop")
    assert "run quizfunnel migrate" in run("report", "coffee").output
    assert run("migrate").exit_code == 0
    said = run("report", "tea")
    assert said.exit_code == 2
    assert "there is: coffee" in said.output
    assert "can't tell yet" in run("report", "coffee").output
    assert "verdict" in json.loads(run("report", "coffee", "--json").output)

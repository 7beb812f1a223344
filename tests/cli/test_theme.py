"""Laws of `quizfunnel theme`: tokens with contrasts, a ready theme to look at, and what is refused."""

import json
from pathlib import Path

import pytest

from quizfunnel.theme.ready import READY
from quizfunnel.theme.tokens import COLOURS
from tests.commands import run

pytestmark = pytest.mark.usefixtures("folder")


def test_tokens_are_printed_with_their_contrasts(folder: Path) -> None:
    """A line for each, and the names of the ready themes."""
    (folder / "quizfunnel.toml").write_text('[theme]\naccent = {light = "#14532d", dark = "#a7e3bd"}', "utf-8")
    said = run("theme")
    assert said.exit_code == 0, said.output
    assert "--q-accent       #14532d  #a7e3bd" in said.output
    assert all(name in said.output for name in READY)
    facts = json.loads(run("theme", "--json").stdout)
    assert len(facts["colours"]) == len(COLOURS)
    assert all(pair[scheme] >= pair["needs"] for pair in facts["contrasts"] for scheme in ("light", "dark"))


def test_a_ready_theme_is_looked_at_without_being_set() -> None:
    """Its colours are printed; a name that there is not is refused."""
    assert "#17497a" in run("theme", "--name", "harbour").output
    said = run("theme", "--name", "lime")
    assert said.exit_code == 2
    assert "--name lime: must be '', 'linen', 'harbour' or 'ink'" in said.output


def test_what_cannot_be_read_is_refused_everywhere(folder: Path) -> None:
    """By this command and by `check`, with the line to write instead."""
    (folder / "quizfunnel.toml").write_text('[theme]\naccent = "#7a1f3d"', "utf-8")
    said = run("theme")
    assert said.exit_code == 2
    assert 'accent = {light = "#7a1f3d", dark = "#ca6881"}' in said.output
    run("init", "shop")
    checked = run("check", "shop/quizzes")
    assert checked.exit_code == 1
    assert "theme: accent: in the dark scheme" in checked.output


def test_the_preview_is_a_file(folder: Path) -> None:
    """One that a browser opens."""
    said = run("theme", "--preview", "theme.html")
    assert said.exit_code == 0, said.output
    assert (folder / "theme.html").read_text("utf-8").startswith("<!doctype html>")

"""Answers in braces and marks of a language file are held to the same laws as those of the quiz file."""

from pathlib import Path

import pytest

from quizfunnel.quiz.check.run import check_quiz
from quizfunnel.quiz.file.load import load_text
from quizfunnel.quiz.texts.mentions import filled

SHIPPED = Path(__file__).parents[3] / "quizzes"
HELP = 'help: "Gemahlener Kaffee passt zu deiner Zubereitung: {brew}."'
STRENGTH = "ask: Wie kräftig magst du ihn?"


def _said(folder: Path, old: str, new: str) -> list[str]:
    (folder / "catalogs").symlink_to(SHIPPED / "catalogs")
    (folder / "coffee.yaml").write_bytes((SHIPPED / "coffee.yaml").read_bytes())
    german = (SHIPPED / "coffee.de.yaml").read_text("utf-8")
    assert german.count(old) == 1
    (folder / "coffee.de.yaml").write_text(german.replace(old, new), "utf-8")
    found = [finding for finding in check_quiz(folder / "coffee.yaml") if "coffee.de.yaml" in finding.file]
    return [f"{finding.severity}: {finding.message}" for finding in found]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (HELP, 'help: "Für {brw}."', "error: `{brw}` names no question; did you mean `brew`?"),
        (HELP, 'help: "[Mehr](ftp://x.example)"', "error: 'ftp://x.example' is no address of the shop"),
        (STRENGTH, 'ask: "Wie stark, mit {milk}?"', "error: `{milk}` is not asked on every way to this text"),
        ("tag:fruit: Fruchtig", "tag:fruit: Fruchtig {brew}", "error: `{brew}` in `tag:fruit` can repeat no answer"),
        (STRENGTH, "ask: Wie **kräftig** magst du ihn?", "warning: '**' is shown as it is written"),
    ],
)
def test_a_slip_in_another_language_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    """In its own file, and alone."""
    findings = _said(tmp_path, old, new)
    assert len(findings) == 1
    assert findings[0].startswith(said)


def test_an_answer_is_repeated_in_the_language_of_the_page() -> None:
    """Labels are those of the language file."""
    body, german = (SHIPPED / "coffee.yaml").read_text("utf-8"), (SHIPPED / "coffee.de.yaml").read_text("utf-8")
    quiz = load_text(body, "coffee.yaml", {"de": german}).translations["de"].quiz
    said = filled(quiz.by_id["grinder"].help, quiz, {"brew": "moka"})
    assert said == f"Gemahlener Kaffee passt zu deiner Zubereitung: {quiz.by_id['brew'].as_given('moka', quiz.say)}."

"""Laws of the check of languages: words for each, names for what pages show, and a store's own catalogue."""

import shutil
from pathlib import Path

import pytest

from quizfunnel.quiz.check.language_files import shown_names
from quizfunnel.quiz.check.run import check_file
from quizfunnel.quiz.file.load import load_quiz
from quizfunnel.shipped import shipped_folder

BRITISH = '\nmsgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8"\n\n'


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    """Give the coffee quiz with its German file, in a store of its own."""
    shutil.copytree(shipped_folder() / "quizzes", tmp_path / "quizzes")
    return tmp_path / "quizzes" / "coffee.yaml"


def found(quiz: Path) -> list[str]:
    """Return the findings of a quiz."""
    return [finding.text() for finding in check_file(quiz, name=f"quizzes/{quiz.name}").findings]


def change(quiz: Path, old: str, new: str) -> None:
    """Change a text of a file."""
    text = quiz.read_text("utf-8")
    assert old in text
    quiz.write_text(text.replace(old, new, 1), "utf-8")


def test_the_shipped_quiz_is_good_in_both_languages(quiz: Path) -> None:
    """Nothing is missing and nothing judges or presses."""
    assert found(quiz) == []


def test_a_language_without_words_is_refused(quiz: Path) -> None:
    """With those that there are and the way to bring another; a store's own catalogue is one."""
    change(quiz, "language: en", "language: sv")
    (message,) = [line for line in found(quiz) if "no words in" in line]
    assert message.startswith("quizzes/coffee.yaml:3:11: error: the pages around a quiz have no words in `sv`")
    assert "en, de, fr, es, it, nl, pl, ja, ar" in message
    assert "locale/sv/LC_MESSAGES/quizfunnel.po" in message
    own = quiz.parents[1] / "locale" / "sv" / "LC_MESSAGES" / "quizfunnel.po"
    own.parent.mkdir(parents=True)
    own.write_text(BRITISH, "utf-8")
    assert not [line for line in found(quiz) if "no words in" in line]


def test_a_language_file_without_words_is_refused(quiz: Path) -> None:
    """At its own first text."""
    (quiz.parent / "coffee.de.yaml").rename(quiz.parent / "coffee.sv.yaml")
    lines = found(quiz)
    assert any(line.startswith("quizzes/coffee.sv.yaml:2:8: error: the pages around a quiz") for line in lines), lines


def test_what_is_mistyped_in_a_stores_catalogue_is_told(quiz: Path) -> None:
    """By its line, as a warning: shoppers have our own words."""
    own = quiz.parents[1] / "locale" / "de" / "LC_MESSAGES" / "quizfunnel.po"
    own.parent.mkdir(parents=True)
    own.write_text(BRITISH + 'msgid "Choose a number from %(low)s to %(high)s."\nmsgstr "Eine Zahl"\n', "utf-8")
    (line,) = found(quiz)
    assert line.startswith("locale/de/LC_MESSAGES/quizfunnel.po:5:1: warning: “Choose a number from")
    assert "other places than %(high)s %(low)s" in line


def test_names_of_the_catalogue_are_asked_for(quiz: Path) -> None:
    """What pages would show in the catalogue's language is listed."""
    german = quiz.parent / "coffee.de.yaml"
    change(german, "  strength: Stärke\n", "")
    (line,) = found(quiz)
    assert "warning: pages show `strength` as the catalogue calls them; say under `names`" in line


def test_a_name_of_nothing_is_told(quiz: Path) -> None:
    """With the nearest one that there is, at the key; in the quiz file too."""
    change(quiz.parent / "coffee.de.yaml", "  tag:floral: Blumig\n", "  tag:floral: Blumig\n  tag:flora: Blumen\n")
    (line,) = found(quiz)
    assert line.startswith("quizzes/coffee.de.yaml:")
    assert "warning: the catalogue has no `tag:flora` to call so; did you mean `tag:floral`?" in line
    for texts in quiz.parent.glob("coffee.*.yaml"):
        texts.unlink()
    change(quiz, "offer:\n", "names: {strenght: Strength}\n\noffer:\n")
    (line,) = found(quiz)
    assert "the catalogue has no `strenght` to call so; did you mean `strength`?" in line


def test_wording_is_looked_at_in_each_language(quiz: Path) -> None:
    """A German label that judges, and one that presses, at their places in the German file."""
    german = quiz.parent / "coffee.de.yaml"
    change(german, "Alle Kaffees ohne Quiz ansehen", "Nein, ich mag keinen guten Kaffee")
    change(german, "title: Finde deinen Kaffee", "title: Nur noch heute")
    lines = found(quiz)
    assert any("coffee.de.yaml" in line and "reads as shaming" in line for line in lines), lines
    assert any("coffee.de.yaml:2:8" in line and "reads as urgency" in line for line in lines), lines


def test_a_language_file_is_no_quiz(quiz: Path) -> None:
    """Alone it says what it is of; its pages name what the quiz's rules make products known by."""
    quiz.rename(quiz.with_name("kaffee.yaml"))
    (finding,) = check_file(quiz.parent / "coffee.de.yaml").findings[:1]
    assert "is a language file of the quiz coffee.yaml, which is not beside it" in finding.message
    names = shown_names(load_quiz(quiz.with_name("kaffee.yaml")).quiz)
    assert {"strength", "tag:dark-roast"} <= set(names)
    assert "price" not in names

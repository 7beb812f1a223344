"""Laws of language files: the quiz's texts by the same ids, nothing missing, nothing extra, and no rules."""

from pathlib import Path

import pytest

from quizfunnel.i18n import languages
from quizfunnel.quiz.file.language import language_of, quiz_of
from quizfunnel.quiz.file.load import LoadedQuiz, load_quiz, load_text
from quizfunnel.quiz.fingerprint import meaning

SHIPPED = Path(__file__).parents[3] / "quizzes"
BODY = (SHIPPED / "coffee.yaml").read_text("utf-8")
GERMAN = (SHIPPED / "coffee.de.yaml").read_text("utf-8")


def loaded(german: str = GERMAN, language: str = "de") -> LoadedQuiz:
    """Return the coffee quiz with a German file."""
    return load_text(BODY, "quizzes/coffee.yaml", {language: german})


def found(german: str, language: str = "de") -> list[str]:
    """Return the findings of a German file."""
    return [finding.text() for finding in loaded(german, language).findings]


def test_a_translated_quiz_is_the_quiz_in_other_words() -> None:
    """Texts are the language file's, ids and rules the quiz file's: its answers mean the same."""
    both = loaded()
    german = both.translations["de"].quiz
    assert both.findings == ()
    assert german.language == "de"
    assert german.title == "Finde deinen Kaffee"
    assert german.by_id["brew"].ask == "Wie machst du zu Hause Kaffee?"
    assert german.names["tag:dark-roast"] == "Dunkle Röstung"
    assert meaning(german) == meaning(both.quiz)
    assert [question.id for question in german.questions] == [question.id for question in both.quiz.questions]


def test_one_version_holds_all_languages() -> None:
    """A changed text of any language makes a new version; without language files it is the quiz file's as ever."""
    alone = load_text(BODY, "quizzes/coffee.yaml")
    assert alone.version != loaded().version
    assert loaded(GERMAN.replace("Finde", "Such")).version != loaded().version
    assert loaded().translations["de"].version == loaded().version
    assert loaded().languages == {"de": GERMAN}
    assert loaded().quiz == alone.quiz


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "    ask: Wie machst du zu Hause Kaffee?\n",
            "",
            "lacks `questions.brew.ask`, which is “How do you make coffee",
        ),
        ("  skip_label: Alle Kaffees ohne Quiz ansehen\n", "", "lacks `offer.skip_label`"),
        (
            "      never: {label: Nie, because: du ihn schwarz trinkst}\n",
            "",
            "lacks `questions.milk.choices.never.label`",
        ),
        ("promise:", "minutes: 2\npromise:", "`minutes` is no text of coffee.yaml"),
        (
            "    help: Wähle",
            "    hepl: x\n    help: Wähle",
            "`questions.brew.hepl` is no text of coffee.yaml; did you mean `help`?",
        ),
        ("label: Nie,", "label: Nie, favours: {tag:floral: 3},", "`questions.milk.choices.never.favours` is no text"),
        ("  brew:\n", "  brwe:\n", "`questions.brwe` is no text of coffee.yaml; did you mean `brew`?"),
        ("label: Nie,", "label: 5,", "must be text; put it in quotes"),
        ("label: Nie,", 'label: " ",', "must be text; put it in quotes"),
        ("title: Finde deinen Kaffee", f"title: {'x' * 301}", "characters"),
        ("  headline: Deine Kaffees\n", "  headline: {x: Deine Kaffees}\n", "`offer.headline.x` is no text"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(old: str, new: str, fault: str) -> None:
    """By line in the language file; the quiz is served without that language by nobody: it is an error."""
    assert old in GERMAN
    lines = found(GERMAN.replace(old, new, 1))
    assert any(fault in line for line in lines), lines
    assert all(line.startswith("quizzes/coffee.de.yaml:") and ": error: " in line for line in lines)


def test_questions_stand_by_their_ids() -> None:
    """A list, as the quiz file has it, is told what stands here instead; so is a file that is no mapping."""
    assert "stands here by its ids, not as a list" in "".join(found("title: x\nquestions:\n  - id: brew\n"))
    assert "is a mapping of the texts of coffee.yaml" in "".join(found("- x\n"))
    assert "has texts of its own below it" in "".join(found(GERMAN.split("offer:")[0] + "offer: Alles\n"))


@pytest.mark.parametrize("names", ["Stärke", "[Stärke]", ""])
def test_names_are_a_mapping(names: str) -> None:
    """Anything else is a finding at its line, and never stops the check of the other files."""
    lines = found(GERMAN.split("names:")[0] + f"names: {names}\n")
    assert lines
    assert all("`names` holds a name for each thing of the catalogue" in line for line in lines)


def test_an_empty_mapping_lacks_every_text() -> None:
    """`{}` is a file that was begun: all its texts are missing; `names` may be left empty."""
    assert "lacks `title`" in "".join(found("{}\n"))
    assert found(GERMAN.split("names:")[0] + "names: {}\n") == []


def test_a_language_file_is_of_another_language() -> None:
    """One of the quiz's own language says which of the two to change."""
    assert "coffee.yaml is in `en` itself" in "".join(found(GERMAN, "en"))


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("coffee.yaml", ""),
        ("coffee.de.yaml", "de"),
        ("coffee.pt-BR.yaml", "pt-BR"),
        ("coffee.de.yml", ""),
        ("a.b.c", ""),
    ],
)
def test_a_file_name_says_the_language(name: str, language: str) -> None:
    """What stands between the quiz's slug and .yaml, where it is a language's tag."""
    assert language_of(Path(name)) == language
    assert quiz_of(Path(name)) == name.partition(".")[0]


def test_files_beside_a_quiz_are_read_with_it() -> None:
    """The demo's coffee is in every language that is shipped."""
    assert sorted(load_quiz(SHIPPED / "coffee.yaml").translations) == sorted(
        set(languages.SHIPPED) - {languages.SOURCE}
    )

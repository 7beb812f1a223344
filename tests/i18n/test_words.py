"""Laws of words: whole sentences with places, and numbers, money, days and lists as each language writes them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from quizfunnel.i18n import catalogs
from quizfunnel.i18n.languages import SHIPPED, direction, nearest, own_name
from quizfunnel.i18n.words import bring, languages, marked, words_in


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder whose catalogues this process uses as long as the test runs."""
    yield tmp_path
    bring()


def test_a_message_fills_its_places() -> None:
    """A place has a name; %% is a percent sign, with values or without."""
    say = words_in("en")
    assert say("Choose up to %(most)s", most=3) == "Choose up to 3"
    assert say("100 %% of it") == "100 % of it"
    assert [say.ngettext("%(num)s question", "%(num)s questions", n) for n in (1, 2)] == ["1 question", "2 questions"]
    assert say.pgettext("a button", "Open") == "Open"
    assert say.npgettext("a button", "%(num)s x", "%(num)s xs", 2) == "2 xs"
    assert marked("kept") == "kept"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["2.5", "7%", "£12.50", "a, b, and c", "a, b, or c", "March 1, 2026"]),
        ("de", ["2,5", "7\xa0%", "12,50\xa0£", "a, b und c", "a, b oder c", "1. März 2026"]),
        ("ja", ["2.5", "7%", "£12.50", "a、b、c", "a、b、またはc", "2026年3月1日"]),
        ("xx", ["2.5", "7%", "£12.50", "a, b, and c", "a, b, or c", "March 1, 2026"]),
    ],
)
def test_cldr_says_how_a_language_writes(language: str, written: list[str]) -> None:
    """Numbers, shares, money, lists and days are the language's own; of a language that nobody knows, English ones."""
    say, items = words_in(language), ["a", "b", "c"]
    day = say.day(date(2026, 3, 1))
    assert [
        *(say.number(2.5), say.percent(0.07), say.money(1250, "GBP"), say.all_of(items), say.any_of(items), day)
    ] == written


def test_a_language_has_a_direction_and_a_name() -> None:
    """Arabic is written from the right; a switch names a language in itself."""
    assert [words_in(each).direction for each in ("ar", "de")] == ["rtl", "ltr"]
    assert direction("ar-EG") == "rtl"
    assert [own_name(each) for each in ("de", "ar", "pt-BR")] == ["Deutsch", "العربية", "Português (Brasil)"]


def test_a_stores_words_come_first(folder: Path) -> None:
    """What a store brings holds for the whole process, for English as well."""
    path = catalogs.file_of(folder, "en")
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8"\n\nmsgid "Next"\nmsgstr "Onward"\n', "utf-8"
    )
    assert words_in("en")("Next") == "Next"
    bring(folder)
    assert words_in("en")("Next") == "Onward"


def test_languages_are_those_of_the_start(folder: Path) -> None:
    """No page looks into the folders: a language that is brought later has words when the process starts again."""
    bring(folder)
    path = catalogs.file_of(folder, "pt-BR")
    path.parent.mkdir(parents=True)
    path.write_text("", "utf-8")
    assert languages() == SHIPPED
    bring(folder)
    assert languages() == (*SHIPPED, "pt-BR")


@pytest.mark.parametrize(
    ("language", "chosen"),
    [("de", "de"), ("DE-at", "de"), ("de_CH", "de"), ("pt", "pt-BR"), ("pt-PT", ""), ("fr", ""), ("", "")],
)
def test_the_nearest_language_is_chosen(language: str, chosen: str) -> None:
    """Itself, what it is a form of, or a form of it; none that is merely alike."""
    assert nearest(language, ("en", "de", "pt-BR")) == chosen

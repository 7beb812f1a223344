"""Neutral ways out pass, shaming ones do not, and every text of the shop is looked at."""

from pathlib import Path

import pytest

from quizfunnel.quiz.check import wording
from quizfunnel.quiz.check.languages import ways_out
from quizfunnel.quiz.check.run import check_file
from tests.cast import coffee_catalog, coffee_quiz
from tests.quiz.cases import case
from tests.quiz.check.shop_texts import rows
from tests.quiz.files import changed, lay

SOLD = wording.sold(coffee_quiz(), coffee_catalog())


@pytest.mark.parametrize(
    "label",
    [
        "See all coffees without the quiz",
        "See all products",
        "No thanks",
        "No, thanks",
        "Not now",
        "Skip the quiz",
        "Browse the whole coffee range",
        "Show me everything",
        "No thanks, see all coffees",
        "See all decaf coffees instead",
        "Go to the shop",
        "See all decaf and ground coffees",
        "Continue without the quiz",
        "Maybe later",
        "Not today",
        "Continue shopping",
        "See the full menu",
        "Take me to the shop",
        "Back to all coffees",
        "Not now, thanks",
        "No thanks, maybe later",
        "I'm just browsing, thank you",
        "No thanks, just browsing",
    ],
)
def test_neutral_labels_pass(label: str) -> None:
    """A way out says where it leads, and nothing about who takes it."""
    assert wording.is_neutral(label, SOLD)


@pytest.mark.parametrize(
    "label",
    [
        "No thanks, I hate good coffee",
        "No thanks, I don\N{RIGHT SINGLE QUOTATION MARK}t like coffee",
        "I prefer bad coffee",
        "Skip and miss out",
        "See all coffees and guess",
        "Stay with boring coffee",
        "No, I'll pay full price",
        "Continue without help",
        "No",
        "",
    ],
)
def test_shaming_labels_do_not(label: str) -> None:
    """A label that is not known to be neutral is told, the next invention too."""
    assert not wording.is_neutral(label, SOLD)


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("Nothing", True),
        ("None of these", True),
        ("No allergies", True),
        ("I avoid nothing", True),
        ("I don't care about my health", False),
        ("No, I hate good skin", False),
    ],
)
def test_none_of_these_says_just_that(label: str, plain: bool) -> None:  # noqa: FBT001 - a table's column
    """The label of an empty selection passes no judgement."""
    assert wording.is_none(label) is plain


def test_no_dark_label_of_real_shops_is_neutral() -> None:
    """Whatever else is let through, no dark pattern is."""
    assert [text for text, kind in rows() if kind and wording.is_neutral(text, SOLD)] == []


def test_words_for_what_is_sold_are_the_quizs_own_and_the_catalogues() -> None:
    """Another title leaves the way out as it is: the promise, the catalogue and its products name coffee still."""
    quiz = coffee_quiz().model_copy(update={"title": "Your morning cup"})
    assert wording.is_neutral("See all coffees without the quiz", wording.sold(quiz, coffee_catalog()))


def test_words_for_what_is_sold_are_those_of_the_language() -> None:
    """Japanese writes no spaces, so its title holds no word to find: what the offer calls the products is one."""
    quiz, label = coffee_quiz(), "診断をせずにすべてのコーヒーを見る"
    spoken = quiz.model_copy(update={"offer": quiz.offer.model_copy(update={"products": "コーヒー"})})
    assert ways_out.is_neutral(label, "ja", wording.sold(spoken, coffee_catalog()))
    assert not ways_out.is_neutral(label, "ja", wording.sold(quiz, coffee_catalog()))


def test_the_case_of_another_title_and_of_a_hurrying_reason(tmp_path: Path) -> None:
    """The first says nothing of the way out; the second is warned of at the reason, and refused by neither."""
    for name, places in (("title-breaks-skip", []), ("26b-hurry-in-because", [(17, "warning")])):
        findings = check_file(case(f"faults/{name}/coffee.yaml"), name="q.yaml").findings
        assert [(finding.line, finding.severity) for finding in findings] == places


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("label: Moka pot}", "label: Moka pot, because: only 3 left in stock}", "12:46"),
        ("label: Moka pot}", "label: Moka pot (selling fast)}", "12:27"),
        ("label: Moka pot}", "label: Limited time}", None),
    ],
)
def test_reasons_are_checked_like_all_texts(tmp_path: Path, old: str, new: str, place: str | None) -> None:
    """A reason is the shop's voice."""
    findings = check_file(lay(tmp_path, changed((old, new))), name="q.yaml").findings
    assert [f"{finding.line}:{finding.column}" for finding in findings] == ([place] if place else [])


def test_a_label_of_what_to_leave_out_needs_words_of_its_own(tmp_path: Path) -> None:
    """A reason “Because you picked “Acid”” is read as the opposite; `because` or a rule says what is meant."""
    soft = ("label: Acidity, against: {tag:light-roast: 2}", "label: Acidity, favours: {tag:dark-roast: 1}")
    told = ("favours: {tag:decaf: 3}", "favours: {tag:decaf: 3}, because: you avoid caffeine")
    (finding,) = check_file(lay(tmp_path, changed(soft, told)), name="q.yaml").findings
    assert (finding.line, finding.column, finding.severity) == (32, 27, "warning")
    assert finding.message == (
        "'Acidity' is chosen as what to leave out, and the offer would say “Because you picked “Acidity””; write "
        "`because`, like 'you avoid acidity', or make it a rule (`requires`, `excludes`)"
    )
    asked = ("ask: Anything you avoid?", "ask: Anything you look for?")
    assert check_file(lay(tmp_path, changed(soft, told, asked)), name="q.yaml").findings == []


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ([0.9] * 29, None),  # too few to know better than the words
        ([0.6] * 30, None),  # told in half minutes, one is the next
        ([1.2] * 30, None),
        ([0.2] * 30, "half needed more than 0.2; write 0.5"),
        ([0.5] * 10 + [2.9] * 1000, "of the last 1,010 shoppers who finished half needed more than 2.9; write 3"),
    ],
)
def test_minutes_that_were_measured_say_more_than_words(tmp_path: Path, taken: list[float], said: str | None) -> None:
    """A promise that is off by more than a quarter of the median is told, with the next half minute."""
    result = check_file(lay(tmp_path), name="q.yaml", minutes_taken=lambda _: taken)
    assert [said in finding.message for finding in result.findings if said] == [True] * bool(said)
    assert bool(result.findings) == bool(said)
    assert all((finding.line, finding.severity) == (3, "warning") for finding in result.findings)

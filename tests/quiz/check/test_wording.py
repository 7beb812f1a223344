"""Neutral ways out pass, shaming ones do not, and pressure is told from plain speech."""

import csv

import pytest

from quizfunnel.quiz.check import wording
from tests.cast import coffee_catalog, coffee_quiz
from tests.quiz.cases import case

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
    """A label that is not known to be neutral is refused, the next invention too."""
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


@pytest.mark.parametrize(
    "text",
    [
        "Is it a gift for someone in your family?",
        "Only a few of our coffees are decaf.",
        "A bag is enough for 2 people this week.",
        "Have you just bought a machine?",
        "When do you run out?",
        "How many minutes do you have in the morning?",
        "Three coffees that suit how you drink it, and why each one does.",
        "Are you left-handed? One in 10 is.",
    ],
)
def test_plain_speech_is_no_pressure(text: str) -> None:
    """A question about people, amounts and time may be asked."""
    assert wording.pressure(text) == ""


def test_labels_and_texts_of_real_shops() -> None:
    """No dark pattern passes as a neutral label; pressure is mostly found, and plain shop texts are left alone."""
    with case("wording/ec-darkpattern-half.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    dark = [row for row in rows if row["label"] == "1"]
    pressing = [row for row in dark if row["Pattern Category"] in {"Scarcity", "Urgency", "Social Proof"}]
    plain = [row for row in rows if row["label"] == "0"]
    assert [row["text"] for row in dark if wording.is_neutral(row["text"], SOLD)] == []
    assert sum(bool(wording.pressure(row["text"])) for row in pressing) / len(pressing) > 0.7
    assert sum(bool(wording.pressure(row["text"])) for row in plain) / len(plain) < 0.01

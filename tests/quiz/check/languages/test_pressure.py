"""Pressure is told from plain speech, on sentences of quizzes and on texts of real shops."""

import pytest

from quizfunnel.quiz.check.languages.pressure import pressure
from tests.quiz.cases import case
from tests.quiz.check.shop_texts import LOOKED_FOR, rows

MEASURED = [False, True]


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
        "Do you have limited time in the morning?",
        "Do you often hurry in the morning?",
        "How many people are you cooking for? 4 people are typical",
        "Is the room reserved for 2 children?",
        "you have limited time",
        "for when you are in a hurry",
        "Don't miss the caffeine: decaf tastes the same",
        "For customers who bought a grinder",
        "no fragrance",
        "Maybe later",
        "See the full menu",
    ],
)
def test_plain_speech_is_no_pressure(text: str) -> None:
    """A question about people, amounts and time may be asked, and a reason may speak of them."""
    assert pressure(text) is None


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("Hurry, the sale ends tonight", "Hurry", "urgency"),
        ("Your basket is reserved for 10 minutes", "reserved for 10 minutes", "urgency"),
        ("only 3 left in stock", "only 3 left in stock", "scarcity"),
        ("Do you own a machine? Only 3 left!", "Only 3 left", "scarcity"),
        ("212 people are looking at this", "212 people are looking", "social proof"),
        ("Alex in Leeds just bought it", "Alex in Leeds just bought", "social proof"),
        ("No thanks, I hate good coffee", "No thanks, I", "shaming"),
        ("I'd rather pay full price", "I'd rather pay full", "shaming"),
    ],
)
def test_pressure_is_told_with_its_words_and_its_kind(text: str, words: str, kind: str) -> None:
    """Also beside a question that presses nobody."""
    told = pressure(text)
    assert told is not None
    assert (told.words, told.kind) == (words, kind)


def test_only_the_kinds_asked_for_are_looked_for() -> None:
    """A label may say that somebody is in a hurry."""
    assert pressure("Hurry!", ("scarcity",)) is None


def test_the_questions_of_the_case_press_nobody() -> None:
    """Each asks about the shopper."""
    asks = case("faults/pressure-in-a-question/asks.txt").read_text(encoding="utf-8").splitlines()
    assert [ask for ask in asks if pressure(ask)] == []


@pytest.mark.parametrize("held_out", MEASURED)
def test_pressure_on_texts_of_real_shops(held_out: bool) -> None:  # noqa: FBT001 - a table's column
    """Precision at least 0.98 and recall at least 0.85, on the texts it was written on and on those it was not."""
    texts = rows(held_out=held_out)
    dark = [text for text, kind in texts if kind in LOOKED_FOR]
    right = sum(pressure(text) is not None for text in dark)
    wrong = sum(pressure(text) is not None for text, kind in texts if not kind)
    assert right / (right + wrong) >= 0.98
    assert right / len(dark) >= 0.85

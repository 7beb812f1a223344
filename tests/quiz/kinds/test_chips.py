"""Words about an answer never say its opposite: a label stands alone only where no choice rules anything out."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from quizfunnel.i18n.words import words_in
from quizfunnel.quiz.spec import Question

ENGLISH = words_in("en")

ASK = "Anything to leave out?"
MILK = {"id": "milk", "label": "Milk", "excludes": ["tag:milk"]}
NUTS = {"id": "nuts", "label": "Nut traces", "excludes": ["tag:may-contain-nuts", "tag:hazelnut"]}
CAFFEINE = {"id": "caffeine", "label": "Caffeine", "requires": ["tag:decaf"]}
BLENDS = {"id": "blends", "label": "Blends", "excludes": ["tag:blend"], "because": "no blends"}
SOFT = {"id": "soft", "label": "Sugar", "against": {"tag:sugar": 3}}
PLAIN = {"id": "plain", "label": "Colours"}


def question(pick: str, *choices: dict[str, Any]) -> Question:
    """Return a question about what to leave out."""
    made: Question = TypeAdapter(Question).validate_python(
        {"id": "avoid", "ask": ASK, "pick": pick, "choices": list(choices)}, strict=False
    )
    return made


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ([MILK], "Milk: never"),
        ([NUTS], "Nut traces: never"),
        ([BLENDS], "No blends"),
        ([BLENDS, MILK], "Milk: never, no blends"),
        ([CAFFEINE], f"{ASK} Caffeine"),
        ([CAFFEINE, MILK], f"{ASK} Milk, Caffeine"),
        ([SOFT], f"{ASK} Sugar"),
        ([PLAIN], f"{ASK} Colours"),
    ],
)
def test_choices_to_leave_out_are_said_as_they_were_meant(choices: list[dict[str, Any]], says: str) -> None:
    """The words of the hard choice, "never", or the question before the label; for either kind of choice."""
    every = (MILK, NUTS, CAFFEINE, BLENDS, SOFT, PLAIN)
    ids = tuple(choice["id"] for choice in choices)
    assert question("many", *every).in_words(ids, ENGLISH) == says
    if len(ids) == 1:
        assert question("one", *every).in_words(ids[0], ENGLISH) == says


@pytest.mark.parametrize(
    "choice",
    [
        {"label": "Yes", "excludes": ["tag:x"]},  # "The cheap one? Yes"
        {"label": "Milk", "excludes": ["tag:milk-free"]},  # wants milk
        {"label": "Milk", "excludes": ["tag:oat-milk"]},
        {"label": "Dark roast", "excludes": ["tag:light-roast"]},
        {"label": "Vegan", "excludes": ["tag:non-vegan"]},
        {"label": "Milk", "excludes": ["tag:milk"], "requires": ["tag:milk-chocolate"]},
        {"label": "Light", "excludes": ["tag:heavy"]},
    ],
)
def test_never_is_said_of_what_is_excluded_alone(choice: dict[str, Any]) -> None:
    """Where the label may name what is wanted, the question stands before it."""
    asked = question("one", {"id": "a"} | choice, PLAIN)
    assert asked.in_words("a", ENGLISH) == f"{ASK} {choice['label']}"


@pytest.mark.parametrize(
    ("id", "ask", "label", "says"),
    [
        ("milk", "Do you add milk?", "Never", "Milk: never"),
        ("milk", "Do you add milk?", "Nearly always", "Milk: nearly always"),
        ("milk", "Do you add milk?", "Oat milk", "Oat milk"),
        ("grinder", "Do you own a grinder?", "Yes", "Grinder: yes"),
        ("irritated", "Is your skin easily upset?", "Yes, often", "Is your skin easily upset? Yes, often"),
        ("avoid", "Anything?", "No scent", "No scent"),
        ("skin-type", "How would you call your skin type?", "Dry", "Skin type: Dry"),
        ("haut", "Wie ist Ihre Haut?", "Trocken", "Haut: Trocken"),
        ("q1", "Trinken Sie ihn mit Milch?", "Nie", "Trinken Sie ihn mit Milch? Nie"),
        ("brew", "How do you make coffee at home?", "Espresso machine", "Espresso machine"),
        ("tin", "Still or sparkling?", "Sparkling", "Sparkling"),
    ],
)
def test_a_label_that_needs_its_question_has_it(id: str, ask: str, label: str, says: str) -> None:
    """The word of the question that its id names stands before "Never", which says nothing alone, or all of it."""
    liked = {"id": "liked", "label": label, "favours": {"tag:fruit": 2}}
    for pick, value in (("one", "liked"), ("many", ("liked",))):
        made = TypeAdapter(Question).validate_python(
            {"id": id, "ask": ask, "pick": pick, "choices": [liked, PLAIN]}, strict=False
        )
        assert made.in_words(value, ENGLISH) == says


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("Nothing", f"{ASK} Nothing"),
        ("", f"{ASK} None of these"),
        ("Nothing to leave out", "Nothing to leave out"),
    ],
)
def test_none_of_these_says_of_what(label: str, says: str) -> None:
    """Above the products "Nothing" alone would be read as if nothing had been answered."""
    made = TypeAdapter(Question).validate_python(
        {"id": "avoid", "ask": ASK, "pick": "many", "none_label": label, "choices": [MILK, PLAIN]}, strict=False
    )
    assert made.in_words((), ENGLISH) == says


def test_where_nothing_is_ruled_out_the_label_is_enough() -> None:
    """Choices that only favour products: short chips, as before."""
    liked = question(
        "many", {"id": "a", "label": "Berries", "favours": {"tag:fruit": 2}, "against": {"tag:dark": 1}}, PLAIN
    )
    assert liked.in_words(("a", "plain"), ENGLISH) == "Berries, Colours"


def test_a_reason_names_the_question_too_where_the_label_might_say_the_opposite() -> None:
    """Not "Because you picked “Caffeine”" under a decaf coffee; a clause of the file's own needs no such care."""
    decaf = {"id": "decaf", "label": "Caffeine", "requires": ["tag:decaf"], "favours": {"tag:swiss-water": 1}}
    acids = {
        "id": "acids",
        "label": "Acids",
        "excludes": ["tag:acid"],
        "favours": {"tag:mild": 1},
        "because": "no acids",
    }
    clause = {"id": "clause", "label": "Heat", "favours": {"tag:mild": 1}, "because": "you like it mild"}
    many = question("many", decaf, acids, clause)
    fits = {"decaf": f"Fits your answer “Caffeine” to “{ASK}”", "acids": f"Fits your answer “Acids” to “{ASK}”"}
    assert dict(many.picks(("acids", "clause", "decaf"), ENGLISH)) == fits | {"clause": "Because you like it mild"}
    assert question("one", decaf, clause).because("decaf", ENGLISH) == fits["decaf"]
    assert question("one", clause, PLAIN).because("plain", ENGLISH) == "Because you chose “Colours”"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("for espresso", "For espresso"),
        ("For espresso", "For espresso"),
        ("you drink it with milk", "Because you drink it with milk"),
        ("forests are yours", "Because forests are yours"),
    ],
)
def test_a_reason_says_because_where_it_needs_to(words: str, said: str) -> None:
    """As short as it can be: "for espresso" is a whole reason, and shorter; a clause is none without its because."""
    choice = {"id": "a", "label": "A", "favours": {"tag:x": 1}, "because": words}
    assert question("one", choice, PLAIN).because("a", ENGLISH) == said


def test_beside_its_question_an_answer_is_what_was_chosen() -> None:
    """Neither the rule's words nor the question again: "Never" below "Do you add milk?"."""
    choices = ({"id": "a", "label": "Never", "excludes": ["tag:milk"]}, {"id": "b", "label": "Often"})
    assert question("one", *choices).as_given("a", ENGLISH) == "Never"
    assert question("many", *choices).as_given(("a", "b"), ENGLISH) == "Never, Often"
    assert question("many", *choices).as_given((), ENGLISH) == "None of these"

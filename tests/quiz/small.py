"""Small quizzes drawn at random, and what is true of them found by trying every answer."""

import json
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from quizfunnel.catalog.product import Product
from quizfunnel.quiz.spec import Quiz
from tests.cast import product

TAGS = ("red", "green", "blue")
SCALE = {"from": 1, "to": 4, "step": 1}

Raw = dict[str, Any]


def quiz_of(questions: list[Raw], *, show: int = 2) -> Quiz:
    """Return a quiz that asks `questions`, written as in a file."""
    whole = {
        "title": "Small",
        "promise": "Small",
        "minutes": 1,
        "catalog": "x.csv",
        "questions": questions,
        "offer": {"show": show, "headline": "Yours", "skip_label": "See all products"},
    }
    return Quiz.model_validate_json(json.dumps(whole))


@st.composite
def questions(draw: st.DrawFn) -> list[Raw]:
    """Draw two to five questions whose `when`s name earlier ones."""
    drawn: list[Raw] = []
    branches: list[bool] = draw(st.lists(st.booleans(), min_size=2, max_size=5))
    for number, branch in enumerate(branches):
        question = draw(_question(f"q{number}"))
        if drawn and branch:
            question["when"] = draw(_when(drawn))
        drawn.append(question)
    return drawn


@st.composite
def _question(draw: st.DrawFn, id: str) -> Raw:
    pick = draw(st.sampled_from(["one", "many", "scale"]))
    question: Raw = {"id": id, "ask": "?", "pick": pick, "optional": draw(st.booleans())}
    if pick == "scale":
        rule = draw(st.sampled_from([{}, {"limits": "price"}, {"at_least": "strength"}]))
        ends = draw(st.sampled_from([{}, {"or_more": True}, {"or_less": True}, {"or_more": True, "or_less": True}]))
        return question | {"scale": SCALE | ends} | rule
    question["choices"] = [draw(_choice(letter)) for letter in "abcd"[: draw(st.integers(2, 4))]]
    if pick == "many":
        question |= draw(st.sampled_from([{}, {"none_label": "None"}]))
        question |= draw(st.sampled_from([{}, {"at_most": 1}, {"at_most": 2}]))
    return question


@st.composite
def _choice(draw: st.DrawFn, id: str) -> Raw:
    names = [f"tag:{tag}" for tag in TAGS]
    several = st.lists(st.sampled_from(names), min_size=1, max_size=3).map(lambda some: {"any": some})
    entries = st.lists(st.sampled_from(names) | several, max_size=2)
    return {"id": id, "label": id, "requires": draw(entries), "excludes": draw(entries)}


@st.composite
def _when(draw: st.DrawFn, earlier: list[Raw]) -> Any:
    alternatives = draw(st.lists(_alternative(earlier), min_size=1, max_size=2))
    return alternatives[0] if len(alternatives) == 1 else alternatives


@st.composite
def _alternative(draw: st.DrawFn, earlier: list[Raw]) -> Raw:
    named = draw(st.lists(st.sampled_from(earlier), min_size=1, max_size=2, unique_by=lambda question: question["id"]))
    return {question["id"]: draw(_condition(question) | _unless(question)) for question in named}


def _unless(question: Raw) -> st.SearchStrategy[Raw]:
    return _condition(question).map(lambda condition: {"not": condition})


@st.composite
def _condition(draw: st.DrawFn, question: Raw) -> Any:
    if question["pick"] == "scale":
        key = draw(st.sampled_from(["at_least", "at_most"]))
        return {key: draw(st.sampled_from([1, 2, 2.5, 4, 9]))}
    ids = [choice["id"] for choice in question["choices"]]
    chosen = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True))
    return chosen[0] if len(chosen) == 1 and draw(st.booleans()) else chosen


def products() -> st.SearchStrategy[list[Product]]:
    """Draw one to four products with tags, a price and perhaps a strength."""
    one = st.tuples(st.frozensets(st.sampled_from(TAGS)), st.integers(1, 5), st.sampled_from([None, 1.0, 3.0]))
    return st.lists(one, min_size=1, max_size=4).map(
        lambda drawn: [
            product(
                f"p{n}",
                price=price * 100,
                tags=tuple(tags),
                attributes={} if strength is None else {"strength": strength},
            )
            for n, (tags, price, strength) in enumerate(drawn)
        ]
    )


def every_run(questions: list[Raw]) -> Iterator[Raw]:
    """Yield the answers of every way through, trying each answer of each question."""

    def go_on(position: int, answers: Raw) -> Iterator[Raw]:
        if position == len(questions):
            yield answers
            return
        question = questions[position]
        if not asks(question.get("when"), answers):
            yield from go_on(position + 1, answers)
            return
        for value in every_answer(question):
            yield from go_on(position + 1, answers | {question["id"]: value})

    return go_on(0, {})


def every_answer(question: Raw) -> list[Any]:
    """Return every answer that a shopper can give to one question."""
    if question["pick"] == "scale":
        found: list[Any] = [1.0, 2.0, 3.0, 4.0]
    else:
        ids = [choice["id"] for choice in question["choices"]]
        found = list(ids)
        if question["pick"] == "many":
            sizes = range(0 if question.get("none_label") else 1, question.get("at_most", len(ids)) + 1)
            found = [chosen for size in sizes for chosen in combinations(ids, size)]
    return [*found, None] if question.get("optional") else found


def asks(when: Any, answers: Raw) -> bool:
    """Tell from the words of the file format whether a `when` holds."""
    if when is None:
        return True
    alternatives = when if isinstance(when, list) else [when]
    return any(
        all(name in answers and _fits(wanted, answers[name]) for name, wanted in each.items()) for each in alternatives
    )


def _fits(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, dict) and "not" in wanted:
        return not _fits(wanted["not"], value)
    if value is None:
        return False
    if isinstance(wanted, dict):
        return bool(wanted.get("at_least", value) <= value <= wanted.get("at_most", value))
    listed = wanted if isinstance(wanted, list) else [wanted]
    return bool(set(listed) & set(value if isinstance(value, tuple) else [value]))


def keeps(one: Product, questions: list[Raw], answers: Mapping[str, Any]) -> bool:
    """Tell from the words of the file format whether a product may be shown."""
    for question in questions:
        value = answers.get(question["id"])
        if value is None:
            continue
        if question["pick"] == "scale":
            strength = one.attributes.get("strength")
            scale = question["scale"]
            beyond = {scale["to"]: scale.get("or_more", False)}.get(value, False)
            below = {scale["from"]: scale.get("or_less", False)}.get(value, False)
            if question.get("limits") and one.price > value * 100 and not beyond:
                return False
            if question.get("at_least") and (strength is None or float(strength) < value) and not below:
                return False
            continue
        chosen = value if isinstance(value, tuple) else (value,)
        for choice in question["choices"]:
            if choice["id"] in chosen and not _keeps_choice(one, choice):
                return False
    return True


def _keeps_choice(one: Product, choice: Raw) -> bool:
    required = [_tags(entry) for entry in choice["requires"]]
    excluded = [_tags(entry) for entry in choice["excludes"]]
    return all(tags & one.tags for tags in required) and not any(tags & one.tags for tags in excluded)


def _tags(entry: Any) -> set[str]:
    """Return the tags of one entry of a rule: it takes one of them to keep or to break it."""
    return {name.removeprefix("tag:") for name in (entry["any"] if isinstance(entry, dict) else [entry])}

"""Loading: mistakes in a quiz file's shape are said in its own words, at their place, all at once."""

import pytest

from quizfunnel.quiz.file.load import QuizFileError, load_text
from tests.quiz.files import QUIZ, changed


def _said(text: str) -> list[str]:
    with pytest.raises(QuizFileError) as caught:
        load_text(text, "q.yaml")
    return [finding.text() for finding in caught.value.findings]


def test_a_good_file_is_read() -> None:
    """The quiz, the version by content and the text as written."""
    loaded = load_text(QUIZ, "q.yaml")
    assert [question.id for question in loaded.quiz.questions][:2] == ["brew", "grinder"]
    assert len(loaded.version) == 64
    assert loaded.body == QUIZ
    assert load_text(QUIZ + "# changed\n", "q.yaml").version != loaded.version


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("minutes: 1", "minuts: 1", ["q.yaml:3:1: error: unknown key `minuts`; did you mean `minutes`?"]),
        ("label: Moka pot", "lable: Moka pot", ["q.yaml:12:20: error: unknown key `lable`; did you mean `label`?"]),
        ("none_label: Nothing", "zzz: Nothing", [
            ("q.yaml:29:5: error: unknown key `zzz`; the keys here are ask, at_most, choices, choices_order, help, "
            "id, image, none_label, optional, pick, sensitive, video, when, why")]),
        ("from: 12, to: 30", "from: 12, too: 30", [
            "q.yaml:36:23: error: unknown key `too`; did you mean `to`?"]),
        ("from: 12, to: 30", "from: 12, to: 31", [
            ("q.yaml:36:12: error: `scale` needs a `to` that lies a whole number of steps above `from`; "
            "change `to` or `step`")]),
        ("step: 2", "step: 0.01", ["q.yaml:36:12: error: `scale` has more than 201 values; use a larger `step`"]),
        ("step: 2", "step: 0", ["q.yaml:36:37: error: `step` is 0; it must be more than 0"]),
        ("show: 3", "show: 9", ["q.yaml:45:9: error: `show` is 9; it must be at most 6"]),
        ("show: 3", "show: three", ["q.yaml:45:9: error: `show` must be a whole number"]),
        ("optional: true", "optional: maybe", ["q.yaml:43:15: error: `optional` must be true or false"]),
        ("minutes: 1", "minutes: 1.3", [
            "q.yaml:3:10: error: `minutes` must be a whole or half number, like 2 or 2.5"]),
        ("title: Find your coffee", "title: 7", ["q.yaml:1:8: error: `title` must be text; put it in quotes"]),
        ("title: Find your coffee", 'title: "  "', ["q.yaml:1:8: error: `title` is empty; write something"]),
        ("id: brew", "id: Brew Type", [
            ("q.yaml:6:9: error: `id` 'Brew Type' is no id; use lower-case letters, digits and single hyphens, "
            "like dark-roast")]),
        ("pick: many", "pick: several", ["q.yaml:28:11: error: `pick` is 'several'; write one, many or scale"]),
        ("    pick: many\n", "", [
            "q.yaml:26:5: error: `pick` is missing; write `pick: one`, `pick: many` or `pick: scale`"]),
        ("{tag:decaf: 2}", "{decaf: 2}", [
            ("q.yaml:25:54: error: 'decaf' names nothing; write tag:NAME, product:ID, type:NAME, vendor:NAME "
            "or ATTRIBUTE:VALUE")]),
        ("{tag:decaf: 2}", "{tag:decaf: 5}", ["q.yaml:25:65: error: `tag:decaf` is 5; it must be at most 3"]),
        ("{tag:decaf: 2}", "tag:decaf", [
            "q.yaml:25:53: error: `favours` must be in braces, each name with its value, like {name: 1}"]),
        ("catalog: catalogs/coffee.csv", "catalog: [a]", [
            "q.yaml:4:10: error: `catalog` is a file name, or {file: ..., currency: EUR, product_url: ...}"]),
        ("catalog: catalogs/coffee.csv", "catalog: {file: a.csv, currency: euro}", [
            ("q.yaml:4:34: error: `currency` 'euro' does not have the form it needs; write three capital letters, "
            "like EUR")]),
        ("catalog: catalogs/coffee.csv", "catalog: {fille: a.csv}", [
            "q.yaml:4:11: error: unknown key `fille`; did you mean `file`?"]),
    ],
)  # fmt: skip
def test_mistakes_are_said_in_words_at_their_place(old: str, new: str, said: list[str]) -> None:
    """One change to a good file gives exactly these lines: a key that is only misspelt is not missing besides."""
    assert _said(changed((old, new))) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("brew", ("15:11: error: `when` must name earlier questions and their answers, like {brew: [espresso, filter]} "
                 "or {budget: {at_least: 20}}")),
        ("[]", ("15:11: error: `when` is an empty list; name earlier questions and their answers, like "
               "{brew: [espresso, filter]} or {budget: {at_least: 20}}")),
        ("{brew: []}", "15:18: error: `brew` names no answer; list the choices after which to ask"),
        ("{brew: {atleast: 20}}", "15:19: error: unknown key `atleast`; did you mean `at_least`?"),
        ("{brew: {at_least: much}}", "15:29: error: `at_least` must be a number"),
        ("{brew: {}}", "15:18: error: `brew` needs at_least or at_most"),
        ("{brew: 20}", "15:18: error: `brew: 20` is no condition; for a scale write {at_least: 20} or {at_most: ...}"),
        ("{brew: true}", ('15:18: error: true is no answer; write the id of a choice, in quotes where it is a word '
                         'like "true"')),
        ("{brew: [espresso, 3]}", ('15:29: error: 3 is no answer; write the id of a choice, in quotes where it is '
                                  'a word like "true"')),
        ("{brew: Espresso}", ("15:18: error: 'Espresso' is no id; use lower-case letters, digits and single hyphens, "
                             "like dark-roast")),
        ("{Brew: espresso}", ("15:12: error: 'Brew' is no id; use lower-case letters, digits and single hyphens, "
                             "like dark-roast")),
        ("[{brew: espresso}, 4]", ("15:30: error: `when` must name earlier questions and their answers, like "
                                  "{brew: [espresso, filter]} or {budget: {at_least: 20}}")),
    ],
)  # fmt: skip
def test_a_wrong_when_is_one_clear_sentence(when: str, said: str) -> None:
    """The forms that a `when` is not are never listed."""
    assert _said(changed(("{brew: [espresso, filter]}", when))) == [f"q.yaml:{said}"]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{brew: {not: []}}", "15:24: error: `brew` names no answer; list the choices after which to ask"),
        ("{brew: {not: 3}}", ("15:24: error: `brew: 3` is no condition; for a scale write {at_least: 3} or "
                              "{at_most: ...}")),
        ("{brew: {not: {not: [moka]}}}", ("15:24: error: a `not` in a `not` says nothing; write `brew` without them")),
        ("{brew: {not: [moka], at_least: 2}}", ("15:32: error: `at_least` cannot stand beside `not`; write another "
                                                "alternative for it")),
        ("{brew: {nto: [moka]}}", "15:19: error: unknown key `nto`; did you mean `not`?"),
    ],
)  # fmt: skip
def test_a_wrong_not_is_one_clear_sentence(when: str, said: str) -> None:
    """At the place of what is wrong, as for every other condition."""
    assert _said(changed(("{brew: [espresso, filter]}", when))) == [f"q.yaml:{said}"]


_ANY = "`any` must be a list of names of which one is enough, like {any: [tag:a, tag:b]}"
_NOTHING = "names nothing; write tag:NAME, product:ID, type:NAME, vendor:NAME or ATTRIBUTE:VALUE"
_ENOUGH = "where one of several is enough, write [{any: [tag:a, tag:b]}]"


@pytest.mark.parametrize(
    ("rule", "column", "said"),
    [
        ("{any: [tag:decaf, tag:ground]}", 51, f"`requires` must be a list; {_ENOUGH}"),
        ("[[tag:decaf, tag:ground]]", 52, f"entry 1 of `requires` is a list of its own; {_ENOUGH}"),
        ("[tag:ground, {any: []}]", 70, _ANY),
        ("[{any: 3}]", 58, _ANY),
        ("[{}]", 52, _ANY),
        ("[{ayn: [tag:decaf]}]", 53, "unknown key `ayn`; did you mean `any`?"),
        ("[{any: [decaf, tag:ground]}]", 59, f"entry 1 of `any` 'decaf' {_NOTHING}"),
        ("[{tag: decaf}]", 52,
         'entry 1 of `requires` has a space behind its colon; write tag:decaf, or "tag:decaf" in quotes'),
        ("[{tag: }]", 52, f"entry 1 of `requires` 'tag:' {_NOTHING}"),
        ("[3]", 52, "entry 1 of `requires` must be text; put it in quotes"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_one_clear_sentence(rule: str, column: int, said: str) -> None:
    """The forms that an entry of a rule is not are never listed."""
    text = changed(("favours: {tag:decaf: 3}", f"requires: {rule}"))
    assert _said(text) == [f"q.yaml:31:{column}: error: {said}"]


def test_all_mistakes_are_said_at_once_in_the_files_order() -> None:
    """Five mistakes are five lines, sorted by place."""
    text = changed(
        ("minutes: 1", "minutes: -1"), ("id: moment", "id: Moment"), ("show: 3", "show: 0"),
        ("pick: many", "pick: much"), ("headline: Your coffees", "heading: Your coffees"),
    )  # fmt: skip
    found = _said(text)
    assert [int(line.split(":")[1]) for line in found] == [3, 20, 28, 45, 46]
    assert found[-1] == "q.yaml:46:3: error: unknown key `heading`; did you mean `headline`?"


def test_a_file_that_is_no_mapping_is_said_so() -> None:
    """A list at the top is one finding."""
    assert _said("- a\n") == ["q.yaml:1:1: error: a quiz is a mapping of keys to values; start with `title:`"]


def test_text_of_html_and_templates_stays_text() -> None:
    """Nothing in a file is evaluated: markup and template marks are kept as written."""
    text = changed(("title: Find your coffee", 'title: "<script>{{ 7 * 7 }}{% x %}"'))
    assert load_text(text, "q.yaml").quiz.title == "<script>{{ 7 * 7 }}{% x %}"

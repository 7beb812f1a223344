"""Texts of the quiz file's manual: its sections, an example of every key, and how things are named; pure."""

from collections.abc import Mapping
from typing import NamedTuple

INTRO = """# The quiz file, key by key

A quiz is one YAML file, `quizzes/NAME.yaml`, and `NAME` is its address: `/q/NAME`. [Writing a quiz](quiz.md)
begins with an example; this page is for looking things up. `quizfunnel check` says whatever is wrong with a
file, with the line.

This page is made from the code that reads the files (`python -m quizfunnel.quiz.file.manual`), and a test holds it
current."""


class Section(NamedTuple):
    """One part of a quiz file: its title and what is said of it before its keys."""

    title: str
    says: str


SECTIONS: Mapping[str, Section] = {
    "Quiz": Section("The whole file", ""),
    "CatalogRef": Section(
        "The catalogue", "`catalog` is a file name, or these keys where an export does not say everything."
    ),
    "Question": Section("A question", "Keys of every question, whatever its `pick`."),
    "OneQuestion": Section("A question with `pick: one`", "The shopper chooses one of the choices."),
    "ManyQuestion": Section("A question with `pick: many`", "The shopper chooses several, or none of these."),
    "Choice": Section("A choice", ""),
    "AnyOf": Section(
        "One of several",
        "An entry of `requires` or `excludes`, beside names: `requires: [{any: [tag:a, tag:b]}, tag:c]` is one of a "
        "and b, and c.",
    ),
    "Video": Section(
        "A video",
        "`video` is the path of a file in the store's folder `static`, or these keys. It plays when the shopper starts "
        "it, with the browser's own controls. There is no other site's player: the page loads nothing from elsewhere.",
    ),
    "ScaleQuestion": Section(
        "A question with `pick: scale`", "The answer is a number. `limits`, `at_least` and `near` may be combined."
    ),
    "Scale": Section("A scale", ""),
    "OfferSpec": Section("The offer", ""),
    "OfferSection": Section(
        "A section of the offer",
        "A step of a routine. Sections are filled in the file's order, each with the products that suit best of those "
        "it takes: [Routines](quiz.md#routines).",
    ),
    "Experiment": Section("The experiment", "Without it everybody is invited: [Experiments](experiments.md)."),
    "Threshold": Section("A threshold", "A condition on a scale's answer, inside `when`."),
    "Unless": Section("Unless", "A condition on every other answer, inside `when`."),
}

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "Quiz": {
        "title": "Find your coffee",
        "promise": "Three coffees that suit how you drink it, and why each one does.",
        "minutes": "2",
        "image": "/static/img/coffee.svg",
        "language": "en",
        "catalog": "catalogs/coffee.csv",
        "names": "{tag:aop: Certified origin, strength: Strength}",
        "was": "[coffee-finder]",
        "auto_advance": "true",
    },
    "CatalogRef": {
        "file": "catalogs/export.csv",
        "currency": "GBP",
        "product_url": '"https://shop.example/products/{handle}"',
    },
    "Question": {
        "id": "brew",
        "ask": "How do you make coffee at home?",
        "help": "Pick the one you use most.",
        "why": "Each way of brewing wants another roast.",
        "image": "/static/img/brew.svg",
        "video": "/static/video/brew.mp4",
        "when": "{milk: [always, sometimes]}",
        "optional": "true",
        "sensitive": "true",
        "pick": "one",
    },
    "OneQuestion": {"choices_order": "shuffled"},
    "ManyQuestion": {"choices_order": "shuffled", "at_most": "3", "none_label": "None of these"},
    "Choice": {
        "id": "espresso",
        "label": "Espresso machine",
        "help": "It presses water through a fine grind.",
        "image": "/static/img/espresso.svg",
        "because": "for espresso",
        "favours": "{tag:dark-roast: 2, product:crema-blend: 1}",
        "against": "{tag:light-roast: 1}",
        "requires": "[tag:whole-bean]",
        "excludes": "[tag:may-contain-nuts]",
    },
    "Video": {
        "file": "/static/video/brew.mp4",
        "captions": "/static/video/brew.vtt",
        "poster": "/static/img/brew.svg",
        "ratio": "16:9",
        "silent": "true",
    },
    "AnyOf": {"any": "[tag:espresso, tag:filter]"},
    "ScaleQuestion": {"limits": "price", "at_least": "strength", "near": "{strength: 2}"},
    "Scale": {
        "from": "8",
        "to": "30",
        "step": "2",
        "unit": "GBP",
        "low": "Mild",
        "high": "Very strong",
        "or_more": "true",
        "or_less": "true",
    },
    "OfferSpec": {
        "show": "3",
        "headline": "Your coffees",
        "skip_label": "See all coffees without the quiz",
        "products": "coffees",
        "button": "basket",
        "sections": "[{id: serum, title: Serum, only: [type:Serum]}]",
    },
    "OfferSection": {
        "id": "cleanser",
        "title": "Cleanser",
        "only": "[type:Cleanser]",
        "show": "1",
    },
    "Experiment": {"name": "spring", "holdout_share": "0.2", "window_days": "7", "minimum_effect": "0.5"},
    "Threshold": {"at_least": "20", "at_most": "40"},
    "Unless": {"not": "[moka]"},
}

WHEN = """## When

`when` names earlier questions and their answers; the question is asked only if all of them hold. A question that was
not asked itself holds nothing, `not` neither; one that was skipped has no answer, which is what `not` asks for.

| written | asked |
| --- | --- |
| `when: {brew: espresso}` | after this answer |
| `when: {brew: [espresso, moka]}` | after any of these; with `pick: many`, where any of them is among the answers |
| `when: {brew: espresso, milk: always}` | after both |
| `when: {budget: {at_least: 20}}` | after 20 or more on a scale; `at_most` for 20 or less; both for what lies between |
| `when: {brew: {not: [moka, filter]}}` | unless one of these is the answer, or among several |
| `when: {budget: {not: {at_least: 20}}}` | after less than 20, or where the question was skipped |
| `when: [{brew: espresso}, {milk: always}]` | after either |"""

TEXTS = """## Answers in texts

A text may repeat an earlier answer: the id of its question in braces. `ask`, `help` and `why` of a question, `help` and
`because` of a choice, and the offer's `headline` can; a label, the title and the promise cannot.

| written | reads |
| --- | --- |
| `ask: How strong shall your {brew} be?` | "How strong shall your Moka pot be?": the choice's label |
| `help: You like {taste}.` | "You like Berries and Caramel.": several labels, joined as the language does it |
| `headline: Coffees up to {budget}` | "Coffees up to £16": a number with its unit |

`quizfunnel check` proves for every way through the quiz that the answer is there, so that no sentence is ever broken:
the question is asked before on each of them, is not skipped there, and is not answered with none of its choices. Where
it may be, the text belongs to a question that is asked `when` there is an answer. A `sensitive` answer is repeated
nowhere. Labels are put in as they are written, capitals and all; "You chose {brew}." reads well with any of them.
Figures for analysts say "…" in their place, and a shared result has the quiz's title where the headline repeats an
answer. Braces for anything else are an error.

## Emphasis, links, line breaks

`promise`, `help` and `why` take a little Markdown; a choice's `help`, which is pressed together with its label, takes
it without links.

| written | is shown as |
| --- | --- |
| `*gentle*`, `**gentle**` | emphasis, and more of it |
| `[our guide](https://shop.example/grinding)` | a link, in a tab of its own, to one of the shop's hosts |
| the end of a line, in a text of several lines | a line break |
| `\\*` | a star |

An address that is a path, as `/pages/grinding`, is the shop's; `/static/...` and `/q/...` are files and quizzes here.
Nothing else is Markdown: headings, lists, pictures, code and HTML stay as they are written, and `check` says so. A
link to another host than the shop's is shown as its words alone. Whatever is no HTML, as the description that search
engines show, has the words without the marks."""

RULES = """## Naming things in rules

`favours` and `against` give points, `requires` and `excludes` are rules that no offer breaks: `requires` leaves the
products that have all of what it lists, `excludes` those that have none of it. All of them name products by what the
catalogue says of them, as `KIND:VALUE` without a space behind the colon:

| written | names the products |
| --- | --- |
| `tag:dark-roast` | with this tag, letter by letter as in the catalogue |
| `product:crema-blend` | with this id: one product |
| `type:Beans` | of this type |
| `vendor:Fernhill Roasters` | of this vendor |
| `strength:3` | with this value in the column `strength`; so for any further column of the catalogue |

`limits`, `at_least` and `near` name a column of numbers by its name alone: `price`, `strength`. No rule can name
`cost`.

`quizfunnel catalog tags quizzes/coffee.yaml` lists everything that a catalogue can be named by, each with how many
products have it. It takes the file of a catalogue as well as a quiz, and `--json`."""

"""Each rule of the check, with its line, its column and its remedy; all findings at once."""

import os
from pathlib import Path

import pytest

from quizfunnel.quiz.check.run import check_file, check_quiz
from tests.quiz.files import CATALOG, QUIZ, changed, lay


def _said(tmp_path: Path, *changes: tuple[str, str], catalog: str = CATALOG, text: str = QUIZ) -> list[str]:
    path = lay(tmp_path, changed(*changes, text=text), catalog=catalog)
    return [finding.text().removeprefix("q/") for finding in check_quiz(path, name="q/coffee.yaml")]


def test_a_good_quiz_has_no_findings(tmp_path: Path) -> None:
    """Nothing is said of the good file; its shortest and longest path are told as answers."""
    result = check_file(lay(tmp_path), name="coffee.yaml")
    assert result.findings == []
    assert result.reader == "native CSV"
    assert result.summary == (
        "coffee.yaml: shortest path 5 questions (brew=moka, moment=morning, avoid=none, budget=12, strength=1); "
        "longest path 6 questions (brew=espresso, grinder=yes, moment=morning, avoid=none, budget=12, strength=1)"
    )


MORE = """\
  - id: extra-{0}
    ask: One more question?
    pick: one
    choices: [{{id: a, label: A}}, {{id: b, label: B}}]
"""


def test_rule_1_a_path_too_long_or_too_short_is_shown_as_answers(tmp_path: Path) -> None:
    """Paths of 4 and of 9 questions are errors that name the answers."""
    short = _said(tmp_path, ("  - id: moment\n", "  - id: moment\n    when: {brew: espresso}\n"))
    assert short == [
        (
            "coffee.yaml:5:1: error: a path asks only 4 questions (brew=moka, avoid=none, budget=12, strength=1); "
            "ask 5 to 8 on every path"
        )
    ]
    more = "".join(MORE.format(n) for n in range(3))
    long = _said(tmp_path, ("offer:\n", f"{more}offer:\n"))
    assert len(long) == 1
    assert long[0].startswith("coffee.yaml:5:1: error: a path asks 9 questions (brew=espresso, grinder=yes, ")


CHOICES = ", ".join(f"{{id: c{n}, label: C{n}}}" for n in range(14))
TANGLED = f"  - {{id: many, ask: Which of these?, pick: many, choices: [{CHOICES}]}}\n" + "".join(
    MORE.format(n) + f"    when: {{many: c{n}}}\n" for n in range(14)
)


def test_rule_1_a_quiz_too_tangled_is_said_so(tmp_path: Path) -> None:
    """The bound on states is an error at the question where it was passed: fourteen choices can be set 16,384 ways."""
    found = _said(tmp_path, ("offer:\n", f"{TANGLED}offer:\n"))
    assert found == [
        (
            "coffee.yaml:44:10: error: the quiz is too tangled to walk: after this question its `when`s tell more than "
            "10,000 states apart; let fewer questions depend on each other"
        )
    ]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{brw: espresso}", "15:12: error: `when` names `brw`, and there is no such question; did you mean `brew`?"),
        ("{budget: {at_least: 3}}", ("15:12: error: `when` names `budget`, which is not asked before this question; "
                                    "name an earlier one")),
        ("{grinder: yes}", ("15:12: error: `when` names `grinder`, which is not asked before this question; "
                           "name an earlier one")),
        ("{brew: [espresso, filtre]}", "15:29: error: `brew` has no choice `filtre`; did you mean `filter`?"),
        ("{brew: {at_least: 3}}", "15:18: error: `brew` has choices, not numbers; name some of them, like [espresso]"),
        ("[{brew: moka}, {brw: moka}]", ("15:27: error: `when` names `brw`, and there is no such question; "
                                        "did you mean `brew`?")),
    ],
)  # fmt: skip
def test_rule_2_a_when_names_earlier_questions_and_their_answers(tmp_path: Path, when: str, said: str) -> None:
    """Unknown, later and own questions, unknown choices and the wrong kind of condition are errors."""
    assert _said(tmp_path, ("{brew: [espresso, filter]}", when)) == [f"coffee.yaml:{said}"]


def test_rule_2_a_scale_is_compared_with_numbers(tmp_path: Path) -> None:
    """A choice named for a scale is an error."""
    found = _said(tmp_path, ("  - id: strength\n", "  - id: strength\n    when: {budget: low}\n"))
    assert found == ["coffee.yaml:39:20: error: `budget` is a scale; write {at_least: NUMBER} or {at_most: NUMBER}"]


def test_rule_2_a_question_that_nobody_can_reach_is_an_error(tmp_path: Path) -> None:
    """A threshold above the scale opens nothing."""
    found = _said(tmp_path, ("  - id: strength\n", "  - id: strength\n    when: {budget: {at_least: 99}}\n"))
    assert "coffee.yaml:39:11: error: nobody can reach the question `strength`; change its `when` or remove it" in found


def test_rule_3_ids_are_unique_and_free(tmp_path: Path) -> None:
    """A question's id, a choice's id and an address of the program's own are each refused at their place."""
    assert _said(tmp_path, ("id: moment", "id: brew")) == [
        "coffee.yaml:20:9: error: the question id `brew` stands already in line 6; choose another"
    ]
    assert _said(tmp_path, ("id: moka", "id: filter")) == [
        "coffee.yaml:12:14: error: the choice id `filter` stands twice in this question; choose another"
    ]
    assert _said(tmp_path, ("id: moment", "id: offer")) == [
        "coffee.yaml:20:9: error: `offer` is an address of the program's own; choose another id"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{tag:dark-roast: 2}", "{tag:dark-rost: 2}",
         "10:51: error: no product of the catalogue has tag `dark-rost`; did you mean `dark-roast`?"),
        ("favours: {tag:ground: 2}", "requires: [tag:grund]",
         "19:44: error: no product of the catalogue has tag `grund`; did you mean `ground`?"),
        ("favours: {tag:ground: 2}", 'excludes: ["product:dark-grnd"]',
         "19:44: error: no product of the catalogue has product `dark-grnd`; did you mean `dark-ground`?"),
        ("against: {tag:light-roast: 2}", "against: {colour:red: 2}",
         "32:46: error: the catalogue has no column `colour`; there are product, strength, tag, type, vendor"),
        ("against: {tag:light-roast: 2}", "against: {strength:9: 2}",
         "32:46: error: no product of the catalogue has strength `9`; there are 1, 2, 3, 4, 5"),
        ("near: {strength: 1}", "near: {strenght: 1}",
         "42:12: error: `strenght` is no column of the catalogue; did you mean `strength`?"),
        ("limits: price", "limits: weight",
         "37:13: error: `weight` is no column of the catalogue; there are price, strength"),
        ("unit: GBP", "unit: EUR",
         "36:46: error: the scale is in EUR, the catalogue's prices are in GBP; use one currency"),
    ],
)  # fmt: skip
def test_rule_4_what_a_rule_names_is_in_the_catalogue(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A typo gets the nearest name."""
    assert _said(tmp_path, (old, new)) == [f"coffee.yaml:{said}"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("limits: price", "limits: cost", "37:13"),
        ("near: {strength: 1}", "near: {cost: 1}", "42:12"),
        ("against: {tag:light-roast: 2}", "against: {cost:4: 2}", "32:46"),
    ],
)
def test_rule_4_no_rule_names_what_a_product_costs_the_store(tmp_path: Path, old: str, new: str, place: str) -> None:
    """It would show in the offers; the catalogue may well have such a column."""
    (said,) = _said(tmp_path, (old, new))
    assert said.startswith(f"coffee.yaml:{place}: error: `cost` is what a product costs the store: no rule may name it")


def test_rule_4_an_attribute_by_its_number_is_found_however_it_is_written(tmp_path: Path) -> None:
    """`strength:5.0` is what the catalogue calls 5."""
    assert _said(tmp_path, ("against: {tag:light-roast: 2}", "against: {strength:5.0: 2}")) == []


def test_rule_4_the_odd_row_of_a_column_of_numbers_is_named(tmp_path: Path) -> None:
    """One word in it makes a text of the column; a column of words is none that numbers are compared with."""
    catalog = CATALOG.replace('"decaf,ground",,3', '"decaf,ground",,"2,5"')
    (said,) = _said(tmp_path, catalog=catalog)
    assert said == (
        "coffee.yaml:42:12: error: `strength` is compared with numbers, and `decaf-ground` has '2,5' there, in line 7 "
        "of the catalogue; write a number"
    )
    words = CATALOG
    for number, word in zip("12345", ("mild", "soft", "round", "strong", "bold"), strict=True):
        words = words.replace(f",,{number}\n", f",,{word}\n")
    (said,) = _said(tmp_path, catalog=words)
    assert said.startswith("coffee.yaml:42:12: error: `strength` does not hold numbers only")
    _, said = _said(tmp_path, catalog=f"{CATALOG}odd,Odd,no price,GBP,/p/odd,,,strong\n")
    assert said.startswith("coffee.yaml:42:12: error: `strength` has a word in a row that is left out")


def test_rule_4_products_without_the_attribute_of_a_limit_are_told(tmp_path: Path) -> None:
    """A product whose attribute is not known cannot be proven to fit: it is left out, and the check says how many."""
    catalog = CATALOG.replace('"dark-roast,whole-bean",,5', '"dark-roast,whole-bean",,')
    found = _said(tmp_path, ("near: {strength: 1}", "at_least: strength"), catalog=catalog)
    assert found[0] == (
        "coffee.yaml:42:15: warning: 1 of 6 products have no `strength`, so that nothing proves that they fit; "
        "who answers this is not shown them. Fill the column"
    )


def test_rule_5_one_answer_that_leaves_nothing_is_an_error(tmp_path: Path) -> None:
    """A choice, a selection and a scale's smallest value are each named."""
    found = _said(
        tmp_path, ("from: 12", "from: 8"), ("favours: {tag:ground: 2}", "excludes: [tag:ground, tag:whole-bean]")
    )
    assert found == [
        (
            "coffee.yaml:19:14: error: the answer `no` alone leaves no product: none fits “No” to `grinder` (excludes "
            "tag:ground and tag:whole-bean); change its rule, or add a product"
        ),
        (
            "coffee.yaml:37:13: error: the answer `8` alone leaves no product: none fits £8.00 or less to `budget` "
            "(limits price); let the scale go from 10 to 30, or add a product"
        ),
    ]


def test_rule_5_what_sells_out_takes_no_quiz_down(tmp_path: Path) -> None:
    """An answer that only the stock leaves without a product is a warning."""
    catalog = CATALOG.replace('"decaf,whole-bean",,', '"decaf,whole-bean",0,')
    catalog = catalog.replace('"decaf,ground",,', '"decaf,ground",0,')
    found = _said(tmp_path, ("favours: {tag:decaf: 3}", "requires: [tag:decaf]"), catalog=catalog)
    assert all(": warning: " in line for line in found)
    assert found[0].endswith(
        "get no product: nothing in stock fits “Caffeine” to `avoid` (requires tag:decaf); add a product that does, or "
        "loosen this rule"
    )


def test_rule_6_a_product_that_no_path_leaves_is_told(tmp_path: Path) -> None:
    """Whatever one answers, something forbids it."""
    found = _said(
        tmp_path,
        ("favours: {tag:dark-roast: 2}", "excludes: [product:dark-bean]"),
        ("favours: {tag:light-roast: 2}", "excludes: [product:dark-bean]"),
        ("{id: moka, label: Moka pot}", "{id: moka, label: Moka pot, excludes: [product:dark-bean]}"),
    )
    assert (
        "coffee.yaml:5:1: warning: nobody will ever be shown `dark-bean`: every path has an answer that forbids it; "
        "loosen a rule"
    ) in found


def test_rule_7_a_promise_that_cannot_hold_is_told(tmp_path: Path) -> None:
    """Ten minutes for six short questions is no honest promise."""
    found = _said(tmp_path, ("minutes: 1", "minutes: 10"))
    assert len(found) == 1
    assert found[0].startswith("coffee.yaml:3:10: warning: 10 minutes are promised; by their words the questions take ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("skip_label: See all coffees without the quiz", "skip_label: No thanks, I hate good coffee",
         "47:15: warning: 'No thanks, I' reads as shaming and presses the shopper"),
        ("skip_label: See all coffees without the quiz", "skip_label: Stay with boring coffee",
         "47:15: warning: the way out is not among the labels known to be neutral"),
        ("headline: Your coffees", "headline: Hurry, only 3 left",
         "46:13: warning: 'Hurry' reads as urgency and presses the shopper"),
        ("ask: When do you enjoy it most?", "ask: What is your email?",
         "21:10: warning: a result must not need an e-mail address"),
        ("none_label: Nothing", "none_label: I don't care about my health",
         "29:17: warning: `none_label` says more than that none of these fits"),
        ("  - id: avoid\n", "  - id: avoid\n    sensitive: true\n",
         "26:5: warning: a sensitive question says why it is asked, and can be skipped; add `why` and `optional"),
        ("title: Find your coffee", "title: Find your coffee\nlanguage: de",
         "48:15: warning: the way out is not among the labels known to be neutral"),
    ],
)  # fmt: skip
def test_rule_8_wording_that_shames_or_presses_is_found(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Ways out are held against what is known to be neutral, the shop's voice against what presses: both warn."""
    found = _said(tmp_path, (old, new))
    assert len(found) == 1
    assert found[0].startswith(f"coffee.yaml:{said}")


def test_every_finding_comes_at_once_causes_first(tmp_path: Path) -> None:
    """Rows of the catalogue, then ids, names and wording by line; what shoppers would get of that is not told."""
    catalog = CATALOG + "bad,,1,GBP,/p/bad,,,1\n"
    found = _said(
        tmp_path,
        ("headline: Your coffees", "headline: Last chance"),
        ("id: moka", "id: filter"),
        ("{tag:decaf: 2}", "{tag:decaff: 2}"),
        ("from: 12", "from: 10"),
        catalog=catalog,
    )
    assert [line.split(":")[:2] for line in found] == [
        ["catalogs/coffee.csv", "8"], ["coffee.yaml", "12"], ["coffee.yaml", "25"], ["coffee.yaml", "46"],
    ]  # fmt: skip


def test_one_cause_in_many_places_is_one_finding(tmp_path: Path) -> None:
    """A tag that was renamed: the first place, and the lines of the others."""
    catalog = CATALOG.replace("whole-bean", "wholebean")
    twice = ("label: First thing}", "label: First thing, favours: {tag:whole-bean: 1}}")
    found = _said(
        tmp_path, twice, ("label: Moka pot}", "label: Moka pot, favours: {tag:whole-bean: 1}}"), catalog=catalog
    )
    assert found == [
        (
            "coffee.yaml:12:47: error: no product of the catalogue has tag `whole-bean`; did you mean `wholebean`? So "
            "in 2 other lines: 18, 24"
        )
    ]


def test_a_key_misspelt_everywhere_is_one_finding(tmp_path: Path) -> None:
    """The first place, and how many lines more."""
    found = _said(tmp_path, text=QUIZ.replace("label: ", "lable: "))
    assert found[0] == (
        "coffee.yaml:10:24: error: unknown key `lable`; did you mean `label`? So in 8 other lines: 11, 12, 18, 19, 24 "
        "and 3 more"
    )


def test_a_catalogue_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    """With the nearest name beside it; a path out of the folder is refused."""
    assert _said(tmp_path, ("catalogs/coffee.csv", "catalogs/cofee.csv")) == [
        (
            "coffee.yaml:4:10: error: there is no file catalogs/cofee.csv beside the quiz; put it there or change "
            "`catalog`; did you mean `catalogs/coffee.csv`?"
        )
    ]
    for outside in ("../secret.csv", "/etc/passwd", "..\\\\secret.csv"):
        assert _said(tmp_path, ("catalogs/coffee.csv", f'"{outside}"'))[0].endswith(
            "leads out of the quizzes folder; put the catalogue inside it"
        )


@pytest.mark.parametrize(
    ("catalog", "said"),
    [
        (CATALOG.replace("id,", "number,", 1), "1:1: error: the header is of no form that can be read"),
        (CATALOG.replace(".", ":"), "2:1: error: price: '9:00' is no amount of money"),
        (CATALOG.splitlines()[0], "1:1: error: the catalogue has no rows"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_one_finding_at_its_place(tmp_path: Path, catalog: str, said: str) -> None:
    """That the quiz has no products then is only the consequence."""
    (found,) = _said(tmp_path, catalog=catalog)
    assert found.startswith(f"catalogs/coffee.csv:{said}")


def test_a_file_name_that_is_no_address_is_an_error(tmp_path: Path) -> None:
    """The stem is the quiz's slug."""
    path = lay(tmp_path, slug="My Coffee")
    assert [finding.text() for finding in check_quiz(path, name="My Coffee.yaml")] == [
        (
            "My Coffee.yaml:1:1: error: the file name 'My Coffee.yaml' becomes the quiz's address; rename it, "
            "like my-coffee.yaml"
        )
    ]
    (taken,) = check_quiz(lay(tmp_path, slug="setup"), name="setup.yaml")
    assert "/insight/setup is a page of the program's own" in taken.message


def test_what_is_no_readable_file_is_one_finding(tmp_path: Path) -> None:
    """A missing file, a folder and a pipe, which would wait for ever."""
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    said = [finding.message for n in ("none", "folder", "pipe") for finding in check_quiz(tmp_path / f"{n}.yaml")]
    assert said == ["cannot be read: No such file or directory", *["is no file; a quiz is one YAML file"] * 2]

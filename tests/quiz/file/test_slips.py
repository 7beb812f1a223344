"""The common slips of YAML: each is said in plain words, at its own line, with the line as it should be."""

from pathlib import Path

import pytest

from quizfunnel.kit.yaml.slips import cut_texts
from quizfunnel.quiz.check.run import check_file
from quizfunnel.quiz.file.load import load_text
from quizfunnel.quiz.file.vocabulary import TEXT_KEYS
from quizfunnel.quiz.file.yaml_events import QuizFileError
from tests.quiz.cases import case
from tests.quiz.files import changed, lay

MOKA = "      - id: moka\n        label: Moka pot\n        because: you use a pot\n"
FILE = changed(("      - {id: moka, label: Moka pot}\n", MOKA))
LABEL = "        label: Moka pot\n"
CATALOG = "catalog: catalogs/coffee.csv\n"


def _findings(text: str) -> list[str]:
    try:
        load_text(text, "q.yaml")
    except QuizFileError as error:
        return [finding.text() for finding in error.findings]
    return []


@pytest.mark.parametrize(
    ("old", "new", "place", "wrong", "mended"),
    [
        (LABEL, "\t\tlabel: Moka pot\n", "13:1", "begins with a tab", LABEL),
        (LABEL, "        \tlabel: Moka pot\n", "13:1", "begins with a tab", LABEL),
        (LABEL, "       label: Moka pot\n", "13:1", "1 space too few", LABEL),
        (LABEL, "         label: Moka pot\n", "13:1", "1 space too many", LABEL),
        ("      - id: moka\n", "     - id: moka\n", "12:1", "1 space too few", "      - id: moka"),
        ("  headline: Your coffees", " headline: Your coffees", "48:1", "1 space too few", "  headline: Your coffees"),
        ("  show: 3", " show: 3", "47:1", "1 space too few", "  show: 3"),
        ("title: Find your coffee", " title: Find your coffee", "1:1", "1 space too many", "title: Find your coffee"),
        ("label: Moka pot\n", "label: Moka: the pot\n", "13:16", "colon and a space", 'label: "Moka: the pot"'),
        ("label: Moka pot\n", "label: Moka:\n", "13:16", "colon and a space", 'label: "Moka:"'),
        ("label: First thing", "label: First: thing", "26:30", "colon and a space", 'label: "First: thing"}'),
        ("label: First thing", "label: First #1", "26:30", "` #` begins a comment", '{id: morning, label: "First #1"}'),
        ("label: Moka pot\n", 'label: "Moka" pot\n', "13:16", 'after its closing "', "label: '\"Moka\" pot'"),
        ("label: Moka pot\n", "label: 'Tis moka\n", "13:16", "must end with it", "label: \"'Tis moka\""),
        ("label: Moka pot\n", 'label: "Moka\n', "13:16", "must end with it", 'label: "Moka"'),
        *(
            ("label: Moka pot\n", f"label: {sign}Moka\n", "13:16", f"with {sign.strip()} must", f'"{sign}Moka"')
            for sign in ["@", "%", "`", "? ", "*", "&", "!", ">", "[", "{", ", ", "- ", "#"]
        ),
        ("label: First thing", "label: First, thing", "26:30", "inside braces a comma", 'label: "First, thing"}'),
        ("label: First thing", "label: Yes, please, do", "26:30", "inside braces a comma", 'label: "Yes, please, do"}'),
        ("label: First thing", "label: Over 1,200 g", "26:30", "inside braces a comma", 'label: "Over 1,200 g"}'),
        (LABEL, "\N{NO-BREAK SPACE}       label: Moka pot\n", "13:1", "begins with a no-break space", LABEL),
        (LABEL, "        \N{NO-BREAK SPACE}label: Moka pot\n", "13:1", "begins with a no-break space", LABEL),
        (LABEL, "        label:\N{NO-BREAK SPACE}Moka pot\n", "13:1", "a no-break space stands where", LABEL),
        (LABEL, "        label:Moka pot\n", "13:15", "a space behind its colon", LABEL),
        (LABEL, "        label Moka pot\n", "13:14", "needs a colon behind it", LABEL),
        (LABEL, "        label = Moka pot\n", "13:14", "needs a colon behind it", LABEL),
        ("questions:", "questions", "5:10", "needs a colon behind it", "questions:"),
        ("  - id: moment", "  -id: moment", "22:3", "a hyphen needs a space", "  - id: moment"),
        ("  - id: moment", "  id: moment", "22:3", "begins with a hyphen", "  - id: moment"),
        ("label: First thing}", "label: First thing", "26:41", "brackets of this line", "label: First thing}"),
        ("label: First thing}", "label: First thing}}", "26:43", "brackets of this line", "label: First thing}"),
        ("label: First thing}", "label: First {thing}}", "26:30", "text with brackets", 'label: "First {thing}"}'),
        ("{id: morning, label", "{id: morning label", "26:21", "a comma stands", "{id: morning, label: First thing}"),
        ("{id: morning, label: First thing}", "id: morning, label: First thing", "26:9", "in braces", "First thing}"),
        ("when: {brew: [espresso, filter]}", "when: brew: [espresso, filter]", "17:11", "in braces", "filter]}"),
        ("filter]}\n", "filter}\n", "17:35", "brackets of this line", "[espresso, filter]}"),
        ("favours: {tag:decaf: 3}", "favours: {tag: decaf: 3}", "33:55", "no space in it", "favours: {tag:decaf: 3}}"),
        ("favours: {tag:decaf: 3}", "favours: {tag:decaf 3}", "33:60", "points stand", "favours: {tag:decaf: 3}}"),
        ("favours: {tag:decaf: 3}", "requires: tag:decaf", "33:51", "is a list, in square", "requires: [tag:decaf]}"),
        ("catalog: ", "catalog ", "4:8", "needs a colon behind it", "catalog: catalogs/coffee.csv"),
        ("catalog: c", "catalog: @c", "4:10", "begins with @", 'catalog: "@catalogs/coffee.csv"'),
        (CATALOG, 'catalog: "catalogs/coffee.csv\n', "4:10", 'begins with " must', 'catalog: "catalogs/coffee.csv"'),
        (CATALOG, "catalog: {file: c.csv currency: GBP}\n", "4:22", "a comma stands", "{file: c.csv, currency: GBP}"),
        (CATALOG, "catalog: {file: c.csv, currency: GBP\n", "4:37", "brackets of this", "{file: c.csv, currency: GBP}"),
        (CATALOG, "catalog: {file:c.csv, currency: GBP}\n", "4:11", "colon and a", "{file: c.csv, currency: GBP}"),
        (CATALOG, "catalog: {file: c.csv, product_url: https://s.example/{id}}\n", "4:37", "an address with braces",
         'product_url: "https://s.example/{id}"}'),
        (CATALOG, "catalog:\n  file: c.csv\n  product_url: {id}/x\n", "6:16", "an address with braces", '"{id}/x"'),
        (CATALOG, "catalog:\n  file: c.csv\n currency: GBP\n", "6:1", "1 space too few", "  currency: GBP"),
        (CATALOG, "catalog: c.csv\n  currency: GBP\n", "4:10", "needs a key of its own", "below it `  file: c.csv"),
    ],
)  # fmt: skip
def test_a_slip_is_said_with_the_line_mended(old: str, new: str, place: str, wrong: str, mended: str) -> None:
    """One finding, at the slip's own line, that ends with the line as it is right."""
    (finding,) = _findings(changed((old, new), text=FILE))
    assert finding.startswith(f"q.yaml:{place}: error: ")
    assert wrong in finding
    assert finding.endswith(mended.rstrip("\n") + "`")


def test_the_lines_that_are_shown_make_the_file_good() -> None:
    """Several slips are said at once, each at its line."""
    broken = changed((LABEL, "       label: Moka: pot\n"), ("label: First thing", "label: First, thing"), text=FILE)
    places = [finding.split(": ")[0] for finding in _findings(broken)]
    assert places == ["q.yaml:13:1", "q.yaml:26:30"]


def test_other_faults_of_the_file_are_said_too() -> None:
    """A slip hides nothing that is wrong besides."""
    broken = changed((LABEL, "       label: Moka pot\n"), ("pick: many", "pick: mani"), text=FILE)
    assert ["space too few" in finding or "`pick` is 'mani'" in finding for finding in _findings(broken)] == [
        True,
        True,
    ]


def test_a_guess_that_breaks_a_file_hides_no_faults() -> None:
    """A key that stands twice ends the reading too: what else is wrong is not gone by it."""
    choices = "    choices: [{id: yes, label: Yes}, {id: no, label: No}]\n"
    old = FILE[FILE.index('    choices:\n      - {id: "yes"') : FILE.index("  - id: moment")]
    text = changed(
        ("minutes: 1", 'minutes: "1"'),
        (old, choices),
        ("    pick: scale\n    scale: {from: 12", "    pick: scale\n    scale: {form: 12"),
        text=FILE,
    )
    assert [finding.partition("error: ")[2] for finding in _findings(text)] == [
        "`minutes` must be a number",
        "unknown key `form`; did you mean `from`?",
    ]


def test_a_slip_that_is_not_proven_is_not_said() -> None:
    """A file broken in another way says where its reading ended, and in plain words what to look at."""
    (finding,) = _findings("a: 1\nb\n")
    assert finding == "q.yaml:3:1: error: this is no YAML: a key above has no colon behind it"


@pytest.mark.parametrize(
    ("new", "mended"),
    [
        ("label: Moka pot #1\n", '`        label: "Moka pot #1"`'),
        ("label: Moka pot # one\n", '`        label: "Moka pot # one"`'),
        ("label: Moka pot  # a comment\n", ""),
        ("label: Moka pot#1\n", ""),
        ("label: 'Moka pot' # a comment\n", ""),
    ],
)
def test_a_text_that_a_comment_cuts_short_is_warned_of(tmp_path: Path, new: str, mended: str) -> None:
    """One space before the number sign is as likely meant for shoppers; two are a comment."""
    findings = check_file(lay(tmp_path, changed(("label: Moka pot\n", new), text=FILE)), name="q.yaml").findings
    assert [finding.text().startswith("q.yaml:13:16: warning: ` #` begins") for finding in findings] == [True] * bool(
        mended
    )
    assert all(mended in finding.message for finding in findings)


def test_a_line_inside_a_longer_text_is_no_key(tmp_path: Path) -> None:
    """What looks like a key inside a text of several lines is read as text, and left alone."""
    text = changed(
        ("    ask: Anything you avoid?\n", "    ask: Anything you avoid?\n    help: |\n      label: Moka #1\n"),
        text=FILE,
    )
    assert check_file(lay(tmp_path, text), name="q.yaml").findings == []


def test_the_case_of_a_label_cut_short() -> None:
    """Label and reason are both told."""
    text = case("faults/hash-cuts-a-label/choice.yaml").read_text(encoding="utf-8")
    assert [slip.line for slip in cut_texts(text, TEXT_KEYS)] == [2, 3]


@pytest.mark.parametrize(("name", "line"), [("22d-comma-in-flow", 40), ("22h-nbsp-indent", 27)])
def test_the_cases_of_slips_are_told_at_their_line(name: str, line: int) -> None:
    """A comma in braces and a no-break space, in whole quizzes."""
    (finding,) = check_file(case(f"faults/{name}/coffee.yaml"), name="q.yaml").findings
    assert (finding.line, "; write it as `" in finding.message) == (line, True)

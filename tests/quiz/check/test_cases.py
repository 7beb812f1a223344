"""Faults that trials found: each is one finding, at its cause, and doing what it says mends the quiz."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from quizfunnel.quiz.check.run import check_file
from tests.quiz.cases import case


def _replaced(file: str, old: str, new: str, encoding: str = "utf-8-sig") -> Callable[[Path], None]:
    """Return the mending of a copied case that exchanges a text everywhere in a file."""

    def mend(folder: Path) -> None:
        path = folder / file
        path.write_text(path.read_bytes().decode(encoding).replace(old, new), encoding="utf-8")

    return mend


def _points(folder: Path) -> None:
    """Write a decimal point in each price and cost of the copied catalogue."""
    path = folder / CATALOG
    path.write_text(re.sub(r'"(\d+),(\d\d)"', r"\1.\2", path.read_text(encoding="utf-8")), encoding="utf-8")


CATALOG, QUIZ = "catalogs/coffee.csv", "coffee.yaml"


@pytest.mark.parametrize(
    ("name", "place", "said", "mend"),
    [
        ("07-tag-renamed-in-catalogue", f"{QUIZ}:38:20: error", "did you mean `wholebean`",
         _replaced(QUIZ, "tag:whole-bean", "tag:wholebean")),
        ("10-windows-1252", f"{CATALOG}:1:1: warning", "else save it as “CSV UTF-8”",
         _replaced(CATALOG, "", "", "cp1252")),
        ("28f-price-zero", f"{CATALOG}:2:1: warning", "`harbour-blend-beans` costs nothing; write the price",
         _replaced(CATALOG, ",0,GBP", ",11.50,GBP")),
        ("28h-mixed-currency", f"{CATALOG}:2:1: warning", "write its price in GBP",
         _replaced(CATALOG, ",EUR,", ",GBP,")),
        ("26b-hurry-in-because", f"{QUIZ}:17:18: warning", "say what is true without it",
         _replaced(QUIZ, "only 3 left in stock", "you pull espresso")),
        ("22d-comma-in-flow", f"{QUIZ}:40:27: error", '`      - {id: "no", label: "Ground for me, please", ',
         _replaced(QUIZ, "label: Ground for me, please", 'label: "Ground for me, please"')),
        ("22h-nbsp-indent", f"{QUIZ}:27:1: error", "write it as `        label: Moka pot`",
         _replaced(QUIZ, "\N{NO-BREAK SPACE}", " ")),
    ],
)  # fmt: skip
def test_one_finding_at_the_cause_whose_remedy_works(
    tmp_path: Path, name: str, place: str, said: str, mend: Callable[[Path], None]
) -> None:
    """The guilty row or line is named and nothing that only follows from it; then nothing is left to mend."""
    shutil.copytree(case(f"faults/{name}/{QUIZ}").parent, tmp_path / "case", copy_function=shutil.copyfile)
    (finding,) = check_file(tmp_path / "case" / QUIZ, name=QUIZ).findings
    assert finding.text().startswith(place)
    assert said in finding.message
    mend(tmp_path / "case")
    assert check_file(tmp_path / "case" / QUIZ, name=QUIZ).findings == []


def test_rules_that_all_hold_say_how_one_of_them_is_enough(tmp_path: Path) -> None:
    """Beans for espresso or filter that are required to be for both: each finding of it has the list as it is meant."""
    shutil.copytree(case(f"faults/requires-any/{QUIZ}").parent, tmp_path / "case", copy_function=shutil.copyfile)
    meant = "{any: [tag:espresso, tag:filter]}"
    findings = check_file(tmp_path / "case" / QUIZ, name=QUIZ).findings
    assert sum(meant in finding.message for finding in findings) == 3
    _replaced(QUIZ, "[tag:espresso, tag:filter]", f"[{meant}]")(tmp_path / "case")
    (left,) = check_file(tmp_path / "case" / QUIZ, name=QUIZ).findings
    assert "nobody will ever be shown `market-cross-beans`" in left.message  # beans for the cafetière alone


def test_a_column_of_decimal_commas_is_one_finding(tmp_path: Path) -> None:
    """At its first row, with the price as it should be and the other lines."""
    shutil.copytree(case(f"faults/08-price-comma/{QUIZ}").parent, tmp_path / "case", copy_function=shutil.copyfile)
    (finding,) = check_file(tmp_path / "case" / QUIZ, name=QUIZ).findings
    assert finding.text() == (
        f"{CATALOG}:2:1: error: price: '11,50' has a comma before its decimals; write 11.50; this row is left out; so "
        "in 30 other lines: 3, 4, 5, 6, 7 and 25 more"
    )
    _points(tmp_path / "case")
    assert check_file(tmp_path / "case" / QUIZ, name=QUIZ).findings == []


def test_a_spreadsheets_own_way_of_saving_needs_no_remedy(tmp_path: Path) -> None:
    """Semicolons and a byte order mark are read as they are meant."""
    shutil.copytree(
        case(f"faults/09-excel-semicolon-bom/{QUIZ}").parent, tmp_path / "case", copy_function=shutil.copyfile
    )
    assert check_file(tmp_path / "case" / QUIZ, name=QUIZ).findings == []

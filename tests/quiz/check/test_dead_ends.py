"""Dead ends are told by the answers and the rules that make them, and by the share of shoppers who meet them."""

import re
from pathlib import Path

import pytest

from quizfunnel.quiz.check.run import check_file
from tests.quiz.cases import case
from tests.quiz.files import CATALOG, changed, lay

DECAF = ("favours: {tag:decaf: 3}", "requires: [tag:decaf]")
FROM_TEN = ("from: 12, to: 30", "from: 10, to: 30")


def _said(tmp_path: Path, *changes: tuple[str, str], catalog: str = CATALOG) -> list[str]:
    findings = check_file(lay(tmp_path, changed(*changes), catalog=catalog), name="coffee.yaml").findings
    return [finding.text() for finding in findings if re.search("get (no|fewer)", finding.message)]


def _share(text: str) -> float:
    found = re.search(r"(\d+)% of simulated shoppers", text)
    assert found
    return int(found[1]) / 100


def test_the_two_answers_and_their_rules_are_named(tmp_path: Path) -> None:
    """Decaf at ten pounds: a half chooses caffeine, one in eleven says ten."""
    empty, few, _ = _said(tmp_path, DECAF, FROM_TEN)
    assert empty.startswith("coffee.yaml:37:13: warning: ")
    assert empty.endswith(
        "% of simulated shoppers get no product: nothing in stock fits both “Caffeine” to `avoid` (requires tag:decaf) "
        "and £10.00 or less to `budget` (limits price); add a product that does, or loosen one of these rules"
    )
    assert _share(empty) == pytest.approx(1 / 2 / 11, abs=0.02)
    assert few.endswith(
        "get fewer than the 3 products that `show` promises: at most 2 fit “Caffeine” to `avoid` (requires tag:decaf); "
        "add some that do, loosen this rule, or lower `show`"
    )
    assert _share(few) == pytest.approx(1 / 2 * 10 / 11, abs=0.04)


def test_a_bound_is_told_where_it_begins_to_hurt(tmp_path: Path) -> None:
    """Decaf for 11.00 and 11.50: ten pounds and eleven are one cause, told by the larger."""
    catalog = CATALOG.replace("11.00,GBP", "12.50,GBP").replace("11.50,GBP", "12.60,GBP")
    (empty, *_) = _said(tmp_path, DECAF, ("from: 12, to: 30", "from: 10, to: 30"), catalog=catalog)
    assert "£12.00 or less to `budget` (limits price)" in empty
    assert _share(empty) == pytest.approx(1 / 2 * 2 / 11, abs=0.03)


def test_many_causes_are_told_together(tmp_path: Path) -> None:
    """The three commonest each, the rest in one finding."""
    catalog = CATALOG + "".join(f"only-{n},Only {n},10.00,GBP,/p/{n},only-{n},,1\n" for n in range(6))
    choices = "".join(f"\n      - {{id: a{n}, label: A {n}, requires: [tag:only-{n}]}}" for n in range(6))
    (*told, rest) = _said(
        tmp_path,
        (
            "label: Acidity, against: {tag:light-roast: 2}}",
            f"label: Acidity, against: {{tag:light-roast: 2}}}}{choices}",
        ),
        catalog=catalog,
    )
    assert len([line for line in told if "get no product: " in line]) == 3
    assert "other reasons, the first: " in rest


def test_a_catalogue_that_is_too_small_is_no_rules_fault(tmp_path: Path) -> None:
    """With two products in stock nobody can be shown three."""
    catalog = CATALOG.replace('-roast,whole-bean",,', '-roast,whole-bean",0,').replace('ground",,', 'ground",0,')
    catalog += "another,Another,10.00,GBP,/p/another,decaf,,3\n"
    (said,) = _said(tmp_path, catalog=catalog)
    assert said == (
        "coffee.yaml:45:9: warning: 100% of simulated shoppers get fewer than the 3 products that `show` promises: "
        "only 2 can be bought at all; add products or lower `show`"
    )


def test_a_dead_end_that_no_simulated_shopper_met_is_proven_all_the_same(tmp_path: Path) -> None:
    """Four choices at once are more than anybody simulated takes."""
    labels = "abcdef"
    choices = "".join(f"\n      - {{id: {x}, label: {x.upper()}, excludes: [tag:t{x}]}}" for x in labels)
    rows = "".join(f"p{x},P {x},10.00,GBP,/p/{x},t{x},,1\n" for x in labels)
    header = CATALOG.splitlines()[0]
    text = changed(
        ("\n      - {id: caffeine, label: Caffeine, favours: {tag:decaf: 3}}", choices),
        ("  show: 3", "  show: 1"),
    )
    for old, new in (("tag:decaf", "tag:ta"), ("tag:dark-roast", "tag:ta"), ("tag:light-roast", "tag:tb")):
        text = text.replace(old, new)
    text = text.replace("tag:whole-bean", "tag:tc").replace("tag:ground", "tag:td")
    path = lay(tmp_path, text, catalog=f"{header}\n{rows}")
    said = [finding.message for finding in check_file(path, name="coffee.yaml").findings]
    (proven,) = [message for message in said if "get no product" in message]
    assert proven.startswith("some shoppers will, though none of 1,000 simulated ones did, get no product: ")
    assert "all of “A” to `avoid` (excludes tag:ta), “B” to `avoid` (excludes tag:tb)" in proven


def test_the_case_of_a_share_that_misleads() -> None:
    """A quarter of the shoppers, though hardly any of the combinations: one question has thousands."""
    findings = check_file(case("faults/share-misleads/quiz.yaml"), name="q.yaml").findings
    (finding,) = [each for each in findings if "get no product" in each.message]
    assert _share(finding.message) == 0.25
    assert "both “X” to `kind` (requires tag:x) and “Yes” to `cheap` (excludes tag:x)" in finding.message

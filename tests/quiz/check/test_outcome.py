"""What shoppers get is told with its remedy: one product before all, products nobody sees, filler, idle questions."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from quizfunnel.offer.choose import shown_by_rules
from quizfunnel.quiz.check.outcome import Outcome
from quizfunnel.quiz.check.run import CheckResult, check_file
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from tests.quiz.files import CATALOG, changed, lay

CHOOSER = partial(shown_by_rules, policy=PlackettLucePolicy())

Check = Callable[..., CheckResult]


@pytest.fixture
def checked(tmp_path: Path) -> Check:
    """Return the check of a changed quiz file, as the command does it."""

    def check(*changes: tuple[str, str], catalog: str = CATALOG) -> CheckResult:
        return check_file(lay(tmp_path, changed(*changes), catalog=catalog), name="q.yaml", make_chooser=CHOOSER)

    return check


def _said(result: CheckResult) -> list[str]:
    return [finding.text() for finding in result.findings]


def _outcome(result: CheckResult) -> Outcome:
    assert result.outcome is not None
    return result.outcome


def test_a_good_quiz_is_good_by_what_it_shows_too(checked: Check) -> None:
    """No finding; the shares say that everybody gets three."""
    result = checked()
    assert _said(result) == []
    assert next(_outcome(result).lines()) == (
        "of 1,000 simulated shoppers 100% get the 3 products promised, 0% get fewer, 0% get none"
    )


def test_a_product_whose_id_is_a_number_is_named_with_its_title(checked: Check) -> None:
    """As WooCommerce's are: nobody knows what 72 is. Other ids say it themselves."""
    lines = list(_outcome(checked(catalog=CATALOG.replace("dark-bean,", "72,"))).lines())
    title = next(row.split(",")[1] for row in CATALOG.splitlines() if row.startswith("dark-bean,"))
    assert f"72 ({title}) " in lines[1]
    assert any(f"72 ({title})" in line for line in lines[3:])
    assert "light-bean" in " ".join(lines)
    assert "light-bean (" not in " ".join(lines)


def test_a_product_that_most_see_first_is_told_with_the_question_that_does_it(checked: Check) -> None:
    """At the question whose answers give it most."""
    much = "favours: {product:light-bean: 3}"
    result = checked(
        ("favours: {tag:dark-roast: 2}", much),
        ("favours: {tag:light-roast: 2}", much),
        ("label: Moka pot}", f"label: Moka pot, {much}}}"),
        ("favours: {tag:ground: 2}", much),
        ("label: After dinner, favours: {tag:decaf: 2}", "label: After dinner"),
        ("favours: {tag:decaf: 3}", "against: {tag:decaf: 3}"),
        ("from: 12", "from: 14"),
    )
    (said,) = [line for line in _said(result) if " first" in line]
    assert said.startswith("q.yaml:6:9: warning: ")
    assert "% of simulated shoppers see `light-bean` first, most by their answers to `brew`; give it fewer" in said


def test_products_that_hardly_anybody_is_shown_are_told(checked: Check) -> None:
    """Those that rules allow and points leave behind: one finding for all of them."""
    rows = "".join(f"plain-{n},Plain {n},9.00,GBP,/p/plain-{n},plain,,9\n" for n in range(2))
    everybody = ("label: First thing}", "label: First thing, favours: {tag:dark-roast: 3}}")
    wished = ("near: {strength: 1}\n    optional: true", "near: {strength: 3}")
    (said,) = _said(checked(everybody, wished, catalog=CATALOG + rows))
    assert said.startswith("q.yaml:5:1: warning: hardly anybody is shown `plain-0`, `plain-1`: at most ")


def test_cards_that_no_answer_speaks_for_are_told(checked: Check) -> None:
    """Where an answer favours nothing, and the offer is filled up all the same."""
    result = checked(
        ("favours: {tag:whole-bean: 2}", "favours: {product:dark-bean: 2}"),
        ("favours: {tag:ground: 2}", "favours: {product:dark-ground: 2}"),
        ("    near: {strength: 1}\n", ""),
    )  # fmt: skip
    (said,) = [line for line in _said(result) if "gives points" in line]
    assert "% of simulated shoppers are shown a product that none of their answers gives points" in said
    assert "most often after `brew`: moka" in said


def test_questions_that_change_nothing_are_one_finding(checked: Check) -> None:
    """Of no answer, or of none that reaches the first page; a question that opens others is not meant."""
    more = "".join(
        f"  - id: more-{n}\n    ask: And now?\n    pick: one\n    choices: [{{id: a, label: A}}, {{id: b, label: B}}]\n"
        for n in range(2)
    )
    (said,) = _said(checked(("offer:\n", f"{more}offer:\n")))
    assert "the answers to `more-0`, `more-1` change next to nothing" in said


def test_each_answer_is_told_with_the_products_that_it_puts_first(checked: Check) -> None:
    """Three at most, how many more have as many points, and how many products a rule leaves."""
    lines = list(_outcome(checked(("favours: {tag:decaf: 3}", "requires: [tag:decaf]"))).lines())
    assert "    Espresso: dark-bean, dark-ground" in lines
    assert "    Moka pot: puts no product before another" in lines
    assert "    Caffeine: leaves 2 of 6 products: decaf-bean, decaf-ground" in lines
    assert "    12: leaves 4 of 6 products" in lines
    assert any(line.startswith("    5: dark-bean, dark-ground, decaf-bean and 1 more alike") for line in lines)


def test_a_scale_of_two_numbers_has_two_answers(checked: Check) -> None:
    """Of more the middle is told too; two have none."""
    outcome = _outcome(checked(("from: 1, to: 5, step: 1", "from: 1, to: 5, step: 4")))
    answers = [(first.question, first.answer) for first in outcome.firsts]
    assert answers[-2:] == [("strength", "1"), ("strength", "5")]
    assert answers[-5:-2] == [("budget", "12"), ("budget", "22"), ("budget", "30")]


def test_nothing_in_stock_is_one_finding(checked: Check) -> None:
    """There is nothing to simulate then."""
    sold_out = CATALOG.replace(",,", ",0,")
    result = checked(catalog=sold_out)
    assert _said(result) == [
        (
            "q.yaml:4:10: warning: no product can be bought now, so that nobody will be shown one; look at "
            "`stock` in the catalogue"
        )
    ]
    assert result.outcome is None


def test_a_broken_quiz_is_not_simulated(checked: Check) -> None:
    """What shoppers would get of it is only the consequence."""
    result = checked(("{tag:decaf: 2}", "{tag:decaff: 2}"))
    assert len(result.findings) == 1
    assert result.outcome is None
    assert result.summary.endswith("; what shoppers would get is told once the errors are mended")

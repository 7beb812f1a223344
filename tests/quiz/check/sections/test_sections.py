"""Sections are proven: written once, named by what is there, filled by the answers, and overlaps told."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from quizfunnel.offer.choose import shown_by_rules
from quizfunnel.quiz.check.run import CheckResult, check_file
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from tests.quiz.files import CATALOG, changed, lay

CHOOSER = partial(shown_by_rules, policy=PlackettLucePolicy())
BEANS = "{id: beans, title: To grind yourself, only: [tag:whole-bean]}"
GROUND = "{id: ground, title: Ready to brew, only: [tag:ground]}"

Said = Callable[..., list[str]]


def check(
    folder: Path, *sections: str, show: str = "", catalog: str = CATALOG, changes: tuple[tuple[str, str], ...] = ()
) -> CheckResult:
    """Return the check of the coffee quiz with its offer in sections, as the command does it."""
    listed = "".join(f"\n    - {section}" for section in sections)
    offer = ("  show: 3\n", f"{show}  sections:{listed}\n")
    return check_file(lay(folder, changed(offer, *changes), catalog=catalog), name="q.yaml", make_chooser=CHOOSER)


@pytest.fixture
def said(tmp_path: Path) -> Said:
    """Give the findings of a quiz in sections, as texts."""

    def texts(*sections: str, **more: str) -> list[str]:
        return [finding.text() for finding in check(tmp_path, *sections, **more).findings]  # type: ignore[arg-type]

    return texts


def test_a_routine_is_good_and_told(tmp_path: Path) -> None:
    """No error; how much each section chooses from, what two of them share, and what none takes."""
    result = check(tmp_path, BEANS, "{id: dark, title: Dark, only: [tag:dark-roast]}")
    assert not result.is_broken
    assert result.outcome is not None
    lines = list(result.outcome.lines())
    assert lines[0] == "of 1,000 simulated shoppers 100% get the 2 products promised, 0% get fewer, 0% get none"
    assert "`beans` shows 1 of 3 products" in lines
    assert "`dark` shows 1 of 2 products, 1 also in `beans`, which draws first" in lines
    assert "in no section, and so never shown: `light-ground`, `decaf-ground`" in lines
    told = result.outcome.as_json()
    assert told["sections"] == [
        {"section": "beans", "show": 1, "products": 3, "also_in": {}},
        {"section": "dark", "show": 1, "products": 2, "also_in": {"beans": 1}},
    ]
    assert told["in_no_section"] == ["light-ground", "decaf-ground"]


def test_a_product_that_leads_a_section_for_most_is_told_there(said: Said) -> None:
    """Of three beans decaf stands first nearly always, whatever stands in the other section."""
    assert any("see `decaf-bean` first in `beans`" in text for text in said(BEANS, GROUND))


def test_ids_and_titles_stand_once(said: Said) -> None:
    """An id twice is an error, a title twice a warning; each at the second."""
    texts = said(BEANS, BEANS)
    assert any("error: the section's id `beans` stands already in line " in text for text in texts)
    assert any("warning: the section's title `To grind yourself` stands already in line " in text for text in texts)


def test_a_selector_that_names_nothing_gets_the_nearest_name(said: Said) -> None:
    """As everywhere in the file; an `any` is read too, and what has no form is told."""
    (text,) = said(BEANS, "{id: ground, title: G, only: [tag:grownd]}")
    assert text.endswith("error: no product of the catalogue has tag `grownd`; did you mean `ground`?")
    (text,) = said(BEANS, "{id: ground, title: G, only: [{any: [tag:ground, tpye:Beans]}]}")
    assert "error: the catalogue has no column `tpye`" in text
    (text,) = said(BEANS, "{id: ground, title: G, only: tag:ground}")
    assert "`only` is a list, in square brackets; write it as `" in text
    (text,) = said("{id: beans, title: B, only: [tag:whole-bean], shows: 2}")
    assert text.endswith("unknown key `shows`; did you mean `show`?")


def test_a_section_that_takes_nothing_is_an_error(said: Said) -> None:
    """Both names are there and no product has both: where one is enough, it is said how to write that."""
    (text,) = said(BEANS, "{id: both, title: Both, only: [tag:decaf, tag:dark-roast]}")
    assert "error: no published product is taken by the section `both`: none has tag:decaf and tag:dark-roast" in text
    assert text.endswith("; where one of them is enough, write [{any: [tag:decaf, tag:dark-roast]}]")


@pytest.mark.parametrize(("show", "told"), [("  show: 3\n", True), ("  show: 2\n", False), ("", False)])
def test_a_show_that_is_not_the_sum_is_an_error(said: Said, show: str, told: bool) -> None:  # noqa: FBT001 - a case
    """With sections it need not be written."""
    texts = [text for text in said(BEANS, GROUND, show=show) if "sections show" in text]
    assert bool(texts) is told
    assert all("error: `show` is 3, and the sections show 2 together; leave it out" in text for text in texts)


def test_a_page_holds_only_so_many(said: Said) -> None:
    """Twelve products, however many sections."""
    many = (f"{{id: s{n}, title: S {n}, only: [tag:ground], show: 6}}" for n in range(3))
    assert any("the sections show 18 products together; 12 are the most on one page" in text for text in said(*many))


def test_a_section_that_answers_leave_empty_is_told_with_the_answers_and_their_share(said: Said) -> None:
    """Only that section: the others are full."""
    no_beans = ("label: Acidity, against: {tag:light-roast: 2}", "label: Acidity, excludes: [tag:whole-bean]")
    texts = [text for text in said(BEANS, GROUND, changes=(no_beans,)) if "get no product" in text]
    (text,) = texts
    assert "% of simulated shoppers get no product in `beans`: nothing in stock fits “Acidity” to `avoid`" in text
    assert not any("in `ground`" in each for each in texts)


def test_fewer_than_a_section_shows_are_told(said: Said) -> None:
    """Two of decaf where four are promised."""
    texts = said(BEANS, "{id: d, title: D, only: [tag:decaf], show: 4}")
    told = (
        "% of simulated shoppers get fewer than the 4 products that `show` promises in `d`: only 2 can be bought at all"
    )
    assert any(told in text for text in texts)


def test_a_section_that_is_sold_out_is_told(said: Said) -> None:
    """Its products are there, and none can be bought: the quiz is served, and the merchandiser warned."""
    sold_out = CATALOG.replace('"decaf,whole-bean",,', '"decaf,whole-bean",0,').replace(
        '"decaf,ground",,', '"decaf,ground",0,'
    )
    (text,) = [each for each in said(BEANS, "{id: d, title: D, only: [tag:decaf]}", catalog=sold_out) if "`d`" in each]
    assert "warning: 100% of simulated shoppers get no product in `d`: nothing that it takes is in stock" in text


def test_a_section_that_earlier_ones_may_leave_short_is_told(said: Said) -> None:
    """Dark beans are one product; the beans may take it."""
    dark = "{id: dark, title: Dark, only: [tag:dark-roast, tag:whole-bean]}"
    (text,) = [each for each in said(BEANS, dark) if "may get fewer" in each]
    assert "100% of simulated shoppers may get fewer than 1 in `dark`: a product stands once, and `beans` may" in text
    assert not [each for each in said(dark, BEANS) if "may get fewer" in each]

"""What looks wrong to shoppers is warned of: free products, twins, missing pictures, a quiz that ranks nothing."""

import re
from pathlib import Path

import pytest

from quizfunnel.quiz.check.run import check_file, check_opened, open_file
from quizfunnel.quiz.kinds.words import MOST_LISTED
from tests.quiz.cases import case
from tests.quiz.files import CATALOG, QUIZ, changed, lay

POINTS = re.compile(r", (?:favours|against): \{[^}]*\}")


def _pictured(image: str) -> str:
    """Return the catalogue with one picture for all products."""
    return "\n".join(f"{line},{image if row else 'image'}" for row, line in enumerate(CATALOG.splitlines()))


def _said(tmp_path: Path, *, catalog: str = CATALOG, text: str = QUIZ, counting: bool = True) -> list[str]:
    path = lay(tmp_path / "quizzes", text, catalog=catalog)
    result = open_file(path, name="q/coffee.yaml")
    check_opened(result, counting=counting)
    return [finding.text().removeprefix("q/") for finding in result.findings]


def test_a_price_of_nothing_is_told_at_its_row(tmp_path: Path) -> None:
    """It may be a sample, so that it only warns."""
    assert _said(tmp_path, catalog=CATALOG.replace("14.00,GBP", "0,GBP")) == [
        "catalogs/coffee.csv:4:1: warning: `light-bean` costs nothing; write the price, or leave out what is not sold"
    ]


def test_many_prices_of_nothing_are_one_finding(tmp_path: Path) -> None:
    """The first row is the place, and only some are named."""
    rows = "".join(f"free-{n},Free {n},0,GBP,/p/free-{n},,,1\n" for n in range(MOST_LISTED + 2))
    (said,) = _said(tmp_path, catalog=CATALOG + rows)
    assert said.startswith("catalogs/coffee.csv:8:1: warning: `free-0`, ")
    assert "`free-4` and 2 more cost nothing" in said


def test_a_title_that_two_products_have_is_told(tmp_path: Path) -> None:
    """However it is spaced and spelt; at the second of them."""
    (said,) = _said(tmp_path, catalog=CATALOG.replace("Light ground", "dark  beans"))
    assert said.startswith("catalogs/coffee.csv:5:1: warning: `dark-bean`, `light-ground` are called 'Dark beans'")


def test_many_titles_twice_are_a_few_findings(tmp_path: Path) -> None:
    """A catalogue of colours under one title each says so once."""
    rows = "".join(f"p{n}-{twin},Twin {n},9,GBP,/p/{n}-{twin},,,1\n" for n in range(8) for twin in "ab")
    said = _said(tmp_path, catalog=CATALOG + rows)
    assert len(said) == MOST_LISTED + 1
    assert "6 more products share their titles" in said[-1]


@pytest.mark.parametrize(
    ("image", "is_told"),
    [
        ("/static/img/lost.svg", True),
        ("/static/img/there.svg", False),
        ("/static/img/there.svg?v=2", False),
        ("/static/img/the%72e.svg", False),
        ("/static/favicon.svg", False),  # shipped with the program
        ("/static/" + "x" * 300, True),
        ("/static/a%00b.svg", True),
        ("/pictures/of-the-shop.svg", False),
        ("https://shop.example/static/lost.svg", False),
    ],
)
def test_a_picture_of_our_own_that_is_not_there_is_told(tmp_path: Path, image: str, is_told: bool) -> None:  # noqa: FBT001 - a table's column
    """Of a choice at its line, of a product at its row; of addresses that are not ours nothing is known."""
    (tmp_path / "static" / "img").mkdir(parents=True)
    (tmp_path / "static" / "img" / "there.svg").write_text("<svg/>")
    text = changed(("label: Moka pot}", f'label: Moka pot, image: "{image}"}}'))
    said = _said(tmp_path, catalog=_pictured(image), text=text)
    places = ["coffee.yaml:12:44:", "catalogs/coffee.csv:2:1:"]
    assert [line.split(" warning: ")[0] for line in said] == (places if is_told else [])
    assert all(f"there is no picture {image} in the folder static" in line for line in said)


def test_products_without_their_pictures_are_one_finding(tmp_path: Path) -> None:
    """The first is shown, the others are named."""
    (said,) = _said(tmp_path, catalog=_pictured("/static/x.svg"))
    assert said.endswith("(and of 5 more: `dark-ground`, `light-bean`, `light-ground`, `decaf-bean`, `decaf-ground`)")


def test_a_quiz_that_gives_no_points_is_told(tmp_path: Path) -> None:
    """What shoppers see is left to chance."""
    text = POINTS.sub("", QUIZ).replace("    near: {strength: 1}\n", "")
    (said,) = _said(tmp_path, text=text)
    assert said.startswith("coffee.yaml:5:1: warning: no answer gives any product points")


def test_a_scale_alone_ranks(tmp_path: Path) -> None:
    """Nearness is points too."""
    assert not [line for line in _said(tmp_path, text=POINTS.sub("", QUIZ)) if "no answer gives" in line]


def test_a_reload_while_serving_looks_at_none_of_it(tmp_path: Path) -> None:
    """It takes time, and can only warn."""
    assert _said(tmp_path, catalog=CATALOG.replace("14.00,GBP", "0,GBP"), counting=False) == []


def test_the_case_of_a_price_of_nothing() -> None:
    """Told at the row."""
    (finding,) = check_file(case("faults/28f-price-zero/coffee.yaml"), name="q.yaml").findings
    assert (finding.line, finding.severity) == (2, "warning")

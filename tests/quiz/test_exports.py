"""A quiz over a Shopify export as it comes: checked, live, and every way through leaves products."""

import shutil
from pathlib import Path

import pytest

from quizfunnel.kit.clock import SetClock
from quizfunnel.quiz import paths
from quizfunnel.quiz.check.run import check_file
from quizfunnel.quiz.shelf import Shelf
from tests.quiz.allowed import left
from tests.quiz.cases import case
from tests.quiz.export_quizzes import APPAREL, HOME


@pytest.mark.parametrize(
    ("name", "text", "count"), [("shopify-apparel", APPAREL, 20), ("shopify-home-and-garden", HOME, 20)]
)
def test_a_quiz_over_an_export_is_checked_and_taken(
    tmp_path: Path, clock: SetClock, name: str, text: str, count: int
) -> None:
    """No error, every product read, live on a shelf, and products left on the shortest and the longest path."""
    shutil.copyfile(case(f"catalogs/{name}.csv"), tmp_path / f"{name}.csv")
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    result = check_file(path, name=path.name)
    assert [finding.text() for finding in result.findings if finding.severity == "error"] == []
    assert result.reader == "Shopify product CSV"
    live = Shelf(tmp_path, None, clock).live(name)
    assert live is not None
    assert len(live.catalog.products) == count
    assert result.exploration is not None
    for answers in (result.exploration.shortest, result.exploration.longest):
        assert left(live.catalog.products, live.quiz, answers)
        assert paths.lengths(live.quiz, answers) == (len(answers), len(answers))

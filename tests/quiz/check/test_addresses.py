"""An earlier name of a quiz leads to one quiz, and to none where another quiz lies there."""

from pathlib import Path

import pytest

from quizfunnel.quiz.check.run import check_quiz
from tests.quiz.files import QUIZ, lay


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("coffee", "`coffee` is this file's own name; `was` names those that it had before"),
        ("beans, beans", "`beans` stands twice; remove one"),
        ("tea", "tea.yaml is a quiz of its own, whose address cannot lead here; delete it, or this line"),
        ("brew", "maté.yaml names `brew` under `was` too"),
    ],
)
def test_a_clash_is_an_error_at_its_place(tmp_path: Path, names: str, said: str) -> None:
    """With the file that it clashes with, and what to do."""
    lay(tmp_path, slug="tea")
    lay(tmp_path, QUIZ + "was: [brew]\n", slug="maté")
    path = lay(tmp_path, f"{QUIZ}was: [{names}]\n")
    (finding,) = check_quiz(path)
    line = QUIZ.count("\n") + 1
    assert (finding.line, finding.severity) == (line, "error")
    assert finding.message.startswith(said)


def test_names_that_nobody_else_has_are_fine(tmp_path: Path) -> None:
    """Though another file is broken, which its own check says."""
    lay(tmp_path, "title: [", slug="tea")
    assert check_quiz(lay(tmp_path, QUIZ + "was: [brew, beans]\n")) == []

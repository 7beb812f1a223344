"""Laws of the weighing of pages: each figure beside its target, and the files that the first question is made of."""

from benchmarks import pages


def test_every_figure_stands_beside_its_target() -> None:
    """Those without a target too; what was before, and a peer, by their ratios."""
    row = {"median": 20_000, "least": 19_000, "greatest": 21_000}
    figures = {name: row | {"target": pages.TARGETS.get(name)} for name in pages.NAMES}
    table = pages.table(figures | {"files": [("/static/quiz.css", "Stylesheet", 737, 1813)]})
    assert "| first question, content (bytes) | 20000 | 19000 to 21000 | <= 20000 |" in table
    assert all(title in table for title in pages.NAMES.values())
    assert "62500 | 0.32 of it" in table
    assert "12200 | 1.64 of it" in table
    assert table.endswith("   1813 +  737  Stylesheet /static/quiz.css")

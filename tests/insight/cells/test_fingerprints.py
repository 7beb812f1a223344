"""Laws of the days' fingerprints: they tell what the cells count, and by which meaning."""

from quizfunnel.insight.cells import fingerprints

ROWS = [
    (20_000, fingerprints.ENTRANT, 7, 0, 0, 0, 0, 0, 0, 7, 7),
    (20_000, "EUR", 2, 5, 1_900, 3, 4, 9, 0, 7, 7),
]


def test_another_meaning_of_cells_or_another_cap_is_another_mark() -> None:
    """An upgrade that counts otherwise makes every day again, and so does a cap that moved; nothing else does."""
    (mark,) = fingerprints.read(ROWS, caps={"EUR": 5_000}).values()
    (same,) = fingerprints.read(reversed(ROWS), caps={"EUR": 5_000}).values()
    assert same == mark
    for caps, version in (({"EUR": 5_000}, "another"), ({"EUR": 4_900}, fingerprints.VERSION)):
        (other,) = fingerprints.read(ROWS, caps=caps, version=version).values()
        assert other.text != mark.text
        assert other[1:] == mark[1:]

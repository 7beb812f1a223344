"""Texts of real shops, each with the kind of dark pattern that people saw in it; split in two by the text itself."""

import csv
import hashlib

from tests.quiz.cases import case

LOOKED_FOR = ("Urgency", "Scarcity", "Social Proof", "Misdirection")


def rows(*, held_out: bool | None = None) -> list[tuple[str, str]]:
    """Return texts and kinds, nothing for a plain text: all, those that the patterns were written on, or the others."""
    with case("wording/ec-darkpattern-half.tsv").open(encoding="utf-8", newline="") as file:
        every = [
            (row["text"], row["Pattern Category"] if row["label"] == "1" else "")
            for row in csv.DictReader(file, delimiter="\t")
        ]
    return every if held_out is None else [row for row in every if _is_held_out(row[0]) is held_out]


def _is_held_out(text: str) -> bool:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2 == 1

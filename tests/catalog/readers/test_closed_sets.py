"""Closed sets of every reader: a word is known, or a finding, and the unknown never makes a product more available."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizfunnel.catalog.readers import READERS
from quizfunnel.catalog.readers.words import truth
from tests.catalog.readers.forms import FORMS, Closed, Form

CELLS = [(form, closed) for form in FORMS for closed in form.closed]
NEARLY = [
    "actve",
    "Active!",
    "continue?",
    "yess",
    "not",
    "n/a",
    "-",
    "TRUE FALSE",
    "in  stok",
    "sold",
    "unknown",
    "ja nein",
]
WORDS = st.one_of(
    st.sampled_from([*NEARLY, *sorted({word for _, closed in CELLS for word in (closed.no, *closed.yes)})]),
    st.text("aeinostruvwyzfßł -_!?'", min_size=1, max_size=9),
)


def offered(tmp_path: Path, form: Form, closed: Closed, word: str) -> tuple[bool, bool]:
    """Return whether a plain product whose cell holds a word can be bought, and whether anything is told."""
    row = form.rows[0] | closed.beside | {closed.column: word}
    reading = form.read(tmp_path, [row])
    return any(product.available for product in reading.catalog.products), bool(reading.findings)


def test_every_form_that_has_columns_is_held_to_these_laws() -> None:
    """A list in YAML has the columns of our own CSV."""
    assert {form.name for form in FORMS} == {reader.name for reader in READERS} - {"native YAML"}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(WORDS, st.sampled_from(CELLS))
def test_an_unknown_word_offers_no_more_than_a_no(tmp_path: Path, word: str, cell: tuple[Form, Closed]) -> None:
    """Of a known yes alone a product is more available than of a no; any other word that offers it is told."""
    form, closed = cell
    is_yes = truth(word) is True or " ".join(word.casefold().replace("_", " ").split()) in {"", *closed.yes}
    available, is_told = offered(tmp_path, form, closed, word)
    assert is_yes or is_told or available <= offered(tmp_path, form, closed, closed.no)[0]


@pytest.mark.parametrize(("form", "closed"), CELLS, ids=lambda value: getattr(value, "column", None) or value.name)
def test_a_word_that_nobody_knows_is_told(tmp_path: Path, form: Form, closed: Closed) -> None:
    """And does not offer the product; an inventory tracker alone may be any app's."""
    available, is_told = offered(tmp_path, form, closed, "perhaps")
    assert not available
    assert is_told == (closed.column != "Variant Inventory Tracker")


@pytest.mark.parametrize(("form", "closed"), CELLS, ids=lambda value: getattr(value, "column", None) or value.name)
def test_a_known_word_is_no_finding(tmp_path: Path, form: Form, closed: Closed) -> None:
    """In capitals too, and a plain yes or no in the languages of spreadsheets; a group of products is told."""
    yes = {"TRUE", "WAHR", "Sí"} if closed.column in ("Published", "In stock?") else set()
    for word in (*yes, *closed.yes, *(word.upper() for word in closed.yes)):
        assert offered(tmp_path, form, closed, word) == (True, False)
    assert offered(tmp_path, form, closed, closed.no) == (False, closed.column == "Type")

"""A sale that begins or ends while a server runs changes the price at its moment, without anybody touching a file."""

from datetime import datetime, timedelta

import pytest

from quizfunnel.quiz.shelf import Shelf
from tests.cast import NOON
from tests.quiz.publishing.machines import Machine, later, price, title

HEADER = (
    "ID,Type,SKU,Name,Published,In stock?,Regular price,Sale price,Date sale price starts,Date sale price ends,Tags"
)
TAGS = {
    "dark-bean": "dark-roast, whole-bean",
    "dark-ground": "dark-roast, ground",
    "light-bean": "light-roast, whole-bean",
    "light-ground": "light-roast, ground",
    "decaf-bean": "decaf, whole-bean",
    "decaf-ground": "decaf, ground",
}
STARTS, ENDS = NOON + timedelta(hours=1), NOON + timedelta(hours=3)


def with_a_sale(machine: Machine) -> None:
    """Save a WooCommerce export in which the first product costs 7.50 in place of 9.00 for two hours."""
    sale = f"7.50,{STARTS:%Y-%m-%d %H:%M:%S},{ENDS:%Y-%m-%d %H:%M:%S}"
    rows = [
        f'{name},simple,{name},{name},1,1,9.00,{sale if name == "dark-bean" else ",,"},"{tags}"'
        for name, tags in TAGS.items()
    ]
    text = machine.folder.joinpath("coffee.yaml").read_text(encoding="utf-8")
    ref = 'catalog: {file: catalogs/coffee.csv, currency: GBP, product_url: "https://shop.example/?p={id}"}'
    text = text.replace("catalog: catalogs/coffee.csv", ref).replace("near: {strength: 1}\n    ", "")
    machine.save(text=text.replace(", strength:4: 1", ""), catalog="\n".join([HEADER, *rows, ""]))


def version(shelf: Shelf) -> str:
    """Return the version of the catalogue that is served."""
    live = later(shelf)
    assert live is not None
    return live.catalog_version


def test_a_sale_begins_and_ends_at_its_moment(machine: Machine) -> None:
    """The price that is shown is the one that is charged, a catalogue version each; after it the first one again."""
    with_a_sale(machine)
    process = machine.process()
    assert (price(process), before := version(process)) == (900, before)
    machine.clock.set(STARTS)
    assert price(process) == 750
    assert version(process) != before
    machine.clock.set(ENDS - timedelta(seconds=5))
    assert price(process) == 750
    machine.clock.set(ENDS)
    assert (price(process), version(process)) == (900, before)


@pytest.mark.parametrize("at", [STARTS, ENDS])
def test_a_disk_that_publishes_nothing_serves_what_was_published(machine: Machine, at: datetime) -> None:
    """Without `auto_publish` a price changes by `quizfunnel publish` alone, as all else does; the check says so."""
    with_a_sale(machine)
    assert title(machine.process())
    quiet = Machine(machine.store, machine.engine, machine.clock, publishes=False).process()
    before = price(quiet)
    machine.clock.set(at)
    assert price(quiet) == before

"""A refused catalogue changes one thing: what it says is sold out or withdrawn is no longer shown."""

import logging
import re

import pytest

from quizfunnel.catalog.product import Catalog
from quizfunnel.quiz.publishing.stock import hidden
from tests.cast import product
from tests.quiz.files import CATALOG
from tests.quiz.publishing.machines import BROKEN, Machine, cheaper, later, price, title

ROWS = CATALOG.splitlines(keepends=True)
SOLD_OUT = CATALOG.replace('"decaf,ground",,3', '"decaf,ground",0,3')
SHOPIFY = """\
Handle,Title,Tags,Published,Variant SKU,Variant Price,Variant Inventory Tracker,Variant Inventory Qty,\
Variant Inventory Policy,Status
dark-bean,Dark beans,"dark-roast, whole-bean",true,,9.00,shopify,5,deny,active
"""


def unavailable(machine: Machine) -> list[str]:
    """Return the products that a process of the machine serves and that cannot be bought."""
    live = later(machine.process())
    assert live is not None
    return [product.id for product in live.catalog.products if not product.available]


@pytest.mark.parametrize(
    "catalog",
    [
        SOLD_OUT.replace("whole-bean", "hole-bean"),  # the quiz names a tag that is gone
        re.sub(r"(\d+)\.(\d\d),", r'"\1,\2",', SOLD_OUT),  # prices that are none
        SOLD_OUT.replace("GBP", "GPB").replace("decaf,", "decaff,"),  # no good row at all
        SOLD_OUT.replace("11.50,GBP", "11.50,EUR").replace("whole-bean", "hole-bean"),  # the row itself is left out
        SOLD_OUT.replace("11.50,GBP", "ask us,GBP").replace("whole-bean", "hole-bean"),
        SOLD_OUT.replace('"decaf,ground",0', '"decaf,ground",-2').replace("whole-bean", "hole-bean"),
        "".join(row for row in SOLD_OUT.splitlines(keepends=True) if "light" not in row),  # two products are not there
    ],
)
def test_a_refused_catalogue_hides_what_it_says_is_sold_out(machine: Machine, catalog: str) -> None:
    """And neither its prices, nor what it lacks: after a restart too, and with a broken quiz file."""
    assert title(machine.process())
    for text in ("", BROKEN):
        machine.save(catalog=catalog, **{"text": text} if text else {})
        process = machine.process()
        live = later(process)
        assert live is not None
        assert len(live.catalog.products) == 6
        assert price(process) == 900
        assert unavailable(machine) == ["decaf-ground"]
        assert process.problems()
    machine.save()
    assert unavailable(machine) == []


def test_a_catalogue_of_shopifys_says_it_too(machine: Machine) -> None:
    """A draft, an unpublished product, and one whose every variant is sold out; a row that could not be read too."""
    text = machine.folder.joinpath("coffee.yaml").read_text(encoding="utf-8")
    ref = 'catalog: {file: catalogs/coffee.csv, currency: GBP, product_url: "https://shop.example/p/{handle}"}'
    machine.save(
        text=text.replace("catalog: catalogs/coffee.csv", ref)
        .replace("near: {strength: 1}\n    ", "")
        .replace(", strength:4: 1", "")
    )
    names = ("dark-ground", "light-bean", "light-ground", "decaf-bean", "decaf-ground")
    tags = (
        "dark-roast, ground",
        "light-roast, whole-bean",
        "light-roast, ground",
        "decaf, whole-bean",
        "decaf, ground",
    )
    good = SHOPIFY + "".join(
        f'{name},{name},"{tag}",true,,9.00,shopify,5,deny,active\n' for name, tag in zip(names, tags, strict=True)
    )
    (machine.folder / "catalogs" / "coffee.csv").write_text(good, encoding="utf-8")
    assert title(machine.process()) == "Find your coffee"
    told = good.replace('"decaf, ground",true,,9.00,shopify,5', '"decaf, ground",true,,9.00,shopify,0')
    told = told.replace(
        '"dark-roast, ground",true,,9.00,shopify,5,deny,active', '"dark-roast, ground",true,,?,shopify,5,deny,draft'
    )
    told = told.replace('"light-roast, ground",true', '"light-roast, ground",false').replace(
        "light-roast, w", "lite-roast, w"
    )
    told = told.replace('"decaf, whole-bean",true,,9.00,shopify,5', '"decaf, whole-bean",true,,9.00,,0').replace(
        "light-roast", "lite"
    )
    (machine.folder / "catalogs" / "coffee.csv").write_text(told, encoding="utf-8")
    assert machine.process().problems()
    assert unavailable(machine) == ["dark-ground", "light-ground", "decaf-ground"]
    (machine.folder / "catalogs" / "coffee.csv").write_text(good.replace(",true,", ",false,"), encoding="utf-8")
    (problem,) = machine.process().problems()  # a whole catalogue that is withdrawn
    assert "no product of the catalogue is published" in problem.message
    assert unavailable(machine) == ["dark-bean", *names]


def test_an_old_disk_hides_nothing(machine: Machine, other: Machine) -> None:
    """What this disk showed already is no news: another one says since that it is in stock again."""
    machine.save(catalog=SOLD_OUT)
    one = machine.process()
    assert title(one)
    assert unavailable(machine) == ["decaf-ground"]
    two = other.process()
    other.save(catalog=cheaper(800))
    assert (price(two), price(one)) == (800, 800)
    machine.save(text=BROKEN, catalog=SOLD_OUT)
    assert unavailable(machine) == []


def test_a_catalogue_that_loses_too_much_waits(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    """A third of what is on sale, said once in the log and as long as it waits among the problems."""
    tea = [row.replace(",decaf", ",").replace("decaf-", "more-") for row in ROWS]
    more = "".join([*ROWS, *(row for row in tea if row.startswith("more-"))])
    machine.save(catalog=more)
    process = machine.process()
    assert title(process)
    lost = "".join(row for row in more.splitlines(keepends=True) if not row.startswith(("light-", "more-bean")))
    machine.save(catalog=lost.replace("9.00", "8.00"))
    quiz = machine.folder / "coffee.yaml"
    quiz.write_text(quiz.read_text(encoding="utf-8").replace("tag:light-roast", "tag:ground"), encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        assert [price(process) for _ in range(3)] == [900, 900, 900]
    (problem,) = process.problems()
    assert problem.message.startswith("3 of 8 live products are not in the catalogue any more: ")
    assert "quizfunnel publish coffee --accept" in problem.message
    assert [record.getMessage() for record in caplog.records] == [problem.text()]
    assert machine.process().problems() == (problem,)
    machine.save(catalog=more)
    assert price(process) == 900
    assert process.problems() == ()


def test_products_that_are_gone_are_told_before_the_rules_that_miss_them(machine: Machine) -> None:
    """A catalogue that was cut short: whoever reads that a tag is gone first mends the quiz, where nothing is wrong."""
    assert title(machine.process())
    machine.save(catalog="".join(ROWS[:4]))
    lost, *others = machine.process().problems()
    assert lost.message.startswith("3 of 6 live products are not in the catalogue any more: ")
    assert lost.message.endswith("; if that is not meant, put them back first: the rest may come of it")
    assert any("`decaf`" in other.message for other in others)
    machine.save(catalog=CATALOG.replace("whole-bean", "hole-bean"))
    assert not any("any more" in problem.message for problem in machine.process().problems())


def test_nothing_to_hide_leaves_the_catalogue_itself() -> None:
    """Which one object is, so that what was computed for it stays known."""
    catalog = Catalog((product("one"), product("gone", stock=0)))
    assert hidden(catalog, frozenset(("gone", "another"))) is catalog
    assert [each.available for each in hidden(catalog, frozenset(("one",))).products] == [False, False]

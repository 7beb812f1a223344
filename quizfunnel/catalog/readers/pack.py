"""Pack: the cells that say how much a variant holds, and the amount that its unit price is told for; pure."""

from typing import NamedTuple

from quizfunnel.catalog import net_quantity
from quizfunnel.catalog.readers.rows import Remark

_REMEDY = "no price of a kilogram, a litre or the like is shown; write it like 250 g, 0.75 l or 6 x 330 ml"


class Pack(NamedTuple):
    """Net quantity of a variant and the amount of its unit price, as `net_quantity` reads them; empty if unknown."""

    net_quantity: str = ""
    unit_price_for: str = ""
    remarks: tuple[Remark, ...] = ()


def read(line: int, named: tuple[str, str], base: tuple[str, str]) -> Pack:
    """Return a pack of two cells, each a column's name and its text, with a remark on what is no amount.

    A weight or a size is none: a parcel weighs more than what is in it, and a mug of 350 ml is sold empty.
    """
    column, text = named
    if not text:
        return Pack()
    holds = net_quantity.read(text)
    if holds is None:
        wrong = f"`{column}` is {text[:40]!r}, which is no amount with a unit that has one meaning"
        return Pack(remarks=(Remark(line, f"{wrong}; {_REMEDY}"),))
    of = net_quantity.read(base[1]) if base[1] else None
    if base[1] and (of is None or of.unit.family != holds.unit.family):
        wrong = f"`{base[0]}` is {base[1][:40]!r}, which cannot be compared with {text[:40]}"
        return Pack(
            holds.text, "", (Remark(line, f"{wrong}; the usual amount is taken; write it like 1 kg or 100 ml"),)
        )
    return Pack(holds.text, of.text if of else "")

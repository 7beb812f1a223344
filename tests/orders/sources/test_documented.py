"""The bodies of the platforms' documentation give the money that a person reads from them."""

import json

import pytest

from quizfunnel.orders.sources import SOURCES
from tests.orders.sources.documented import DOCUMENTED, Documented, Money

READ = {kind.name: kind.read for kind in SOURCES}


@pytest.mark.parametrize("case", DOCUMENTED, ids=lambda case: f"{case.source} {case.name}")
def test_a_documented_body_is_read_as_a_person_reads_it(case: Documented) -> None:
    """The order's money or none, and what was given back; the reason stands beside each."""
    facts = READ[case.source](json.dumps(case.body).encode())
    order = facts.order
    money = order and Money(order.order_id, order.currency, order.total_minor, order.paid, order.cancelled, order.test)
    assert money == case.order, case.why
    assert [(each.refund_id, each.order_id, each.amount_minor) for each in facts.refunds] == [*case.refunds], case.why
    assert facts.remarks == ()


def test_every_platform_is_among_them() -> None:
    """A platform that is added brings the bodies of its documentation."""
    assert {case.source for case in DOCUMENTED} == set(READ)

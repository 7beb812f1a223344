"""Import of a file of orders: all of it is looked at first, then each order goes through the inbox like a hook's."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from quizfunnel.kit.finding import Finding
from quizfunnel.orders import inbox
from quizfunnel.orders.event import EventFacts, UnreadableError
from quizfunnel.orders.files.file_orders import FileOrder, OrderFile, orders
from quizfunnel.orders.inbox import LEAD
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.source import SourceKind
from quizfunnel.store.transaction import write

AT_ONCE = 200  # orders in one transaction
_LINE = re.compile(r"^line (?=\d)")  # of an order; a finding's own line is the file's


class Looked(NamedTuple):
    """Result of looking at a whole file: how many orders can be read, and what is wrong with the others."""

    orders: int
    findings: tuple[Finding, ...]


class Imported(NamedTuple):
    """Counts of a file's orders: new to the ledger, without effect there, in the inbox before."""

    applied: int
    unchanged: int
    before: int


def look(file: OrderFile, *, now: datetime) -> Looked:
    """Read a whole file and write nothing."""
    good, findings = 0, list[Finding]()
    for each in orders(file):
        if isinstance(each, Finding):
            findings.append(each)
            continue
        about = f"order {each.key[:40]}: "
        try:
            remarks = _facts(file.kind, each, now=now).remarks
        except UnreadableError as error:
            findings.append(Finding(file.path.name, each.line, 1, "error", f"{about}{error}"))
        else:
            good += 1
            sentences = (about + _LINE.sub("item ", remark) for remark in remarks)
            findings += [Finding(file.path.name, each.line, 1, "warning", remark) for remark in sentences]
    return Looked(good, tuple(sorted(findings, key=lambda finding: finding.line)))


def take(engine: Engine, file: OrderFile, keys: AttributionKeys, *, now: datetime) -> Imported:
    """Take every order of a file that can be read; the same file again changes nothing."""
    counts = {"applied": 0, "unchanged": 0, "before": 0}
    readable = (each for each in orders(file) if isinstance(each, FileOrder) and _is_good(file.kind, each, now=now))
    while some := list(islice(readable, AT_ONCE)):
        one_transaction = partial(_take, kind=file.kind, orders=some, keys=keys, now=now)
        for state in write(engine, one_transaction, durable=True):
            counts[state] += 1
    return Imported(**counts)


def _take(
    connection: Connection, *, kind: SourceKind, orders: Sequence[FileOrder], keys: AttributionKeys, now: datetime
) -> list[str]:
    """Keep and read some orders; return of each whether it was new, without effect or there before."""
    states = []
    for order in orders:
        delivery = f"file {hashlib.sha256(order.body).hexdigest()}"
        event = inbox.keep_trusted(connection, inbox.Arrival(kind.name, delivery, order.body, now))
        if event is None:
            states.append("before")
        else:
            state = inbox.read(connection, event, source=kind, keys=keys, now=now)
            states.append("applied" if state == "applied" else "unchanged")
    return states


def _facts(kind: SourceKind, order: FileOrder, *, now: datetime) -> EventFacts:
    """Return the facts of an order; UnreadableError, with the reason, where it cannot be taken."""
    facts = kind.read(order.body)
    if facts.order is None:
        raise UnreadableError("it is no order that somebody placed")
    latest = facts.latest()
    if latest is not None and latest > now + LEAD:
        says = f"it is of {latest:%Y-%m-%d %H:%M} UTC, which is to come; look at the date and at --timezone"
        raise UnreadableError(says)
    return facts


def _is_good(kind: SourceKind, order: FileOrder, *, now: datetime) -> bool:
    """Tell whether an order can be taken."""
    try:
        _facts(kind, order, now=now)
    except UnreadableError:
        return False
    return True

"""The alarms' watch on one quiz: its questions, its promise, and the categories of its visitors; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quizfunnel.insight.behaviour.alarms import Alarm, broken_promise, gaps, hurts, promise_kept
from quizfunnel.insight.behaviour.funnel import Funnel
from quizfunnel.insight.cells.row import CellRow
from quizfunnel.log.states import HOLDOUT, INVITED
from quizfunnel.stats.confidence_sequence import ArmPurchases
from quizfunnel.stats.intervals import Interval

WATCHED = 20  # categories, however many have come so far: evidence has to pass 20 times as much for it


@dataclass(frozen=True, slots=True)
class PromiseKept:
    """Finishers whose time a browser measured, those of them within the promised minutes, and their share."""

    minutes: float
    finishers: int
    kept: int
    share: Interval


def promise(funnel: Funnel, *, minutes: float) -> PromiseKept:
    """Return how well the promised minutes are kept."""
    finishers = sum(end.followed for end in funnel.by_second)
    kept = sum(end.followed for end in funnel.by_second if end.at <= minutes * 60)
    return PromiseKept(minutes, finishers, kept, promise_kept(kept, finishers))


def concerns(funnel: Funnel, *, minutes: float, categories: Mapping[str, ArmPurchases]) -> tuple[Alarm, ...]:
    """Return every alarm; without a holdout there are no categories, and nothing is said of them."""
    kept = promise(funnel, minutes=minutes)
    broken = broken_promise(kept.kept, kept.finishers, minutes=minutes)
    hurt = hurts(categories, among=WATCHED)
    return (*hurt, *gaps(funnel.steps), *((broken,) if broken else ()))


def categories(rows: Iterable[CellRow], *, share: float) -> dict[str, ArmPurchases]:
    """Return the purchases of both arms by device and by channel, which are known before the invitation is."""
    bought: dict[str, Counter[str]] = {}
    for row in rows:
        if row.mature and not row.currency:
            for name in (f"device {row.device or 'unknown'}", f"channel {row.channel or 'unknown'}"):
                bought.setdefault(name, Counter()).update({row.arm: row.buyers})
    return {name: ArmPurchases(by[INVITED], by[HOLDOUT], 1 - share) for name, by in sorted(bought.items())}

"""From shoppers to what the analyst's page says of them, world by world: the same definitions, the same functions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from benchmarks.studies.worlds.walk import Bought, Shop, Shopper
from quizfunnel.demo import simulate
from quizfunnel.experiment.design import Design
from quizfunnel.insight.behaviour import takers
from quizfunnel.insight.behaviour.takers import Takers
from quizfunnel.insight.cells.row import CellRow
from quizfunnel.insight.randomised import validity, verdict
from quizfunnel.insight.randomised.advice import NextSteps
from quizfunnel.insight.randomised.figures import ArmMatch, Trial
from quizfunnel.insight.randomised.verdict import Pace
from quizfunnel.log.definitions import BANDS, STAYED_MS
from quizfunnel.log.states import (
    COLD,
    FINISHED,
    HOLDOUT,
    INVITED,
    STARTED,
)
from quizfunnel.log.thresholds import SHARE_ALARM
from quizfunnel.stats import confidence_sequence, intervals, sample_size
from quizfunnel.stats.confidence_sequence import ArmPurchases

_DAY = timedelta(days=1)
_STAYED = timedelta(milliseconds=STAYED_MS)
_BLANK = CellRow._make("" if kind is str else 0 for kind in CellRow.__annotations__.values())


class Seen(NamedTuple):
    """Verdicts of the page on one history in one world, at its end and on the days before.

    `looks` are the kinds of the verdict by day, the last one today's; on no day was the lower limit above
    `highest_low` or the upper one below `lowest_high`. `chances` are the sum of true chances of buying and the
    number of visitors, by arm.
    """

    kind: str
    ratio: confidence_sequence.Sequence
    takers: Takers
    looks: tuple[str, ...]
    highest_low: float
    lowest_high: float
    visitors: int
    chances: dict[str, tuple[float, int]]


class _Moment(NamedTuple):
    """One shopper as the page's definitions see it at the end of a history."""

    arm: str
    state: str
    band: int
    mature: bool
    closes: int
    gone: int
    buyer: bool
    stayed: bool
    by_click: bool
    once_buyer: bool


def seen(shop: Shop, shoppers: Sequence[Shopper], name: str) -> Seen:
    """Return the page's verdicts in the world `name`."""
    moments = [_moment(shop, shopper, name) for shopper in shoppers]
    rows, share = _rows(moments, shop), shop.experiment.holdout_share
    looks = _looks(moments, share)
    trial = Trial(design=Design(shop.slug, shop.experiment.name, share, shop.experiment.window_days))
    withheld = _withheld(moments, rows, trial)
    ratio = looks[-1]
    return Seen(
        kind="withheld" if withheld else _kind(ratio),
        ratio=ratio,
        takers=takers.observe(rows),
        looks=tuple(map(_kind, looks)),
        highest_low=max(look.low for look in looks),
        lowest_high=min(look.high for look in looks),
        visitors=sum(moment.mature for moment in moments),
        chances={arm: _chances(shoppers, arm, name) for arm in (INVITED, HOLDOUT)},
    )


def _moment(shop: Shop, shopper: Shopper, name: str) -> _Moment:
    closes = shopper.t0 + shop.experiment.window_days * _DAY
    order = shopper.bought if shopper.buys(name) else None
    inside = order is not None and order.at < closes
    counts = order is not None and inside and order.undone is None
    bought = counts and order is not None and order.token
    return _Moment(
        arm=shopper.arm,
        state=FINISHED if shopper.finished else STARTED if shopper.started else COLD,
        band=_band(shopper.active),
        mature=closes <= shop.now,
        closes=(shop.now - closes) // _DAY,
        gone=_gone(shop, order),
        buyer=bought,
        stayed=bought or shopper.last_view - shopper.t0 >= _STAYED,
        by_click=counts and order is not None and not order.token and order.click,
        once_buyer=inside and order is not None and order.token,
    )


def _gone(shop: Shop, order: Bought | None) -> int:
    """Return how many days before the end an order was undone, -1 where it stands."""
    return -1 if order is None or order.undone is None else (shop.now - order.undone) // _DAY


def _band(active: int | None) -> int:
    if active is None:
        return -1
    return next(place for place, band in enumerate(BANDS) if band.high is None or active < band.high)


def _rows(moments: Iterable[_Moment], shop: Shop) -> list[CellRow]:
    counts: dict[tuple[str, str, int, bool], Counter[str]] = {}
    for each in moments:
        found = counts.setdefault((each.arm, each.state, each.band, each.mature), Counter())
        found["visitors"] += 1
        found["buyers"] += each.buyer
        found["orders"] += each.buyer
        found["stayed"] += each.stayed
        found["stayed_buyers"] += each.buyer and each.stayed
    set_to = _BLANK._replace(
        share=shop.experiment.holdout_share, declared=shop.experiment.window_days, days=shop.experiment.window_days
    )
    return [
        set_to._replace(arm=arm, state=state, band=band, mature=int(mature))._replace(**found)  # type: ignore[arg-type]
        for (arm, state, band, mature), found in counts.items()
    ]


def _looks(moments: Iterable[_Moment], share: float) -> list[confidence_sequence.Sequence]:
    """Return the limits as the page gave them each day, with the orders that stood on that day; the last is now."""
    first = simulate.DAYS
    bought: Counter[tuple[str, int]] = Counter()
    for each in moments:
        if each.mature and each.once_buyer and each.gone < each.closes:
            bought[each.arm, each.closes] += 1
            bought[each.arm, each.gone] -= each.gone >= 0
    so_far, found = Counter[str](), []
    for day in range(first, -1, -1):
        for arm in (INVITED, HOLDOUT):
            so_far[arm] += bought[arm, day]
        found.append(confidence_sequence.sequence(ArmPurchases(so_far[INVITED], so_far[HOLDOUT], 1 - share)))
    return found


def _withheld(moments: Sequence[_Moment], rows: Sequence[CellRow], trial: Trial) -> bool:
    sizes = Counter(moment.arm for moment in moments)
    if validity.srm_e_value(sizes[INVITED], sizes[HOLDOUT], trial) > SHARE_ALARM:
        return True
    matches = [_match(arm, moments) for arm in (INVITED, HOLDOUT)]
    return validity.arms_differ(matches, rows) is not None


def _match(arm: str, moments: Iterable[_Moment]) -> ArmMatch:
    mine = [moment for moment in moments if moment.arm == arm]
    matched, by_click = sum(moment.buyer for moment in mine), sum(moment.by_click for moment in mine)
    return ArmMatch(arm, len(mine), matched, by_click, intervals.wilson(matched, matched + by_click))


def _kind(ratio: confidence_sequence.Sequence) -> str:
    pace = Pace(0, 0.0, *sample_size.base_rate(0, 0), 0.5)  # what the plan is made from, which no kind depends on
    return verdict.decide(ratio, pace, steps=NextSteps((), (), "")).kind


def _chances(shoppers: Iterable[Shopper], arm: str, name: str) -> tuple[float, int]:
    mine = [shopper.chances[name] for shopper in shoppers if shopper.arm == arm]
    return sum(mine), len(mine)

"""The tables that compare the two arms, and what other shares of holdout would take; pure."""

from collections.abc import Iterator
from math import isinf

from quizfunnel.insight.present.behaviour_tables import (
    EMPTY,
    column,
    whole,
    wraps,
)
from quizfunnel.insight.present.pages import Head, Table, TableRow
from quizfunnel.insight.randomised.effect import Effect, ShareResult
from quizfunnel.insight.randomised.figures import Arms, Look
from quizfunnel.insight.randomised.money import Earned, MeanResult
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.insight.words.metric import MeasureCoverage
from quizfunnel.insight.words.numbers import about, change, number
from quizfunnel.kit.money import format_money
from quizfunnel.stats.confidence_sequence import Sequence
from quizfunnel.stats.intervals import Interval
from quizfunnel.stats.per_visitor import NOT_YET, PerVisitor

_A_THOUSAND = 1000
_SHOWN = 12
_JOINED = "\u2060"  # a sign stays with its amount


def effect(result: Effect, labels: ArmLabels = HOLDOUT_LABELS, *, alone: bool = True) -> Table:
    """Return the difference of the arms, who takes the invitation up, and the difference of those who do.

    The last where the quiz stands `alone`: where another may be taken up too, the difference is not theirs alone.
    """
    quiz = "the quiz" if labels == HOLDOUT_LABELS else "a quiz"
    treatment, control = labels.within
    rows: tuple[TableRow, ...] = (
        TableRow(f"More buyers in a hundred visitors, {labels.less}", (_points(result.difference),), strong=True),
        TableRow(f"Started {quiz}, {treatment}", (whole(result.takeup),)),
        TableRow(f"Started {quiz}, {control}", (whole(result.holdout_takeup),)),
    )
    if alone and labels == HOLDOUT_LABELS:
        rows += (TableRow("More buyers in a hundred who start when invited", (_points(result.complier.difference),)),)
    return Table("The difference in points", (EMPTY, column("95% interval", "Difference at any time")), rows)


def guardrails(results: tuple[ShareResult, ...], labels: ArmLabels = HOLDOUT_LABELS) -> Table:
    """Return what the invitation must not worsen."""
    return _shares("What must not suffer", column("Share of visitors", "Guardrail"), results, labels)


def outcomes(results: tuple[ShareResult, ...], labels: ArmLabels = HOLDOUT_LABELS) -> Table | None:
    """Return what else both arms were compared on, None where that is nothing."""
    if not results:
        return None
    (word, _), *more = (each.metric.term or ("Visitor", "") for each in results)
    head = Head("Share of visitors") if more else column("Share of visitors", word)
    return _shares("What else visitors did", head, results, labels)


def _shares(caption: str, head: Head, results: tuple[ShareResult, ...], labels: ArmLabels) -> Table:
    rows = tuple(
        TableRow(each.name, (whole(each.invited.rate), whole(each.holdout.rate), _points(each.difference)))
        for each in results
    )
    heads = (head, *map(Head, labels), column("Difference in points", "Difference at any time"))
    return Table(caption, heads, rows)


def earned(money: Earned, labels: ArmLabels = HOLDOUT_LABELS) -> Table:
    """Return what a thousand visitors of each arm bring in one currency, and the difference."""
    shown = [each for each in money.results if each.is_covered]
    head = (
        EMPTY,
        *map(Head, labels),
        column("Difference (95% interval)", "Difference at any time"),
        column("Less what earlier orders foretell", "Less what earlier orders foretell"),
    )
    caption = f"{_all_of([each.name for each in shown]).capitalize()} of 1,000 visitors, {money.currency}"
    return Table(caption, head, tuple(row for each in shown for row in _mean_rows(each, money)))


def _all_of(names: list[str]) -> str:
    """Return names as they are enumerated in a sentence."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _mean_rows(result: MeanResult, money: Earned) -> Iterator[TableRow]:
    """Return the rows of a metric: the headline's cut and as paid, of another the figure that counts."""
    label, earnings = result.metric.label, result.earnings
    at = None if earnings.cap is None else _money(earnings.cap, money)
    if result.metric.role == "headline":
        cut = f"{label} cut at {at or 'the 99% point of earlier ones'}"
        yield _money_row(cut, earnings.capped, money, strong=True)
        yield _money_row(f"{label} as paid", earnings.uncapped, money)
        return
    guarded = ", which must not suffer" if result.metric.role == "guardrail" else ""
    yield _money_row(f"{label}{f', orders cut at {at}' if at else ''}{guarded}", earnings.best, money)


def coverage(money: Earned) -> str:
    """Return how many orders have the measures of those metrics for which not every order has it."""
    return " ".join(_covered(each, each.coverage, sum(money.orders)) for each in money.results if each.coverage)


def _covered(result: MeanResult, words: MeasureCoverage, orders: int) -> str:
    having = sum(result.orders)
    if not having:
        return words.none
    some, every = number(having), number(orders)
    if not result.is_covered:
        return words.few.format(some=some, all=every, least=words.least)
    rest = f"{some} of {every} orders; the others bring no {result.name} here"
    return words.known.format(orders=rest if having < orders else f"all {every} orders")


def options(arms: Arms) -> Table:
    """Return what each share of holdout takes from now on."""
    rows = tuple(
        TableRow(
            _share(option.holdout_share) + (" (as it is)" if option.saves == 0 else ""),
            (
                about(option.more),
                about(option.held_out),
                "no traffic" if option.days is None else about(option.days),
                saves(option.saves),
            ),
            strong=option.saves == 0,
        )
        for option in arms.options
    )
    head = (Head("Held out"), Head("Visitors to come"), Head("See no invitation"), Head("Days"), Head("Against now"))
    return Table(f"Other shares of holdout, to see {arms.aim:+.0%}", head, rows)


def looks(daily: tuple[Look, ...], labels: ArmLabels = HOLDOUT_LABELS) -> Table:
    """Return how the limits narrowed."""
    rows = tuple(
        TableRow(f"{look.day:%d %b %Y}".lstrip("0"), (_of(look.invited), _of(look.holdout), ratio_change(look.ratio)))
        for look in daily
    )
    head = (Head("Until"), *map(Head, labels), column("Change (95% interval)", "Interval of the verdict"))
    return Table("Buyers of visitors so far, and the change between the arms", head, rows)


def thin(daily: tuple[Look, ...], most: int = _SHOWN) -> tuple[Look, ...]:
    """Return at most so many of the looks, evenly apart, with the first and the last."""
    if len(daily) <= most:
        return daily
    # evenly by count and not by date: days without a closing window have no look
    return tuple(daily[round(place * (len(daily) - 1) / (most - 1))] for place in range(most))


def ratio_change(ratio: Sequence) -> str:
    """Return a ratio of the arms as a change with its limits."""
    if ratio.estimate is None:
        return "can't tell"
    high = "an open end" if isinf(ratio.high) else change(ratio.high, up=True)
    return wraps(f"{(ratio.estimate - 1) * 100:+.1f}%", f"{change(ratio.low, up=False)} to {high}")


def _of(pair: tuple[int, int]) -> str:
    return f"{number(pair[0])} of {number(pair[1])}"


def saves(days: int | None) -> str:
    """Return what another share costs or saves against going on as it is."""
    if days is None:
        return "can't tell"
    if days == 0:
        return "the same"
    return f"{'saves' if days > 0 else 'costs'} {about(abs(days))} {'day' if abs(days) == 1 else 'days'}"


def _share(share: float) -> str:
    return f"{share * 100:g}%"


def _points(difference: Interval) -> str:
    return "can't tell yet" if difference.estimate is None else whole(difference, "points")


def _money_row(label: str, money: PerVisitor | None, earned: Earned, *, strong: bool = False) -> TableRow:
    if money is None:
        return TableRow(label, (NOT_YET, "", "", ""))
    means = tuple("nobody yet" if mean is None else _thousand(mean, earned) for mean in (money.invited, money.holdout))
    adjusted = NOT_YET if money.adjusted is None else _gap(money.adjusted, earned)
    return TableRow(label, (*means, _gap(money.plain, earned), adjusted), strong=strong)


def _gap(difference: Interval, earned: Earned) -> str:
    if difference.estimate is None:
        return "can't tell yet"
    low, middle, high = (_signed(value, earned) for value in (difference.low, difference.estimate, difference.high))
    return wraps(middle, f"{low} to {high}")


def _signed(mean: float, earned: Earned) -> str:
    return ("-" if mean < 0 else "+") + _JOINED + _thousand(abs(mean), earned)


def _thousand(mean: float, earned: Earned) -> str:
    return _money(round(mean * _A_THOUSAND), earned)


def _money(minor: int, earned: Earned) -> str:
    return format_money(minor, earned.currency)

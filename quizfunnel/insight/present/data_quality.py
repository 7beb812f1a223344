"""Data quality: everything that could make the figures wrong, in words; pure."""

from datetime import timedelta

from quizfunnel.experiment.design import STORE
from quizfunnel.insight.present.pages import Fact
from quizfunnel.insight.randomised.figures import Health
from quizfunnel.insight.report.figures import AnyReport, ExperimentReport
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS
from quizfunnel.insight.words.numbers import (
    day,
    many,
    number,
    percent,
)
from quizfunnel.log.rows import StoreOrders
from quizfunnel.log.thresholds import RECONCILED_DAYS, SHARE_ALARM, STORE_GAP
from quizfunnel.orders.reconcile import gap
from quizfunnel.orders.reconcile.gap import DayComparison

_NOBODY = 100  # views of which none entered: then something is wrong
_SAFARI_DAYS = 7
_FORGOTTEN = (
    "what a page's script keeps, and the cookies of a server in another network than the shop's, after {days} days; "
    "who comes back later within this window of {window} days counts as somebody new, in both arms alike"
)
_KINDS = {"bot": "crawler", "staff": "staff member", "test": "test", "conflict": "two-visitor order"}


def facts(report: AnyReport, gone: tuple[str, ...] = ()) -> tuple[Fact, ...]:
    """Return the lines of the strip; an alarm is one that asks to be looked at. Quizzes that are `gone` draw nobody."""
    health, store = report.health, report.health.store
    lines = [
        Fact("Counted from", _window(report)),
        Fact(
            "Orders of the whole store",
            f"{number(store.orders)}; {number(store.unattributed)} came without a visitor's token and are nobody's",
            # some orders are always nobody's (phone, tills): more than half is a cart that forgets tokens
            alarm=store.unattributed * 2 > store.orders,
        ),
        Fact("Order lines", f"{number(store.lines)}; {number(store.lines_unmatched)} found no product in a catalogue"),
        Fact("Left out", _left_out(health)),
        Fact(
            "No consent",
            f"{many(health.unknown_started, 'attempt')} by people who may not be remembered, "
            f"{number(health.unknown_finished)} finished; in the funnel only",
        ),
    ]
    lines.append(Fact("The store's own totals", reconciliation(report), alarm=unreconciled(report)))
    lines += deliveries(store)
    if report.arms is not None:
        lines[1:1] = [_shares(report), _contaminated(report)]
    lines[1:1] = entry(report)
    return (*lines, *_broken(report, gone))


def deliveries(store: StoreOrders) -> list[Fact]:
    """Return what of the store's deliveries is in no ledger or in another currency, each with what to do."""
    possible = (
        (store.unreadable, "Unreadable deliveries", "quizfunnel orders dead says why of each", True),
        (store.refused, "Refused deliveries", "in the last seven days; quizfunnel orders refused says why", True),
        (
            store.unconverted,
            "Refunds without a rate",
            "in another currency than their order, which names no total in it; they are not taken off",
            True,
        ),
        (store.waiting, "Deliveries of a moment to come", "quizfunnel orders dead lists them", False),
        (store.read_in_part, "Deliveries read in part", "quizfunnel orders dead --in-part says what is missing", False),
    )
    return [Fact(name, f"{number(count)}; {says}", alarm=alarm) for count, name, says, alarm in possible if count]


def entry(report: AnyReport) -> list[Fact]:
    """Return which share of the shop's views could not enter, and whether anybody can; it is the same in both arms."""
    entry = report.health.entry
    if entry is None:
        return []
    lines = [Fact("Nobody can enter", entry.barred, alarm=True)] if entry.barred else []
    if entry.connected and report.window_days > _SAFARI_DAYS:
        lines.append(Fact("Forgotten by Safari", _FORGOTTEN.format(days=_SAFARI_DAYS, window=report.window_days)))
    views = entry.entered + entry.kept_out
    if not views:
        return lines
    reasons = ((entry.no_consent, "without consent"), (entry.no_storage, "in browsers that keep nothing"))
    parts = [f"{number(count)} {why}" for count, why in reasons if count]
    parts += [f"{number(entry.limited)} of too many at once"] if entry.limited else []
    says = f"{percent(entry.kept_out / views)} of {many(views, 'view')} of pages that invite"
    # the first views of a new experiment may all lack consent by chance
    none = not entry.entered and views >= _NOBODY
    lines.append(Fact("Could not enter", says + (f": {', '.join(parts)}" if parts else ""), alarm=none))
    return lines


def trusted(report: AnyReport, gone: tuple[str, ...] = ()) -> str:
    """Return in a line whether anything of the strip asks to be looked at."""
    alarms = [fact.name.lower() for fact in facts(report, gone) if fact.alarm]
    return f"Look at: {', '.join(alarms)}" if alarms else "Nothing that was checked speaks against these figures."


def _broken(report: AnyReport, gone: tuple[str, ...]) -> list[Fact]:
    """Return what breaks an experiment of the store under way."""
    breaks = []
    if gone:
        says = f"{' and '.join(gone)} cannot be taken now, so that nobody is drawn: run quizfunnel check"
        breaks.append(Fact("Quiz missing", says, alarm=True))
    if isinstance(report, ExperimentReport) and report.edited:
        says = f"{' and '.join(report.edited)} changed since the comparison began: it compares more than two quizzes"
        breaks.append(Fact("Quiz changed", says, alarm=True))
    if isinstance(report, ExperimentReport) and report.differs:
        says = f"not what was frozen ({', '.join(report.differs)}); what was frozen is drawn and measured"
        breaks.append(Fact("Settings", says, alarm=True))
    return breaks


def _contaminated(report: AnyReport) -> Fact:
    """Return how many took what their arm was not invited to."""
    health = report.health
    among = report.labels != HOLDOUT_LABELS
    of = sum(arm.visitors for arm in health.arms) if among else health.holdout
    took = "took the quiz of the other arm" if among else "took the quiz all the same"
    says = f"{number(health.contaminated)} of {number(of)} visitors {took}"
    return Fact("Crossed over" if among else "Holdout", says, alarm=health.contaminated * 20 > of)


def _shares(report: AnyReport) -> Fact:
    """Return whether the arms are as large as the share that was set makes them."""
    health = report.health
    everybody = sum(arm.visitors for arm in health.arms)
    name = "Share held out" if report.labels == HOLDOUT_LABELS else f"Share of {report.labels.control}"
    if report.trial is None or everybody == 0:
        return Fact(name, "nobody yet")
    seen, was_set = percent(health.holdout / everybody), percent(report.trial.holdout_share)
    says = f"{seen} of {many(everybody, 'visitor')}; {was_set} was set"
    return Fact(name, says, alarm=health.share_e > SHARE_ALARM)


def _window(report: AnyReport) -> str:
    days = many(report.window_days, "day")
    if report.trial is None:
        return f"each visitor's first page view, for {days}"
    trial = report.trial
    since = f"since {day(trial.since)}" if trial.since else "nobody has come yet"
    earlier = f"; {many(trial.earlier, 'visitor')} from before the share or window was changed are left out"
    return (
        f"{_kind(report)} {trial.name}, {since}, {_standing(report)} {percent(trial.holdout_share)}, window {days}"
        f"{earlier if trial.earlier else ''}"
    )


def _left_out(health: Health) -> str:
    if not health.left_out:
        return "nobody"
    words = [many(count, _KINDS.get(kind, kind)) for kind, count in health.left_out]
    return ", ".join(words)


def _kind(report: AnyReport) -> str:
    if report.labels != HOLDOUT_LABELS:
        return "comparison"
    frozen = report.trial.frozen if report.trial else None
    of_store = isinstance(report, ExperimentReport) or (frozen is not None and frozen.design.quiz == STORE)
    return "the store's holdout" if of_store else "experiment"


def _standing(report: AnyReport) -> str:
    return report.labels.within[1]


_MOST_NAMED = 3  # gaps, the latest; the command names them all


def reconciliation(report: AnyReport) -> str:
    """Return how many of the last days that were told agree, and where the latest ones do not."""
    reconciled = report.health.reconciled
    if not reconciled:
        sort = " --simulated" if report.simulated else ""
        return f"not reconciled yet; quizfunnel orders reconcile FILE{sort} compares a day's totals"
    gaps = [each for each in reconciled if not each.agrees]
    several = len({(each.source, each.currency) for each in reconciled}) > 1
    what = ("total of a day agrees", "totals of days agree") if several else ("day agrees", "days agree")
    agreeing = f"{len(reconciled) - len(gaps)} of {many(len(reconciled), *what)}"
    parts = [agreeing, *(_gap(each, several=several) for each in reversed(gaps[-_MOST_NAMED:]))]
    if len(gaps) > _MOST_NAMED:
        parts.append(f"and {many(len(gaps) - _MOST_NAMED, 'earlier one')}")
    if reconciled[-1].day < report.made_at.date() - timedelta(days=RECONCILED_DAYS):
        parts.append(f"nothing was told since {day(reconciled[-1].day)}")
    return "; ".join(parts)


def unreconciled(report: AnyReport) -> bool:
    """Tell whether so much of some day is missing, or beyond what the store sold, that the figures suffer."""
    return any(each.exceeds(STORE_GAP) for each in report.health.reconciled)


def _gap(compared: DayComparison, *, several: bool) -> str:
    whose = f" ({compared.source}, {compared.currency})" if several else ""
    return f"{day(compared.day)}{whose}: {gap.describe(compared)}"

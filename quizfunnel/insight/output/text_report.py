"""The text report of a quiz, for a terminal; pure."""

from quizfunnel.insight.behaviour.takers import Compared, Rate, Takers
from quizfunnel.insight.present import data_quality, design_table, experiment_tables, sentences
from quizfunnel.insight.randomised.figures import ExperimentResult
from quizfunnel.insight.report.figures import AnyReport, Report
from quizfunnel.insight.words.numbers import (
    day,
    duration,
    estimate,
    interval,
    many,
    number,
    percent,
)


def as_text(report: Report) -> str:
    """Return the report for a terminal: the verdict first, then the figures behind it."""
    sort = "simulated" if report.simulated else "real"
    parts = [
        f"{report.title} ({report.quiz}): {sort} visitors, {report.made_at:%Y-%m-%d %H:%M} UTC",
        report.verdict.sentence,
        *(f"  {advice}" for advice in report.verdict.advice),
        "",
        *effect_text(report),
        waiting_text(report),
        *map(design_table.part_of, report.shared),
        "",
        *_takers_text(report.takers),
        "",
        f"  {sentences.control(report.behaviour.alike)}",
        f"  {sentences.adjusted(report.behaviour.alike)}",
        "",
        *_funnel_text(report),
        f"  {sentences.promise(report.attempts.promise)}",
        "",
        *(f"Look at this: {alarm.saw} To try: {alarm.advice}" for alarm in report.attempts.alarms),
        sentences.watched(report),
        "",
        *_health_text(report),
    ]
    return "\n".join(parts) + "\n"


def effect_text(report: AnyReport) -> list[str]:
    """Return the arms' rates for a terminal, and what else they were compared on."""
    if report.arms is None:
        return []
    return [_rate_text(report.arms.invited), _rate_text(report.arms.holdout), *_results_text(report.experiment)]


def _results_text(result: ExperimentResult) -> list[str]:
    """Return the other outcomes and the guardrails: as on the page, where the arms may be compared alone."""
    arms, labels = result.fair_arms, result.labels
    if arms is None:
        return []
    tables = (
        experiment_tables.outcomes(arms.effect.outcomes, labels),
        experiment_tables.guardrails(arms.effect.guardrails, labels),
    )
    treatment, control = labels.within
    lines = []
    for table in filter(None, tables):
        lines.append(f"{table.caption}, in shares of visitors")
        for row in table.rows:
            treated, held, difference = row.cells
            lines.append(f"  {row.label:<37} {treatment} {treated}, {control} {held}; points between: {difference}")
    return lines


def waiting_text(report: AnyReport) -> str:
    """Return who is waiting."""
    waiting = report.waiting
    text = f"waiting: {many(waiting.visitors, 'visitor')}, {many(waiting.purchases, 'purchase')}"
    return text + (f", first counted on {day(waiting.counts_on)}" if waiting.counts_on else "")


def _rate_text(rate: Rate) -> str:
    count = f"{number(rate.buyers)} of {number(rate.visitors)} bought"
    return f"  {rate.label:<36} {count:>26}  {estimate(rate.rate):>10}  ({interval(rate.rate)})"


def _compared_text(compared: Compared) -> str:
    return f"{_rate_text(compared.row)}  {estimate(compared.ratio, 'times')} ({interval(compared.ratio, 'times')})"


def _takers_text(takers: Takers) -> list[str]:
    return [
        "Who takes the quiz",
        *(_rate_text(rate) for rate in takers.cold),
        *(_compared_text(each) for each in takers.states),
        "",
        f"By invested time, against: {takers.cold[0].label.lower()}",
        *(_compared_text(each) for each in takers.bands),
    ]


def _funnel_text(report: Report) -> list[str]:
    funnel = report.attempts.funnel
    came = (
        f"{number(funnel.started)} started, {number(funnel.finished)} finished, {number(funnel.clicked)} saw a product"
    )
    lines = [f"Attempts: {came}; {number(funnel.going)} may still go on"]
    for step in funnel.steps:
        drop = percent(step.drop.estimate) if step.drop.estimate is not None else "-"
        reached, left = f"{number(step.reached)} reached", f"{number(step.left)} left here ({drop})"
        lines.append(f"  {step.ask[:48]:<48} {reached:>15} {left:>24}  median {duration(step.active.median)}")
    return lines


def _health_text(report: Report) -> list[str]:
    store, direct = report.health.store, report.behaviour.direct
    left_out = ", ".join(f"{number(count)} {kind}" for kind, count in report.health.left_out) or "none"
    lines = [
        f"Orders without a visitor: {number(store.unattributed)} of {number(store.orders)}",
        f"Order lines without a product: {number(store.lines_unmatched)} of {number(store.lines)}",
        *(f"{fact.name}: {fact.says}" for fact in (*data_quality.entry(report), *data_quality.deliveries(store))),
        f"Visitors left out: {left_out}",
        f"The store's own totals: {data_quality.reconciliation(report)}",
        f"Came straight to the quiz: {many(direct.visitors, 'visitor')}, {number(direct.buyers)} bought",
    ]
    return lines + [
        f"Orders matched, {arm.arm}: {number(arm.matched)} of {number(arm.matched + arm.by_click_only)}"
        for arm in report.health.arms
    ]

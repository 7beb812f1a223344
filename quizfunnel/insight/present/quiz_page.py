"""From a report to the page that shows it; pure."""

from math import isinf

from quizfunnel.insight.behaviour.funnel import Funnel
from quizfunnel.insight.behaviour.takers import Rate
from quizfunnel.insight.cells.segment import WHOLE, Version
from quizfunnel.insight.present import (
    behaviour_tables,
    charts,
    curves,
    data_quality,
    design_table,
    experiment_tables,
    filter_form,
    sentences,
)
from quizfunnel.insight.present.charts import IntervalChart
from quizfunnel.insight.present.pages import (
    Amounts,
    DataSource,
    InsightPage,
    Link,
)
from quizfunnel.insight.randomised.figures import Arms, Waiting
from quizfunnel.insight.report.figures import ExperimentReport, Report
from quizfunnel.insight.words import terms
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS, ArmLabels
from quizfunnel.insight.words.numbers import (
    change,
    day,
    many,
    minute,
    number,
    percent,
)
from quizfunnel.log.definitions import MOST_LIVE

QUESTION = "Does inviting people to the quiz sell more?"
OF_STORE = "Does inviting people to the store's quizzes sell more, to those who came in by this one?"


def insight_page(
    report: Report,
    *,
    address: str,
    may_sign_out: bool,
    versions: tuple[Version, ...] = (),
    experiments: tuple[Link, ...] = (),
) -> InsightPage:
    """Return the page of a report that is served at `address`.

    `versions` are those that may be chosen, `experiments` those of the store that the quiz is part of.
    """
    arms, takers = report.arms, report.takers
    planned = arms if report.part == WHOLE else None
    fair = arms if report.verdict.kind != "withheld" else None
    query = filter_form.query(report)
    bars = [takers.cold[0], *(each.row for each in takers.bands), takers.states[-1].row]
    return InsightPage(
        "en",
        f"Results: {report.title}",
        report.title,
        report.language,
        source(report, address),
        experiments,
        filter_form.form(report, address, versions),
        arms is not None,
        _question(report),
        report.verdict,
        design_table.summary(report) if arms else "",
        design_table.design(report),
        _detail(arms, report) if arms else "",
        interval_chart(report),
        "Invited against holdout",
        curves.narrowing(report),
        behaviour_tables.arms(arms) if arms else None,
        experiment_tables.effect(fair.effect, alone=not report.shared) if fair else None,
        fair.effect.complier.condition if fair and not report.shared else "",
        amounts(fair) if fair else (),
        experiment_tables.guardrails(fair.effect.guardrails) if fair else None,
        behaviour_tables.plans(planned) if planned else None,
        experiment_tables.options(planned) if planned else None,
        waiting(report.waiting, report.mature),
        latest(report.waiting),
        _warning(randomised=arms is not None),
        sentences.claim(takers),
        sentences.control(report.alike),
        sentences.adjusted(report.alike) if report.part == WHOLE else "",
        behaviour_tables.compared("By how far people came", takers.cold[0], takers.states),
        behaviour_tables.against(takers.long),
        behaviour_tables.compared("By invested time, of all who started", takers.cold[0], takers.bands),
        charts.rate_bars("Share that bought, by invested time", bars, strong=takers.states[-1].row.label),
        _unmeasured(takers.unmeasured),
        _direct(report),
        _funnel_says(report.funnel, report.promise.minutes),
        behaviour_tables.steps(report.funnel),
        charts.funnel_bars(report.funnel),
        sentences.promise(report.promise),
        curves.leaving(report.leaving),
        sentences.notes(report.alarms),
        sentences.watched(report),
        data_quality.trusted(report),
        data_quality.facts(report),
        behaviour_tables.match(report.health),
        terms.terms(randomised=arms is not None),
        behaviour_tables.metrics(randomised=arms is not None),
        made(report),
        f"{address}.csv{query}",
        f"{address}.json{query}",
        may_sign_out,
    )


def amounts(arms: Arms, names: ArmLabels = HOLDOUT_LABELS) -> tuple[Amounts, ...]:
    """Return what the arms bring in each currency."""
    return tuple(Amounts(experiment_tables.earned(each, names), experiment_tables.costs(each)) for each in arms.earned)


def made(report: Report | ExperimentReport) -> str:
    """Return as of when the figures are."""
    if report.rolled_up:
        return f"As of {minute(report.made_at)}, from the rollup; quizfunnel rollup brings it up to now."
    long = report.mature + report.waiting.visitors > MOST_LIVE
    more = " It is long: quizfunnel rollup, run every night, lets this page open at once." if long else ""
    return f"Computed {minute(report.made_at)} from the log as it is.{more}"


def source(report: Report | ExperimentReport, address: str) -> DataSource:
    """Return whose figures these are."""
    if report.simulated:
        says = "These figures are of simulated visitors: nobody here is real, and no figure mixes them with real ones."
    else:
        says = "These figures are of real visitors only."
    size = report.other
    if size.visitors == 0 and size.orders == 0 and not report.simulated:
        return DataSource(report.simulated, says, "", "")
    other = "real" if report.simulated else "simulated"
    words = (
        f"See the {other} ones: {many(size.visitors, 'visitor')} and {many(size.orders, 'order')} in the whole store"
    )
    return DataSource(report.simulated, says, f"{address}?data={other}", words)


def _question(report: Report) -> str:
    if report.part != WHOLE:
        return "What does this part of the visitors show?"
    if report.arms is None:
        return "What can be said so far"
    return OF_STORE if report.of_store else QUESTION


def _detail(arms: Arms, report: Report) -> str:
    if arms.invited.rate.estimate is None or arms.holdout.rate.estimate is None:
        return "Nobody of one arm counts yet."
    both = (
        f"Of {number(arms.invited.visitors)} invited visitors {percent(arms.invited.rate.estimate)} bought; of "
        f"{number(arms.holdout.visitors)} in the holdout {percent(arms.holdout.rate.estimate)} did."
    )
    if report.part == WHOLE:
        return both
    return f"{both} The change between the arms: {experiment_tables.ratio_change(arms.ratio)}."


def interval_chart(report: Report | ExperimentReport) -> IntervalChart | None:
    """Return the chart of the verdict's limits, None where there is no verdict."""
    if report.arms is None or report.verdict.kind in ("withheld", "exploratory") or report.arms.ratio.estimate is None:
        return None
    ratio = report.arms.ratio
    high = "an open end" if isinf(ratio.high) else change(ratio.high, up=True)
    tried, standing = report.names
    holdout = report.names == HOLDOUT_LABELS
    nothing = "that the quiz changes nothing" if holdout else "that the two quizzes sell alike"
    says = f"The true change lies between {change(ratio.low, up=False)} and {high}; 0 means {nothing}."
    buy = "invited visitors buy" if holdout else f"visitors invited to {tried} buy than those to {standing}"
    return charts.verdict_interval(ratio, kind=report.verdict.kind, says=says, title=f"How much more or less {buy}")


def latest(waiting: Waiting) -> str:
    """Return when the latest purchase came that does not count yet."""
    return f"Latest purchase: {minute(waiting.latest)}." if waiting.latest else ""


def waiting(waiting: Waiting, mature: int) -> str:
    """Return who counts, and who is waiting until when."""
    counted = f"{many(mature, 'visitor')} counted."
    if waiting.visitors == 0 or waiting.counts_on is None:
        return f"{counted} Nobody is waiting."
    so_far = f"{many(waiting.visitors, 'visitor')}, {many(waiting.purchases, 'purchase')}"
    return f"{counted} Waiting: {so_far}, first counted on {day(waiting.counts_on)}."


def _warning(*, randomised: bool) -> tuple[str, ...]:
    chosen = (
        "Nobody was told to take the quiz: people chose to. Those who already want to buy take it more often, "
        "finish it more often and stay longer."
    )
    if randomised:
        harmless = "A quiz that changes nothing, or one that hurts, shows such figures as well."
        only = "Only the verdict above, from visitors drawn by lot, answers whether it sells more."
        return "This is not the effect of the quiz.", f"{chosen} They would buy more without it too. {harmless} {only}"
    return "This tells who takes the quiz, and nothing more.", f"{chosen} They may well have bought in any case."


def _unmeasured(rate: Rate) -> str:
    if rate.visitors == 0:
        return ""
    return f"In no band: {many(rate.visitors, 'visitor')} whose time no browser measured; {number(rate.buyers)} bought."


def _direct(report: Report) -> str:
    direct = report.direct
    if direct.visitors == 0:
        return ""
    return (
        f"Came straight to the quiz, without having seen a page that invites: {many(direct.visitors, 'visitor')}, "
        f"{number(direct.started)} started, {number(direct.finished)} finished, {number(direct.buyers)} bought. "
        "They are in no figure above."
    )


def _funnel_says(funnel: Funnel, minutes: float) -> str:
    promised = f"The quiz promises {minutes:g} {'minute' if minutes == 1 else 'minutes'}."
    if funnel.started == 0:
        return f"Nobody has taken the quiz yet. {promised}"
    done = f"{percent(funnel.finished / funnel.started)} of {many(funnel.started, 'attempt')} were finished. {promised}"
    return done + (f" {many(funnel.going, 'attempt')} may still go on and are left out." if funnel.going else "")

"""Sections about an experiment, which a quiz's page and an experiment's page share; pure."""

from math import isinf

from quizfunnel.insight.present import (
    behaviour_tables,
    charts,
    curves,
    data_quality,
    design_table,
    experiment_tables,
)
from quizfunnel.insight.present.charts import IntervalChart
from quizfunnel.insight.present.pages import (
    Amounts,
    DataQualitySection,
    DataSource,
    MethodsSection,
    PlanSection,
    SpendingSection,
    VerdictSection,
)
from quizfunnel.insight.randomised.figures import ExperimentResult, Waiting
from quizfunnel.insight.report.figures import AnyReport, Provenance
from quizfunnel.insight.words import terms
from quizfunnel.insight.words.arm_labels import HOLDOUT_LABELS
from quizfunnel.insight.words.numbers import change, day, many, minute


def verdict_section(result: ExperimentResult, question: str, detail: str, *, alone: bool) -> VerdictSection:
    """Return the verdict and the arms; `alone` where nothing but one quiz can be taken up."""
    arms, fair, labels = result.arms, result.fair_arms, result.labels
    return VerdictSection(
        question=question,
        verdict=result.verdict,
        detail=detail,
        interval_chart=interval_chart(result),
        against=f"{labels.treatment} against {labels.within[1]}",
        set_to=design_table.summary(result.trial) if arms else "",
        design=design_table.design(result.trial, labels),
        narrowing=curves.narrowing(result),
        arms=behaviour_tables.arms(arms) if arms else None,
        effect=experiment_tables.effect(fair.effect, labels, alone=alone) if fair else None,
        effect_says=fair.effect.complier.condition if fair and alone else "",
    )


def spending_section(result: ExperimentResult) -> SpendingSection | None:
    """Return what the arms bring and must not worsen, None where they may not be compared."""
    arms, labels = result.fair_arms, result.labels
    if arms is None:
        return None
    return SpendingSection(
        earned=tuple(
            Amounts(experiment_tables.earned(each, labels), experiment_tables.coverage(each)) for each in arms.earned
        ),
        outcomes=experiment_tables.outcomes(arms.effect.outcomes, labels),
        guardrails=experiment_tables.guardrails(arms.effect.guardrails, labels),
    )


def plan_section(result: ExperimentResult) -> PlanSection | None:
    """Return the plan, None without arms or for a part of the visitors; a comparison has no share of holdout."""
    arms = result.arms
    if arms is None or result.verdict.kind == "exploratory":
        return None
    options = experiment_tables.options(arms) if result.labels == HOLDOUT_LABELS else None
    return PlanSection(plans=behaviour_tables.plans(arms), options=options)


def data_quality_section(report: AnyReport, gone: tuple[str, ...] = ()) -> DataQualitySection:
    """Return what was checked; quizzes that are `gone` draw nobody."""
    return DataQualitySection(
        trusted=data_quality.trusted(report, gone),
        facts=data_quality.facts(report, gone),
        match=behaviour_tables.match(report.health, report.labels),
        randomised=report.arms is not None,
        waiting=_waiting(report.waiting, report.mature),
        latest=f"Latest purchase: {minute(report.waiting.latest)}." if report.waiting.latest else "",
    )


def methods_section(report: AnyReport, address: str, query: str) -> MethodsSection:
    """Return the words and metrics of a report that is served at `address`, where `query` chooses the same figures."""
    randomised = report.arms is not None
    return MethodsSection(
        terms=terms.terms(randomised=randomised),
        metrics=behaviour_tables.metrics(randomised=randomised),
        made_at=_made(report),
        csv_url=f"{address}.csv{query}",
        json_url=f"{address}.json{query}",
    )


def source(provenance: Provenance, address: str) -> DataSource:
    """Return whether the visitors are real or simulated, with the way to the other ones where there are any."""
    if provenance.simulated:
        says = "These figures are of simulated visitors: nobody here is real, and no figure mixes them with real ones."
    else:
        says = "These figures are of real visitors only."
    size = provenance.other
    if size.visitors == 0 and size.orders == 0 and not provenance.simulated:
        return DataSource(provenance.simulated, says, "", "")
    other = "real" if provenance.simulated else "simulated"
    words = (
        f"See the {other} ones: {many(size.visitors, 'visitor')} and {many(size.orders, 'order')} in the whole store"
    )
    return DataSource(provenance.simulated, says, f"{address}?data={other}", words)


def interval_chart(result: ExperimentResult) -> IntervalChart | None:
    """Return the chart of the verdict's limits, None where there is no verdict."""
    arms, kind, labels = result.arms, result.verdict.kind, result.labels
    # an interval that is drawn is read as a result, whatever stands above it
    if arms is None or kind in ("withheld", "exploratory") or arms.ratio.estimate is None:
        return None
    high = "an open end" if isinf(arms.ratio.high) else change(arms.ratio.high, up=True)
    holdout = labels == HOLDOUT_LABELS
    nothing = "that the quiz changes nothing" if holdout else "that the two quizzes sell alike"
    says = f"The true change lies between {change(arms.ratio.low, up=False)} and {high}; 0 means {nothing}."
    quizzes = f"visitors invited to {labels.treatment} buy than those to {labels.control}"
    buy = "invited visitors buy" if holdout else quizzes
    return charts.verdict_interval(arms.ratio, kind=kind, says=says, title=f"How much more or less {buy}")


def _made(report: AnyReport) -> str:
    """Return as of when the figures are."""
    if report.rolled_up:
        return f"As of {minute(report.made_at)}, from the rollup; quizfunnel rollup brings it up to now."
    long = " It is long: quizfunnel rollup, run every night, lets this page open at once."
    more = long if report.provenance.is_long else ""
    return f"Computed {minute(report.made_at)} from the log as it is.{more}"


def _waiting(waiting: Waiting, mature: int) -> str:
    """Return who counts, and who is waiting until when."""
    counted = f"{many(mature, 'visitor')} counted."
    if waiting.visitors == 0 or waiting.counts_on is None:
        return f"{counted} Nobody is waiting."
    so_far = f"{many(waiting.visitors, 'visitor')}, {many(waiting.purchases, 'purchase')}"
    return f"{counted} Waiting: {so_far}, first counted on {day(waiting.counts_on)}."

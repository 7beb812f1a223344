"""From the report of an experiment of the whole store to the page that shows it; pure."""

from quizfunnel.insight.present import (
    behaviour_tables,
    curves,
    data_quality,
    design_table,
    experiment_tables,
    quiz_page,
)
from quizfunnel.insight.present.pages import ExperimentPage, Link
from quizfunnel.insight.report.figures import ExperimentReport
from quizfunnel.insight.words import terms
from quizfunnel.insight.words.numbers import number, percent


def experiment_page(
    report: ExperimentReport,
    *,
    address: str,
    may_sign_out: bool,
    quizzes: tuple[Link, ...] = (),
    gone: tuple[str, ...] = (),
) -> ExperimentPage:
    """Return the page of a report that is served at `address`, with the ways to the results of its quizzes.

    Quizzes that are `gone` cannot be taken now.
    """
    arms, names, query = report.arms, report.names, "?data=simulated" if report.simulated else "?data=real"
    fair = arms if report.verdict.kind != "withheld" else None
    return ExperimentPage(
        "en",
        f"Results: {title(report)}",
        title(report),
        quiz_page.source(report, address),
        quizzes,
        True,
        _question(report),
        report.verdict,
        design_table.summary(report),
        design_table.design(report),
        _detail(report),
        quiz_page.interval_chart(report),
        f"{names.tried} against {names.within[1]}",
        curves.narrowing(report),
        behaviour_tables.arms(arms),
        experiment_tables.effect(fair.effect, names) if fair else None,
        fair.effect.complier.condition if fair and not report.quizzes else "",
        quiz_page.amounts(fair, names) if fair else (),
        experiment_tables.guardrails(fair.effect.guardrails, names) if fair else None,
        behaviour_tables.plans(arms),
        experiment_tables.options(arms) if not report.quizzes else None,
        quiz_page.waiting(report.waiting, report.mature),
        quiz_page.latest(report.waiting),
        data_quality.trusted(report, gone),
        data_quality.facts(report, gone),
        behaviour_tables.match(report.health, names),
        terms.terms(randomised=True),
        behaviour_tables.metrics(randomised=True),
        quiz_page.made(report),
        f"{address}.csv{query}",
        f"{address}.json{query}",
        may_sign_out,
    )


def title(report: ExperimentReport) -> str:
    """Return what is measured, in a line."""
    if report.quizzes:
        return f"{report.quizzes[1]} against {report.quizzes[0]} ({report.name})"
    return f"the holdout of the whole store ({report.name})"


def _question(report: ExperimentReport) -> str:
    if report.quizzes:
        return f"Does {report.quizzes[1]} sell more than {report.quizzes[0]}?"
    return "Does inviting people to the quizzes sell more?"


def _detail(report: ExperimentReport) -> str:
    tried, standing = report.arms.invited, report.arms.holdout
    if tried.rate.estimate is None or standing.rate.estimate is None:
        return "Nobody of one arm counts yet."
    who = "visitors invited to {}" if report.quizzes else "{} visitors"
    said = "in the {}" if not report.quizzes else "invited to {}"
    one, two = report.names.within
    return (
        f"Of {number(tried.visitors)} {who.format(one)} {percent(tried.rate.estimate)} bought; of "
        f"{number(standing.visitors)} {said.format(two)} {percent(standing.rate.estimate)} did."
    )

"""From the report of an experiment of the whole store to the page that shows it; pure."""

from quizfunnel.insight import (
    arm_sheets,
    compose,
    curves,
    definitions,
    design_sheet,
    sheets,
    strip,
)
from quizfunnel.insight.figures import ExperimentReport
from quizfunnel.insight.pages import ExperimentPage, Link
from quizfunnel.insight.wording import number, percent


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
        compose.source(report, address),
        quizzes,
        True,
        _question(report),
        report.verdict,
        design_sheet.summary(report),
        design_sheet.design(report),
        _detail(report),
        compose.interval_chart(report),
        f"{names.tried} against {names.within[1]}",
        curves.narrowing(report),
        sheets.arms(arms),
        arm_sheets.effect(fair.effect, names) if fair else None,
        fair.effect.complier.condition if fair and not report.quizzes else "",
        compose.amounts(fair, names) if fair else (),
        arm_sheets.guardrails(fair.effect.guardrails, names) if fair else None,
        sheets.plans(arms),
        arm_sheets.options(arms) if not report.quizzes else None,
        compose.waiting(report.waiting, report.mature),
        compose.latest(report.waiting),
        strip.trusted(report, gone),
        strip.facts(report, gone),
        sheets.match(report.health, names),
        definitions.terms(randomised=True),
        sheets.metrics(randomised=True),
        compose.made(report),
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

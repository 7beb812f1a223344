"""The page of an experiment of the whole store; pure."""

from quizfunnel.insight.present import experiment_sections
from quizfunnel.insight.present.pages import ExperimentPage, Link
from quizfunnel.insight.report.figures import ExperimentReport
from quizfunnel.insight.words.numbers import number, percent
from quizfunnel.web.pages import StaffBar


def experiment_page(
    report: ExperimentReport,
    *,
    address: str,
    staff: StaffBar,
    quizzes: tuple[Link, ...] = (),
    gone: tuple[str, ...] = (),
) -> ExperimentPage:
    """Return the page of a report that is served at `address`, with the ways to the results of its quizzes.

    Quizzes that are `gone` cannot be taken now.
    """
    result, query = report.experiment, "?data=simulated" if report.simulated else "?data=real"
    return ExperimentPage(
        lang="en",
        title=f"Results: {title(report)}",
        about=title(report),
        source=experiment_sections.source(report.provenance, address),
        experiments=quizzes,
        data_quality=experiment_sections.data_quality_section(report, gone),
        verdict=experiment_sections.verdict_section(
            result, _question(report), _detail(report), alone=not report.quizzes
        ),
        spending=experiment_sections.spending_section(result),
        plan=experiment_sections.plan_section(result),
        methods=experiment_sections.methods_section(report, address, query),
        staff=staff,
    )


def title(report: ExperimentReport) -> str:
    """Return the two quizzes or the holdout that is measured, in a line."""
    if report.quizzes:
        return f"{report.quizzes[1]} against {report.quizzes[0]} ({report.name})"
    return f"the holdout of the whole store ({report.name})"


def _question(report: ExperimentReport) -> str:
    if report.quizzes:
        return f"Does {report.quizzes[1]} sell more than {report.quizzes[0]}?"
    return "Does inviting people to the quizzes sell more?"


def _detail(report: ExperimentReport) -> str:
    treatment, control = report.arms.invited, report.arms.holdout
    if treatment.rate.estimate is None or control.rate.estimate is None:
        return "Nobody of one arm counts yet."
    who = "visitors invited to {}" if report.quizzes else "{} visitors"
    where = "in the {}" if not report.quizzes else "invited to {}"
    one, two = report.labels.within
    return (
        f"Of {number(treatment.visitors)} {who.format(one)} {percent(treatment.rate.estimate)} bought; of "
        f"{number(control.visitors)} {where.format(two)} {percent(control.rate.estimate)} did."
    )

"""The page of a quiz: the sections of its experiment, and what was observed of takers and attempts; pure."""

from quizfunnel.insight.behaviour.funnel import Funnel
from quizfunnel.insight.behaviour.takers import Rate, Takers
from quizfunnel.insight.cells.segment import Version
from quizfunnel.insight.present import (
    behaviour_tables,
    charts,
    curves,
    experiment_sections,
    experiment_tables,
    filter_form,
    sentences,
)
from quizfunnel.insight.present.pages import AlarmsSection, FunnelSection, InsightPage, Link, TakersSection
from quizfunnel.insight.report.figures import FunnelFigures, Report
from quizfunnel.insight.words.numbers import many, number, percent
from quizfunnel.web.pages import StaffBar

QUESTION = "Does inviting people to the quiz sell more?"
OF_STORE = "Does inviting people to the store's quizzes sell more, to those who came in by this one?"


def insight_page(
    report: Report,
    *,
    address: str,
    staff: StaffBar,
    versions: tuple[Version, ...] = (),
    experiments: tuple[Link, ...] = (),
) -> InsightPage:
    """Return the page of a report that is served at `address`.

    `versions` are those that may be chosen, `experiments` those of the store that the quiz is part of.
    """
    result = report.experiment
    return InsightPage(
        lang="en",
        title=f"Results: {report.title}",
        quiz_title=report.title,
        quiz_lang=report.language,
        source=experiment_sections.source(report.provenance, address),
        experiments=experiments,
        filter=filter_form.form(report, address, versions),
        data_quality=experiment_sections.data_quality_section(report),
        verdict=experiment_sections.verdict_section(
            result, _question(report), _detail(report), alone=not report.shared
        ),
        spending=experiment_sections.spending_section(result),
        takers=_takers(report),
        funnel=_funnel(report.attempts),
        alarms=AlarmsSection(notes=sentences.notes(report.attempts.alarms), watched=sentences.watched(report)),
        plan=experiment_sections.plan_section(result),
        methods=experiment_sections.methods_section(report, address, filter_form.query(report)),
        staff=staff,
    )


def _question(report: Report) -> str:
    if not report.is_whole:
        return "What does this part of the visitors show?"
    if report.arms is None:
        return "What can be said so far"
    return OF_STORE if report.of_store else QUESTION


def _detail(report: Report) -> str:
    arms = report.arms
    if arms is None:
        return ""
    if arms.invited.rate.estimate is None or arms.holdout.rate.estimate is None:
        return "Nobody of one arm counts yet."
    both = (
        f"Of {number(arms.invited.visitors)} invited visitors {percent(arms.invited.rate.estimate)} bought; of "
        f"{number(arms.holdout.visitors)} in the holdout {percent(arms.holdout.rate.estimate)} did."
    )
    if report.is_whole:
        return both
    return f"{both} The change between the arms: {experiment_tables.ratio_change(arms.ratio)}."


def _takers(report: Report) -> TakersSection:
    takers, alike = report.takers, report.behaviour.alike
    cold = takers.cold[0]
    return TakersSection(
        warning=_warning(randomised=report.arms is not None),
        states=behaviour_tables.compared("By how far people came", cold, takers.states),
        long=behaviour_tables.against(takers.long),
        claim=sentences.claim(takers),
        control=sentences.control(alike),
        adjusted=sentences.adjusted(alike) if report.is_whole else "",
        bands_chart=_bands_chart(takers),
        bands=behaviour_tables.compared("By invested time, of all who started", cold, takers.bands),
        unmeasured=_unmeasured(takers.unmeasured),
        direct=_direct(report),
    )


def _bands_chart(takers: Takers) -> charts.BarChart:
    finished = takers.states[-1].row
    bars = [takers.cold[0], *(each.row for each in takers.bands), finished]
    return charts.rate_bars("Share that bought, by invested time", bars, strong=finished.label)


def _funnel(attempts: FunnelFigures) -> FunnelSection:
    return FunnelSection(
        summary=_funnel_summary(attempts.funnel, attempts.promise.minutes),
        chart=charts.funnel_bars(attempts.funnel),
        steps=behaviour_tables.steps(attempts.funnel),
        promise=sentences.promise(attempts.promise),
        leaving=curves.leaving(attempts.leaving),
    )


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
    direct = report.behaviour.direct
    if direct.visitors == 0:
        return ""
    return (
        f"Came straight to the quiz, without having seen a page that invites: {many(direct.visitors, 'visitor')}, "
        f"{number(direct.started)} started, {number(direct.finished)} finished, {number(direct.buyers)} bought. "
        "They are in no figure above."
    )


def _funnel_summary(funnel: Funnel, minutes: float) -> str:
    promised = f"The quiz promises {minutes:g} {'minute' if minutes == 1 else 'minutes'}."
    if funnel.started == 0:
        return f"Nobody has taken the quiz yet. {promised}"
    done = f"{percent(funnel.finished / funnel.started)} of {many(funnel.started, 'attempt')} were finished. {promised}"
    return done + (f" {many(funnel.going, 'attempt')} may still go on and are left out." if funnel.going else "")

"""Analysts' pages over HTTP, behind the staff gate."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, request

from quizfunnel.experiment import planning
from quizfunnel.experiment.design import Design
from quizfunnel.insight.cells import segment
from quizfunnel.insight.cells.segment import Version
from quizfunnel.insight.output import experiment_report as experiment_outputs
from quizfunnel.insight.output.csv_report import as_csv
from quizfunnel.insight.output.json_report import as_json
from quizfunnel.insight.present import not_counted, quiz_list
from quizfunnel.insight.present.experiment_page import experiment_page
from quizfunnel.insight.present.pages import Link, ListPage
from quizfunnel.insight.present.quiz_page import insight_page
from quizfunnel.insight.report import experiment as experiments
from quizfunnel.insight.report.entry import with_entry
from quizfunnel.insight.report.figures import ExperimentReport, Report
from quizfunnel.insight.report.quiz import build
from quizfunnel.insight.rollup import current
from quizfunnel.insight.rollup.current import Extent, RollupNeeded
from quizfunnel.insight.rollup.refresh import Task
from quizfunnel.insight.setup import manual
from quizfunnel.insight.setup.gather import gather
from quizfunnel.insight.setup.page import ManualPage, setup_page
from quizfunnel.insight.setup.steps import SetupState, steps
from quizfunnel.log.attempts import published
from quizfunnel.log.definitions import WAIT_LIMITS, WaitLimits
from quizfunnel.orders.check import run
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.transaction import reading
from quizfunnel.web import errors
from quizfunnel.web.render import render
from quizfunnel.web.staff import gate, login, roles
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("insight", __name__, url_prefix="/insight")
gate.guard(blueprint, roles.RESULTS)


@dataclass(frozen=True, slots=True)
class Parts:
    """The quizzes, as app.py hands them over, and how many visitors are counted while an analyst waits."""

    shelf: Shelf
    limits: WaitLimits = WAIT_LIMITS


@blueprint.errorhandler(RollupNeeded)
def _not_counted(refusal: RollupNeeded) -> Response:
    if request.path.endswith((".json", ".csv")):
        return errors.answer(not_counted.STATUS, home="/insight", title=not_counted.TITLE, say=not_counted.line())
    store, again = wiring().settings.store, request.full_path.rstrip("?")
    page = not_counted.page(refusal.scope, store=store, again=again, staff=login.bar())
    return render("insight/uncounted.html", page, status=not_counted.STATUS)


@blueprint.get("")
def index() -> Response:
    """List the quizzes with figures."""
    shelf, settings = _parts().shelf, wiring().settings
    live = [quiz for slug in shelf.slugs() if (quiz := shelf.live(slug))]
    entries = quiz_list.quizzes(live, settings)
    with reading(wiring().engine) as connection:
        every = experiments.all_of_them(connection, settings).values()
    listed = quiz_list.experiments(every, (each.experiment for each in planning.store_designs(settings)))
    return render("insight/list.html", ListPage("en", "Results", entries, listed, login.bar()))


@blueprint.get("/setup")
def setup() -> Response:
    """Tick off what a shop needs, from its catalogue to the first visitor in each arm."""
    shelf, w = _parts().shelf, wiring()
    live = [quiz for slug in shelf.slugs() if (quiz := shelf.live(slug))]
    with reading(w.engine) as connection:
        seen = gather(connection, _running(live), now=w.clock.now())
        orders = run.check(connection, w.settings, w.signer, now=w.clock.now())
    faulty = {finding.file for finding in shelf.problems()}
    state = SetupState(w.settings, live, len(faulty), seen, orders, w.clock.now())
    return render("insight/setup.html", setup_page(steps(state), staff=login.bar()))


@blueprint.get("/docs/<name>")
def docs(name: str) -> Response:
    """Show a page of docs/, which the setup page links to."""
    page = manual.read(shipped_folder() / "docs", name)
    if page is None:
        abort(404, "There is no such page. The setup page names those that a shop needs.")
    return render("insight/manual.html", ManualPage("en", page.title, login.bar(), page.html))


def _running(live: Sequence[LiveQuiz]) -> list[Design]:
    """Return the experiments that are set: those of the store, and without its holdout those of the quizzes."""
    settings = wiring().settings
    own = [] if settings.holdout else [planning.quiz_design(each.slug, each.quiz) for each in live]
    return [*planning.store_designs(settings), *filter(None, own)]


@blueprint.get("/<slug>")
def quiz(slug: str) -> Response:
    """Show one quiz's figures."""
    report, versions = _report_and_versions(slug)
    page = insight_page(
        report,
        address=f"/insight/{slug}",
        staff=login.bar(),
        versions=versions,
        experiments=quiz_list.links(slug, report.shared, data="simulated" if report.simulated else "real"),
    )
    return render("insight/quiz.html", page)


@blueprint.get("/experiments/<name>")
def experiment(name: str) -> Response:
    """Show an experiment of the whole store."""
    report = _experiment(name)
    shelf, data = _parts().shelf, "simulated" if report.simulated else "real"
    quizzes = tuple(
        Link(f"/insight/{slug}?data={data}", f"The results of {slug}")
        for slug in report.quizzes or shelf.slugs()
        if shelf.live(slug)
    )
    address = f"/insight/experiments/{name}"
    gone = tuple(slug for slug in report.quizzes if shelf.live(slug) is None)
    page = experiment_page(report, address=address, staff=login.bar(), quizzes=quizzes, gone=gone)
    return render("insight/experiment.html", page)


@blueprint.get("/experiments/<name>.json")
@gate.with_right(roles.FIGURES)
def experiment_json(name: str) -> Response:
    """Give an experiment's figures to a program."""
    return jsonify(experiment_outputs.as_json(_experiment(name)))


@blueprint.get("/experiments/<name>.csv")
@gate.with_right(roles.FIGURES)
def experiment_csv(name: str) -> Response:
    """Give an experiment's figures to a spreadsheet."""
    report = _experiment(name)
    return _spreadsheet(experiment_outputs.as_csv(report), name, simulated=report.simulated)


@blueprint.get("/<slug>.json")
@gate.with_right(roles.FIGURES)
def quiz_json(slug: str) -> Response:
    """Give one quiz's figures to a program."""
    return jsonify(as_json(_report(slug)))


@blueprint.get("/<slug>.csv")
@gate.with_right(roles.FIGURES)
def quiz_csv(slug: str) -> Response:
    """Give one quiz's figures to a spreadsheet."""
    report = _report(slug)
    return _spreadsheet(as_csv(report), report.quiz, simulated=report.simulated)


def _report(slug: str) -> Report:
    return _report_and_versions(slug)[0]


def _spreadsheet(text: str, name: str, *, simulated: bool) -> Response:
    response = make_response(text)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    sort = "simulated" if simulated else "real"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{sort}.csv"'
    return response


def _experiment(name: str) -> ExperimentReport:
    """Return the figures of an experiment of the store that the address asks for."""
    w, limits = wiring(), _parts().limits
    with reading(w.engine) as connection:
        design = experiments.named(connection, name, w.settings)
        if design is None:
            abort(404, "There is no such experiment of the store. The list of results names those there are.")
        current.refuse(connection, Task.of_store(design, simulated=_simulated()).scope, limits=limits)
        report = experiments.build(connection, design, simulated=_simulated(), now=w.clock.now(), limits=limits)
        return with_entry(connection, report, w.settings)


def _simulated() -> bool:
    data = request.args.get("data", "simulated" if wiring().demo else "real")
    if data not in ("real", "simulated"):
        abort(400, "data is either real or simulated.")
    return data == "simulated"


def _report_and_versions(slug: str) -> tuple[Report, tuple[Version, ...]]:
    """Return the figures that the address asks for, and the versions that it may ask for."""
    live, limits = _parts().shelf.live(slug), _parts().limits
    if live is None:
        abort(404, "There is no such quiz. The list of results names those there are.")
    w = wiring()
    simulated = _simulated()
    with reading(w.engine) as connection:
        versions = segment.versions(published(connection, slug))
        try:
            chosen = segment.read(request.args, versions)
        except ValueError as error:
            abort(400, str(error))
        current.refuse(connection, Task.of_quiz(live, simulated=simulated).scope, limits=limits)
        extent = Extent(chosen, limits)
        report = build(connection, live, simulated=simulated, now=w.clock.now(), extent=extent)
        return with_entry(connection, report, w.settings), versions


def _parts() -> Parts:
    parts: Parts = current_app.extensions["insight"]
    return parts

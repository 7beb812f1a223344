"""The analysts' pages: staff only."""

from dataclasses import dataclass, field

from flask import Blueprint, Response, abort, current_app, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from quizfunnel.insight import designs, experiment_outputs, experiments, part, staff, uncounted
from quizfunnel.insight.compose import insight_page
from quizfunnel.insight.experiment_page import experiment_page
from quizfunnel.insight.figures import ExperimentReport
from quizfunnel.insight.log import published
from quizfunnel.insight.pages import Link, ListPage, QuizEntry, SignInPage
from quizfunnel.insight.part import Version
from quizfunnel.insight.report import Report, as_csv, as_json, build
from quizfunnel.insight.rolling import Task
from quizfunnel.insight.staff import Throttle
from quizfunnel.insight.uncounted import Uncounted
from quizfunnel.insight.wording import many, percent
from quizfunnel.quiz.spec import Quiz
from quizfunnel.quiz.versions import Shelf
from quizfunnel.store.transaction import reading
from quizfunnel.visit.designs import Design
from quizfunnel.web import errors
from quizfunnel.web.render import render
from quizfunnel.web.wiring import wiring

blueprint = Blueprint("insight", __name__, url_prefix="/insight")

_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
_SIGN_IN = "/insight/sign-in"


@dataclass(frozen=True, slots=True)
class Parts:
    """What app.py hands to this room."""

    shelf: Shelf
    throttle: Throttle = field(default_factory=Throttle)


@blueprint.before_request
def _gate() -> BaseResponse | None:
    if request.path in (_SIGN_IN, "/insight/sign-out") and request.method == "POST":
        return None
    if _is_local() or _is_signed_in():
        return None
    if not _password():
        abort(
            403,
            "The figures are shown on this machine only. To open them elsewhere, set QUIZFUNNEL_STAFF_PASSWORD.",
        )
    if request.path.endswith((".json", ".csv")):
        abort(403, "Sign in at /insight first.")
    return _ask_password(staff.onward(request.full_path.rstrip("?")), status=403)


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.errorhandler(Uncounted)
def _not_counted(found: Uncounted) -> Response:
    if request.path.endswith((".json", ".csv")):
        return errors.answer(uncounted.STATUS, home="/insight", title=uncounted.TITLE, say=uncounted.line())
    store, again = wiring().settings.store, request.full_path.rstrip("?")
    page = uncounted.page(found.asked, store=store, again=again, may_sign_out=_is_signed_in())
    return render("insight/uncounted.html", page, status=uncounted.STATUS)


@blueprint.get("")
def index() -> Response:
    """List the quizzes with figures."""
    shelf = _parts().shelf
    live = [found for slug in shelf.slugs() if (found := shelf.live(slug))]
    entries = tuple(
        QuizEntry(f"/insight/{each.slug}", each.quiz.title, each.quiz.language, _trial(each.quiz)) for each in live
    )
    settings = wiring().settings
    experiments = tuple(
        QuizEntry(_address(each), _words(each), "en", _set_to(each)) for each in designs.of_whole_store(settings)
    )
    return render("insight/list.html", ListPage("en", "Results", entries, experiments, _is_signed_in()))


@blueprint.get("/<slug>")
def quiz(slug: str) -> Response:
    """Show one quiz's figures."""
    report, versions = _asked(slug)
    page = insight_page(
        report,
        address=f"/insight/{slug}",
        may_sign_out=_is_signed_in(),
        versions=versions,
        experiments=_of_store(slug, report.simulated),
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
    page = experiment_page(report, address=address, may_sign_out=_is_signed_in(), quizzes=quizzes)
    return render("insight/experiment.html", page)


@blueprint.get("/experiments/<name>.json")
def experiment_json(name: str) -> Response:
    """Give an experiment's figures to a program."""
    return jsonify(experiment_outputs.as_json(_experiment(name)))


@blueprint.get("/experiments/<name>.csv")
def experiment_csv(name: str) -> Response:
    """Give an experiment's figures to a spreadsheet."""
    report = _experiment(name)
    return _spreadsheet(experiment_outputs.as_csv(report), name, simulated=report.simulated)


@blueprint.get("/<slug>.json")
def quiz_json(slug: str) -> Response:
    """Give one quiz's figures to a program."""
    return jsonify(as_json(_report(slug)))


@blueprint.get("/<slug>.csv")
def quiz_csv(slug: str) -> Response:
    """Give one quiz's figures to a spreadsheet."""
    report = _report(slug)
    return _spreadsheet(as_csv(report), report.quiz, simulated=report.simulated)


@blueprint.post("/sign-in")
def sign_in() -> BaseResponse:
    """Open a new session for who knows the password."""
    w, address = wiring(), request.remote_addr
    onward = staff.onward(request.form.get("onward"))
    if not _password():
        abort(403, "No staff password is set: set QUIZFUNNEL_STAFF_PASSWORD and start again.")
    wait = _parts().throttle.wait_seconds(address, now_ms=w.clock.monotonic_ms())
    if wait:
        response = _ask_password(
            onward, status=429, error=f"Too many wrong passwords. Try again in {many(-(-wait // 60), 'minute')}."
        )
        response.headers["Retry-After"] = str(wait)
        return response
    if not staff.is_password(request.form.get("password", ""), _password()):
        _parts().throttle.failed(address, now_ms=w.clock.monotonic_ms())
        return _ask_password(onward, status=422, error="That is not the staff password.")
    signed_in = redirect(onward, 303)
    signed_in.set_cookie(
        _cookie(),
        staff.new_session(w.signer, _password(), now_ms=_now_ms()),
        max_age=staff.SESSION_MS // 1000,
        httponly=True,
        secure=w.settings.secure,
        samesite="Strict",
        path="/",
    )
    return signed_in


@blueprint.post("/sign-out")
def sign_out() -> BaseResponse:
    """Forget the session in this browser."""
    response = redirect("/insight", 303)
    response.delete_cookie(_cookie(), path="/", secure=wiring().settings.secure, httponly=True, samesite="Strict")
    return response


def _report(slug: str) -> Report:
    return _asked(slug)[0]


def _spreadsheet(text: str, name: str, *, simulated: bool) -> Response:
    response = make_response(text)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    sort = "simulated" if simulated else "real"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{sort}.csv"'
    return response


def _experiment(name: str) -> ExperimentReport:
    """Return the figures of an experiment of the store that the address asks for."""
    w = wiring()
    design = designs.of_name(name, w.settings)
    if design is None:
        abort(404, "There is no such experiment of the store. The list of results names those there are.")
    with reading(w.engine) as connection:
        uncounted.refuse(connection, Task.of_store(design, simulated=_simulated()).asked)
        return experiments.build(connection, design, simulated=_simulated(), now=w.clock.now())


def _simulated() -> bool:
    data = request.args.get("data", "simulated" if wiring().demo else "real")
    if data not in ("real", "simulated"):
        abort(400, "data is either real or simulated.")
    return data == "simulated"


def _of_store(slug: str, simulated: bool) -> tuple[Link, ...]:  # noqa: FBT001 - as the report says it
    """Return the ways to the store's experiments that a quiz is part of."""
    found = [each for each in designs.of_whole_store(wiring().settings) if not each.quizzes or slug in each.quizzes]
    data = "simulated" if simulated else "real"
    return tuple(Link(f"{_address(each)}?data={data}", f"{_words(each)}: {_meaning(each)}") for each in found)


def _address(design: Design) -> str:
    return f"/insight/experiments/{design.experiment}"


def _words(design: Design) -> str:
    if design.quizzes:
        return f"{design.quizzes[1]} against {design.quizzes[0]}"
    return "The holdout of the whole store"


def _meaning(design: Design) -> str:
    """Return what an experiment of the store means for the figures of one of its quizzes."""
    if design.quizzes:
        return "who is invited to the other quiz counts here as invited, and as not having started this one"
    return "one draw for all quizzes; here are the visitors who came in by a page that invites to this one"


def _set_to(design: Design) -> str:
    if design.quizzes:
        return f"comparison {design.experiment}, {percent(1 - design.holdout_share)} are invited to {design.quizzes[1]}"
    return f"experiment {design.experiment}, holdout {percent(design.holdout_share)}"


def _asked(slug: str) -> tuple[Report, tuple[Version, ...]]:
    """Return the figures that the address asks for, and the versions that it may ask for."""
    live = _parts().shelf.live(slug)
    if live is None:
        abort(404, "There is no such quiz. The list of results names those there are.")
    w = wiring()
    simulated = _simulated()
    with reading(w.engine) as connection:
        versions = part.versions(published(connection, slug))
        try:
            chosen = part.read(request.args, versions)
        except ValueError as error:
            abort(400, str(error))
        uncounted.refuse(connection, Task.of_quiz(live, simulated=simulated).asked)
        found = build(connection, live, simulated=simulated, now=w.clock.now(), part=chosen)
        return found, versions


def _trial(quiz: Quiz) -> str:
    if quiz.experiment is None:
        return "no holdout is running"
    return f"experiment {quiz.experiment.name}, holdout {percent(quiz.experiment.holdout_share)}"


def _ask_password(onward: str, *, status: int, error: str = "") -> Response:
    return render("insight/sign_in.html", SignInPage("en", "Sign in to the results", onward, error), status=status)


def _is_local() -> bool:
    settings = wiring().settings
    return staff.is_local(
        request.remote_addr,
        request.host,
        forwarded=any(name in request.headers for name in _FORWARDED),
        proxies=settings.proxies,
        public_url=settings.public_url,
    )


def _is_signed_in() -> bool:
    return staff.is_session(wiring().signer, request.cookies.get(_cookie()), _password(), now_ms=_now_ms())


def _password() -> str:
    return wiring().settings.staff_password.get_secret_value()


def _cookie() -> str:
    return "__Host-qf_staff" if wiring().settings.secure else "qf_staff"


def _now_ms() -> int:
    return int(wiring().clock.now().timestamp() * 1000)


def _parts() -> Parts:
    found: Parts = current_app.extensions["insight"]
    return found

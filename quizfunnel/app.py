"""Application factory: settings, database, clock, keys, rooms and their pages are wired here."""

import gc
import logging
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

from flask import Flask, redirect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

import quizfunnel.demo.views
import quizfunnel.insight.views
import quizfunnel.journey.views
import quizfunnel.offer.views
import quizfunnel.orders.views
import quizfunnel.privacy.views
import quizfunnel.shop.views
import quizfunnel.visit.views
import quizfunnel.web.monitoring
import quizfunnel.web.staff.views
from quizfunnel.experiment import planning
from quizfunnel.experiment.shelf import role_of, shelf_of
from quizfunnel.i18n.words import bring, words_in
from quizfunnel.journey.door import EarlierTakers
from quizfunnel.journey.questions import QuestionCache
from quizfunnel.kit.clock import Clock, SystemClock
from quizfunnel.kit.signing import Signer
from quizfunnel.migrations.newest import newest, refuse_other
from quizfunnel.offer.allowed import products_of
from quizfunnel.offer.choose import Chooser
from quizfunnel.orders import states
from quizfunnel.orders.attribution import FindProduct, find_in
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.privacy import erasure_list
from quizfunnel.privacy.linkage import Linkage
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.texts.markup import as_text
from quizfunnel.recommend.registry.folder import Registry
from quizfunnel.recommend.registry.live import ModelShelf
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.settings import PREFIX, Settings, gone
from quizfunnel.shipped import shipped_folder
from quizfunnel.shop import earlier
from quizfunnel.shop import health as shop_health
from quizfunnel.store.engine import open_engine
from quizfunnel.store.probe import WriteProbe
from quizfunnel.upkeep import runner as upkeep
from quizfunnel.visit import sign_of_life
from quizfunnel.visit.erasure import ErasureKey
from quizfunnel.web import arrival, environment, errors, form_token, health, render, security
from quizfunnel.web.delivery import compression
from quizfunnel.web.delivery.files import StaticFiles
from quizfunnel.web.health import Probe
from quizfunnel.web.language import asked
from quizfunnel.web.origins import SharedPaths
from quizfunnel.web.pages import FrontPage, QuizLink
from quizfunnel.web.staff import login
from quizfunnel.web.wiring import Wiring

FORM_BYTES = 64 * 1024
STAFF_ROOMS = ("staff", "insight")

_log = logging.getLogger(__name__)


def create_app(settings: Settings | None = None, *, clock: Clock | None = None, demo: bool | None = None) -> Flask:
    """Return the WSGI application of one store.

    Without `settings` they come from the environment and the store's quizfunnel.toml; `demo` adds
    the demo store (QUIZFUNNEL_DEMO=1 in the environment of a server's worker).
    """
    if settings is None:
        for line in gone(os.environ):
            _log.warning(line)
    settings = settings or StoreSettings.load()
    demo = is_demo() if demo is None else demo
    clock = clock or SystemClock()
    engine = open_engine(settings.database, accept=partial(_accept, settings))
    bring(settings.store / "locale")
    app = Flask("quizfunnel", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=FORM_BYTES)
    app.extensions[asked.SETTING] = settings.language
    app.extensions["quizfunnel"] = Wiring(settings, engine, clock, Signer(settings.keys()), demo=demo)
    probe = WriteProbe(engine, sign_of_life.leave, version=newest())
    _install(app, settings, probe, demo=demo)
    shelf = shelf_of(settings, engine, clock, role=role_of(settings))
    models = ModelShelf(Registry(settings.store / "models"), clock)
    _furnish(app, shelf, models, demo=demo)
    probes = (
        *(_shelf_probe(shelf), _model_probe(shelf, models), _database_probe(probe), _erasures_probe(settings)),
        partial(shop_health.probes, settings, engine, clock, shelf),
    )
    health.install(app, probes)
    quizfunnel.web.monitoring.install(app, trusted=settings.proxies > 0, logged=settings.log_requests)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def is_demo() -> bool:
    """Tell whether `quizfunnel demo` started this process."""
    return os.environ.get(f"{PREFIX}DEMO") == "1"


def worker() -> Flask:
    """Return the application for a server's worker, ready to choose and its memory settled for short collections.

    A terminal's Ctrl-C reaches every process. The server ends its workers itself, and a second signal
    while they end would hold one up for good; one that is still loading may end at once.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    app = create_app(StoreSettings.load())  # what has gone from the settings was said once, at the start
    files: StaticFiles = app.extensions["files"]
    threading.Thread(target=files.prepare, daemon=True).start()  # the compressor holds no lock of Python's
    offer: quizfunnel.offer.views.Parts = app.extensions["offer"]
    for slug in offer.shelf.slugs():
        if live := offer.shelf.live(slug):
            offer.chooser.prepare(live)
            for language in live.languages:
                words_in(language)
    gc.collect()
    gc.freeze()
    return app


def _accept(settings: Settings, connection: sqlite3.Connection, path: Path) -> None:
    """Let a worker use a database of this program's version that has forgotten whoever was erased."""
    refuse_other(connection, path)
    erasure_list.refuse_behind(connection, path, ErasureKey(settings.erasures_folder))


def product_finder(shelf: Shelf) -> FindProduct:
    """Return a function that finds an order line's product in any live catalogue."""
    return lambda line: find_in(shelf.catalogs(), line)


def attribution_keys(settings: Settings, shelf: Shelf) -> AttributionKeys:
    """Return what orders are attributed by: our tokens, the catalogues, and who may still be linked."""
    permission = Linkage(ErasureKey(settings.erasures_folder))
    return AttributionKeys(Signer(settings.keys()), product_finder(shelf), permission)


def _install(app: Flask, settings: Settings, probe: WriteProbe, *, demo: bool) -> None:
    """Put around the rooms what every request of theirs passes."""
    compression.install(app, secretive=STAFF_ROOMS)  # the first one in sees a page last, as it leaves
    render.htmx.init_app(app)
    environment.install(app, (settings.store, shipped_folder()), demo=demo, theme=settings.theme.theme())
    arrival.install(app)
    login.install(app)
    shared = SharedPaths.of(quizfunnel.shop.views.PATHS, settings.shop.origins)
    security.install(app, public=settings.public_urls, proxies=settings.proxies, shared=shared)
    form_token.install(app)
    errors.install(
        app,
        home=settings.shop_url or "/",
        kept_forms=("visit", "journey", "offer", "privacy", "demo"),
        staff_rooms=STAFF_ROOMS,
        is_back=lambda: not probe.failure(),
    )


def _furnish(app: Flask, shelf: Shelf, models: ModelShelf, *, demo: bool) -> None:
    wired: Wiring = app.extensions["quizfunnel"]
    settings, keys = wired.settings, attribution_keys(wired.settings, shelf)
    erasures, hand_over = ErasureKey(settings.erasures_folder), quizfunnel.journey.views.hand_over_visitors
    chooser = Chooser(models, PlackettLucePolicy())
    questions = QuestionCache(lambda page: render.render_text("shopper/_question.html", page))
    takers = EarlierTakers(earlier.has_taken, earlier.note)
    rooms: dict[str, tuple[ModuleType, object]] = {
        "visit": (quizfunnel.visit.views, quizfunnel.visit.views.Parts(hand_over, erasures)),
        "journey": (
            quizfunnel.journey.views,
            quizfunnel.journey.views.Parts(shelf, questions, chooser.on_finish, takers),
        ),
        "offer": (quizfunnel.offer.views, quizfunnel.offer.views.Parts(chooser, shelf)),
        "privacy": (quizfunnel.privacy.views, quizfunnel.privacy.views.Parts(shelf, erasures)),
        "shop": (
            quizfunnel.shop.views,
            quizfunnel.shop.views.Parts(shelf, planning.enrolment, hand_over),
        ),
        "orders": (quizfunnel.orders.views, quizfunnel.orders.views.Parts.of(settings, keys)),
        "staff": (quizfunnel.web.staff.views, quizfunnel.web.staff.views.Parts()),
        "insight": (quizfunnel.insight.views, quizfunnel.insight.views.Parts(shelf)),
        "monitoring": (
            quizfunnel.web.monitoring,
            quizfunnel.web.monitoring.Parts((states.figures, upkeep.figures)),
        ),
    }
    if demo:
        rooms["demo"] = (quizfunnel.demo.views, quizfunnel.demo.views.Parts(shelf, planning.enrolment))
    else:
        app.add_url_rule("/", "front", _front_door(shelf, settings.shop_url))
    for name, (views, room) in rooms.items():
        app.extensions[name] = room
        app.register_blueprint(views.blueprint)


def _front_door(shelf: Shelf, shop_url: str) -> Callable[[], BaseResponse]:
    def front() -> BaseResponse:
        if shop_url and shop_url != "/":
            return redirect(shop_url, 303)
        say = words_in(asked.page_language())
        live = [quiz.speaking(say.language) for slug in shelf.slugs() if (quiz := shelf.live(slug))]
        links = tuple(QuizLink(f"/q/{each.slug}", each.quiz.title, as_text(each.quiz.promise)) for each in live)
        return asked.varied(render.render("web/front.html", FrontPage(say.language, say("Quizzes"), links)))

    return front


def _shelf_probe(shelf: Shelf) -> Callable[[], list[Probe]]:
    def ask() -> list[Probe]:
        problems = shelf.problems()
        probes = [Probe("quiz file", "degraded", finding.text()) for finding in problems]
        if not shelf.slugs():
            say = "no quiz can be taken; put one into quizzes/ and run quizfunnel check"
            probes.append(Probe("quizzes", "degraded", say, ready=False))
        news = [Probe("publishing", "ok", notice) for notice in shelf.notices()]
        return [*(probes or [Probe("quizzes", "ok", ", ".join(shelf.slugs()))]), *news]

    return ask


def _model_probe(shelf: Shelf, models: ModelShelf) -> Callable[[], list[Probe]]:
    def of_quiz(live: LiveQuiz) -> list[Probe]:
        problems = models.problems(live.slug, live.quiz, products_of(live.catalog))
        probes = [Probe("model", "degraded" if each.grave else "ok", each.say) for each in problems]
        return probes or [Probe("model", "ok", f"`{live.slug}`: {models.serving(live.slug)}")]

    def ask() -> list[Probe]:
        live = [quiz for slug in shelf.slugs() if (quiz := shelf.live(slug))]
        return [probe for each in live for probe in of_quiz(each)]

    return ask


def _database_probe(probe: WriteProbe) -> Callable[[], list[Probe]]:
    def ask() -> list[Probe]:
        failure = probe.failure()
        return [Probe("database", "down" if failure else "ok", failure)]

    return ask


def _erasures_probe(settings: Settings) -> Callable[[], list[Probe]]:
    key = ErasureKey(settings.erasures_folder)

    def ask() -> list[Probe]:
        fault = erasure_list.unwritable(key)
        say = f"{fault}, so that nobody can be forgotten; {erasure_list.REMEDY}" if fault else ""
        return [Probe("erasures", "degraded" if fault else "ok", say)]

    return ask

"""Where everything is wired: settings, database, clock, keys, rooms and their pages."""

import gc
import os
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, redirect
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as BaseResponse

import quizfunnel.demo.views
import quizfunnel.insight.views
import quizfunnel.journey.views
import quizfunnel.offer.views
import quizfunnel.orders.views
import quizfunnel.visit.views
from quizfunnel.catalog.product import Product
from quizfunnel.journey.questions import Gallery
from quizfunnel.kit.clock import Clock, SystemClock
from quizfunnel.kit.signing import Signer
from quizfunnel.offer.choose import Chooser
from quizfunnel.quiz.versions import Shelf
from quizfunnel.recommend.policy import PlackettLucePolicy
from quizfunnel.recommend.recommender import RulesRecommender
from quizfunnel.settings import PREFIX, Settings
from quizfunnel.shipped import shipped_folder
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import DatabaseAway, reading
from quizfunnel.web import environment, errors, health, render, security
from quizfunnel.web.health import Probe
from quizfunnel.web.pages import FrontPage
from quizfunnel.web.wiring import Wiring, wiring

FORM_BYTES = 64 * 1024


def create_app(settings: Settings | None = None, *, clock: Clock | None = None, demo: bool | None = None) -> Flask:
    """Return the WSGI application of one store.

    Without `settings` they come from the environment and the store's quizfunnel.toml; `demo` adds
    the demo store (QUIZFUNNEL_DEMO=1 in the environment of a server's worker).
    """
    settings = settings or Settings()
    demo = os.environ.get(f"{PREFIX}DEMO") == "1" if demo is None else demo
    app = Flask("quizfunnel", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=FORM_BYTES, TRUSTED_HOSTS=_trusted_hosts(settings))
    app.json.sort_keys = False  # type: ignore[attr-defined]
    home = settings.shop_url or "/"
    engine = open_engine(settings.database)
    clock = clock or SystemClock()
    app.extensions["quizfunnel"] = Wiring(settings, engine, clock, Signer(settings.keys()), demo=demo)
    render.htmx.init_app(app)
    environment.install(app, (settings.store, shipped_folder()), demo=demo)
    security.install(app, public_url=settings.public_url)
    errors.install(app, home=home)
    shelf = Shelf(settings.store / "quizzes", engine, clock)
    _furnish(app, shelf, settings)
    health.install(app, (_shelf_probe(shelf), _database_probe(engine)))
    app.add_url_rule("/", "front", _front_door(shelf, home=home, demo=demo))
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    return app


def worker() -> Flask:
    """Return the application for a server's worker, its memory settled so that collections stay short."""
    app = create_app()
    gc.collect()
    gc.freeze()
    return app


def _furnish(app: Flask, shelf: Shelf, settings: Settings) -> None:
    demo = app.extensions["quizfunnel"].demo
    policy = PlackettLucePolicy()
    chooser = Chooser(RulesRecommender(), policy)
    gallery = Gallery(lambda page: render.render_text("shopper/_question.html", page))
    app.extensions["journey"] = quizfunnel.journey.views.Parts(shelf, gallery, chooser.on_finish)
    app.extensions["offer"] = quizfunnel.offer.views.Parts(chooser, policy)
    app.extensions["orders"] = quizfunnel.orders.views.Parts.of(settings, _finder(shelf))
    app.extensions["insight"] = quizfunnel.insight.views.Parts(shelf)
    rooms = [quizfunnel.visit, quizfunnel.journey, quizfunnel.offer, quizfunnel.orders, quizfunnel.insight]
    for room in [*rooms, *([quizfunnel.demo] if demo else [])]:
        app.register_blueprint(room.views.blueprint)
    if demo:
        app.extensions["demo"] = quizfunnel.demo.views.Parts(shelf)

"""Application factory of the demo shop: its stock, its books, its courier and its pages are wired here."""

from pathlib import Path

from flask import Flask

from quizfunnel.demo.shop import courier, views
from quizfunnel.demo.shop.books import Books
from quizfunnel.demo.shop.config import ShopConfig
from quizfunnel.demo.shop.courier import Courier, Post
from quizfunnel.demo.shop.stock import Stock
from quizfunnel.demo.shop.views.frame import Parts
from quizfunnel.kit.clock import Clock, SystemClock
from quizfunnel.shipped import shipped_folder
from quizfunnel.theme.theme import from_text
from quizfunnel.web import environment

FORM_BYTES = 16 * 1024


def create_shop(config: ShopConfig, *, clock: Clock | None = None, post: Post | None = None) -> Flask:
    """Return the WSGI application of the demo shop; its messages go to the quiz server, or by `post`."""
    clock = clock or SystemClock()
    books = Books(Path(config.books))
    books.forget_old(clock.now())
    sender = Courier(books, clock, post or courier.poster(config.quiz), secret=config.secret)
    app = Flask("quizfunnel.demo.shop", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=FORM_BYTES)
    app.extensions["shop"] = Parts(config, Stock(Path(config.stock), clock), books, sender, clock)
    folders = (Path(config.brand), shipped_folder()) if config.brand else (shipped_folder(),)
    environment.install(app, folders, theme=from_text(config.theme))
    app.register_blueprint(views.blueprint)
    return app
